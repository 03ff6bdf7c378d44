// How an order ends without being filled, and what that does to the orders tied to it.
import { release } from "./holds.ts";
import type { Order, Role } from "./order.ts";
import { isClosed } from "./order.ts";
import type { Group, World } from "./world.ts";

export type Ending = "canceled" | "expired" | "rejected" | "replaced";

export function groupOf(world: World, order: Order): Group | null {
  return order.groupId === null ? null : (world.groups.get(order.groupId) ?? null);
}

/** The other exit of an exit. */
export function sibling(world: World, order: Order): Order | null {
  const other: Role | null =
    order.role === "take_profit" ? "stop_loss" : order.role === "stop_loss" ? "take_profit" : null;
  if (other === null) return null;
  return groupOf(world, order)?.members[other] ?? null;
}

export function exits(group: Group): readonly Order[] {
  return [group.members.take_profit, group.members.stop_loss].filter((exit) => exit !== undefined);
}

function end(world: World, order: Order, ending: Ending): void {
  world.book(order.asset.symbol).remove(order);
  world.queue.delete(order);
  release(world, world.account(order.accountId), order);
  world.orders.close(order);
  const at = world.stamp();
  order.status = ending;
  order.updatedAt = at;
  if (ending === "canceled") order.canceledAt = at;
  else if (ending === "expired") order.expiredAt = at;
  else if (ending === "rejected") order.failedAt = at;
  else order.replacedAt = at;
}

/** Ends an order whose group lives on without it: the other exit takes over, or a replacement does. */
export function endAlone(world: World, order: Order, ending: Ending, quietly = false): void {
  end(world, order, ending);
  if (quietly) world.changes.orders.add(order);
  else world.tell(ending, order);
}

/** Ends an order, and with it the exits that depend on it. */
export function close(world: World, order: Order, ending: Exclude<Ending, "replaced">): void {
  if (isClosed(order)) return;
  endAlone(world, order, ending);
  const group = groupOf(world, order);
  if (group === null) return;
  const dependents = order.role === "entry" ? exits(group) : [sibling(world, order)];
  for (const dependent of dependents) {
    if (dependent === null || isClosed(dependent)) continue;
    endAlone(world, dependent, "canceled", !world.policy.tellSiblingCancels);
  }
}
