// `fillstream backup FILE`: everything in the database as of one instant, while it goes on being used.
import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { errorCode, messageOf, OperatorError } from "../../operator-error.ts";
import { UsageError } from "../command.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { requireDatabase } from "../parts/migrated.ts";
import { databaseUrlOf, withServers } from "../parts/servers.ts";

export const name = "backup";
export const summary = "write the whole database to one file";
export const usage = `fillstream backup <file>

  fillstream backup fillstream-2026-11-20.backup`;

export async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("Name one file to write.");
  if (existsSync(file)) {
    throw new OperatorError(`${file} is there already: name a new file, or move that one away.`);
  }
  const held = await withServers(loadConfigBesideStart(), "postgres");
  try {
    const url = databaseUrlOf(held.config);
    await requireDatabase(url);
    const { backup } = await import("../../db/backup/dump.ts");
    const { tables, rows } = await backup(url, file).catch(refuseWriting(file));
    const size = (statSync(file).size / 1024).toFixed(0);
    process.stdout.write(`${file}: ${rows} rows of ${tables} tables, ${size} KB.\n`);
    return 0;
  } finally {
    await held.release();
  }
}

function refuseWriting(file: string): (error: unknown) => never {
  return (error) => {
    const kind = error instanceof Error ? error.name : "";
    if (kind === "NothingToBackUp") throw new OperatorError(messageOf(error), { cause: error });
    const code = errorCode(error) ?? "";
    if (code === "EEXIST") throw new OperatorError(takenSince(file), { cause: error });
    if (!["ENOENT", "EACCES", "ENOSPC", "EROFS", "EISDIR"].includes(code)) throw error;
    throw new OperatorError(`${file} cannot be written: ${messageOf(error)}.`, { cause: error });
  };
}

const takenSince = (file: string): string =>
  `${file} was made by somebody else meanwhile, and is left as it is: name another file.`;
