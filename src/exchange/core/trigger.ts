// Stops: the prices that wake them, and trailing prices that follow the market.
import type { Decimal } from "../../domain/decimal.ts";
import { Decimal as Exact } from "../../domain/decimal.ts";
import { endAlone, sibling } from "./closing.ts";
import { setAside } from "./holds.ts";
import { work } from "./match.ts";
import type { Order } from "./order.ts";
import { isClosed, leaves } from "./order.ts";
import type { World } from "./world.ts";

function isReached(order: Order, last: Decimal): boolean {
  if (order.stopPrice === null) return false;
  return order.side === "buy" ? last.gte(order.stopPrice) : last.lte(order.stopPrice);
}

const PERCENT_SCALE = 16;

/** The stop price that belongs to a high-water mark; not rounded, as on the real wire. */
export function trailingStop(order: Order, mark: Decimal): Decimal | null {
  const distance =
    order.trailPrice ??
    (order.trailPercent === null
      ? null
      : mark.times(order.trailPercent).dividedBy(Exact.HUNDRED, PERCENT_SCALE, "half_up"));
  if (distance === null) return null;
  return order.side === "sell" ? mark.minus(distance) : mark.plus(distance);
}

function follow(world: World, order: Order, last: Decimal): void {
  const { highWater } = order;
  const better =
    highWater === null || (order.side === "sell" ? last.gt(highWater) : last.lt(highWater));
  if (!better) return;
  order.highWater = last;
  order.stopPrice = trailingStop(order, last);
  world.changes.orders.add(order);
}

function elect(world: World, order: Order): void {
  world.book(order.asset.symbol).remove(order);
  order.elected = true;
  if (order.status === "held") {
    // The stop of a pair fires: the take-profit gives its shares back, and the stop takes them.
    const other = sibling(world, order);
    if (other !== null && !isClosed(other)) {
      endAlone(world, other, "canceled", !world.policy.tellSiblingCancels);
    }
    setAside(world, world.account(order.accountId), order, leaves(order, null));
    world.orders.resubmit(order, world.stamp());
    order.status = "new";
    order.updatedAt = order.submittedAt;
    world.tell("new", order);
  }
  world.changes.orders.add(order);
  work(world, order);
}

/** Puts a stop where it waits, or fires it at once when its price is already reached. */
export function arm(world: World, order: Order): void {
  const last = world.quotes.get(order.asset.symbol)?.last ?? null;
  if (last !== null) {
    if (order.type === "trailing_stop") follow(world, order, last);
    if (isReached(order, last)) {
      elect(world, order);
      return;
    }
  }
  order.place = "trigger";
  world.book(order.asset.symbol).add(order);
  world.changes.orders.add(order);
}

/** Wakes every stop that a trade at this price reaches. */
export function meetTrade(world: World, symbol: string, last: Decimal): void {
  const book = world.books.get(symbol);
  // Stops of stocks sleep outside the core session, whatever prices do.
  const isStock = world.assets.get(symbol)?.assetClass === "us_equity";
  if (book === undefined || (isStock && world.session.phase !== "core")) return;
  for (const order of [...book.trailing]) {
    follow(world, order, last);
    if (isReached(order, last)) elect(world, order);
  }
  for (const stops of [book.buyStops, book.sellStops]) {
    for (let next = stops.first; next !== undefined && isReached(next, last); next = stops.first) {
      elect(world, next);
    }
  }
}
