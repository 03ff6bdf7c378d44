// `fillstream replay --verify` on a log of so many events, as it is shipped and as a process of its own:
// how fast it goes over it, and that every row of the made-up past is as the log says.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ReplayResult } from "../../src/db/replay.ts";
import { openPast, type Past } from "../growth/past.ts";
import type { PartResult, Run } from "../plan.ts";
import { environmentOf, MAIN } from "../systems/fillstream.ts";

/** Nine orders of five events, and a refusal. */
const ORDERS_PER_EVENT = 9 / 46;
const POSITIONS = 500;
/** What is printed of a thousand differences. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

export async function replay(run: Run): Promise<PartResult> {
  const orders = Math.ceil(run.plan.replay.events * ORDERS_PER_EVENT);
  const past = await openPast({ orders, positions: POSITIONS, logShare: 1 }, run.say);
  try {
    const began = performance.now();
    const { differences, ...counted } = await verify(past, run.execArgv);
    const seconds = (performance.now() - began) / 1000;
    const { events, differenceCount } = counted;
    const text = `replay: ${events} events in ${seconds.toFixed(1)} s, ${(events / seconds).toFixed(0)} a second, ${differenceCount} differences`;
    const problems =
      differenceCount === 0
        ? []
        : [`replay: ${differenceCount} differences, as ${JSON.stringify(differences.slice(-5))}`];
    return { part: "replay", text, data: { ...counted, seconds }, problems };
  } finally {
    await past.house.close();
  }
}

async function verify(past: Past, execArgv: readonly string[]): Promise<ReplayResult> {
  const args = [...execArgv, MAIN, "replay", "--verify", "--json"];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environmentOf(past.house, past.databaseUrl) };
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    ...{ env, maxBuffer: MAX_OUTPUT_BYTES },
  }).catch((error: unknown) => {
    // It ends with 1 when it finds a difference, and has said what it found.
    if (error instanceof Error && "stdout" in error && String(error.stdout).startsWith("{")) {
      return { stdout: String(error.stdout) };
    }
    throw error;
  });
  return JSON.parse(stdout) as ReplayResult; // the command's own answer
}
