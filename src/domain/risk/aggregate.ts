// Sums over a whole account that the rules ask for with every order: what it is in, its gross exposure,
// its unrealised profit, what its orders may still cost. Kept up instrument by instrument: a question
// looks again only at what an event or a price has touched since the last one. The sums are a memory of
// the book and the marks, never a fact of their own: built anew they are the same.
import type { AccountBook, Context } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import { currencyOf, type Currency } from "../instrument.ts";
import type { Mark } from "../market.ts";
import { isSamePrice, valuationPrice } from "../market.ts";
import type { Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import type { PositionState } from "../position/state.ts";
import type { ChangeListener } from "./changes.ts";
import { CurrencySums } from "./currency-sums.ts";
import type { Money } from "./currency-sums.ts";
import { NOTHING, reachValue, sideTotal } from "./exposure.ts";
import type { SideTotal } from "./exposure.ts";
import { heldQuantity } from "./holdings.ts";
import { placedCost } from "./order-cost.ts";
import { usableMark } from "./price.ts";
import { markFor } from "./split-mark.ts";
import { WorkingMemory, type AskedSide } from "./working-memory.ts";
import { workingOn } from "./working.ts";

/** One instrument's share of the sums. Null where a price is missing. */
interface Share {
  readonly currency: Currency;
  /** The one that it is valued at. */
  readonly mark: Mark | null;
  /** At worst, with everything on its way. */
  readonly gross: Decimal | null;
  readonly unrealized: Decimal | null;
}

/** One order's share of what is reserved. */
interface Reservation {
  readonly currency: Currency;
  readonly instrumentId: InstrumentId;
  readonly amount: Decimal | null;
  /** Since when the broker's own buying power has it; null while the broker may not know of it. */
  readonly knownFrom: number | null;
}

export class RiskAggregate implements ChangeListener {
  readonly gross = new CurrencySums();
  readonly unrealized = new CurrencySums();
  readonly reserved = new CurrencySums();
  /** Instruments held or about to be held whose exposure is not known for want of a price. */
  readonly unpriced = new Set<InstrumentId>();
  /** Those of them that are held: their profit is not known either. */
  readonly unvalued = new Set<InstrumentId>();
  /** Orders whose cost is not known, with their instrument. */
  readonly uncosted = new Map<OrderId, InstrumentId>();

  readonly #working = new WorkingMemory();
  readonly #shares = new Map<InstrumentId, Share>();
  readonly #reservations = new Map<OrderId, Reservation>();
  readonly #touched = new Set<InstrumentId>();
  /** Those of them where it is not one order alone that has changed. */
  readonly #repriced = new Set<InstrumentId>();
  readonly #touchedOrders = new Map<OrderId, OrderState>();
  #complete = false;
  #marksVersion = -1;
  #equityAt = Number.NEGATIVE_INFINITY;

  /** Instruments held or about to be held. */
  get instrumentCount(): number {
    return this.#shares.size;
  }

  has(instrumentId: InstrumentId): boolean {
    return this.#shares.has(instrumentId);
  }

  shareOf(instrumentId: InstrumentId): Share | undefined {
    return this.#shares.get(instrumentId);
  }

  /** What is reserved for one order, in its instrument's currency. */
  reservedFor(orderId: OrderId): Decimal {
    return this.#reservations.get(orderId)?.amount ?? Decimal.ZERO;
  }

  touch(instrumentId: InstrumentId): void {
    this.#touched.add(instrumentId);
    this.#repriced.add(instrumentId);
  }

  touchOrder(order: OrderState): void {
    this.#touched.add(order.instrumentId);
    this.#touchedOrders.set(order.id, order);
    this.#working.take(order);
  }

  /** What works on one side of an instrument, whatever has been refreshed; null where it has to be listed. */
  sideOf(account: AccountBook, asked: AskedSide): SideTotal | null {
    return this.#complete ? this.#working.sideOf(account, asked) : null;
  }

  /** Every order on the instrument is our own and bounded by itself; false before the first refresh. */
  isPlain(account: AccountBook, id: InstrumentId): boolean {
    return this.#complete && this.#working.isPlain(account, id);
  }

  /** Brings the sums up to the book and the marks as they are now. */
  refresh(account: AccountBook, context: Context): void {
    if (this.#complete) this.#touchChangedMarks(account, context);
    else this.#touchEverything(account, context);
    this.#forgetSeen(account);
    this.#touchUnbounded(account);
    this.#repriced.clear();
    for (const id of this.#touched) this.#measure(id, account, context);
    this.#touched.clear();
    for (const order of this.#touchedOrders.values()) this.#reserve(order, account, context);
    this.#touchedOrders.clear();
  }

  #touchEverything(account: AccountBook, context: Context): void {
    for (const { instrumentId } of account.positions.open()) this.#touched.add(instrumentId);
    for (const instrumentId of account.others.keys()) this.#touched.add(instrumentId);
    for (const instrumentId of account.openByInstrument.keys()) this.#touched.add(instrumentId);
    for (const { snapshot } of account.external.values()) {
      if (snapshot.instrumentId !== null) this.#touched.add(snapshot.instrumentId);
    }
    for (const order of account.orders.values()) {
      this.#touchedOrders.set(order.id, order);
      this.#working.take(order);
    }
    this.#complete = true;
    this.#marksVersion = context.marks.version ?? -1;
  }

  #touchChangedMarks(account: AccountBook, context: Context): void {
    const { marks } = context;
    const changed = marks.changedSince?.(this.#marksVersion) ?? this.#shares.keys();
    this.#marksVersion = marks.version ?? -1;
    for (const id of changed) {
      const share = this.#shares.get(id);
      if (share === undefined) continue;
      // The same price again, only newer, is worth the same.
      const isPriceSame = isSamePrice(share.mark, usableMark(markFor(account, marks, id)));
      if (!isPriceSame || share.currency !== currencyOf(context, id)) this.touch(id);
    }
  }

  /** What an order may cost follows the market, unless its own limit bounds it. */
  #touchUnbounded(account: AccountBook): void {
    for (const instrumentId of this.#repriced) {
      for (const id of account.openByInstrument.get(instrumentId) ?? []) {
        const order = account.orders.get(id);
        if (order === undefined || !this.#reservations.has(id)) continue;
        const isBounded = order.terms.side === "buy" && order.terms.limitPrice !== null;
        if (!isBounded) this.#touchedOrders.set(id, order);
      }
    }
  }

  /** What the broker's newest figures contain already is no longer reserved here. */
  #forgetSeen({ equity }: AccountBook): void {
    if (equity === null || equity.at === this.#equityAt) return;
    this.#equityAt = equity.at;
    for (const [id, { knownFrom }] of this.#reservations) {
      if (knownFrom !== null && knownFrom < equity.at) this.#release(id);
    }
  }

  #measure(id: InstrumentId, account: AccountBook, context: Context): void {
    const before = this.#shares.get(id);
    const after = this.#measured(id, account, context);
    if (after === null) this.#shares.delete(id);
    else this.#shares.set(id, after);
    setMember(this.unpriced, id, after !== null && after.gross === null);
    setMember(this.unvalued, id, after !== null && after.unrealized === null);
    this.gross.replace(amountOf(before, "gross"), amountOf(after, "gross"));
    this.unrealized.replace(amountOf(before, "unrealized"), amountOf(after, "unrealized"));
  }

  /** Null when nothing is held and nothing is on its way. */
  #measured(id: InstrumentId, account: AccountBook, context: Context): Share | null {
    const position = account.positions.net(id);
    const own = position?.quantity ?? Decimal.ZERO;
    const held = heldQuantity(account, id, null);
    const usable = usableMark(markFor(account, context.marks, id));
    const sideOf = (side: Side): SideTotal =>
      this.#working.sideOf(account, { instrumentId: id, side, mark: usable }) ??
      sideTotal(workingOn(account, id), side, usable);
    const [buy, sell] = [sideOf("buy"), sideOf("sell")];
    const isIdle = buy === NOTHING && sell === NOTHING;
    // What is held for others may cancel out what is our own: no exposure, and a profit or loss all the same.
    if (held.isZero() && own.isZero() && isIdle) return null;

    const currency = currencyOf(context, id);
    const price = usable === null ? null : valuationPrice(usable);
    const value = held.isZero() ? held : (price?.times(held) ?? null);
    const ownValue = own.eq(held) ? value : (price?.times(own) ?? null);
    const unrealized = own.isZero() ? Decimal.ZERO : profitOf(ownValue, position);
    const gross = isIdle ? (value?.abs() ?? null) : grossOf(held, { buy, sell }, usable);
    return { currency, mark: usable, gross, unrealized };
  }

  #reserve(order: OrderState, account: AccountBook, context: Context): void {
    this.#release(order.id);
    // A fill can come before the answer, so a closed order need not have been accepted.
    const knownFrom = order.acceptedAt ?? order.closedAt;
    if (knownFrom !== null && knownFrom < (account.equity?.at ?? knownFrom)) return;
    const instrument = context.instrument(order.instrumentId);
    if (instrument === undefined) return;
    const amount = placedCost(order, instrument, { account, context });
    if (amount?.isZero() === true) return;
    const { currency, id: instrumentId } = instrument;
    this.#reservations.set(order.id, { currency, instrumentId, amount, knownFrom });
    if (amount === null) this.uncosted.set(order.id, instrumentId);
    else this.reserved.add(currency, amount);
  }

  #release(id: OrderId): void {
    const reservation = this.#reservations.get(id);
    if (reservation === undefined) return;
    this.#reservations.delete(id);
    this.uncosted.delete(id);
    if (reservation.amount !== null) {
      this.reserved.add(reservation.currency, reservation.amount.negated());
    }
  }
}

