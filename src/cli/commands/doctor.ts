// `fillstream doctor`: looks at the machine, the configuration and the servers, and says what is wrong.
import { parseArgs } from "node:util";
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
export const usage = `fillstream doctor [--json]

  fillstream doctor                      exit code 1 when something has to be done`;

const [DONE, FAILED] = [0, 1];
const marks = { well: "ok  ", note: "note", ill: "BAD " } as const;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: "boolean" } } });
  const config = loadConfigBesideStart();
  const findings = [lookAtNode(), ...(await lookAtAll(config))];
  if (values.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { state, topic, text } of findings) {
      process.stdout.write(`${marks[state]}  ${topic.padEnd(18)} ${text}\n`);
    }
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
  const { lookAtDeployment, lookForBroker } = await import("../doctor/look-at-world.ts");
  const beyond = [await lookForBroker(config), ...(await lookAtDeployment(config))];
  const machine = [lookAtDataDirectory(config), await lookAtPort(config)];
  return [mode, ...machine, ...database, ...redis, ...beyond];
}
