// What limits on pace and repetition look back at. At hundreds of orders a second their whole rows would
// be most of what loading a book takes, so no more is read than what is asked.
import { rememberSignalAs } from "../../domain/apply/recent.ts";
import type { AccountBook, StrategyPace } from "../../domain/book.ts";
import type { InstrumentId, StrategyId } from "../../domain/ids.ts";
import { duplicateKey } from "../../domain/risk/rules/duplicate-signal.ts";
import type { Transaction } from "../client.ts";
import { decimalOrNull, side } from "./order-from-row.ts";

const PACE_SECONDS = 120;
const REPEATABLE_MIN_SECONDS = 120;
const MAX_REPEATABLE = 50_000;

/** When a strategy placed its closed orders of late, in milliseconds; without one, those of none. */
export interface PaceRow {
  readonly account_id: string;
  readonly strategy_id: StrategyId | null;
  readonly placed: readonly number[];
}

/** When a signal of this kind was followed by an order last. */
export interface RepeatableRow {
  readonly account_id: string;
  readonly instrument_id: InstrumentId;
  readonly side: string;
  readonly qty: string | null;
  readonly notional: string | null;
  readonly at: Date;
}

/** How many orders a strategy has placed since the account's trading day began. */
export interface TodayRow {
  readonly account_id: string;
  readonly strategy_id: StrategyId;
  readonly placed: number;
}

/**
 * Found by id, whose first bytes are the time of its signal: an hour more than the window looks back.
 * Legs that the broker makes are no orders of ours to count.
 */
export function readPace(sql: Transaction, partition: number) {
  return sql<PaceRow[]>`
    SELECT s.account_id, o.strategy_id, json_agg(o.at ORDER BY o.at) AS placed
    FROM account_states s CROSS JOIN LATERAL (
      SELECT strategy_id, floor(extract(epoch FROM placed_at) * 1000)::bigint AS at FROM orders
      WHERE account_id = s.account_id AND closed_at IS NOT NULL AND parent_id IS NULL
        AND id >= fillstream_uuid_from(
          s.last_placed_at - ${PACE_SECONDS} * interval '1 second' - interval '1 hour')
        AND placed_at >= s.last_placed_at - ${PACE_SECONDS} * interval '1 second') AS o
    WHERE s.partition = ${partition} GROUP BY s.account_id, o.strategy_id`;
}

/**
 * As the signals asked: what a replace has changed since is in the order's row, and each such order is looked
 * up by itself. Without the OFFSET the planner, which does not know how few are that recent, reads the whole log.
 */
export function readRepeatable(sql: Transaction, partition: number) {
  return sql<RepeatableRow[]>`
    WITH looked AS (
      SELECT greatest(${REPEATABLE_MIN_SECONDS}, max(value::bigint)) * interval '1 second' AS back
      FROM (SELECT key, value FROM configs UNION ALL SELECT key, value FROM config_overrides) AS c
      WHERE key = 'duplicate_window_seconds'
    )
    SELECT s.account_id, latest.* FROM account_states s CROSS JOIN looked CROSS JOIN LATERAL (
      SELECT o.instrument_id, o.side, max(o.placed_at) AS at,
        CASE WHEN asked.terms IS NULL THEN o.qty::text ELSE asked.terms ->> 'quantity' END AS qty,
        CASE WHEN asked.terms IS NULL THEN o.notional::text ELSE asked.terms ->> 'notional' END
          AS notional
      FROM orders o LEFT JOIN LATERAL (
        SELECT e.payload -> 'order' -> 'terms' AS terms FROM order_events e
        WHERE o.generation > 1 AND e.order_id = o.id AND e.type = 'OrderPlaced'
        OFFSET 0) AS asked ON true
      WHERE o.account_id = s.account_id AND o.signal_id IS NOT NULL AND o.parent_id IS NULL
        AND o.id >= fillstream_uuid_from(s.last_placed_at - looked.back - interval '1 hour')
        AND o.placed_at > s.last_placed_at - looked.back
      GROUP BY 1, 2, 4, 5
      ORDER BY at DESC LIMIT ${MAX_REPEATABLE}) AS latest
    WHERE s.partition = ${partition} ORDER BY latest.at`;
}

/** The day is its date in the account's zone. Legs that the broker makes are no orders of ours to count. */
export function readToday(sql: Transaction, partition: number) {
  return sql<TodayRow[]>`
    SELECT s.account_id, o.strategy_id, count(*)::int AS placed
    FROM account_states s JOIN accounts a ON a.id = s.account_id
    CROSS JOIN LATERAL (
      SELECT (s.day_date + a.day_roll::time) AT TIME ZONE a.day_zone AS began) AS day
    JOIN orders o ON o.account_id = s.account_id AND o.strategy_id IS NOT NULL
      AND o.parent_id IS NULL AND o.placed_at >= day.began
      AND o.id >= fillstream_uuid_from(day.began - interval '1 hour')
    WHERE s.partition = ${partition} AND s.day_date IS NOT NULL
    GROUP BY s.account_id, o.strategy_id`;
}

export function restoreRepeatable(account: AccountBook, rows: readonly RepeatableRow[]): void {
  for (const row of rows) {
    const key = duplicateKey(row.instrument_id, {
      side: side(row.side, "orders.side"),
      quantity: decimalOrNull(row.qty),
      notional: decimalOrNull(row.notional),
    });
    rememberSignalAs(account, key, row.at.getTime());
  }
}

export function restorePace(account: AccountBook, closed: readonly PaceRow[]): void {
  const open = [...account.orders.values()].filter(({ parentId }) => parentId === null);
  const placed = [
    ...open.map(({ strategyId, placedAt: at }) => ({ strategyId, at })),
    ...closed.flatMap(({ strategy_id: strategyId, placed: instants }) =>
      instants.map((at) => ({ strategyId, at })),
    ),
  ].toSorted((left, right) => left.at - right.at);
  const last = placed.at(-1)?.at ?? 0;
  for (const { strategyId, at } of placed) {
    if (last - at > PACE_SECONDS * 1_000) continue;
    account.recentOrders.push(at);
    if (strategyId !== null) paceOf(account, strategyId).recent.push(at);
  }
}

export function restoreToday(account: AccountBook, today: readonly TodayRow[]): void {
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
