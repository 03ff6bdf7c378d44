// What limits on pace and repetition look back at: the open orders, which are in the book already, and
// the closed ones of the window.
import { rememberSignal } from "../../domain/apply/recent.ts";
import type { AccountBook, StrategyPace } from "../../domain/book.ts";
import type { StrategyId } from "../../domain/ids.ts";
import type { OrderState } from "../../domain/order/state.ts";
import type { PartitionRows } from "./partition-rows.ts";
import { orderFromRow, type OrderDbRow } from "./order-from-row.ts";

const PACE_MS = 120_000;

export function restoreRecent(account: AccountBook, closed: readonly OrderDbRow[]): void {
  const orders = [...account.orders.values(), ...closed.map((row) => orderFromRow(row))];
  orders.sort((left, right) => left.placedAt - right.placedAt);
  for (const order of orders) rememberSignal(account, order, order.placedAt);
  const last = orders.at(-1)?.placedAt ?? 0;
  for (const order of orders) {
    if (!countsTowardsPace(order, last)) continue;
    account.recentOrders.push(order.placedAt);
    if (order.strategyId !== null) paceOf(account, order.strategyId).recent.push(order.placedAt);
  }
}

export function restoreToday(account: AccountBook, today: PartitionRows["today"]): void {
  for (const { strategy_id: strategyId, placed } of today) {
    paceOf(account, strategyId).today = placed;
  }
}

function paceOf({ pace }: AccountBook, strategyId: StrategyId): StrategyPace {
  const known = pace.get(strategyId);
  if (known !== undefined) return known;
  const made = { recent: [], today: 0 };
  pace.set(strategyId, made);
  return made;
}

/** Legs that the broker makes are no orders of ours to count. */
function countsTowardsPace({ parentId, placedAt }: OrderState, last: number): boolean {
  return parentId === null && last - placedAt <= PACE_MS;
}
