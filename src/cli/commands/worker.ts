// `fillstream worker`: decides and sends, alone; any number of them share the partitions.
import { parseArgs } from "node:util";
import { migrated } from "../parts/migrated.ts";
import { lookAtRedis } from "../parts/redis-check.ts";
import { runPart } from "../parts/run-part.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { withServers } from "../parts/servers.ts";

export const name = "worker";
export const summary = "run a worker";
export const usage = `fillstream worker

  DATABASE_URL=postgres://… REDIS_URL=redis://… fillstream worker     one more of any number`;

export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  const held = await withServers(loadConfigBesideStart(), "postgres and redis");
  try {
    await migrated(held.config);
    await lookAtRedis(held);
    const { startWorker } = await import("../../compose/worker.ts");
    return await runPart(name, held.config, startWorker);
  } finally {
    await held.release();
  }
}
