// Cancels: asked for now, done when the venue gets to it; a fill may come first.
import { close } from "./closing.ts";
import type { Order } from "./order.ts";
import { isClosed } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** Null when the cancel is on its way. */
export function requestCancel(world: World, order: Order): Refusal | null {
  if (isClosed(order)) return { code: "not_cancelable", status: order.status };
  if (order.status === "pending_cancel") return { code: "cancel_pending" };
  if (order.status === "pending_replace") return { code: "not_cancelable", status: order.status };
  order.statusBefore = order.status;
  order.status = "pending_cancel";
  order.cancelRequestedAt = world.stamp();
  order.updatedAt = order.cancelRequestedAt;
  const { venueDelayMs } = world.policy;
  // Most cancels on the real stream go straight to `canceled`; only a slow one shows the wait.
  if (venueDelayMs > 0) world.tell("pending_cancel", order);
  else world.changes.orders.add(order);
  world.schedule("finish_cancel", order, venueDelayMs);
  return null;
}

export function finishCancel(world: World, order: Order): void {
  if (order.status === "pending_cancel") {
    close(world, order, "canceled");
    return;
  }
  if (order.status === "filled" && world.policy.exoticEvents) {
    world.tell("order_cancel_rejected", order);
  }
}

/** The venue says no: the order goes on as before. */
export function rejectCancel(world: World, order: Order): void {
  if (order.status !== "pending_cancel") return;
  order.status = order.statusBefore;
  order.updatedAt = world.stamp();
  if (world.policy.exoticEvents) world.tell("order_cancel_rejected", order);
  else world.changes.orders.add(order);
}
