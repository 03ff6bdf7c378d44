// One throw-away PostgreSQL and Redis for the whole run, started when the first suite needs them.
import { existsSync, mkdtempSync, rmSync, chmodSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { holdServers, type HeldServers } from "../../src/embedded/servers.ts";

export interface TestServers {
  /** The database that other databases are made from; nobody writes to it after the migration. */
  readonly postgresUrl: string;
  readonly template: string;
  /** Null where no Redis is to be had; `whyNoRedis` says what was tried. */
  readonly redisUrl: string | null;
  readonly whyNoRedis: string;
}

declare module "vitest" {
  interface ProvidedContext {
    servers: TestServers;
  }
}

const TEMPLATE = "fillstream_template";

interface Shared {
  readonly starting: Promise<{ held: HeldServers; servers: TestServers; directory: string }>;
  users: number;
}

// Vitest loads this file once for each project, so what they share must live outside the module.
const registry: typeof globalThis & { fillstreamTestServers?: Shared } = globalThis;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (registry.fillstreamTestServers ??= { starting: start(), users: 0 });
  shared.users += 1;
  const { servers } = await shared.starting;
  project.provide("servers", servers);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    const { held, directory } = await shared.starting;
    delete registry.fillstreamTestServers;
    await held.release();
    rmSync(directory, { recursive: true, force: true });
  };
}

async function start(): Promise<Awaited<Shared["starting"]>> {
  const directory = mkdtempSync(join(tmpdir(), "fillstream-test-"));
  // PostgreSQL runs under another account when the tests run as root.
  chmodSync(directory, 0o711);
  const held = await holdServers({
    dataDirectory: directory,
    postgres: true,
    redis: true,
    redisSearch: {
      searchPath: (process.env["PATH"] ?? "").split(delimiter),
      cacheDirectory: redisCache(),
    },
    temporary: true,
  });
  if (held.postgres === null) throw new Error("The test servers hold no PostgreSQL");
  const postgresUrl = held.postgres.url;
  await makeTemplate(postgresUrl);
  const whyNoRedis = held.redisMissing?.join("; ") ?? "";
  if (held.redis === null) {
    process.stderr.write(`\nNO REDIS: tests that need it are skipped (${whyNoRedis})\n\n`);
  }
  const redisUrl = held.redis?.url ?? null;
  return { held, directory, servers: { postgresUrl, template: TEMPLATE, redisUrl, whyNoRedis } };
}

function redisCache(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return process.env["FILLSTREAM_CACHE"] ?? join(base, "fillstream");
}

/** Migrated once; every test file gets a copy, which takes a tenth of the time. */
async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${TEMPLATE}`;
  const migrations = new URL("../../src/db/migrate.ts", import.meta.url);
  if (!existsSync(migrations)) return;
  const { migrate } = (await import(migrations.href)) as {
    migrate(databaseUrl: string): Promise<unknown>;
  };
  await migrate(url.href);
}
