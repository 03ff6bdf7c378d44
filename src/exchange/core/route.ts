// From the exchange's door to the market: now, or when the session comes.
import { sibling } from "./closing.ts";
import { mayTradeNow } from "./eligibility.ts";
import { armHeld } from "./group.ts";
import { work } from "./match.ts";
import type { Order } from "./order.ts";
import { isClosed, workingType } from "./order.ts";
import { arm } from "./trigger.ts";
import type { World } from "./world.ts";

function enqueue(world: World, order: Order): void {
  const isNews = !order.announced && order.place !== "queue";
  order.place = "queue";
  world.queue.add(order);
  if (!isNews) {
    world.changes.orders.add(order);
    return;
  }
  order.status = "accepted";
  order.updatedAt = world.stamp();
  world.tell("accepted", order);
}

/** Tells that the order is on its way and at work; once, however often it changes sessions. */
export function announce(world: World, order: Order): void {
  if (order.announced) return;
  order.announced = true;
  if (order.status === "pending_new" || order.status === "accepted") {
    order.status = "pending_new";
    order.updatedAt = world.stamp();
    world.tell("pending_new", order);
  }
  order.status = "new";
  order.updatedAt = world.stamp();
  world.tell("new", order);
}

/** The stop of a pair waits for its price, still `held`, as soon as the other exit is at work. */
function armOther(world: World, order: Order): void {
  const other = sibling(world, order);
  if (other?.status === "held" && other.place === "none") armHeld(world, other);
}

/** Sends an order to the market, or lets it wait for its session. */
export function route(world: World, order: Order): void {
  if (isClosed(order) || order.status === "pending_cancel") return;
  if (!mayTradeNow(world, order)) {
    enqueue(world, order);
    return;
  }
  world.queue.delete(order);
  order.place = "none";
  order.priority = world.stamp();
  announce(world, order);
  if (order.role === "take_profit") armOther(world, order);
  if (workingType(order) === "waiting_stop") arm(world, order);
  else work(world, order);
}
