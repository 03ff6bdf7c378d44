// What the rules look at: one order on its way with everything that more than one rule needs to know of
// it, worked out once. Reading it changes nothing.
import type { AccountBook, AccountEquity } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { OrderId, StrategyId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { Limits } from "../limits.ts";
import type { Mark } from "../market.ts";
import type { OrderTerms, Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { aggregateOf, knownSide } from "./aggregate.ts";
import type { RiskAggregate } from "./aggregate.ts";
import type { Candidate } from "./candidate.ts";
import { add, NOTHING, quantityOf, reach, reachValue, sideTotal, single } from "./exposure.ts";
import type { SideTotal } from "./exposure.ts";
import { isFresh } from "./equity-age.ts";
import { heldQuantity } from "./holdings.ts";
import { convert, LIMIT_CURRENCY } from "./money.ts";
import { costOf } from "./order-cost.ts";
import { decisionMark } from "./price.ts";
import { missing } from "./rule.ts";
import { markFor } from "./split-mark.ts";
import type { MissingInput } from "./rule.ts";
import { remainderOfTerms, ofStrategy, workingOn } from "./working.ts";
import type { Remainder, WorkingOrder } from "./working.ts";

export class Subject {
  readonly candidate: Candidate;
  readonly account: AccountBook;
  readonly instrument: Instrument;
  readonly terms: OrderTerms;
  readonly side: Side;
  readonly limits: Limits;
  readonly now: number;
  readonly mark: Mark | null;
  readonly markAgeMs: number | null;
  /** The account's net holding, signed. */
  readonly held: Decimal;
  /** What is left to trade of this order; null for an amount of money without a price. */
  readonly quantity: Decimal | null;
  /** Of what is held, what no resting exit has claimed yet. */
  readonly free: Decimal;
  readonly reducesPosition: boolean;

  readonly #gone: ReadonlySet<OrderId>;
  readonly #own: Remainder;
  readonly #before: readonly Remainder[];
  /** The order and the others of its decision. */
  readonly #added: readonly Remainder[];

  constructor(candidate: Candidate) {
    const { account, instrument, terms, context } = candidate;
    this.candidate = candidate;
    this.account = account;
    this.instrument = instrument;
    this.terms = terms;
    this.side = terms.side;
    this.now = context.now;
    this.limits = context.limits.for(account.account.id, instrument.symbol, candidate.strategyId);
    this.mark = decisionMark(markFor(account, context.marks, instrument.id), this.now);
    this.markAgeMs = this.mark === null ? null : Math.max(0, this.now - this.mark.at);
    this.held = heldQuantity(account, instrument.id, null);
    this.#gone = goneBefore(candidate);

    const placed = placedOrder(candidate);
    this.#own = remainderOfTerms(terms, placed);
    this.#before = (candidate.preceding ?? []).map((other) => remainderOfTerms(other, null));
    const after = candidate.siblings.map((other) => remainderOfTerms(other, null));
    this.#added = [this.#own, ...this.#before, ...after];
    this.quantity = quantityOf(this.#own, this.mark);
    this.free = this.#freeQuantity();
    this.reducesPosition = this.#reduces();
  }

  /** Everything else that works on the instrument; listed only for who looks at each. */
  get working(): readonly WorkingOrder[] {
    return (this.#working ??= workingOn(this.account, this.instrument.id, this.#gone));
  }
  #working: readonly WorkingOrder[] | null = null;

  /** What the order will have done to the side it is on, with everything else on that side. */
  get total(): SideTotal {
    return (this.#total ??= this.#sideWith(this.#added, this.side));
  }
  #total: SideTotal | null = null;

  /** Something works on the other side. */
  get isOpposed(): boolean {
    return this.#sideWith([], this.side === "buy" ? "sell" : "buy") !== NOTHING;
  }

  /** The order alone. */
  get alone(): SideTotal {
    return (this.#alone ??= single(this.#own, this.mark));
  }
  #alone: SideTotal | null = null;

  /** Sums over the whole account, worked out only when a rule asks. */
  get sums(): RiskAggregate {
    return (this.#sums ??= aggregateOf(this.account, this.candidate.context));
  }
  #sums: RiskAggregate | null = null;

  /** Orders that the decision adds to the account: this one unless it is placed already, and the rest. */
  get ordersAdded(): number {
    return this.#added.length - (this.candidate.placedOrderId === null ? 0 : 1);
  }

  /** The quantity held at worst once everything on the order's side has traded. */
  reachedQuantity(): Decimal | MissingInput {
    return reach(this.held, this.side, this.total) ?? this.noPrice();
  }

  /** What that is worth, in the instrument's currency. */
  reachedValue(): Decimal | MissingInput {
    return reachValue(this.held, this.side, this.total, this.mark) ?? this.noPrice();
  }

  /** The same two for the strategy's own share; without a strategy there is none. */
  ownReachedQuantity(): Decimal | MissingInput {
    return reach(this.#ownHeld, this.side, this.ownTotal) ?? this.noPrice();
  }

  ownReachedValue(): Decimal | MissingInput {
    return reachValue(this.#ownHeld, this.side, this.ownTotal, this.mark) ?? this.noPrice();
  }

  get ownTotal(): SideTotal {
    return (this.#ownTotal ??= this.#sideWith(this.#added, this.side, this.candidate.strategyId));
  }
  #ownTotal: SideTotal | null = null;

  get #ownHeld(): Decimal {
    const { strategyId } = this.candidate;
    return heldQuantity(this.account, this.instrument.id, strategyId);
  }

  /** An amount of the instrument's currency in that of the limits. */
  inLimitCurrency(amount: Decimal): Decimal | MissingInput {
    return this.#inCurrency(amount, LIMIT_CURRENCY);
  }

  inAccountCurrency(amount: Decimal): Decimal | MissingInput {
    return this.#inCurrency(amount, this.account.account.currency);
  }

  #inCurrency(amount: Decimal, to: string): Decimal | MissingInput {
    const { rates } = this.candidate.context;
    return convert(amount, { from: this.instrument.currency, to, rates, now: this.now });
  }

  /** What the decision asks for in all; null where a size is not known without a price. */
  askedQuantity(): Decimal | null {
    let sum = Decimal.ZERO;
    for (const one of this.#added) {
      const quantity = quantityOf(one, this.mark);
      if (quantity === null) return null;
      sum = sum.plus(quantity);
    }
    return sum;
  }

  /** What this order may cost at worst, in the instrument's currency. */
  cost(): Decimal | MissingInput {
    return costOf(this.#own, this.mark) ?? this.noPrice();
  }

  /** The same for everything that the decision adds. */
  costOfAll(): Decimal | MissingInput {
    let sum = Decimal.ZERO;
    for (const one of this.#added) {
      const cost = costOf(one, this.mark);
      if (cost === null) return this.noPrice();
      sum = sum.plus(cost);
    }
    return sum;
  }

  equity(): AccountEquity | MissingInput {
    const { equity, account } = this.account;
    if (equity === null) {
      return missing("no_account_equity", `the equity of account ${account.id} is not known yet`);
    }
    // What cannot leave now is judged again when it can, and by then the account was looked at.
    if (!this.#isBrokerUp || isFresh(equity, this.now)) return equity;
    const at = new Date(equity.at).toISOString();
    return missing(
      "no_account_equity",
      `the equity of account ${account.id} was seen last at ${at}`,
    );
  }

  get #isBrokerUp(): boolean {
    return this.candidate.context.broker(this.account.account.id).up;
  }

  noPrice(): MissingInput {
    const { id, symbol } = this.instrument;
    return missing("no_reference_price", `no price is known for ${symbol}`, [id]);
  }

  #freeQuantity(): Decimal {
    if (this.held.isZero()) return Decimal.ZERO;
    const exitSide: Side = this.held.isPositive() ? "sell" : "buy";
    const resting = this.#restingBeside(exitSide).quantity;
    // An order of unknown size may take all of it.
    if (resting === null) return Decimal.ZERO;
    const free = this.held.abs().minus(resting);
    return free.isNegative() ? Decimal.ZERO : free;
  }

  /** What claims the holding before this order: all else but its own group. */
  #restingBeside(exitSide: Side): SideTotal {
    const { group } = this.#own;
    if (group === null) return this.#sideWith(this.#before, exitSide);
    const others = this.working.filter((other) => other.group !== group);
    return sideTotal([...others, ...this.#before], exitSide, this.mark);
  }

  /** One side of what works on the instrument, and these with it; of one strategy alone, or of none. */
  #sideWith(these: readonly Remainder[], side: Side, of?: StrategyId | null): SideTotal {
    const known = this.#knownSide(side, of);
    if (known !== null) return add(known, sideTotal(these, side, this.mark));
    const working = of === undefined ? this.working : ofStrategy(this.working, of);
    return sideTotal([...working, ...these], side, this.mark);
  }

  /** Null where it has to be listed, as when others than the order itself are gone before it is sent. */
  #knownSide(side: Side, of: StrategyId | null | undefined): SideTotal | null {
    const { account, instrument, mark } = this;
    const { placedOrderId: without, waitsFor = [] } = this.candidate;
    if (waitsFor.length > 0 || of === null) return null;
    const asked = { instrumentId: instrument.id, side, mark, without };
    return knownSide(account, of === undefined ? asked : { ...asked, strategyId: of });
  }

  #reduces(): boolean {
    const { quantity, held } = this;
    const opens = this.terms.exits !== null && this.terms.exits.alone !== true;
    if (quantity === null || !quantity.isPositive() || opens) return false;
    const against = this.side === "sell" ? held.isPositive() : held.isNegative();
    return against && quantity.lte(this.free);
  }
}

function placedOrder({ account, placedOrderId }: Candidate): OrderState | null {
  return placedOrderId === null ? null : (account.orders.get(placedOrderId) ?? null);
}

/** The order itself, and those that are terminal before it is sent. */
function goneBefore({ placedOrderId, waitsFor }: Candidate): ReadonlySet<OrderId> {
  const gone = new Set<OrderId>(waitsFor);
  if (placedOrderId !== null) gone.add(placedOrderId);
  return gone;
}
