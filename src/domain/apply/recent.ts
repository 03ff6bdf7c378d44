// What the limits on pace and repetition look back at: bounded by time and by number.
import type { AccountBook } from "../book.ts";
import type { OrderSpec } from "../order/spec.ts";
import { duplicateKey } from "../risk/rules/duplicate-signal.ts";

const MINUTE_MS = 60_000;
/** More orders in a minute than any broker's budget carries. */
const MAX_RECENT_ORDERS = 100_000;
/** The longest window in which a repeated signal can be recognised. */
const RECENT_SIGNAL_MS = 24 * 60 * MINUTE_MS;
const MAX_RECENT_SIGNALS = 50_000;

export function rememberSignal(account: AccountBook, order: OrderSpec, at: number): void {
  if (order.signalId === null || order.parentId !== null) return;
  rememberSignalAs(account, duplicateKey(order.instrumentId, order.terms), at);
}

/** Under the key by which a repetition is known. */
export function rememberSignalAs({ recentSignals }: AccountBook, key: string, at: number): void {
  recentSignals.delete(key);
  recentSignals.set(key, at);
  for (const [oldest, seenAt] of recentSignals) {
    const isYoung = at - seenAt <= RECENT_SIGNAL_MS;
    if (isYoung && recentSignals.size <= MAX_RECENT_SIGNALS) return;
    recentSignals.delete(oldest);
  }
}

/** Legs that the broker makes are no orders of ours to count. */
export function countOrder(account: AccountBook, order: OrderSpec, at: number): void {
  if (order.parentId !== null) return;
  const { day, pace } = account;
  remember(account.recentOrders, at);
  if (day !== null) account.day = { ...day, ordersPlaced: day.ordersPlaced + 1 };
  if (order.strategyId === null) return;
  const own = pace.get(order.strategyId) ?? { recent: [], today: 0 };
  remember(own.recent, at);
  if (day !== null) own.today += 1;
  pace.set(order.strategyId, own);
}

/** A new day counts anew; the last minute does not end with it. */
export function beginCount({ pace }: AccountBook): void {
  for (const own of pace.values()) own.today = 0;
}

function remember(recentOrders: number[], at: number): void {
  recentOrders.push(at);
  const [oldest = at] = recentOrders;
  // Dropping copies the rest, so it waits until there is a minute's worth to drop.
  if (at - oldest > 2 * MINUTE_MS || recentOrders.length > MAX_RECENT_ORDERS) {
    const kept = recentOrders.findIndex((placedAt) => placedAt > at - MINUTE_MS);
    recentOrders.splice(0, Math.max(kept, recentOrders.length - MAX_RECENT_ORDERS / 2));
  }
}
