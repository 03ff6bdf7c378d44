// `fillstream replay --verify`: folds the whole log again and compares every order, execution, adjustment and
// position, the checkpoints of positions, what is left to others and the cash beside positions with their
// rows, all in one snapshot, while the house goes on working. It wants a client of its own, made with
// `patient: true` and two connections.
import { accountFromRow, type AccountDbRow } from "./configuration/accounts.ts";
import { reading, type Sql, type Transaction } from "./client.ts";
import { POSITION_ROW } from "./projections/position-row.ts";
import { compareAccounts } from "./replay/account-check.ts";
import { readLog } from "./replay/log-reader.ts";
import type { Portions } from "./replay/order-check.ts";
import { PartitionReplay, type Snapshot } from "./replay/partition-replay.ts";
import {
  COUNTS_FOR_SOMETHING,
  differences,
  lineOf,
  without,
  type Difference,
} from "./replay/stored-rows.ts";

export type { Difference } from "./replay/stored-rows.ts";

export interface ReplayProgress {
  readonly partition: number;
  readonly events: number;
  readonly total: number;
}

export interface ReplayResult {
  readonly events: number;
  readonly orders: number;
  readonly executions: number;
  readonly positions: number;
  /** The first of them; how many there are is `differenceCount`. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
}

/** Enough that a round trip does not count, and no more: what lives long costs the collector time. */
const PORTIONS: Portions = { events: 2_000, closed: 2_000, compared: 1_000 };
const ISOLATION = "ISOLATION LEVEL REPEATABLE READ READ ONLY";
/** Nobody reads more, and a broken projection differs in every row. */
const MAX_DIFFERENCES = 1_000;

interface Tally {
  events: number;
  orders: number;
  executions: number;
  positions: number;
  readonly differences: Difference[];
  differenceCount: number;
}

export function verifyByReplay(
  sql: Sql,
  onProgress: (progress: ReplayProgress) => void = () => undefined,
  portions = PORTIONS,
): Promise<ReplayResult> {
  return reading(() =>
    sql.begin(ISOLATION, async (log) => {
      const [exported] = await log<{ id: string }[]>`SELECT pg_export_snapshot() AS id`;
      return sql.begin(ISOLATION, async (rows) => {
        await rows.unsafe(`SET TRANSACTION SNAPSHOT '${exported?.id ?? ""}'`);
        return verifyAll({ log, rows, portions }, onProgress);
      });
    }),
  );
}

async function verifyAll(
  snapshot: Snapshot,
  onProgress: (progress: ReplayProgress) => void,
): Promise<ReplayResult> {
  const partitions = await snapshot.log<{ partition: number; last_seq: number }[]>`
    SELECT partition, last_seq FROM partitions ORDER BY partition`;
  const total = partitions.reduce((sum, { last_seq }) => sum + last_seq, 0);
  const tally: Tally = {
    events: 0,
    orders: 0,
    executions: 0,
    positions: 0,
    differences: [],
    differenceCount: 0,
  };
  for (const { partition, last_seq: lastSeq } of partitions) {
    const told = (events: number) =>
      onProgress({ partition, events: tally.events + events, total });
    await verifyPartition(snapshot, { partition, lastSeq, tally, told });
  }
  return tally;
}

interface Verified {
  readonly partition: number;
  readonly lastSeq: number;
  readonly tally: Tally;
  readonly told: (events: number) => void;
}

async function verifyPartition(snapshot: Snapshot, verified: Verified): Promise<void> {
  const { partition, lastSeq, tally, told } = verified;
  const report = (difference: Difference): void => {
    tally.differenceCount += 1;
    if (tally.differences.length < MAX_DIFFERENCES) tally.differences.push(difference);
  };
  const accounts = await snapshot.rows<AccountDbRow[]>`
    SELECT * FROM accounts WHERE partition = ${partition}`;
  const replay = new PartitionReplay(snapshot, partition, accounts.map(accountFromRow), report);
  for await (const batch of readLog(snapshot.log, {
    partition,
    together: snapshot.portions.events,
  })) {
    await replay.fold(batch);
    told(replay.book.seq);
  }
  await replay.finish();
  const positions = await comparePositions(snapshot.rows, replay, report);
  await compareCounts(snapshot.rows, replay, report);
  await compareAccounts(snapshot.rows, replay.book, report);
  if (replay.book.seq !== lastSeq) {
    report(wholeTable("partitions", `${partition} last_seq`, lastSeq, replay.book.seq));
  }
  tally.events += replay.book.seq;
  tally.orders += replay.check.orders;
  tally.executions += replay.check.executions;
  tally.positions += positions;
}

async function comparePositions(
  sql: Transaction,
  replay: PartitionReplay,
  report: (difference: Difference) => void,
): Promise<number> {
  const { partition } = replay.book;
  const stored = await sql.unsafe<PositionLine[]>(POSITIONS, [partition]);
  const lines = new Map(stored.map(({ key, line }) => [key, line]));
  let compared = 0;
  for (const position of replay.positions()) {
    const key = `${position.accountId} ${position.instrumentId} ${position.strategyId ?? ""}`;
    const account = replay.book.accounts.get(position.accountId);
    const lastFillAt = account?.lastFill.get(position.instrumentId)?.at ?? null;
    const source = { position, partition, seq: 0, lastFillAt };
    const shape = position.strategyId === null ? NET_ROW : SHARE_ROW;
    differences({ shape, key }, lines.get(key), source).forEach(report);
    lines.delete(key);
    compared += 1;
  }
  for (const key of lines.keys()) report(wholeTable("position_states", key, 1, 0));
  return compared;
}

interface PositionLine {
  readonly key: string;
  readonly line: string;
}

/** Which commit a position was written in goes to its history, not into its row. */
const NET_ROW = without(POSITION_ROW, "seq");
/** When the instrument was filled last is kept with the net position. */
const SHARE_ROW = without(NET_ROW, "last_fill_at");

const POSITIONS = `
  SELECT concat_ws(' ', account_id, instrument_id, coalesce(strategy_id, '')) AS key,
    CASE WHEN strategy_id IS NULL THEN ${lineOf(NET_ROW)} ELSE ${lineOf(SHARE_ROW)} END AS line
  FROM position_states WHERE partition = $1 AND ${COUNTS_FOR_SOMETHING}`;

/** Rows that no event explains were compared with nothing: they show in the number. */
async function compareCounts(
  sql: Transaction,
  replay: PartitionReplay,
  report: (difference: Difference) => void,
): Promise<void> {
  const { partition } = replay.book;
  const [counts] = await sql<Record<keyof typeof told, number>[]>`
    SELECT (SELECT count(*) FROM orders WHERE partition = ${partition}) AS orders,
      (SELECT count(*) FROM executions WHERE partition = ${partition}) AS executions,
      (SELECT count(*) FROM adjustments WHERE partition = ${partition}) AS adjustments`;
  const { orders, executions } = replay.check;
  const told = { orders, executions, adjustments: replay.adjustments.adjustments };
  for (const table of ["orders", "executions", "adjustments"] as const) {
    const stored = counts?.[table] ?? 0;
    const replayed = told[table];
    if (stored !== replayed) {
      report(wholeTable(table, `rows of partition ${partition}`, stored, replayed));
    }
  }
}

function wholeTable(table: string, key: string, stored: number, replayed: number): Difference {
  return { table, key, column: null, stored: String(stored), replayed: String(replayed) };
}
