// Writes everything that the database holds, as of one instant, while it goes on being used.
import { randomUUID } from "node:crypto";
import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import postgres from "postgres";
import { errorCode } from "../../operator-error.ts";
import { quoted, ranges, sequences, tables, type Session, type Table } from "./catalog.ts";
import { appliedMigrations } from "../migrate.ts";
import { FORMAT, writeFrames, type Frame } from "./format.ts";

/** As from the wrong directory: the file could never be restored. */
export class NothingToBackUp extends Error {
  override readonly name = "NothingToBackUp";
}

export interface BackupSummary {
  readonly tables: number;
  readonly rows: number;
}

const ROWS_AT_ONCE = 2_000;
/** What file systems say that know no second name for a file, such as those of USB sticks. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

export async function backup(databaseUrl: string, path: string): Promise<BackupSummary> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const counts: Record<string, number> = {};
  // Of this run alone: two that write to one name must not spoil each other's.
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    // One snapshot for every table: an order is never there without its events.
    await sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (session) =>
      writeFrames(partial, everything(session, counts)),
    );
    publish(partial, path);
  } finally {
    rmSync(partial, { force: true });
    await sql.end({ timeout: 5 });
  }
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { tables: Object.keys(counts).length, rows };
}

/** Under its name it is whole; what somebody else has made under that name meanwhile stays. */
function publish(partial: string, path: string): void {
  try {
    linkSync(partial, path);
  } catch (error) {
    if (!WITHOUT_LINKS.has(errorCode(error) ?? "") || existsSync(path)) throw error;
    renameSync(partial, path);
  }
}

async function* everything(
  session: Session,
  counts: Record<string, number>,
): AsyncGenerator<Frame> {
  const applied = await appliedMigrations(session);
  if (applied.length === 0) {
    throw new NothingToBackUp("This database was never set up: there is nothing to back up in it.");
  }
  yield frame({
    kind: "header",
    format: FORMAT,
    madeAt: await databaseTime(session),
    migrations: applied,
    ranges: await ranges(session),
  });
  for (const table of await tables(session)) {
    counts[table.name] = 0;
    yield frame({ kind: "table", name: table.name, columns: [...table.columns] });
    for await (const bytes of rowsOf(session, table)) {
      counts[table.name] = (counts[table.name] ?? 0) + countRows(bytes);
      yield { record: { kind: "data", bytes: bytes.length }, bytes };
    }
  }
  for (const each of await sequences(session)) yield frame({ kind: "sequence", ...each });
  yield frame({ kind: "end", rows: counts });
}

function frame(record: Frame["record"]): Frame {
  return { record, bytes: null };
}

async function databaseTime(session: Session): Promise<string> {
  const [row] = await session<{ at: string }[]>`
    SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;
  return row?.at ?? "";
}

/**
 * By a cursor, and not by COPY TO: the client pauses its socket for a slow reader of a copy and, when
 * the copy ends while it is paused, never reads from it again.
 */
async function* rowsOf(session: Session, { name, columns }: Table): AsyncGenerator<Buffer> {
  const texts = columns.map((column) => `${quoted(column)}::text`).join(", ");
  await session.unsafe(`DECLARE backup NO SCROLL CURSOR FOR SELECT ${texts} FROM ${quoted(name)}`);
  for (;;) {
    const rows = await session
      .unsafe<Record<string, string | null>[]>(`FETCH ${ROWS_AT_ONCE} FROM backup`)
      .values();
    if (rows.length === 0) break;
    yield Buffer.from(rows.map(copyLine).join(""));
  }
  await session`CLOSE backup`;
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A row as COPY's text format has it. */
function copyLine(values: readonly (string | null)[]): string {
  const cells = values.map((value) =>
    value === null ? "\\N" : value.replaceAll(/[\\\n\r\t]/g, (letter) => escapes[letter] ?? letter),
  );
  return `${cells.join("\t")}\n`;
}

/** In COPY's text format a line feed inside a value is escaped, so each one ends a row. */
export function countRows(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10) count += 1;
  return count;
}
