// What a fill does to the orders tied to the filled one: a full entry wakes its exits, an exit that
// fills shrinks or ends the other exit.
import type { Decimal } from "../../domain/decimal.ts";
import { endAlone, exits, groupOf, sibling } from "./closing.ts";
import { setAside } from "./holds.ts";
import type { Order } from "./order.ts";
import { isClosed, leaves } from "./order.ts";
import type { Group, World } from "./world.ts";

export function afterFill(world: World, order: Order, quantity: Decimal): void {
  const group = groupOf(world, order);
  if (group === null) return;
  if (order.role === "entry") {
    if (order.status === "filled") wakeExits(world, group);
    return;
  }
  const other = sibling(world, order);
  if (other === null || isClosed(other)) return;
  if (order.status === "filled") {
    endAlone(world, other, "canceled", !world.policy.tellSiblingCancels);
  } else if (other.quantity !== null) {
    other.quantity = other.quantity.minus(quantity);
    world.changes.orders.add(other);
  }
}

/**
 * The take-profit goes to the book and holds the shares; the stop beside it is armed once the
 * take-profit is at work. A single exit goes live itself.
 */
function wakeExits(world: World, group: Group): void {
  const [first] = exits(group);
  // Exits may have been cancelled while the entry was still at work.
  if (first !== undefined && !isClosed(first)) goLive(world, first);
}

function goLive(world: World, exit: Order): void {
  const account = world.account(exit.accountId);
  world.orders.resubmit(exit, world.stamp());
  setAside(world, account, exit, leaves(exit, null));
  world.changes.orders.add(exit);
  world.schedule("route", exit, 0);
}

export function armHeld(world: World, exit: Order): void {
  exit.place = "trigger";
  world.book(exit.asset.symbol).add(exit);
  world.changes.orders.add(exit);
}
