// What happens when a session ends and another begins: auctions, releases, expiries, a new day.
import type { Decimal } from "../../domain/decimal.ts";
import { equity } from "./account.ts";
import { close } from "./closing.ts";
import { mayTradeNow, refreshDays } from "./eligibility.ts";
import { tradeInAuction } from "./match.ts";
import type { Order } from "./order.ts";
import { isClosed } from "./order.ts";
import { announce, route } from "./route.ts";
import type { World } from "./world.ts";

/** Brings the session up to `world.now`, one phase at a time, so that none is skipped. */
export function turnSessions(world: World, now: number): void {
  while (now >= world.session.phaseUntil) {
    world.now = Math.max(world.now, world.session.phaseUntil);
    turn(world);
  }
  world.now = Math.max(world.now, now);
}

export function startSession(world: World, now: number): void {
  world.now = now;
  world.session = world.sessions.at(now);
  refreshDays(world);
}

/** Looks at the session anew although its time has not come. */
export function forceTurn(world: World): void {
  turn(world);
}

/** What a restart finds: orders that ended while nobody was there, sessions that have changed. */
export function resumeSession(world: World): void {
  expire(world);
  park(world);
  release(world);
}

function release(world: World): void {
  for (const order of [...world.queue]) if (mayTradeNow(world, order)) route(world, order);
}

function turn(world: World): void {
  const before = world.session;
  world.session = world.sessions.at(world.now);
  refreshDays(world);
  const dayTurned = before.tradingDay !== world.session.tradingDay;
  if (before.phase === "core" && (world.session.phase !== "core" || dayTurned)) endCore(world);
  expire(world);
  park(world);
  if (world.session.phase === "core" && (before.phase !== "core" || dayTurned)) {
    auction(world, "opg");
  }
  release(world);
}

function endCore(world: World): void {
  auction(world, "cls");
  for (const account of world.accounts.values()) {
    account.lastEquity = equity(account);
    world.changes.accounts.add(account);
  }
  world.rememberCloses();
}

/** Opening and closing auctions trade at the last price; what cannot trade there is cancelled. */
function auction(world: World, timeInForce: "opg" | "cls"): void {
  for (const order of [...world.queue]) {
    if (order.timeInForce !== timeInForce || isClosed(order)) continue;
    world.queue.delete(order);
    order.place = "none";
    announce(world, order);
    const price: Decimal | undefined = world.quotes.get(order.asset.symbol)?.last;
    if (price !== undefined) tradeInAuction(world, order, price);
    if (!isClosed(order)) close(world, order, "canceled");
  }
}

function openStockOrders(world: World): readonly Order[] {
  const orders: Order[] = [];
  for (const account of world.accounts.keys()) {
    for (const order of world.orders.open(account)) {
      if (order.asset.assetClass === "us_equity") orders.push(order);
    }
  }
  return orders;
}

function expire(world: World): void {
  for (const order of openStockOrders(world)) {
    if (order.expiresAt !== null && order.expiresAt <= world.now) close(world, order, "expired");
  }
}

/** Orders that may not trade in this session leave the book and wait, without losing their turn. */
function park(world: World): void {
  for (const order of openStockOrders(world)) {
    if (order.place === "none" || order.place === "queue" || mayTradeNow(world, order)) continue;
    world.book(order.asset.symbol).remove(order);
    order.place = "queue";
    world.queue.add(order);
    world.changes.orders.add(order);
  }
}
