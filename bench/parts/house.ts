// The servers and the broker that everyone measured shares: PostgreSQL and Redis with durable settings,
// started for this run in a directory of its own.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../../src/embedded/postgres.ts";
import { startRedis } from "../../src/embedded/redis.ts";
import { findRedis } from "../../src/embedded/redis-binary.ts";
import { ask, endPart, startPart, type Part } from "./processes.ts";
import type { LedgerEntry } from "./broker.ts";

export interface House {
  readonly postgresUrl: string;
  readonly postgresPid: number;
  readonly redisUrl: string;
  readonly redisPid: number;
  readonly brokerUrl: string;
  readonly symbols: readonly string[];
  readonly directory: string;
  readonly load: Part;
  /** An empty database of this name. */
  createDatabase(name: string): Promise<string>;
  /** What reached the broker since the last time. */
  takeLedger(): Promise<{ readonly arrivals: readonly LedgerEntry[]; readonly duplicates: number }>;
  close(): Promise<void>;
}

const file = (name: string): string => join(import.meta.dirname, name);

export async function openHouse(): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), "fillstream-bench-"));
  chmodSync(directory, 0o711);
  const binary = await findRedis({
    searchPath: (process.env["PATH"] ?? "").split(":"),
    cacheDirectory: join(directory, "cache"),
  });
  if ("tried" in binary) throw new Error(`no Redis: ${binary.tried.join("; ")}`);
  const [database, redis, broker, load] = await Promise.all([
    startPostgres({
      directory: join(directory, "postgres"),
      sharedDirectory: directory,
      // The commit's own instant is how latency is read without asking anyone during the run.
      settings: { track_commit_timestamp: "on", max_connections: "200", max_wal_size: "4GB" },
    }),
    startRedis({ directory: join(directory, "redis") }, binary),
    startPart({ file: file("broker.ts") }),
    startPart({ file: file("load.ts") }),
  ]);
  const stopServers = async (): Promise<void> => {
    await Promise.all([database.stop(), redis.stop()]);
    rmSync(directory, { recursive: true, force: true });
  };
  // The parts end with this process, the servers only when they are told.
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => void stopServers().then(() => process.exit(130)));
  }
  // Its own first words, in parts/broker.ts.
  const { ready, symbols } = broker.said as { ready: number; symbols: string[] };
  return {
    ...{ postgresUrl: database.url, postgresPid: database.pid },
    ...{ redisUrl: redis.url, redisPid: redis.pid, load, symbols, directory },
    brokerUrl: `http://127.0.0.1:${ready}`,
    async createDatabase(name) {
      const sql = postgres(database.url, { max: 1 });
      await sql.unsafe(`CREATE DATABASE ${name}`);
      await sql.end();
      return database.url.replace(/\/[^/]*$/, `/${name}`);
    },
    takeLedger: () => ask(broker, {}),
    async close() {
      await Promise.all([endPart(broker), endPart(load)]);
      await stopServers();
    },
  };
}
