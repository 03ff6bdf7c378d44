// Makes one fault again and again under a steady stream of signals, lets everything come to rest, and
// judges. Nothing here looks at how long something took, except to print it.
import { setTimeout as sleep } from "node:timers/promises";
import { fillstream } from "../support/fillstream.ts";
import type { Acknowledged, Bots } from "./bots.ts";
import type { Fault } from "./fault.ts";
import type { House } from "./house.ts";
import { countTrading, countOpen, readStandstill } from "./record.ts";
import { judge, type Verdict } from "./verdict.ts";

export interface Row {
  readonly fault: string;
  readonly skipped: string | null;
  readonly struck: number;
  readonly signals: number;
  /** From a signal's 202 to the exchange's wire, the longest. */
  readonly longestPauseMs: number;
  /** The same of orders whose fate was unknown: the answer to their placement was lost. */
  readonly longestUncertainMs: number;
}

/** Generous: only whether it comes, not when, is a question here. */
const PATIENCE_MS = 240_000;

/** What was done, before anybody judged what became of it. */
export interface Strikes {
  readonly fault: string;
  readonly skipped: string | null;
  readonly struck: number;
  /** The signals posted meanwhile. */
  readonly signals: readonly Acknowledged[];
  /** What was not made or not reached. */
  readonly missed: readonly string[];
}

/** Until every account trades again after the last one; orders may still be open then. */
export async function strike(
  { house, bots }: { house: House; bots: Bots },
  fault: Fault,
  times: number,
): Promise<Strikes> {
  const skipped = fault.impossible?.(house) ?? null;
  if (skipped !== null) {
    return { fault: fault.name, skipped, struck: 0, signals: [], missed: [] };
  }
  const began = Date.now();
  const paths = new Set<string>();
  let struck = 0;
  bots.start();
  try {
    while (struck < times) {
      await sleep(300 + Math.random() * 700);
      const wanted = times - struck;
      const scene = {
        house,
        bots,
        turn: struck,
        wanted,
        reached: (path: string) => paths.add(path),
      };
      const made = await fault.strike(scene);
      if (made === 0) break;
      struck += made;
      await tradingAgain(house, bots);
    }
  } catch (error: unknown) {
    throw new Error(`${fault.name}:\n${await howItStands(house, bots)}`, { cause: error });
  } finally {
    await bots.pause();
  }
  const unreached = pathsOf(fault, times).filter((path) => !paths.has(path));
  const missed = [
    ...(struck < times ? [`made ${struck} times, not ${times}`] : []),
    ...unreached.map((path) => `never reached: ${path}`),
  ];
  return { fault: fault.name, skipped, struck, signals: bots.since(began), missed };
}

/** Lets everything come to rest, and judges all that was done so far. */
export async function judgeAll(
  { house, bots }: { house: House; bots: Bots },
  all: readonly Strikes[],
): Promise<{ readonly verdict: Verdict; readonly rows: readonly Row[] }> {
  const unrest = await rest(house);
  const found = await judge(house, bots);
  const verdict = { ...found, wrong: [...found.wrong, ...unrest] };
  const rows = all.map(({ fault, skipped, struck, signals }): Row => ({
    ...{ fault, skipped, struck, signals: signals.length },
    longestPauseMs: longest(signals, verdict.pauses),
    longestUncertainMs: longest(signals, verdict.uncertain),
  }));
  return { verdict, rows };
}

function pathsOf({ paths = [], pathsWhenOften: often }: Fault, times: number): readonly string[] {
  return often === undefined || times < often.times ? paths : [...paths, ...often.paths];
}

function longest(signals: readonly Acknowledged[], pauses: ReadonlyMap<string, number>): number {
  return signals.reduce((most, { id }) => Math.max(most, pauses.get(id) ?? 0), 0);
}

/** Every account has traded something that was posted after the fault had ended. */
async function tradingAgain(house: House, bots: Bots): Promise<void> {
  const from = Date.now();
  const end = from + PATIENCE_MS;
  for (;;) {
    const later = bots.since(from).map(({ id }) => id);
    if ((await countTrading(house, later)) === house.accounts.length) return;
    if (Date.now() > end) throw new Error("not every account trades again");
    await sleep(100);
  }
}

async function rest(house: House): Promise<string[]> {
  const end = Date.now() + PATIENCE_MS;
  while ((await countOpen(house)) > 0) {
    if (Date.now() > end) return [`it never came to rest:\n${outputs(house)}`];
    await sleep(100);
  }
  return [];
}

async function howItStands(house: House, bots: Bots): Promise<string> {
  return [...bots.problems, await readStandstill(house), outputs(house)].join("\n");
}

function outputs(house: House): string {
  return house
    .parts()
    .map(({ name, output }) => `${name}: ${output.slice(-3_000)}`)
    .join("\n");
}

/** Replays the whole log: null when every row is as the log says. */
export async function replayVerifies(house: House): Promise<string | null> {
  const variables = { DATABASE_URL: house.databaseUrl() };
  const { code, stdout, stderr } = await fillstream(["replay", "--verify"], variables);
  return code === 0 ? null : `${stdout}${stderr}`;
}
