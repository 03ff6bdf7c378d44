// All positions of one account: net per instrument, and beside it the share of each strategy. Mutable,
// with one writer, like the book it stands in.
//
// A fact with a strategy counts in both; one without counts in the net alone. So a split is recorded as
// one adjustment for each strategy that holds shares, and one without strategy for the rest.
import { Decimal } from "../decimal.ts";
import type { AccountId, InstrumentId, StrategyId } from "../ids.ts";
import type { Currency } from "../instrument.ts";
import type { AttributedFact, PositionChange } from "./change.ts";
import { flatPosition } from "./fold.ts";
import type { PositionFact, PositionState } from "./state.ts";
import { PositionTrack, TAIL_SEGMENT_FACTS } from "./track.ts";
import type { Tracked } from "./track.ts";

/** Whose share of which position a fact belongs to. */
export interface PositionKeys {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
}

export interface Totals {
  readonly realizedGross: Decimal;
  readonly fees: Decimal;
}

interface Holding {
  readonly net: PositionTrack;
  readonly strategies: Map<StrategyId, PositionTrack>;
  /** What of the net is already in the totals. */
  counted: Totals;
}

const NO_TOTALS: Totals = { realizedGross: Decimal.ZERO, fees: Decimal.ZERO };

export class PositionLedger {
  readonly #accountId: AccountId;
  readonly #segmentMax: number;
  readonly #holdings = new Map<InstrumentId, Holding>();
  readonly #open = new Set<InstrumentId>();
  readonly #incomplete = new Set<InstrumentId>();
  readonly #uncounted = new Set<InstrumentId>();
  /** Instruments that a strategy ever traded, flat ones too. */
  readonly #traded = new Map<StrategyId, Set<InstrumentId>>();
  readonly #totals = new Map<Currency, Totals>();

  /** `segmentMax`: unbounded for a replay of the whole log, which then never needs history. */
  constructor(accountId: AccountId, segmentMax: number = TAIL_SEGMENT_FACTS) {
    this.#accountId = accountId;
    this.#segmentMax = segmentMax;
  }

  /** From the rows of the last commit, net and strategies alike. */
  static restore(accountId: AccountId, states: Iterable<PositionState>): PositionLedger {
    const ledger = new PositionLedger(accountId);
    for (const state of states) ledger.#restore(state);
    return ledger;
  }

  net(instrumentId: InstrumentId): PositionState | undefined {
    return this.#holdings.get(instrumentId)?.net.state;
  }

  ofStrategy(instrumentId: InstrumentId, strategyId: StrategyId): PositionState | undefined {
    return this.#holdings.get(instrumentId)?.strategies.get(strategyId)?.state;
  }

  /** Net quantity; zero when nothing was ever held. */
  quantity(instrumentId: InstrumentId): Decimal {
    return this.net(instrumentId)?.quantity ?? Decimal.ZERO;
  }

  /** The net position of the instrument and every strategy's share of it, flat ones too. */
  *of(instrumentId: InstrumentId): Generator<PositionState> {
    const holding = this.#holdings.get(instrumentId);
    if (holding === undefined) return;
    yield holding.net.state;
    for (const track of holding.strategies.values()) yield track.state;
  }

