// What the servers in use say of themselves: reachable, new enough, durable, migrated.
import postgres from "postgres";
import { OperatorError } from "../../operator-error.ts";
import { requireDatabase } from "../parts/migrated.ts";
import { requireRedis } from "../parts/redis-check.ts";
import { ill, note, well, type Finding } from "./finding.ts";
import { judgeClock } from "./look-at-world.ts";

export async function lookAtDatabase(url: string): Promise<Finding[]> {
  const topic = "PostgreSQL";
  try {
    await requireDatabase(url);
  } catch (error) {
    if (error instanceof OperatorError) return [ill(topic, error.message)];
    throw error;
  }
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await settings(sql)), await clock(sql), await migrations(sql)];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function settings(sql: postgres.Sql): Promise<Finding[]> {
  const [row] = await sql<
    { version: string; fsync: string; commit: string; writes: boolean; makes: boolean }[]
  >`
    SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit,
      current_setting('transaction_read_only') = 'off' AS writes,
      has_database_privilege(current_database(), 'CREATE') AS makes`;
  const findings = [well("PostgreSQL", `version ${row?.version ?? "unknown"}`)];
  if (row?.fsync === "off") {
    findings.push(ill("PostgreSQL", "fsync is off: a power cut can lose accepted signals"));
  }
  if (row?.commit === "off") {
    findings.push(
      ill("PostgreSQL", "synchronous_commit is off: a crash can lose accepted signals"),
    );
  }
  if (row?.writes === false) {
    findings.push(
      ill("PostgreSQL", "it takes no writes: is it a standby? Point DATABASE_URL at the primary"),
    );
  }
  if (row?.makes === false) {
    findings.push(
      ill("PostgreSQL", "this user may not make schemas: GRANT CREATE ON DATABASE … TO the user"),
    );
  }
  return findings;
}

async function clock(sql: postgres.Sql): Promise<Finding> {
  const asked = Date.now();
  const [row] = await sql<{ at: number }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at`;
  return judgeClock(row?.at ?? asked, { asked, answered: Date.now() });
}

async function migrations(sql: postgres.Sql): Promise<Finding> {
  const topic = "Tables";
  const { appliedMigrations, migrationsOfThisRelease } = await import("../../db/migrate.ts");
  const applied = await appliedMigrations(sql);
  if (applied.length === 0) return note(topic, "none yet: `fillstream migrate` makes them");
  const here = migrationsOfThisRelease();
  const missing = here.filter((hash) => !applied.includes(hash)).length;
  const newer = applied.filter((hash) => !here.includes(hash)).length;
  if (newer > 0) {
    const text = `${newer} of its migrations are not of this release: is a newer one running?`;
    return ill(topic, text);
  }
  if (missing === 0) return well(topic, `all ${applied.length} migrations applied`);
  return note(topic, `${missing} of ${here.length} migrations are missing: \`fillstream migrate\``);
}

export async function lookAtRedis(url: string): Promise<Finding[]> {
  const topic = "Redis";
  try {
    await requireRedis(url);
  } catch (error) {
    if (error instanceof OperatorError) return [ill(topic, error.message)];
    throw error;
  }
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    const info = await redis.info();
    return [well(topic, `version ${field(info, "redis_version")}`), ...durability(info)];
  } finally {
    redis.disconnect();
  }
}

function durability(info: string): Finding[] {
  const findings: Finding[] = [];
  if (field(info, "aof_enabled") !== "1") {
    findings.push(
      note("Redis", "appendonly is off: after its restart the sweep finds what it lost"),
    );
  }
  const policy = field(info, "maxmemory_policy");
  if (policy !== "noeviction") {
    findings.push(ill("Redis", `maxmemory-policy is ${policy}: set it to noeviction`));
  }
  return findings;
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "unknown";
}
