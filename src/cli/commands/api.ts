// `fillstream api`: the HTTP side alone, on the servers of the configuration or the embedded ones.
import { runPart } from "../parts/run-part.ts";
import { migrated } from "../parts/migrated.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { withServers } from "../parts/servers.ts";

export const name = "api";
export const summary = "run the HTTP API";
export const usage = "fillstream api";

export async function run(): Promise<number> {
  const held = await withServers(loadConfigBesideStart(), "postgres and redis");
  try {
    await migrated(held.config);
    const { startApi } = await import("../../compose.ts");
    return await runPart(name, held.config, startApi);
  } finally {
    await held.release();
  }
}