  /** Net positions that are not flat. */
  *open(): Generator<PositionState> {
    for (const instrumentId of this.#open) {
      const state = this.net(instrumentId);
      if (state !== undefined) yield state;
    }
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Strategies that ever held anything. */
  strategies(): Iterable<StrategyId> {
    return this.#traded.keys();
  }

  /** Every share of a strategy, flat ones too. */
  *sharesOf(strategyId: StrategyId): Generator<PositionState> {
    for (const instrumentId of this.#traded.get(strategyId) ?? []) {
      const state = this.ofStrategy(instrumentId, strategyId);
      if (state !== undefined) yield state;
    }
  }

  /** Every position that ever was, net and per strategy. */
  *all(): Generator<PositionState> {
    for (const instrumentId of this.#holdings.keys()) yield* this.of(instrumentId);
  }

  apply(fact: PositionFact, keys: PositionKeys): Tracked {
    return this.#onEach(keys, (track) => track.add(fact));
  }

  /** An execution was taken back: the position is as if it had never been. */
  bust(fact: PositionFact, keys: PositionKeys): Tracked {
    return this.#onEach(keys, (track) => track.remove(fact));
  }

  /** What one event of an order adds and takes away (`positionChanges`). */
  change(changes: readonly PositionChange[], keys: PositionKeys): void {
    for (const { kind, fact } of changes) {
      if (kind === "add") this.apply(fact, keys);
      else this.bust(fact, keys);
    }
  }

  /**
   * Instruments where a fact came that is older than what is kept: quantity and total profit are right,
   * the division into realised and unrealised waits for `rebuild`. Empty before rows are written.
   */
  get incomplete(): ReadonlySet<InstrumentId> {
    return this.#incomplete;
  }

  /** Folds the positions of an instrument again from all its facts (`positionHistory`). */
  rebuild(instrumentId: InstrumentId, history: readonly AttributedFact[]): void {
    const holding = this.#holdingOf(instrumentId);
    const key = { accountId: this.#accountId, instrumentId };
    holding.net.rebuild(
      { ...key, strategyId: null },
      history.map(({ fact }) => fact),
    );
    for (const { strategyId } of history) {
      if (strategyId !== null) this.#trackOf(holding, { instrumentId, strategyId });
    }
    for (const [strategyId, track] of holding.strategies) {
      const share = history.filter((each) => each.strategyId === strategyId);
      track.rebuild(
        { ...key, strategyId },
        share.map(({ fact }) => fact),
      );
    }
    this.#incomplete.delete(instrumentId);
    this.#changed(instrumentId, holding);
  }

  /** Sums over all net positions, flat ones too, per currency: never added across currencies. */
  totals(currencyOf: (id: InstrumentId) => Currency): ReadonlyMap<Currency, Totals> {
    for (const instrumentId of this.#uncounted) {
      const holding = this.#holdings.get(instrumentId);
      if (holding === undefined) continue;
      const { realizedGross, fees } = holding.net.state;
      const currency = currencyOf(instrumentId);
      const sum = this.#totals.get(currency) ?? NO_TOTALS;
      this.#totals.set(currency, {
        realizedGross: sum.realizedGross.plus(realizedGross).minus(holding.counted.realizedGross),
        fees: sum.fees.plus(fees).minus(holding.counted.fees),
      });
      holding.counted = { realizedGross, fees };
    }
    this.#uncounted.clear();
    return this.#totals;
  }

  /** Money that changed hands for all positions, flat ones too, per currency. */
  cash(currencyOf: (id: InstrumentId) => Currency): ReadonlyMap<Currency, Decimal> {
    const cash = new Map<Currency, Decimal>();
    for (const [currency, { realizedGross, fees }] of this.totals(currencyOf)) {
      cash.set(currency, realizedGross.minus(fees));
    }
    // What is flat has cost nothing.
    for (const { instrumentId, costBasis } of this.open()) {
      const currency = currencyOf(instrumentId);
      cash.set(currency, (cash.get(currency) ?? Decimal.ZERO).minus(costBasis));
    }
    return cash;
  }

  #onEach(keys: PositionKeys, act: (track: PositionTrack) => Tracked): Tracked {
    const holding = this.#holdingOf(keys.instrumentId);
    let answer = act(holding.net);
    if (keys.strategyId !== null) {
      const { instrumentId, strategyId } = keys;
      const share = act(this.#trackOf(holding, { instrumentId, strategyId }));
      if (share === "needs_history") answer = share;
    }
    if (answer === "needs_history") this.#incomplete.add(keys.instrumentId);
    this.#changed(keys.instrumentId, holding);
    return answer;
  }

  #changed(instrumentId: InstrumentId, holding: Holding): void {
    this.#uncounted.add(instrumentId);
    if (holding.net.state.quantity.isZero()) this.#open.delete(instrumentId);
    else this.#open.add(instrumentId);
  }

  #holdingOf(instrumentId: InstrumentId): Holding {
    const known = this.#holdings.get(instrumentId);
    if (known !== undefined) return known;
    const holding = {
      net: this.#newTrack(instrumentId, null),
      strategies: new Map(),
      counted: NO_TOTALS,
    };
    this.#holdings.set(instrumentId, holding);
    return holding;
  }

  #trackOf(
    holding: Holding,
    of: { readonly instrumentId: InstrumentId; readonly strategyId: StrategyId },
  ): PositionTrack {
    const known = holding.strategies.get(of.strategyId);
    if (known !== undefined) return known;
    const track = this.#newTrack(of.instrumentId, of.strategyId);
    holding.strategies.set(of.strategyId, track);
    this.#remember(of);
    return track;
  }

  #remember({
    instrumentId,
    strategyId,
  }: {
    readonly instrumentId: InstrumentId;
    readonly strategyId: StrategyId;
  }): void {
    const traded = this.#traded.get(strategyId);
    if (traded === undefined) this.#traded.set(strategyId, new Set([instrumentId]));
    else traded.add(instrumentId);
  }

  #newTrack(instrumentId: InstrumentId, strategyId: StrategyId | null): PositionTrack {
    const key = { accountId: this.#accountId, instrumentId, strategyId };
    return new PositionTrack(flatPosition(key), this.#segmentMax);
  }

  #restore(state: PositionState): void {
    const { instrumentId, strategyId } = state;
    const known = this.#holdings.get(instrumentId);
    const track = new PositionTrack(state, this.#segmentMax);
    const holding: Holding =
      strategyId === null
        ? {
            net: track,
            strategies: known?.strategies ?? new Map<StrategyId, PositionTrack>(),
            counted: NO_TOTALS,
          }
        : (known ?? this.#holdingOf(instrumentId));
    if (strategyId !== null) {
      holding.strategies.set(strategyId, track);
      this.#remember({ instrumentId, strategyId });
    }
    this.#holdings.set(instrumentId, holding);
    this.#changed(instrumentId, holding);
  }
}
