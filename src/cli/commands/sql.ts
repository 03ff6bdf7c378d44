// `fillstream sql "…"`: runs statements on whatever database Fillstream uses, and prints what they answer.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { requireDatabase } from "../parts/migrated.ts";
import { databaseUrlOf, withServers } from "../parts/servers.ts";
import { runStatements } from "../sql/run-statements.ts";

export const name = "sql";
export const summary = "run SQL on Fillstream's database";
export const usage = `fillstream sql [--json] "<statement>"     (or - to read it from the input)

  fillstream sql "SELECT key, value FROM configs ORDER BY key"
  fillstream sql "UPDATE configs SET value = '20000' WHERE key = 'max_position_size_usd'"`;

export async function run(args: string[]): Promise<number> {
  const options = { json: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [given, ...more] = positionals;
  if (given === undefined) throw new UsageError("There is no statement to run.");
  if (more.length > 0) throw new UsageError("Put the statement into quotes, so that it is one.");
  const statement = given === "-" ? readFileSync(0, "utf8") : given;
  const held = await withServers(loadConfigBesideStart(), "postgres");
  try {
    const url = databaseUrlOf(held.config);
    await requireDatabase(url);
    process.stdout.write(await runStatements(url, statement, values.json ? "json" : "table"));
    return 0;
  } finally {
    await held.release();
  }
}
