// Orders that wait for others to be terminal: the second half of a flip, and a close behind the orders
// that give way to it.
import { dueAfter } from "../elapsed.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, OrderId, SignalId } from "../ids.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { sideOfChange } from "../signal.ts";
import { cancelOrder } from "./cancel.ts";
import { fittingQuantity } from "./close.ts";
import type { Draft } from "./draft.ts";
import { isBehind } from "./send.ts";

/** An order in the way that the broker refused to cancel, and that is still open, is asked again. */
const CLEAR_AGAIN_MS = 5_000;

/** A close that waited, for what was in its way or for its turn: what it closes may be another quantity by now. */
export function followsWhatIsHeld({ role, waitsFor, reducesPosition }: OrderState): boolean {
  return role === "close_all" || (waitsFor.length > 0 && reducesPosition);
}

/** The exits that were to give way closed the position before their cancels came. */
export function hasNothingLeftToClose(draft: Draft, order: OrderState): boolean {
  if (!followsWhatIsHeld(order) || isBehind(draft, order)) return false;
  return fittingQuantity(draft, order) === null;
}

/** The second half of a flip makes sense only when the position is closed, by the first half or otherwise. */
export function hasFailedPredecessor(draft: Draft, order: OrderState): boolean {
  const held = draft.held(order.instrumentId);
  const isClosed = held.isZero() || sideOfChange(held) === order.terms.side;
  return order.waitsFor.some((id) => {
    const previous = draft.order(id);
    if (previous === undefined || !isFirstHalf(previous, order)) return false;
    return previous.closedAt !== null && previous.status !== "filled" && !isClosed;
  });
}

function isFirstHalf(previous: OrderState, order: OrderState): boolean {
  return previous.role === "flip_close" && previous.signalId === order.signalId;
}

/** A close that waited asks for no more than is still held. */
export function fitted(draft: Draft, order: OrderState): OrderState {
  if (!followsWhatIsHeld(order)) return order;
  const { id: orderId, generation, terms } = order;
  const quantity = fittingQuantity(draft, order);
  if (quantity === null || terms.quantity === null || quantity.eq(terms.quantity)) return order;
  const names = { reference: null, brokerOrderId: null };
  draft.record({ type: "OrderReplaced", orderId, generation, ...names, change: { quantity } });
  return draft.order(orderId) ?? order;
}

/**
 * What gives way to a target position may fill before its cancel comes: the order behind it then asks for
 * that much less, or more where it trades the other way, so that the target is what is held in the end.
 */
export function fitBehind(
  draft: Draft,
  { id, instrumentId, signalId, terms }: OrderState,
  filled: Decimal,
): void {
  if (filled.isZero() || draft.accountBook.held.followers.size === 0) return;
  const left = new Map<SignalId, Decimal>();
  for (const order of behind(draft, instrumentId, id)) {
    // The two halves of one flip: the fill of the first is what the second waits for.
    if (order.signalId === null || order.signalId === signalId) continue;
    const more = order.terms.side === terms.side ? filled.negated() : filled;
    left.set(order.signalId, askFor(draft, order, left.get(order.signalId) ?? more));
  }
}

function* behind(draft: Draft, instrumentId: InstrumentId, gone: OrderId): Generator<OrderState> {
  for (const order of draft.openOrdersOf(instrumentId)) {
    if (order.status === "pending" && order.waitsFor.includes(gone)) yield order;
  }
}

/** What is more than the order can give up is left for the one behind it. */
function askFor(draft: Draft, { id: orderId, generation, terms }: OrderState, more: Decimal) {
  if (terms.quantity === null || more.isZero()) return more;
  const quantity = terms.quantity.plus(more);
  if (quantity.isPositive()) {
    const names = { reference: null, brokerOrderId: null };
    draft.record({ type: "OrderReplaced", orderId, generation, ...names, change: { quantity } });
    return Decimal.ZERO;
  }
  const message = "What gave way to it filled first: nothing is left to do.";
  draft.record({ type: "OrderRejected", orderId, by: "engine", code: "nothing_to_do", message });
  return quantity;
}

/** Without this, a cancel that the broker refused once would keep the close waiting until it is too old. */
export function clearAgain(draft: Draft, order: OrderState): void {
  for (const inTheWay of standingInTheWay(draft, order)) {
    if (draft.now < clearDueAt(draft, inTheWay)) continue;
    cancelOrder(draft, inTheWay.id, `still in the way of order ${order.id}`);
  }
}

export function clearDueAt(draft: Draft, inTheWay: OrderState): number {
  return dueAfter(inTheWay.updatedAt, CLEAR_AGAIN_MS, draft.now);
}

/** Those that nobody is asking the broker to cancel at the moment. */
export function* standingInTheWay(draft: Draft, order: OrderState): Generator<OrderState> {
  for (const id of order.waitsFor) {
    const other = draft.order(id);
    if (other === undefined || isTerminal(other.status) || isFirstHalf(other, order)) continue;
    const isIdle = other.pendingAction === null && other.unresolved === null;
    if (isIdle && other.brokerOrderId !== null) yield other;
  }
}
