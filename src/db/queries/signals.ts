// Signals with what became of them.
import type { CommandRow, Page, Scope, SignalFilter, SignalRow } from "../../ports/queries.ts";
import { reading, type Fragment, type Sql } from "../client.ts";
import { before, between, equal, within } from "./fragments.ts";

function columns(sql: Sql): Fragment {
  return sql`
    s.id, s.account_id AS account, s.instrument_id, s.strategy_id AS strategy,
    split_part(s.instrument_id, ':', 2) AS symbol, split_part(s.instrument_id, ':', 1) AS venue,
    s.body, s.body ->> 'reason' AS reason, s.actor, s.number, s.partition, s.trace_parent,
    s.received_at, d.outcome, d.rejected_by, d.reject_code, d.error_message, d.limits_version,
    d.mark_bid, d.mark_ask, d.mark_last, d.mark_age_ms, coalesce(d.order_ids, '{}') AS order_ids,
    d.decided_at`;
}

export async function signalById(sql: Sql, id: string): Promise<SignalRow | null> {
  const [row] = await reading(
    () => sql<SignalRow[]>`
      SELECT ${columns(sql)} FROM signals s LEFT JOIN decisions d ON d.signal_id = s.id
      WHERE s.id = ${id}::uuid`,
  );
  return row ?? null;
}

export async function listSignals(
  sql: Sql,
  filter: SignalFilter,
  page: Page,
): Promise<readonly SignalRow[]> {
  const waiting = await waitingFor(sql, filter);
  return reading(
    () => sql<SignalRow[]>`
      WITH page AS (
        SELECT s.id FROM ${signalsFor(sql, filter)}
        WHERE true ${conditions(sql, filter)} ${among(sql, waiting)}
          ${before(sql, sql`s.id`, page.after)}
        ORDER BY s.id DESC LIMIT ${page.limit} OFFSET ${page.offset})
      SELECT ${columns(sql)} FROM page JOIN signals s USING (id)
      LEFT JOIN decisions d ON d.signal_id = s.id ORDER BY s.id DESC`,
  );
}

export async function countSignals(sql: Sql, filter: SignalFilter, cap: number): Promise<number> {
  const waiting = await waitingFor(sql, filter);
  const [row] = await reading(
    () => sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM (
        SELECT FROM ${signalsFor(sql, filter)}
        WHERE true ${conditions(sql, filter)} ${among(sql, waiting)} LIMIT ${cap}) AS counted`,
  );
  return row?.count ?? 0;
}

/** What became of a signal is looked up for those that are passed over only when it is asked for. */
function signalsFor(sql: Sql, { outcome: asked }: SignalFilter): Fragment {
  return asked === null
    ? sql`signals s`
    : sql`signals s LEFT JOIN decisions d ON d.signal_id = s.id`;
}

function conditions(sql: Sql, filter: SignalFilter): Fragment {
  return sql`
    ${within(sql, sql`s.account_id`, filter.accounts)}
    ${within(sql, sql`s.instrument_id`, filter.instruments)}
    ${equal(sql, sql`s.strategy_id`, filter.strategy)}
    ${outcome(sql, filter.outcome)}
    ${between(sql, sql`s.id`, filter)}`;
}

/** Where undecided signals can be: behind the last number decided, in the partitions that lag. */
type Waiting = readonly { readonly partition: number; readonly after: number }[];

async function waitingFor(sql: Sql, filter: SignalFilter): Promise<Waiting | null> {
  if (filter.outcome !== "waiting") return null;
  return reading(
    () => sql<Waiting[number][]>`
      SELECT p.partition, p.decided_signals AS after
      FROM partitions p JOIN acceptance_counters c ON c.partition = p.partition
      WHERE c.lane = 'signals' AND c.last_number > p.decided_signals`,
  );
}

/** Written out as ranges, so that the planner knows how few they are. */
function among(sql: Sql, waiting: Waiting | null): Fragment {
  if (waiting === null) return sql``;
  const none = sql`false`;
  const ranges = waiting.reduce(
    (either, { partition, after }) =>
      sql`${either} OR s.partition = ${partition}::smallint AND s.number > ${after}::bigint`,
    none,
  );
  return sql`AND (${ranges})`;
}

function outcome(sql: Sql, word: string | null): Fragment {
  if (word === null) return sql``;
  return word === "waiting" ? sql`AND d.outcome IS NULL` : sql`AND d.outcome = ${word}`;
}

function commandColumns(sql: Sql): Fragment {
  return sql`
    id, account_id AS account, kind, body, actor, received_at, result, code, message,
    coalesce(order_ids, '{}') AS order_ids, decided_at`;
}

export async function commandById(sql: Sql, id: string): Promise<CommandRow | null> {
  const [row] = await reading(
    () => sql<CommandRow[]>`SELECT ${commandColumns(sql)} FROM commands WHERE id = ${id}::uuid`,
  );
  return row ?? null;
}

export async function listCommands(
  sql: Sql,
  { accounts }: Scope,
  page: Page,
): Promise<readonly CommandRow[]> {
  return reading(
    () => sql<CommandRow[]>`
      SELECT ${commandColumns(sql)} FROM commands
      WHERE true ${within(sql, sql`account_id`, accounts)} ${before(sql, sql`id`, page.after)}
      ORDER BY id DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
  );
}
