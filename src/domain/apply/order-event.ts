// One event of an order: the order moves, its position follows, and every index that names it.
import type { AccountBook, Logged } from "../book.ts";
import type { InstrumentId } from "../ids.ts";
import { evolve, placeOrder } from "../order/evolve.ts";
import type { OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";
import { positionChanges } from "../position/change.ts";
import { countOrder, rememberSignal } from "./recent.ts";
import { indexOrder } from "./index-order.ts";

export function applyOrderEvent(account: AccountBook, event: OrderEvent, when: Logged): void {
  const after = moveOrder(account, event, when);
  noteChange(account, after);
}

function noteChange({ aggregate, ends }: AccountBook, order: OrderState): void {
  aggregate?.touchOrder(order);
  ends.touch(order);
}

function moveOrder(account: AccountBook, event: OrderEvent, when: Logged): OrderState {
  const { at } = when;
  const before = account.orders.get(event.orderId);
  if (event.type === "OrderPlaced") {
    if (before !== undefined) throw new Error(`order ${event.orderId} is placed twice`);
    const placed = placeOrder(event.order, at);
    indexOrder(account, undefined, placed);
    countOrder(account, event.order, at);
    rememberSignal(account, event.order, at);
    return placed;
  }
  if (before === undefined) throw new Error(`${event.type} before order ${event.orderId}`);
  const after = evolve(before, event, at);
  account.positions.change(positionChanges(before, event), before);
  if (event.type === "OrderExecuted") {
    account.lastFill.set(after.instrumentId, when);
    account.fillsSinceCash += 1;
    account.parked.delete(event.execution.id);
    settleSuspicion(account, after.instrumentId, at);
  }
  if (event.type === "ExecutionBusted" || event.type === "ExecutionCorrected") {
    // What was begun before it says as little about the position; the last fill is when it was.
    const fill = account.lastFill.get(after.instrumentId);
    if (fill !== undefined) account.lastFill.set(after.instrumentId, { ...fill, seq: when.seq });
  }
  if (takesReference(event, before)) account.referenceCounter += 1;
  indexOrder(account, before, after);
  return after;
}

/**
 * What differed before a fill is another difference behind it. The inbox finds that by the same instants, so
 * that one whose clock was set back stays until a look tells what became of it.
 */
function settleSuspicion({ suspected }: AccountBook, id: InstrumentId, filledAt: number): void {
  const found = suspected.get(id);
  if (found !== undefined && found.at < filledAt) suspected.delete(id);
}

/** A resend repeats its reference; everything else took the next one. */
function takesReference(event: OrderEvent, before: OrderState): boolean {
  if (event.type === "ReplaceRequested") return true;
  return event.type === "OrderSubmitted" && event.reference !== before.reference;
}

/** Puts an order that the store remembers back into the book: a closed one that a late fact names. */
export function rememberOrder(account: AccountBook, order: OrderState): void {
  if (account.orders.has(order.id)) return;
  indexOrder(account, undefined, order);
  noteChange(account, order);
}
