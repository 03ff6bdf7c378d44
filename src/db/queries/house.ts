// The state of the house: what waits, who works, what is stuck. Read by health and metrics, a few times
// a second at most.
import { SUSPICION_MAX_MS } from "../../domain/order/reconcile.ts";
import type { Backlog, HouseStatus } from "../../ports/operations.ts";
import { reading, type Sql } from "../client.ts";
import { LEASE_MS } from "../leases.ts";
import { cashDifferences, externalPositions } from "./unexplained.ts";

/** Times that our clock wrote are compared with the database's, set ahead as far as ours is. */
const ourTime = (sql: Sql, aheadMs: number) =>
  sql`(clock_timestamp() + ${aheadMs}::float8 * interval '1 millisecond')`;

/**
 * What waits for a decision: two counters per partition, and one signal looked up where they differ. What
 * waits in a partition that is set aside waits for a person, and says nothing of the others.
 */
export async function backlog(sql: Sql, aheadMs: number): Promise<Backlog> {
  const [partitions, faulted] = await Promise.all([
    waitingRows(sql, aheadMs),
    reading(
      () => sql<{ partition: number }[]>`SELECT partition FROM partitions WHERE fault IS NOT NULL`,
    ),
  ]);
  const setAside = new Set(faulted.map(({ partition }) => partition));
  const led = partitions.filter(({ partition }) => !setAside.has(partition));
  return {
    waiting: led.reduce((sum, { waiting }) => sum + waiting, 0),
    oldestMs: oldestOf(led),
    setAside,
  };
}

interface WaitingRow {
  readonly partition: number;
  readonly waiting: number;
  readonly oldest_ms: number | null;
}

function waitingRows(sql: Sql, aheadMs: number): Promise<readonly WaitingRow[]> {
  return reading(
    () => sql<WaitingRow[]>`
      SELECT c.partition, (c.last_number - p.decided_signals)::bigint AS waiting,
        (extract(epoch FROM ${ourTime(sql, aheadMs)} - s.received_at) * 1000)::bigint AS oldest_ms
      FROM acceptance_counters c
      JOIN partitions p ON p.partition = c.partition AND p.decided_signals < c.last_number
      LEFT JOIN LATERAL (
        SELECT received_at FROM signals
        WHERE partition = c.partition AND number > p.decided_signals ORDER BY number LIMIT 1) s ON true
      WHERE c.lane = 'signals'`,
  );
}

function oldestOf(rows: readonly WaitingRow[]): number | null {
  const ages = rows.flatMap(({ oldest_ms: age }) => (age === null ? [] : [age]));
  return ages.length === 0 ? null : Math.max(...ages);
}

/** A write that changes nothing proves that the server takes writes and has our tables. */
export async function probe(sql: Sql): Promise<void> {
  await reading(() => sql`UPDATE partitions SET partition = partition WHERE partition = -1`);
}

type Counts = Omit<
  HouseStatus,
  | "partitions"
  | "jobs"
  | "workers"
  | "open_orders"
  | "external_positions"
  | "cash_differences"
  | "feed_lag"
  | "waiting_signals"
  | "waiting_commands"
  | "oldest_waiting_ms"
>;

export async function houseStatus(sql: Sql, aheadMs: number): Promise<HouseStatus> {
  const since = sql`${ourTime(sql, aheadMs)} - ${SUSPICION_MAX_MS / 1_000} * interval '1 second'`;
  const [partitions, jobs, workers, open, lag, counts, waiting, positions, cash] =
    await Promise.all([
      partitionRows(sql),
      jobRows(sql),
      workerRows(sql),
      openOrderCounts(sql),
      feedLag(sql),
      countRow(sql, aheadMs),
      waitingRows(sql, aheadMs),
      externalPositions(sql, null, since),
      cashDifferences(sql, null),
    ]);
  return {
    ...counts,
    partitions,
    jobs,
    workers,
    waiting_signals: partitions.reduce((sum, each) => sum + each.waiting_signals, 0),
    waiting_commands: partitions.reduce((sum, each) => sum + each.waiting_commands, 0),
    oldest_waiting_ms: oldestOf(waiting),
    open_orders: Object.fromEntries(open.map(({ status, count }) => [status, count])),
    feed_lag: lag,
    external_positions: positions.filter(({ ignored }) => !ignored).length,
    cash_differences: cash.length,
  };
}