function amountOf(share: Share | null | undefined, key: "gross" | "unrealized"): Money | null {
  const amount = share?.[key] ?? null;
  return amount === null || !share ? null : { currency: share.currency, amount };
}

function profitOf(value: Decimal | null, position: PositionState | undefined): Decimal | null {
  return value === null || position === undefined ? null : value.minus(position.costBasis);
}

function setMember(set: Set<InstrumentId>, id: InstrumentId, belongs: boolean): void {
  if (belongs) set.add(id);
  else set.delete(id);
}

function grossOf(
  held: Decimal,
  { buy, sell }: { readonly buy: SideTotal; readonly sell: SideTotal },
  mark: Mark | null,
): Decimal | null {
  const long = reachValue(held, "buy", buy, mark);
  const short = reachValue(held, "sell", sell, mark);
  return long === null || short === null ? null : Decimal.max(long, short);
}

/** The sums of an account, up to date. */
export function aggregateOf(account: AccountBook, context: Context): RiskAggregate {
  const kept = account.aggregate;
  const aggregate = kept instanceof RiskAggregate ? kept : new RiskAggregate();
  aggregate.refresh(account, context);
  return aggregate;
}

/** What works on one side of an instrument; null where nobody has summed it, so that it has to be listed. */
export function knownSide(account: AccountBook, asked: AskedSide): SideTotal | null {
  const { aggregate } = account;
  return aggregate instanceof RiskAggregate ? aggregate.sideOf(account, asked) : null;
}

/** Nothing works on the instrument but orders of our own that bound themselves; false where nobody knows. */
export function isPlainOn(account: AccountBook, id: InstrumentId): boolean {
  const { aggregate } = account;
  return aggregate instanceof RiskAggregate && aggregate.isPlain(account, id);
}
