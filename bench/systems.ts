// Who is measured: Fillstream as it is shipped, and what people would write instead.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { freePort } from "../src/embedded/port.ts";
import type { House } from "./parts/house.ts";
import { endPart, startPart, type Part } from "./parts/processes.ts";
import settings from "./settings.json" with { type: "json" };

type Sql = ReturnType<typeof postgres>;

export interface System {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly parts: readonly Part[];
  readonly sql: Sql;
  /** How many fills are booked. */
  booked(): Promise<number>;
  /** For each fill of a run: the sender's name for its signal, the broker's reference, commit time. */
  fills(prefix: string): Promise<readonly Fill[]>;
  /** What was refused so far, and why; an empty text where nothing can be. */
  refusals(): Promise<string>;
  /** The sum of all positions, to be held against the broker's ledger. */
  positionSum(): Promise<number>;
  stop(): Promise<void>;
}
export interface Fill {
  readonly key: string;
  readonly reference: string;
  readonly committedMs: number;
}

const SINCE = "extract(epoch FROM pg_xact_commit_timestamp(e.xmin)) * 1000";

export async function startFillstream(house: House, execArgv: readonly string[]): Promise<System> {
  const databaseUrl = await house.createDatabase("fillstream_bench");
  const port = await freePort();
  const main = join(import.meta.dirname, "..", "dist", "cli", "main.js");
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: house.redisUrl,
    PORT: String(port),
    ...{ ALPACA_BASE_URL: house.brokerUrl, ALPACA_DATA_URL: house.brokerUrl },
    ALPACA_STREAM_URL: `${house.brokerUrl.replace("http", "ws")}/stream`,
    ALPACA_REQUESTS_PER_MINUTE: "10000000",
    FILLSTREAM_DATA: join(house.directory, "data"),
    ...{ LOG_FORMAT: "json", LOG_LEVEL: "warn" },
  };
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment };
  const { status, stderr } = spawnSync(process.execPath, [main, "migrate"], { env });
  if (status !== 0) throw new Error(stderr.toString());
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  for (const [key, value] of Object.entries(settings.limits)) {
    await sql`UPDATE configs SET value = ${value} WHERE key = ${key}`;
  }
  const parts = [
    await startPart({ file: main, args: ["worker"], environment, execArgv }),
    await startPart({ file: main, args: ["api"], environment, execArgv }),
  ];
  return {
    ...{ name: "fillstream", url: `http://127.0.0.1:${port}`, parts, sql },
    path: "/api/v1/trading/signal",
    booked: () => countOf(sql),
    fills: (prefix) => sql<Fill[]>`
      SELECT k.key, o.reference, (${sql.unsafe(SINCE)})::float8 AS "committedMs"
      FROM executions e JOIN orders o ON o.id = e.order_id
      JOIN idempotency_keys k ON k.id = o.signal_id
      WHERE k.key LIKE ${`${prefix}-%`}`,
    refusals: () => refusalsOf(sql),
    positionSum: () => sumOf(sql, "SELECT sum(qty) FROM position_states WHERE strategy_id IS NULL"),
    stop: () => stopAll(parts, sql),
  };
}

export type PeerName = "direct" | "bullmq" | "graphile";

export async function startPeer(name: PeerName, house: House): Promise<System> {
  const databaseUrl = await house.createDatabase(`peer_${name}`);
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  await sql.unsafe(readFileSync(join(import.meta.dirname, "peers", "schema.sql"), "utf8"));
  const file = join(import.meta.dirname, "peers", `${name}.ts`);
  const environment = {
    ...{ PEER_NAME: name, PEER_DATABASE: databaseUrl, PEER_REDIS: house.redisUrl },
    ...{ PEER_BROKER: house.brokerUrl, PEER_CONCURRENCY: String(settings.peerConcurrency) },
  };
  const front = await startPart({ file, environment });
  const parts = [front];
  if (name !== "direct") parts.push(await startPart({ file, args: ["worker"], environment }));
  // Its own first word, in peers/desk.ts.
  const { ready } = front.said as { ready: number };
  return {
    ...{ name, url: `http://127.0.0.1:${ready}`, path: "/signal", parts, sql },
    booked: () => countOf(sql),
    fills: (prefix) => sql<Fill[]>`
      SELECT s.client_signal_id AS key, o.id || '-1' AS reference,
        (${sql.unsafe(SINCE)})::float8 AS "committedMs"
      FROM executions e JOIN orders o ON o.id = e.order_id JOIN signals s ON s.id = o.signal_id
      WHERE s.client_signal_id LIKE ${`${prefix}-%`}`,
    refusals: () => Promise.resolve(""),
    positionSum: () => sumOf(sql, "SELECT sum(qty) FROM positions"),
    stop: () => stopAll(parts, sql),
  };
}

async function refusalsOf(sql: Sql): Promise<string> {
  const rows = await sql`
    SELECT reject_code, max(error_message) AS message, count(*) FROM (
      SELECT reject_code, error_message FROM decisions WHERE outcome = 'rejected'
      UNION ALL SELECT reject_code, error_message FROM orders WHERE status = 'rejected') AS refused
    GROUP BY reject_code`;
  return rows.map((row) => `${row["count"]} ${row["reject_code"]} (${row["message"]})`).join("; ");
}

async function countOf(sql: Sql): Promise<number> {
  return sumOf(sql, "SELECT count(*) AS sum FROM executions");
}

async function sumOf(sql: Sql, query: string): Promise<number> {
  const [row] = await sql.unsafe(query);
  return Number(row?.["sum"] ?? 0);
}

async function stopAll(parts: readonly Part[], sql: Sql): Promise<void> {
  await Promise.all(parts.map(endPart));
  await sql.end();
}