function partitionRows(sql: Sql) {
  return reading(
    () => sql<HouseStatus["partitions"][number][]>`
      SELECT p.partition, l.owner,
        (extract(epoch FROM l.until - clock_timestamp()) * 1000)::bigint AS lease_ms, p.fault,
        coalesce(s.last_number, 0) - p.decided_signals AS waiting_signals,
        coalesce(c.last_number, 0) - p.decided_commands AS waiting_commands
      FROM partitions p
      LEFT JOIN leases l ON l.name = 'p' || p.partition
      LEFT JOIN acceptance_counters s ON s.partition = p.partition AND s.lane = 'signals'
      LEFT JOIN acceptance_counters c ON c.partition = p.partition AND c.lane = 'control'
      ORDER BY p.partition`,
  );
}

function jobRows(sql: Sql) {
  return reading(
    () => sql<HouseStatus["jobs"][number][]>`
      SELECT name, owner, (extract(epoch FROM until - clock_timestamp()) * 1000)::bigint AS lease_ms
      FROM leases WHERE name !~ '^(p[0-9]+$|worker:)' ORDER BY name`,
  );
}

/** Every worker keeps a lease of its own name: how long ago it was renewed. */
function workerRows(sql: Sql) {
  return reading(
    () => sql<HouseStatus["workers"][number][]>`
      SELECT owner,
        (${LEASE_MS} - extract(epoch FROM until - clock_timestamp()) * 1000)::bigint AS seen_ms
      FROM leases WHERE name LIKE 'worker:%' AND until > now() - interval '1 minute' ORDER BY owner`,
  );
}

function openOrderCounts(sql: Sql) {
  return reading(
    () => sql<{ status: string; count: number }[]>`
      SELECT status, count(*)::int AS count FROM orders WHERE closed_at IS NULL GROUP BY status`,
  );
}

function feedLag(sql: Sql) {
  return reading(
    () => sql<HouseStatus["feed_lag"][number][]>`
      SELECT f.feed, sum(p.last_seq - f.seq)::bigint AS events
      FROM feed_cursors f JOIN partitions p USING (partition) GROUP BY f.feed ORDER BY f.feed`,
  );
}

async function countRow(sql: Sql, aheadMs: number): Promise<Counts> {
  const now = ourTime(sql, aheadMs);
  const [row] = await reading(
    () => sql<Counts[]>`
      SELECT ${now} AS at, u.unresolved_orders, u.oldest_unresolved_ms,
        (SELECT count(*) FROM dead_letters WHERE requeued_at IS NULL)::int AS dead_letters,
        (SELECT count(*) FROM frozen_symbols)::int AS frozen_symbols,
        (SELECT count(*) FROM external_orders WHERE closed_at IS NULL AND NOT ignored)::int
          AS open_differences,
        (SELECT (extract(epoch FROM ${now} - max(at)) * 1000)::bigint FROM marks)
          AS newest_price_ms,
        (SELECT (extract(epoch FROM ${now} - min(m.at)) * 1000)::bigint
          FROM position_states p JOIN marks m USING (instrument_id)
          WHERE p.qty <> 0 AND p.strategy_id IS NULL) AS oldest_held_price_ms
      FROM (
        SELECT count(*)::int AS unresolved_orders,
          max(extract(epoch FROM ${now}) * 1000 - (unresolved ->> 'since')::numeric)::bigint
            AS oldest_unresolved_ms
        FROM orders WHERE closed_at IS NULL AND unresolved IS NOT NULL) AS u`,
  );
  if (row === undefined) throw new Error("an aggregate without a row");
  return row;
}
