// Fillstream as it is shipped: `fillstream api` and `fillstream worker` on a migrated database.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { partitionOf } from "../../src/domain/partition.ts";
import { asId, type AccountId } from "../../src/domain/ids.ts";
import { freePort } from "../../src/embedded/port.ts";
import type { House } from "../parts/house.ts";
import { keepPart, type Kept } from "../parts/processes.ts";
import settings from "../settings.json" with { type: "json" };
import {
  committedMs,
  openSql,
  stopAll,
  sumOf,
  type Fill,
  type Sql,
  type System,
} from "./system.ts";

export interface FillstreamOptions {
  readonly execArgv?: readonly string[];
  /** One is the account of mock mode alone. */
  readonly accounts?: number;
  readonly workers?: number;
  /** A database that is there already; otherwise an empty one of this name is made. */
  readonly database?: { readonly url: string } | { readonly name: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export const MAIN = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
const PARTITIONS = 16;

/** What the commands of a run have in common. */
export function environmentOf(house: House, databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: house.redisUrl,
    ...{ ALPACA_BASE_URL: house.brokerUrl, ALPACA_DATA_URL: house.brokerUrl },
    ALPACA_STREAM_URL: `${house.brokerUrl.replace("http", "ws")}/stream`,
    ALPACA_REQUESTS_PER_MINUTE: "10000000",
    FILLSTREAM_DATA: join(house.directory, "data"),
    ...{ LOG_FORMAT: "json", LOG_LEVEL: "warn", PARTITIONS: String(PARTITIONS) },
  };
}

export interface Desk {
  readonly sql: Sql;
  readonly environment: Readonly<Record<string, string>>;
  readonly accounts: readonly string[];
}

/** The database with its limits and accounts; nothing runs on it yet. */
export async function prepareFillstream(house: House, options: FillstreamOptions): Promise<Desk> {
  const { database = { name: "fillstream_bench" }, accounts = 1, limits = {} } = options;
  const url = "url" in database ? database.url : await house.createDatabase(database.name);
  const environment = { ...environmentOf(house, url), ...options.environment };
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment };
  const { status, stderr } = spawnSync(process.execPath, [MAIN, "migrate"], { env });
  if (status !== 0) throw new Error(stderr.toString());
  const sql = openSql(url);
  for (const [key, value] of Object.entries({ ...settings.limits, ...limits })) {
    await sql`UPDATE configs SET value = ${value} WHERE key = ${key}`;
  }
  if (accounts === 1) return { sql, environment, accounts: [] };
  const names = ["mock", ...Array.from({ length: accounts - 1 }, (_, index) => `mock-${index}`)];
  for (const name of names) {
    const partition = partitionOf(asId<AccountId>(name), PARTITIONS);
    await sql`INSERT INTO accounts (id, partition, broker, environment)
      VALUES (${name}, ${partition}, 'alpaca', 'mock') ON CONFLICT DO NOTHING`;
  }
  return { sql, environment, accounts: names };
}

export function startWorker(desk: Desk, execArgv: readonly string[] = []): Promise<Kept> {
  return keepPart({ file: MAIN, args: ["worker"], environment: desk.environment, execArgv });
}

export async function startApi(desk: Desk, execArgv: readonly string[] = []) {
  const port = String(await freePort());
  const environment = { ...desk.environment, PORT: port };
  const api = await keepPart({ file: MAIN, args: ["api"], environment, execArgv });
  return { api, url: `http://127.0.0.1:${port}` };
}

export async function startFillstream(
  house: House,
  options: FillstreamOptions = {},
): Promise<System> {
  const { execArgv = [], workers = 1 } = options;
  const desk = await prepareFillstream(house, options);
  const running: Kept[] = [];
  try {
    for (let index = 0; index < workers; index += 1) {
      running.push(await startWorker(desk, execArgv));
    }
    const [sender] = running;
    if (sender === undefined) throw new Error("no worker");
    const { api, url } = await startApi(desk, execArgv);
    return await systemOf({ desk, url, parts: [...running, api], sender });
  } catch (error: unknown) {
    await stopAll(running, desk.sql);
    throw error;
  }
}

interface Running {
  readonly desk: Desk;
  readonly url: string;
  readonly parts: readonly Kept[];
  readonly sender: Kept;
}

export async function systemOf({ desk, url, parts, sender }: Running): Promise<System> {
  const { sql, accounts } = desk;
  const before = await sumOf(sql, FILLS);
  return {
    ...{ name: "fillstream", url, parts, sender, sql, accounts },
    path: "/api/v1/trading/signal",
    // Of a database with a past, only what came in this run; counted where each fill has a new row.
    booked: async () => (await sumOf(sql, FILLS)) - before,
    fills: (prefix) => sql<Fill[]>`
      SELECT k.key, o.reference, (${sql.unsafe(committedMs("s"))}) AS "acceptedMs",
        (${sql.unsafe(committedMs("d"))}) AS "decidedMs",
        (${sql.unsafe(committedMs("e"))}) AS "committedMs"
      FROM idempotency_keys k JOIN signals s ON s.id = k.id JOIN decisions d ON d.signal_id = k.id
      CROSS JOIN LATERAL unnest(d.order_ids) AS placed (id)
      JOIN orders o ON o.id = placed.id JOIN executions e ON e.order_id = o.id
      WHERE k.key LIKE ${`${prefix}-%`} AND k.created_at > now() - interval '1 hour'`,
    refusals: (prefix) => refusalsOf(sql, prefix),
    positionSum: () => sumOf(sql, "SELECT sum(qty) FROM position_states WHERE strategy_id IS NULL"),
    stop: () => stopAll(parts, sql),
  };
}

/** A position's version counts its fills; counting executions would read ten million of them. */
const FILLS = "SELECT sum(version) AS sum FROM position_states WHERE strategy_id IS NULL";

async function refusalsOf(sql: Sql, prefix: string) {
  const rows = await sql<{ code: string; message: string; count: number }[]>`
    SELECT r.code, left(max(r.message), 200) AS message, count(*)::int AS count
    FROM idempotency_keys k JOIN decisions d ON d.signal_id = k.id
    LEFT JOIN orders o ON o.id = d.order_ids[1]
    CROSS JOIN LATERAL (SELECT coalesce(o.reject_code, d.reject_code, o.status) AS code,
      coalesce(o.error_message, d.error_message) AS message) AS r
    WHERE k.key LIKE ${`${prefix}-%`} AND k.created_at > now() - interval '1 hour'
      AND (d.outcome = 'rejected' OR o.status IN ('rejected', 'cancelled', 'expired'))
    GROUP BY r.code`;
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    reasons: rows.map(({ code, message, count }) => `${count} ${code} (${message})`).join("; "),
  };
}
