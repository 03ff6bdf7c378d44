// What the events of a decision make of positions, of what is left to others, and of cash, before they are
// applied. Sums are kept; what is seldom asked is folded when somebody asks.
import type { AccountBook, Correction, OthersMove } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { EventOf, Explains } from "../event.ts";
import { asId } from "../ids.ts";
import type { AccountId, InstrumentId, StrategyId } from "../ids.ts";
import type { Currency } from "../instrument.ts";
import type { PositionChange } from "../position/change.ts";
import { cashOf, flatPosition, foldFact, inverseFact } from "../position/fold.ts";
import type { PositionKeys } from "../position/ledger.ts";
import type { PositionState } from "../position/state.ts";

export interface Moved {
  readonly strategyId: StrategyId | null;
  readonly quantity: Decimal;
  readonly at: number;
  /** Of an order of ours. */
  readonly isFill: boolean;
}

/** What a fact made of a flat position. */
interface Folded {
  readonly made: PositionState;
  readonly change: PositionChange;
  readonly strategyId: StrategyId | null;
}

/** A single fact is folded to see what it moves; whose position it is does not matter for that. */
const NOWHERE = { accountId: asId<AccountId>("draft"), strategyId: null };

export class DraftHoldings {
  readonly #account: AccountBook;
  readonly #moved = new Map<InstrumentId, Decimal>();
  readonly #folded: Folded[] = [];
  readonly #othersMoved: (OthersMove & { readonly instrumentId: InstrumentId })[] = [];
  #others: Map<InstrumentId, Decimal> | null = null;
  /** Of each correction. */
  #explained: Map<string, Decimal> | null = null;
  readonly #settled = new Set<InstrumentId>();

  constructor(account: AccountBook) {
    this.#account = account;
  }

  move({ instrumentId, strategyId }: PositionKeys, change: PositionChange): void {
    const made = foldFact(flatPosition({ ...NOWHERE, instrumentId }), change.fact);
    this.#folded.push({ made, change, strategyId });
    addTo(this.#moved, instrumentId, signed(made.quantity, change.kind));
  }

  leave(
    instrumentId: InstrumentId,
    { amount, since }: EventOf<"DifferenceAccepted">,
    now: number,
  ): void {
    const quantity = amount.minus(this.others.get(instrumentId) ?? Decimal.ZERO);
    this.#othersMoved.push({ instrumentId, quantity, at: since ?? now });
    this.#others ??= new Map(this.#account.others);
    this.#others.set(instrumentId, amount);
    this.settle(instrumentId);
  }

  /** What was suspected of it is another difference from here on. */
  settle(instrumentId: InstrumentId): void {
    this.#settled.add(instrumentId);
  }

  isSettled(instrumentId: InstrumentId): boolean {
    return this.#settled.has(instrumentId);
  }

  explain({ correction, quantity }: Explains): void {
    this.#explained ??= new Map();
    addTo(this.#explained, correction, quantity);
  }

  held(instrumentId: InstrumentId): Decimal {
    const before = this.#account.positions.quantity(instrumentId);
    return before.plus(this.#moved.get(instrumentId) ?? Decimal.ZERO);
  }

  get others(): ReadonlyMap<InstrumentId, Decimal> {
    return this.#others ?? this.#account.others;
  }

  /** What of a correction is unexplained; null where nobody knows. */
  leftOf({ id, left }: Correction): Decimal | null {
    return left?.minus(this.#explained?.get(id) ?? Decimal.ZERO) ?? null;
  }

  /** The net position; what came late counts as if it came last. */
  position(instrumentId: InstrumentId): PositionState | undefined {
    let position = this.#account.positions.net(instrumentId);
    for (const { made, change } of this.#folded) {
      if (made.instrumentId !== instrumentId) continue;
      const fact = change.kind === "add" ? change.fact : inverseFact(change.fact);
      position = foldFact(position ?? flatPosition({ ...NOWHERE, instrumentId }), fact);
    }
    return position;
  }

  /** What moves of a position, and by which instants. */
  moves(instrumentId: InstrumentId): readonly Moved[] {
    return this.#folded
      .filter(({ made }) => made.instrumentId === instrumentId)
      .map(({ made, change: { kind, fact }, strategyId }) => {
        const quantity = signed(made.quantity, kind);
        return { strategyId, quantity, at: fact.at, isFill: fact.kind === "execution" };
      });
  }

  /** And of what is left to others. */
  othersMoves(instrumentId: InstrumentId): readonly OthersMove[] {
    return this.#othersMoved.filter((move) => move.instrumentId === instrumentId);
  }

  /** The money that changes hands for positions, added to what changed hands before. */
  addCash(
    cash: Map<Currency, Decimal>,
    currencyOf: (id: InstrumentId) => Currency,
  ): Map<Currency, Decimal> {
    for (const { made, change } of this.#folded) {
      addTo(cash, currencyOf(made.instrumentId), signed(cashOf(made), change.kind));
    }
    return cash;
  }
}

function signed(value: Decimal, kind: PositionChange["kind"]): Decimal {
  return kind === "add" ? value : value.negated();
}

export function addTo<Key>(sums: Map<Key, Decimal>, key: Key, value: Decimal): void {
  sums.set(key, (sums.get(key) ?? Decimal.ZERO).plus(value));
}
