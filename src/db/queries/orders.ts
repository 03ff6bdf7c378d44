// Orders as the API shows them. Open orders are few and have an index of their own; closed ones are
// millions and are reached through the index of the filter. So a page is picked from both by id alone,
// and only its rows are read in full.
import { TERMINAL_STATUSES } from "../../domain/order/spec.ts";
import type { OrderFilter, OrderRow, Page } from "../../ports/queries.ts";
import { reading, type Fragment, type Sql } from "../client.ts";
import { before, between, equal, within } from "./fragments.ts";

function columns(sql: Sql): Fragment {
  return sql`
    o.id, o.signal_id, o.command_id, o.parent_id, o.account_id AS account, o.strategy_id AS strategy,
    split_part(o.instrument_id, ':', 2) AS symbol, split_part(o.instrument_id, ':', 1) AS venue,
    o.role, o.link_group, o.reduces_position, o.waits_for, o.side, o.type, o.time_in_force,
    o.qty, o.notional, o.limit_price, o.stop_price, o.trail_price, o.trail_percent, o.extended_hours,
    CASE WHEN o.exits ->> 'takeProfit' IS NOT NULL THEN
      json_build_object('limit_price', o.exits -> 'takeProfit' ->> 'limitPrice') END AS take_profit,
    CASE WHEN o.exits ->> 'stopLoss' IS NOT NULL THEN
      json_build_object('stop_price', o.exits -> 'stopLoss' ->> 'stopPrice',
        'limit_price', o.exits -> 'stopLoss' ->> 'limitPrice') END AS stop_loss,
    o.status, o.hold, o.hold_until, o.pending_action, o.unresolved, o.generation, o.reference,
    o.broker_order_id, o.filled_qty, trim_scale(o.filled_price) AS filled_price, o.rejected_by,
    o.reject_code, o.error_message, o.flags, s.body ->> 'reason' AS reason, o.received_at,
    o.valid_until, o.placed_at, o.submitted_at, o.accepted_at, o.closed_at, o.updated_at, o.version`;
}

type StoredRow = Omit<OrderRow, "unresolved"> & {
  readonly unresolved: {
    readonly action: string;
    readonly since: number;
    readonly cause: string;
    readonly lookups: number;
  } | null;
};

function shown({ unresolved, ...row }: StoredRow): OrderRow {
  return {
    ...row,
    unresolved: unresolved === null ? null : { ...unresolved, since: new Date(unresolved.since) },
  };
}

export async function ordersByIds(sql: Sql, ids: readonly string[]): Promise<readonly OrderRow[]> {
  if (ids.length === 0) return [];
  const rows = await reading(
    () => sql<StoredRow[]>`
      SELECT ${columns(sql)} FROM orders o LEFT JOIN signals s ON s.id = o.signal_id
      WHERE o.id = ANY (${[...ids]}::uuid[]) ORDER BY o.id`,
  );
  return rows.map(shown);
}

export async function listOrders(
  sql: Sql,
  filter: OrderFilter,
  page: Page,
): Promise<readonly OrderRow[]> {
  const rows = await reading(
    () => sql<StoredRow[]>`
      WITH page AS (${matching(sql, filter, page)} ORDER BY id DESC
        LIMIT ${page.limit} OFFSET ${page.offset})
      SELECT ${columns(sql)} FROM page JOIN orders o USING (id)
      LEFT JOIN signals s ON s.id = o.signal_id
      ORDER BY o.id DESC`,
  );
  return rows.map(shown);
}

export async function countOrders(sql: Sql, filter: OrderFilter, cap: number): Promise<number> {
  const all = { limit: cap, offset: 0, after: null };
  const [row] = await reading(
    () => sql<{ count: number }[]>`
      SELECT count(*)::int AS count
      FROM (SELECT FROM (${matching(sql, filter, all)}) AS found LIMIT ${cap}) AS counted`,
  );
  return row?.count ?? 0;
}

/** Ids of both halves, each cut to what the page can need. A half whose statuses nobody asks for is empty. */
function matching(sql: Sql, filter: OrderFilter, page: Page): Fragment {
  const needed = page.limit + page.offset;
  const asked = (closed: boolean): boolean =>
    filter.statuses?.some((status) => TERMINAL.has(status) === closed) ?? true;
  const half = (closed: boolean): Fragment => sql`
    (SELECT id FROM orders WHERE ${closed ? sql`closed_at IS NOT NULL` : sql`closed_at IS NULL`}
      ${conditions(sql, filter)} ${before(sql, sql`id`, page.after)}
      ORDER BY id DESC LIMIT ${needed})`;
  const either = [false, true].filter(asked).map(half);
  const [first = half(false), second] = either;
  const all = second === undefined ? first : sql`${first} UNION ALL ${second}`;
  return sql`SELECT id FROM (${all}) AS either`;
}

const TERMINAL: ReadonlySet<string> = new Set(TERMINAL_STATUSES);

function conditions(sql: Sql, filter: OrderFilter): Fragment {
  return sql`
    ${within(sql, sql`account_id`, filter.accounts)}
    ${within(sql, sql`instrument_id`, filter.instruments)}
    ${within(sql, sql`status`, filter.statuses)}
    ${equal(sql, sql`side`, filter.side)}
    ${equal(sql, sql`strategy_id`, filter.strategy)}
    ${filter.signalId === null ? sql`` : sql`AND signal_id = ${filter.signalId}::uuid AND ${ofSource(sql, filter.signalId)}`}
    ${between(sql, sql`id`, filter)}`;
}

/** An order's id is its signal's with another last byte: a range of the primary key. */
function ofSource(sql: Sql, signalId: string): Fragment {
  const stem = signalId.slice(0, -2);
  return sql`id BETWEEN ${`${stem}00`}::uuid AND ${`${stem}ff`}::uuid`;
}
