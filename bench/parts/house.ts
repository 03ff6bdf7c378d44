// The servers and the broker that everyone measured shares: PostgreSQL and Redis with durable settings,
// started for this run in a directory of its own.
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../../src/embedded/postgres.ts";
import { startRedis } from "../../src/embedded/redis.ts";
import { findRedis } from "../../src/embedded/redis-binary.ts";
import { ask, endPart, startPart, type Part } from "./processes.ts";
import type { BrokerWord, LedgerEntry } from "./broker.ts";

interface Ledger {
  readonly arrivals: readonly LedgerEntry[];
  readonly duplicates: number;
  readonly cancels: readonly number[];
}

export interface House {
  readonly postgresUrl: string;
  readonly postgresPid: number;
  readonly redisUrl: string;
  readonly redisPid: number;
  readonly brokerUrl: string;
  /** Those that the load uses; the broker may list more. */
  readonly symbols: readonly string[];
  readonly directory: string;
  readonly load: Part;
  /** An empty database of this name. */
  createDatabase(name: string): Promise<string>;
  /** What reached the broker since the last time. */
  takeLedger(): Promise<Ledger>;
  tellBroker(word: BrokerWord): Promise<void>;
  /** Stops it as an operator would, and starts it on the same port. */
  restartPostgres(): Promise<void>;
  /** Kills it, and starts it on the same port. */
  killRedis(): Promise<void>;
  /** What Redis keeps on disk. */
  redisBytes(): number;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** How many symbols the broker lists. */
  readonly symbols?: number;
  /** A cluster that is there already, or is to stay. */
  readonly postgresDirectory?: string;
}

/** What later runs need not fetch again. */
const CACHE = join(import.meta.dirname, "..", ".cache");
const file = (name: string): string => join(import.meta.dirname, name);
// The commit's own instant is how latency is read without asking anyone during the run.
const POSTGRES = { track_commit_timestamp: "on", max_connections: "200", max_wal_size: "4GB" };

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), "fillstream-bench-"));
  chmodSync(directory, 0o711);
  const binary = await redisIn(CACHE, join(directory, "cache"));
  const cluster = {
    directory: options.postgresDirectory ?? join(directory, "postgres"),
    ...{ sharedDirectory: directory, settings: POSTGRES },
  };
  const cache = { directory: join(directory, "redis") };
  const listed = options.symbols === undefined ? [] : [String(options.symbols)];
  const starting = [
    startPostgres(cluster),
    startRedis(cache, binary),
    startPart({ file: file("broker.ts"), args: listed }),
    startPart({ file: file("load.ts") }),
  ] as const;
  const servers = await Promise.all(starting).catch(async (error: unknown) => {
    // Whoever did start would stay: servers outlive this process.
    const [left, cached] = await Promise.allSettled(starting);
    if (left.status === "fulfilled") await left.value.stop();
    if (cached.status === "fulfilled") await cached.value.stop();
    throw error;
  });
  let [database, redis] = servers;
  const [, , broker, load] = servers;
  const stopServers = async (): Promise<void> => {
    await Promise.all([database.stop(), redis.stop()]);
    rmSync(directory, { recursive: true, force: true });
  };
  // The parts end with this process, the servers only when they are told.
  const interrupted = (): void => void stopServers().then(() => process.exit(130));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupted);
  // Its own first words, in parts/broker.ts.
  const { ready, symbols } = broker.said as { ready: number; symbols: string[] };
  return {
    ...{ postgresUrl: database.url, redisUrl: redis.url, load, symbols, directory },
    get postgresPid() {
      return database.pid;
    },
    get redisPid() {
      return redis.pid;
    },
    brokerUrl: `http://127.0.0.1:${ready}`,
    async createDatabase(name) {
      const sql = postgres(database.url, { max: 1 });
      await sql.unsafe(`CREATE DATABASE ${name}`);
      await sql.end();
      return database.url.replace(/\/[^/]*$/, `/${name}`);
    },
    takeLedger: () => ask(broker, { word: "ledger" } satisfies BrokerWord),
    tellBroker: (word) => ask<unknown>(broker, word).then(() => undefined),
    async restartPostgres() {
      await database.stop();
      database = await startPostgres({ ...cluster, port: database.port });
    },
    async killRedis() {
      process.kill(redis.pid, "SIGKILL");
      await redis.ended;
      redis = await startRedis({ ...cache, port: redis.port }, binary);
    },
    redisBytes: () => bytesBelow(cache.directory),
    async close() {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, interrupted);
      await Promise.all([endPart(broker), endPart(load)]);
      await stopServers();
    },
  };
}

/** The first of the folders that serves: one from another machine may hold what does not run here. */
async function redisIn(...folders: readonly string[]) {
  const searchPath = (process.env["PATH"] ?? "").split(":");
  const tried: string[] = [];
  for (const cacheDirectory of folders) {
    const found = await findRedis({ searchPath, cacheDirectory });
    if (!("tried" in found)) return found;
    tried.push(...found.tried);
  }
  throw new Error(`no Redis: ${tried.join("; ")}`);
}

function bytesBelow(directory: string): number {
  if (!existsSync(directory)) return 0;
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
