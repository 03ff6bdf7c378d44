// `fillstream api`: the HTTP side alone, on the servers of the configuration or the embedded ones.
import { parseArgs } from "node:util";
import type { Config } from "../../config.ts";
import { runPart } from "../parts/run-part.ts";
import { migrated } from "../parts/migrated.ts";
import { lookAtRedis } from "../parts/redis-check.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { withServers } from "../parts/servers.ts";

export const name = "api";
export const summary = "run the HTTP API";
export const usage = `fillstream api

  PORT=8080 fillstream api               beside any number of others, on one DATABASE_URL`;

export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  const held = await withServers(loadConfigBesideStart(), "postgres and redis");
  try {
    await migrated(held.config);
    await lookAtRedis(held);
    await tellFirstKey(held.config);
    const { startApi } = await import("../../compose/api.ts");
    return await runPart(name, held.config, startApi);
  } finally {
    await held.release();
  }
}

async function tellFirstKey(config: Config): Promise<void> {
  if (config.auth === "off") return;
  const { makeFirstKey } = await import("../../compose/first-key.ts");
  const path = await makeFirstKey(config);
  if (path === null) return;
  process.stdout.write(
    `Every caller needs an API key; an admin's is in ${path}, for its owner alone.\n`,
  );
}
