// `fillstream migrate`: brings the database to this version's tables; running it twice changes nothing.
import { parseArgs } from "node:util";
import { applyMigrations } from "../parts/migrated.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { withServers } from "../parts/servers.ts";

export const name = "migrate";
export const summary = "bring the database to this version's tables";
export const usage = `fillstream migrate

  DATABASE_URL=postgres://… fillstream migrate`;

export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  const held = await withServers(loadConfigBesideStart(), "postgres");
  try {
    await applyMigrations(held.config);
    process.stdout.write("The database has this version's tables.\n");
    return 0;
  } finally {
    await held.release();
  }
}
