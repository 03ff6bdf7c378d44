// A database and a Redis of its own for one test file, from the servers of the run.
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import postgres from "postgres";
import { inject } from "vitest";

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty, migrated database. Call it in `beforeAll`, `drop` in `afterAll`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { postgresUrl, template } = inject("servers");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asAdmin(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    // FORCE ends sessions that a failed test left open.
    drop: () => asAdmin(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** An empty database without tables, for the tests of the migrations themselves. */
export async function blankDatabase(): Promise<FreshDatabase> {
  const { postgresUrl } = inject("servers");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asAdmin(postgresUrl, `CREATE DATABASE ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => asAdmin(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.end();
  }
}

export interface FreshRedis {
  readonly url: string;
  /** Empties it; the connection of the test is its own to close. */
  drop(): Promise<void>;
}

/** False where no Redis is to be had: `describe.skipIf(!redisIsThere())`. */
export function redisIsThere(): boolean {
  return inject("servers").redisUrl !== null;
}

/** One of the server's numbered databases, empty: keys of other files are not in it. */
export async function freshRedis(): Promise<FreshRedis> {
  const { redisUrl, whyNoRedis } = inject("servers");
  if (redisUrl === null) throw new Error(`No Redis for the tests: ${whyNoRedis}`);
  const chosen = await withRedis(redisUrl, (redis) => redis.incr("databases_given"));
  // Database 0 keeps the count.
  const url = `${redisUrl}/${(chosen % 1023) + 1}`;
  const flush = async (): Promise<void> => {
    await withRedis(url, (redis) => redis.flushdb());
  };
  await flush();
  return { url, drop: flush };
}

async function withRedis<Result>(
  url: string,
  use: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
