// `fillstream replay --verify`: folds the whole log again and says where a row differs from it.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { requireDatabase } from "../parts/migrated.ts";
import { databaseUrlOf, withServers } from "../parts/servers.ts";

export const name = "replay";
export const summary =
  "rebuild orders, executions and positions from the log and compare every row";
export const usage = `fillstream replay --verify [--json]

  fillstream replay --verify             exit code 1 when a row is not as the log says`;

/** More are counted, not listed. */
const SHOWN = 20;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { verify: { type: "boolean" }, json: { type: "boolean" } },
  });
  if (values.verify !== true) throw new UsageError("Say --verify: nothing is changed by it.");
  const held = await withServers(loadConfigBesideStart(), "postgres");
  try {
    const url = databaseUrlOf(held.config);
    await requireDatabase(url);
    const result = await verify(url, values.json !== true && process.stderr.isTTY);
    process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : tell(result));
    return result.differenceCount === 0 ? 0 : 1;
  } finally {
    await held.release();
  }
}

async function verify(url: string, showsProgress: boolean) {
  const { connect } = await import("../../db/client.ts");
  const { verifyByReplay } = await import("../../db/replay.ts");
  const sql = connect({ url, name: "fillstream replay", maxConnections: 2, patient: true });
  try {
    return await verifyByReplay(sql, ({ events, total }) => {
      if (showsProgress) process.stderr.write(`\r${events} of ${total} events`);
    });
  } finally {
    if (showsProgress) process.stderr.write("\r");
    await sql.end({ timeout: 5 });
  }
}

function tell(result: Awaited<ReturnType<typeof verify>>): string {
  const { events, orders, executions, positions, differences, differenceCount } = result;
  const counted = `${events} events give ${orders} orders, ${executions} executions and ${positions} positions`;
  if (differenceCount === 0) return `${counted}: every row is as the log says.\n`;
  const lines = differences.slice(0, SHOWN).map(({ table, key, column, stored, replayed }) => {
    const where = column === null ? `${table} ${key}` : `${table} ${key} ${column}`;
    return `  ${where}: stored ${JSON.stringify(stored)}, the log says ${JSON.stringify(replayed)}`;
  });
  return `${counted}: ${differenceCount} differences.\n${lines.join("\n")}\n`;
}
