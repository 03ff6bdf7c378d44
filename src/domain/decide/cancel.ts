// Taking an order back: at once while it is still ours alone, by asking the broker otherwise.
import type { OrderId } from "../ids.ts";
import { decideCancel } from "../order/decide.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";

export type CancelResult =
  /** It had not left: it is cancelled. */
  | "cancelled"
  /** The broker is asked. */
  | "requested"
  /** The send is not answered yet: the cancel follows as soon as the broker's id is known. */
  | "remembered"
  | "already_closed"
  | "unknown";

export function cancelOrder(draft: Draft, id: OrderId, reason: string): CancelResult {
  const order = draft.order(id);
  if (order === undefined) return "unknown";
  const decision = decideCancel(order, reason);
  if (!decision.ok) return "already_closed";
  draft.recordAll(decision.events);
  if (order.status === "pending") return "cancelled";
  if (order.brokerOrderId === null) return "remembered";
  // Asked again by a person, it is also asked again at the broker.
  callCancel(draft, order);
  return "requested";
}

export function callCancel(draft: Draft, order: OrderState): void {
  if (order.brokerOrderId === null) return;
  draft.call({
    kind: "cancel",
    orderId: order.id,
    instrumentId: order.instrumentId,
    brokerOrderId: order.brokerOrderId,
  });
}

/** A cancel that was waiting for the broker's id, or whose order got a new one, goes out now. */
export function sendRememberedCancel(draft: Draft, before: OrderState): void {
  const order = draft.order(before.id);
  // What is over asks for nothing any more.
  if (order?.pendingAction !== "cancel") return;
  if (order.brokerOrderId !== before.brokerOrderId) callCancel(draft, order);
}
