// `fillstream doctor`: looks at the machine, the configuration and the servers, and says what is wrong.
import type { Config } from "../../config.ts";
import type { Finding } from "../doctor/finding.ts";
import {
  lookAtDataDirectory,
  lookAtNode,
  lookAtPort,
  lookForPostgres,
  lookForRedis,
} from "../doctor/look-at-machine.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";

export const name = "doctor";
export const summary = "look for what could keep Fillstream from running";
export const usage = `fillstream doctor

  fillstream doctor                      exit code 1 when something has to be done`;

const [DONE, FAILED] = [0, 1];
const marks = { well: "ok  ", note: "note", ill: "BAD " } as const;

export async function run(): Promise<number> {
  const config = loadConfigBesideStart();
  const findings = [lookAtNode(), ...(await lookAtAll(config))];
  for (const { state, topic, text } of findings) {
    process.stdout.write(`${marks[state]}  ${topic.padEnd(18)} ${text}\n`);
  }
  return findings.some(({ state }) => state === "ill") ? FAILED : DONE;
}

async function lookAtAll(config: Config): Promise<Finding[]> {
  const mode: Finding = {
    topic: "Mode",
    state: "well",
    text: `${config.mode}, auth ${config.auth}`,
  };
  const { lookAtDatabase, lookAtRedis } = await import("../doctor/look-at-servers.ts");
  const database =
    config.databaseUrl === null
      ? [await lookForPostgres()]
      : await lookAtDatabase(config.databaseUrl);
  const redis =
    config.redisUrl === null ? [await lookForRedis(config)] : await lookAtRedis(config.redisUrl);
  return [mode, lookAtDataDirectory(config), await lookAtPort(config), ...database, ...redis];
}
