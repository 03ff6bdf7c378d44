// `fillstream replay --verify`: folds the whole log again and compares every order, execution and
// position with its row, all in one snapshot, while the house goes on working. It wants a connection of
// its own, made with `patient: true`.
import { accountFromRow, type AccountDbRow } from "./configuration/accounts.ts";
import { reading, type Sql, type Transaction } from "./client.ts";
import { POSITION_ROW } from "./projections/position-row.ts";
import { readLog } from "./replay/log-reader.ts";
import { PartitionReplay } from "./replay/partition-replay.ts";
import { differences, selection, type Difference, type StoredRow } from "./replay/stored-rows.ts";

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

/** Nobody reads more, and a broken projection differs in every row. */
const MAX_DIFFERENCES = 1_000;
/** Not a matter of the fold: which commit a position was written in. */
const OMITTED = new Set(["seq"]);

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
): Promise<ReplayResult> {
  return reading(() =>
    sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (transaction) =>
      verifyAll(transaction, onProgress),
    ),
  );
}

async function verifyAll(
  sql: Transaction,
  onProgress: (progress: ReplayProgress) => void,
): Promise<ReplayResult> {
  const partitions = await sql<{ partition: number; last_seq: number }[]>`
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
    await verifyPartition(sql, { partition, lastSeq, tally, told });
  }
  return tally;
}

interface Verified {
  readonly partition: number;
  readonly lastSeq: number;
  readonly tally: Tally;
  readonly told: (events: number) => void;
}

async function verifyPartition(sql: Transaction, verified: Verified): Promise<void> {
  const { partition, lastSeq, tally, told } = verified;
  const report = (difference: Difference): void => {
    tally.differenceCount += 1;
    if (tally.differences.length < MAX_DIFFERENCES) tally.differences.push(difference);
  };
  const accounts = await sql<AccountDbRow[]>`SELECT * FROM accounts WHERE partition = ${partition}`;
  const replay = new PartitionReplay(sql, partition, accounts.map(accountFromRow), report);
  for await (const rows of readLog(sql, partition)) {
    await replay.fold(rows);
    told(replay.book.seq);
  }
  await replay.finish();
  const positions = await comparePositions(sql, replay, report);
  await compareCounts(sql, replay, report);
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
  const stored = await sql.unsafe<StoredRow[]>(
    `SELECT ${selection(POSITION_ROW, OMITTED)} FROM position_states WHERE partition = $1`,
    [partition],
  );
  const rows = new Map(stored.map((row) => [keyOfRow(row), row]));
  let compared = 0;
  for (const position of replay.positions()) {
    const key = `${position.accountId} ${position.instrumentId} ${position.strategyId ?? ""}`;
    const account = replay.book.accounts.get(position.accountId);
    const lastFillAt = account?.lastFill.get(position.instrumentId)?.at ?? null;
    const source = { position, partition, seq: 0, lastFillAt };
    const what = { shape: POSITION_ROW, key, omitted: OMITTED };
    differences(what, rows.get(key), source).forEach(report);
    rows.delete(key);
    compared += 1;
  }
  for (const key of rows.keys()) report(wholeTable("position_states", key, 1, 0));
  return compared;
}

/** Rows that no event explains were compared with nothing: they show in the number. */
async function compareCounts(
  sql: Transaction,
  replay: PartitionReplay,
  report: (difference: Difference) => void,
): Promise<void> {
  const { partition } = replay.book;
  const [counts] = await sql<{ orders: number; executions: number }[]>`
    SELECT (SELECT count(*) FROM orders WHERE partition = ${partition}) AS orders,
      (SELECT count(*) FROM executions WHERE partition = ${partition}) AS executions`;
  for (const table of ["orders", "executions"] as const) {
    const stored = counts?.[table] ?? 0;
    const replayed = replay.check[table];
    if (stored !== replayed) {
      report(wholeTable(table, `rows of partition ${partition}`, stored, replayed));
    }
  }
}

function wholeTable(table: string, key: string, stored: number, replayed: number): Difference {
  return { table, key, column: null, stored: String(stored), replayed: String(replayed) };
}

const keyOfRow = (row: StoredRow): string =>
  `${row["account_id"]} ${row["instrument_id"]} ${row["strategy_id"] ?? ""}`;
