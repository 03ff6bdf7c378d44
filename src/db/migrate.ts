// Brings a database to the schema of this release. Any number of processes may start together: one
// migrates under an advisory lock, the others wait for it and find nothing to do.
import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { LOCK_CLASS, MIGRATION_LOCK } from "./locks.ts";

const OLDEST_SERVER = 150_000;

/** The same from `src/db` and from `dist/db`: both lie two levels below the root. */
const FOLDER = fileURLToPath(new URL("../../drizzle", import.meta.url));

export class ServerTooOld extends Error {
  override readonly name = "ServerTooOld";
}

export async function migrate(databaseUrl: string): Promise<void> {
  // Its own client: drizzle changes how the client it is given reads dates and JSON.
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await refuseOldServer(client);
    await client`SELECT pg_advisory_lock(${LOCK_CLASS}, ${MIGRATION_LOCK})`;
    await runMigrations(drizzle(client), { migrationsFolder: FOLDER });
    await client`SELECT fillstream_make_ranges()`;
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

/** By their hashes, in order. */
export function migrationsOfThisRelease(): readonly string[] {
  return readMigrationFiles({ migrationsFolder: FOLDER }).map(({ hash }) => hash);
}

/** Of a database, by their hashes; none where it was never set up. */
export async function appliedMigrations(
  sql: postgres.Sql | postgres.TransactionSql,
): Promise<string[]> {
  const [found] = await sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS made`;
  if (found?.["made"] !== true) return [];
  const rows = await sql<{ hash: string }[]>`
    SELECT hash FROM drizzle.__drizzle_migrations ORDER BY created_at, id`;
  return rows.map(({ hash }) => hash);
}

async function refuseOldServer(client: postgres.Sql): Promise<void> {
  const [row] = await client<{ number: number; name: string }[]>`
    SELECT current_setting('server_version_num')::int AS number,
      current_setting('server_version') AS name`;
  if (row !== undefined && row.number >= OLDEST_SERVER) return;
  throw new ServerTooOld(
    `Fillstream needs PostgreSQL 15 or newer, and this server is ${row?.name ?? "unknown"}.`,
  );
}
