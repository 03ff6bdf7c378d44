// What is still on its way on one instrument: our open orders, whatever their status, and orders of the
// account that are not ours. Each is reduced to what it may still do, so that exposure can add them up.
import type { AccountBook, ExternalOrder } from "../book.ts";
import type { BrokerOrderSnapshot } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, OrderId, StrategyId } from "../ids.ts";
import type { OrderTerms, OrderType, Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { workingExposure } from "../order/status.ts";
import type { Priced } from "./price.ts";

/** What may still be traded by one order. Exactly one of quantity and notional, or neither: unbounded. */
export interface Remainder extends Priced {
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  /** Members of a group count once, at the largest. */
  readonly group: string | null;
}

export interface WorkingOrder extends Remainder {
  readonly type: OrderType | null;
  /** Null for an order that is not ours. */
  readonly order: OrderState | null;
  readonly name: string;
}

const BOTH_SIDES: readonly Side[] = ["buy", "sell"];
const NOBODY: ReadonlySet<OrderId> = new Set();

/**
 * Everything that works on an instrument, except `without`. Only the instrument's own orders are
 * visited: an account with thousands of others pays nothing for them.
 */
export function workingOn(
  account: AccountBook,
  instrumentId: InstrumentId,
  without: ReadonlySet<OrderId> = NOBODY,
): WorkingOrder[] {
  const working: WorkingOrder[] = [];
  for (const id of account.openByInstrument.get(instrumentId) ?? []) {
    const order = account.orders.get(id);
    if (order === undefined || without.has(id)) continue;
    const remainder = remainderOf(order, account);
    if (remainder !== null) working.push(remainder);
  }
  for (const order of account.external.values()) {
    if (countsOn(order, instrumentId)) working.push(...foreign(order.snapshot));
  }
  return working;
}

export function isForeignOn({ external }: AccountBook, instrumentId: InstrumentId): boolean {
  for (const order of external.values()) if (countsOn(order, instrumentId)) return true;
  return false;
}

const countsOn = ({ snapshot, ignored }: ExternalOrder, instrumentId: InstrumentId): boolean =>
  !ignored && snapshot.instrumentId === instrumentId;

/** One of our own waits for the answer to a change, or nobody knows what became of it. */
export function isUnsettledOn(
  { unsettled, openByInstrument }: AccountBook,
  instrumentId: InstrumentId,
): boolean {
  const here = openByInstrument.get(instrumentId);
  if (here === undefined || unsettled.size === 0) return false;
  const [fewer, more] = here.size < unsettled.size ? [here, unsettled] : [unsettled, here];
  for (const id of fewer) if (more.has(id)) return true;
  return false;
}

/** The share of one strategy, or what belongs to none. */
export function ofStrategy(
  working: readonly WorkingOrder[],
  strategyId: StrategyId | null,
): WorkingOrder[] {
  return working.filter(({ order }) => (order?.strategyId ?? null) === strategyId);
}

/** An order that is not in the book yet, or whose terms are about to change. */
export function remainderOfTerms(terms: OrderTerms, placed: OrderState | null): Remainder {
  return {
    side: terms.side,
    type: terms.type,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
    quantity: terms.quantity?.minus(placed?.filledQuantity ?? Decimal.ZERO) ?? null,
    notional: terms.notional?.minus(placed?.filledNotional ?? Decimal.ZERO) ?? null,
    group: placed?.linkGroup ?? null,
  };
}

/** Null when nothing is left to do. */
export function remainderOf(order: OrderState, account: AccountBook): WorkingOrder | null {
  return remainderUpTo(order, legCap(order, account));
}

/** Of an order that nothing but its own terms bounds. */
export function remainderOfPlain(order: OrderState): WorkingOrder | null {
  return remainderUpTo(order, null);
}

function remainderUpTo(order: OrderState, cap: Decimal | null): WorkingOrder | null {
  const { terms } = order;
  const { quantity: whole, notional } = workingExposure(order);
  const quantity = whole !== null && cap !== null && cap.lt(whole) ? cap : whole;
  if ((quantity ?? notional)?.isPositive() === false) return null;
  return {
    side: terms.side,
    type: terms.type,
    limitPrice: dearest(terms.limitPrice, order.pendingReplace?.change.limitPrice),
    stopPrice: dearest(terms.stopPrice, order.pendingReplace?.change.stopPrice),
    quantity,
    notional,
    group: order.linkGroup,
    order,
    name: order.id,
  };
}

/** An exit that travels with an entry can trade no more than the entry has filled. */
function legCap(order: OrderState, account: AccountBook): Decimal | null {
  if (order.parentId === null) return null;
  if (order.role !== "take_profit" && order.role !== "stop_loss") return null;
  const parent = account.orders.get(order.parentId);
  if (parent === undefined || parent.terms.side === order.terms.side) return null;
  return parent.filledQuantity.minus(order.filledQuantity);
}

function dearest(now: Decimal | null, then: Decimal | undefined): Decimal | null {
  if (then === undefined || now === null) return now;
  return then.gt(now) ? then : now;
}

/** An order whose side is a word that we do not know counts on both sides. */
function foreign(snapshot: BrokerOrderSnapshot): WorkingOrder[] {
  const left = snapshot.quantity?.minus(snapshot.filledQuantity) ?? null;
  if (left !== null && !left.isPositive()) return [];
  return (snapshot.side === null ? BOTH_SIDES : [snapshot.side]).map((side) => ({
    side,
    type: snapshot.type,
    limitPrice: snapshot.limitPrice,
    stopPrice: snapshot.stopPrice,
    quantity: left,
    notional: left === null ? snapshot.notional : null,
    group: null,
    order: null,
    name: snapshot.brokerOrderId,
  }));
}
