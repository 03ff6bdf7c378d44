// Migrates before a part starts, unless its parent has done so, and says in a sentence why it could not.
import { withoutPassword } from "../../config/secret.ts";
import type { Config } from "../../config.ts";
import { errorCode, messageOf, OperatorError } from "../../operator-error.ts";
import { databaseUrlOf } from "./servers.ts";

/** A part of `npm start` finds the tables made; one that runs alone makes them. */
export async function migrated(config: Config): Promise<void> {
  if (!process.connected) await applyMigrations(config);
}

export async function applyMigrations(config: Config): Promise<void> {
  const url = databaseUrlOf(config);
  await requireDatabase(url);
  const { migrate } = await import("../../db/migrate.ts");
  await migrate(url);
}

const OLDEST_POSTGRES_MAJOR = 15;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its host name is unknown",
  EAI_AGAIN: "its host name could not be looked up",
  ETIMEDOUT: "it does not answer",
  CONNECT_TIMEOUT: "it does not answer",
  ECONNRESET: "it closed the connection",
  CONNECTION_CLOSED: "it closed the connection",
  "28P01": "it refuses the password",
  "28000": "it refuses the user",
  "3D000": "it has no database of that name",
  "53300": "it has no connection left",
};

/** A first contact with a bounded wait, whose failure is a sentence. */
export async function requireDatabase(url: string): Promise<void> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    const [row] = await sql`SHOW server_version_num`;
    const major = Math.floor(Number(row?.["server_version_num"]) / 10_000);
    if (major >= OLDEST_POSTGRES_MAJOR) return;
    throw new OperatorError(
      `The PostgreSQL at DATABASE_URL is version ${major}; Fillstream needs ${OLDEST_POSTGRES_MAJOR} or newer.`,
    );
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason = reasons[errorCode(error) ?? ""] ?? messageOf(error);
    throw new OperatorError(
      `The PostgreSQL at DATABASE_URL (${withoutPassword(url)}) cannot be used: ${reason}.`,
      { cause: error },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
