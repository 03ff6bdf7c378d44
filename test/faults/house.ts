// Everything that trades, as real processes: PostgreSQL, Redis, the simulated exchange, an API and two
// workers, each behind proxies of its own. What a fault may break is reached from here.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Sql } from "../../src/db/client.ts";
import { ensureAccount } from "../../src/db/configuration/accounts.ts";
import { migrate } from "../../src/db/migrate.ts";
import { asId, type AccountId } from "../../src/domain/ids.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import { freePort } from "../../src/embedded/port.ts";
import { build } from "../support/fillstream.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { Part, type Ways } from "./part.ts";
import { startServers, type ServerName, type Servers } from "./servers.ts";
import { Venue } from "./venue.ts";

export interface House {
  readonly servers: Servers;
  readonly api: Part;
  readonly workers: readonly [Part, Part];
  /** Where the bots send to, and what lies between them and the API. */
  readonly entrance: TcpProxy;
  readonly venue: Venue;
  /** One in each partition, so that both workers have some. */
  readonly accounts: readonly string[];
  /** Where the parts keep what they write, and room for what a fault needs. */
  readonly directory: string;
  readonly databaseUrl: () => string;
  /** The record, read past all proxies. */
  readonly sql: () => Sql;
  /** After a server died: started again, and every way leads to it. */
  revive(name: ServerName): Promise<void>;
  parts(): readonly Part[];
  close(): Promise<void>;
}

export const PARTITIONS = 4;
const GENEROUS = "1000000";
const LIMITS = ["max_orders_per_minute", "max_orders_per_day", "max_position_size_usd"];
const MANY_CALLS = 10_000_000;

export async function openHouse(extra: Record<string, string> = {}): Promise<House> {
  build();
  const servers = await startServers();
  const directory = mkdtempSync(join(tmpdir(), "fillstream-parts-"));
  const accounts = accountPerPartition();
  await prepare(servers.postgres.url, accounts);

  const exchangePort = await freePort();
  const exchange = await startExchange(exchangePort, extra);
  const venue = new Venue(`http://127.0.0.1:${exchangePort}/control`);
  await venue.freezePrices();

  const allWays: Ways[] = [];
  async function waysOf(): Promise<Ways> {
    const ways = {
      postgres: await startTcpProxy(servers.postgres.port),
      redis: await startTcpProxy(servers.redis.port),
      exchange: await startTcpProxy(exchangePort),
    };
    allWays.push(ways);
    return ways;
  }
  const variablesOf = (name: string, ways: Ways) => (): Record<string, string> => {
    const data = join(directory, name);
    mkdirSync(data, { recursive: true });
    return {
      DATABASE_URL: through(servers.postgres.url, ways.postgres),
      REDIS_URL: through(servers.redis.url, ways.redis),
      EXCHANGE_PORT: String(ways.exchange.port),
      PARTITIONS: String(PARTITIONS),
      ALPACA_REQUESTS_PER_MINUTE: String(MANY_CALLS),
      RECONCILE_EVERY_MS: "10000",
      FILLSTREAM_DATA: data,
      ...extra,
    };
  };

  const apiPort = await freePort();
  const entrance = await startTcpProxy(apiPort);
  const api = await partOf("api", { PORT: String(apiPort) });
  const workers = [await partOf("worker", {}, "worker 1"), await partOf("worker", {}, "worker 2")];
  const [first, second] = workers;
  if (first === undefined || second === undefined) throw new Error("two workers were made");

  async function partOf(
    command: "api" | "worker",
    more: Record<string, string>,
    name: string = command,
  ): Promise<Part> {
    const ways = await waysOf();
    const variables = variablesOf(name, ways);
    return new Part({
      ...{ name, args: [command], ways },
      variables: () => ({ ...variables(), ...more }),
      isReady: command === "api" ? () => answers(apiPort) : (out) => out.includes("worker runs"),
    });
  }

  let sql = look(servers.postgres.url);
  api.start();
  first.start();
  second.start();
  await Promise.all([api, first, second].map((part) => part.ready()));
  return {
    ...{ servers, api, workers: [first, second], entrance, venue, accounts },
    directory,
    databaseUrl: () => servers.postgres.url,
    sql: () => sql,
    parts: () => [api, first, second],
    async revive(name) {
      const server = await servers.revive(name);
      for (const ways of allWays) ways[name].leadTo(server.port);
      if (name !== "postgres") return;
      await sql.end({ timeout: 0 });
      sql = look(server.url);
    },
    async close() {
      await Promise.all([api, first, second].map((part) => part.stop()));
      await exchange.stop();
      await sql.end({ timeout: 1 });
      await Promise.all(allWays.flatMap((ways) => Object.values(ways)).map((way) => way.close()));
      await entrance.close();
      await servers.release();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startExchange(port: number, variables: Record<string, string>): Promise<Part> {
  const args = ["exchange", "--memory", "--port", String(port), "--rate", String(MANY_CALLS)];
  const exchange = new Part({
    ...{ name: "exchange", args: [...args, "--seed", "faults"] },
    variables: () => variables,
    ways: {} as Ways, // it needs nobody
    isReady: (output) => output.includes("The simulated exchange is at"),
  });
  exchange.start();
  await exchange.ready();
  return exchange;
}

/** Without the timeouts of a process that trades: here somebody only looks. */
function look(url: string): Sql {
  return connect({ url, name: "faults", maxConnections: 3, patient: true });
}

function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.href;
}

function accountPerPartition(): readonly string[] {
  const taken = new Map<number, string>([
    [partitionOf(asId<AccountId>("mock"), PARTITIONS), "mock"],
  ]);
  for (let number = 1; taken.size < PARTITIONS; number += 1) {
    const id = `desk-${number}`;
    const partition = partitionOf(asId<AccountId>(id), PARTITIONS);
    if (!taken.has(partition)) taken.set(partition, id);
  }
  return [...taken.values()];
}

/** Tables, accounts, and limits that refuse little: what dies is under test here, not what is refused. */
async function prepare(url: string, accounts: readonly string[]): Promise<void> {
  await migrate(url);
  const sql = look(url);
  try {
    await sql`ALTER SYSTEM SET max_wal_size = '200MB'`;
    await sql`SELECT pg_reload_conf()`;
    for (const key of LIMITS) {
      await sql`UPDATE configs SET value = ${GENEROUS} WHERE key = ${key}`;
    }
    for (const id of accounts) {
      await ensureAccount(
        sql,
        {
          ...{ id: asId<AccountId>(id), broker: "alpaca", environment: "mock", currency: "USD" },
          ...{ dayZone: "America/New_York", dayRoll: "00:00", credentials: null },
        },
        PARTITIONS,
      );
    }
  } finally {
    await sql.end();
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1_000);
    const { status } = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal });
    return status === 200;
  } catch {
    return false;
  }
}
