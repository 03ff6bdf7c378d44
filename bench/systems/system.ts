// One that is measured: where its signals go, its processes, and how what it booked is read.
import postgres from "postgres";
import type { Kept } from "../parts/processes.ts";

export type Sql = ReturnType<typeof postgres>;

export interface System {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly parts: readonly Kept[];
  /** The one that sends to the broker: of two, the worker. */
  readonly sender: Kept;
  /** What the load names as account; empty where there are none. */
  readonly accounts: readonly string[];
  readonly sql: Sql;
  /** How many fills are booked. */
  booked(): Promise<number>;
  /** For each fill of a run: the sender's name for its signal, the broker's reference, commit times. */
  fills(prefix: string): Promise<readonly Fill[]>;
  /** How many of a run were refused with a reason, and the reasons; nothing where there are no limits. */
  refusals(prefix: string): Promise<{ readonly count: number; readonly reasons: string }>;
  /** The sum of all positions, to be held against the broker's ledger. */
  positionSum(): Promise<number>;
  stop(): Promise<void>;
}
export interface Fill {
  readonly key: string;
  readonly reference: string;
  readonly acceptedMs: number;
  /** When the intent was committed; null where that is not kept. */
  readonly decidedMs: number | null;
  readonly committedMs: number;
}

/** When the row was written last, which for these rows is when it was made. */
export const committedMs = (alias: string): string =>
  `(extract(epoch FROM pg_xact_commit_timestamp(${alias}.xmin)) * 1000)::float8`;

export function openSql(url: string): Sql {
  return postgres(url, { max: 2, onnotice: () => undefined });
}

export async function sumOf(sql: Sql, query: string): Promise<number> {
  const [row] = await sql.unsafe(query);
  return Number(row?.["sum"] ?? 0);
}

export function countFills(sql: Sql): Promise<number> {
  return sumOf(sql, "SELECT count(*) AS sum FROM executions");
}

export async function stopAll(parts: readonly Kept[], sql: Sql): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
  await sql.end();
}
