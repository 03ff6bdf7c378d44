// What happens to everyone when things break: signals at a steady pace while the worker is killed, then
// Redis, PostgreSQL is restarted, and the broker answers nothing for a while. Whoever ends is started
// again after a second, and the sender repeats what was not taken, as a careful client does. The judge is
// the broker's ledger alone: each signal has a symbol and quantity that no other has.
import { setTimeout as sleep } from "node:timers/promises";
import { waitForFills } from "../measure.ts";
import { openHouse, type House } from "../parts/house.ts";
import { contentOf, type LoadOrder, type LoadResult } from "../parts/load.ts";
import { ask } from "../parts/processes.ts";
import { wallMs } from "../parts/wall.ts";
import { inTurn, peersOf, type PartResult, type Run } from "../plan.ts";
import { aligned } from "../report/table.ts";
import { startFillstream } from "../systems/fillstream.ts";
import { startPeer } from "../systems/peer.ts";
import type { System } from "../systems/system.ts";
import { warmUp } from "./systems.ts";

export interface Faulted {
  readonly system: string;
  readonly count: number;
  /** Not taken although the sender tried for long. */
  readonly refused: number;
  /** Taken, never at the broker, and its sender is told why. */
  readonly told: number;
  /** Taken, never at the broker, and nobody is told. */
  readonly lost: number;
  /** At the broker more than once. */
  readonly doubled: number;
  /** Filled at the broker and not in the position. */
  readonly unbooked: number;
  readonly worstMs: number;
  /** By fault: from its instant until the last late signal was at the broker; 0 when none was late. */
  readonly recoveryMs: Readonly<Record<string, number>>;
}

const PREFIX = "fault";
const RETRY_FOR_MS = 30_000;
const FAULTS = ["worker", "redis", "postgres", "broker"] as const;

export async function faults(run: Run): Promise<PartResult> {
  const all: Faulted[] = [];
  const starts: readonly ((house: House) => Promise<System>)[] = [
    ...(run.only.includes("fillstream")
      ? [(house: House) => startFillstream(house, { execArgv: run.execArgv })]
      : []),
    ...peersOf(run).map((name) => (house: House) => startPeer(name, house)),
  ];
  await inTurn(starts, async (start) => {
    const house = await openHouse();
    const system = await start(house);
    try {
      await warmUp(house, system);
      const faulted = await breakThings(run, house, system);
      run.say(JSON.stringify(faulted));
      all.push(faulted);
    } finally {
      await system.stop();
      await house.close();
    }
  });
  const rows = all.map((each) => [
    ...[each.system, each.count, each.refused, each.told].map(String),
    ...[each.lost, each.doubled, each.unbooked].map(String),
    each.worstMs.toFixed(0),
    ...FAULTS.map((fault) => ((each.recoveryMs[fault] ?? 0) / 1000).toFixed(1)),
  ]);
  const counts = ["signals", "refused", "told", "lost", "doubled", "unbooked"];
  const head = ["faults", ...counts, "worst ms"];
  const text = aligned([[...head, ...FAULTS.map((fault) => `${fault} s`)], ...rows]);
  const own = all.find(({ system }) => system === "fillstream");
  const problems =
    own !== undefined && own.lost + own.doubled + own.unbooked > 0
      ? [`fillstream: ${own.lost} lost, ${own.doubled} doubled, ${own.unbooked} unbooked in faults`]
      : [];
  return { part: "faults", text, data: { all }, problems };
}

async function breakThings(run: Run, house: House, system: System): Promise<Faulted> {
  const { perSecond, seconds, settleMs } = run.plan.faults;
  const count = perSecond * seconds;
  const [booked, held] = [await system.booked(), await system.positionSum()];
  await house.takeLedger();
  const order: LoadOrder = {
    ...{ url: system.url, path: system.path, perSecond, count, prefix: PREFIX },
    ...{ symbols: house.symbols, accounts: system.accounts },
    ...{ distinct: true, retryForMs: RETRY_FOR_MS },
  };
  const loading = ask<LoadResult>(house.load, order);
  const instants = await strike(run, house, system);
  const result = await loading;
  const taken = result.answered.filter((ms) => ms >= 0).length;
  await waitForFills(system, booked + taken, settleMs);
  const { arrivals } = await house.takeLedger();
  const keyOf = (symbol: string, qty: string): string => `${symbol} ${qty}`;
  const arrived = new Map<string, number>();
  let doubled = 0;
  let shares = 0;
  for (const [, symbol, qty, at] of arrivals) {
    const key = keyOf(symbol, qty);
    if (arrived.has(key)) doubled += 1;
    else arrived.set(key, at);
    shares += Number(qty);
  }
  const signals = result.intended.map((intended, index) => {
    const { symbol, qty } = contentOf(order, index);
    return {
      intended,
      taken: (result.answered[index] ?? -1) >= 0,
      at: arrived.get(keyOf(symbol, qty)),
    };
  });
  const late = signals.flatMap(({ intended, at }) =>
    at !== undefined && at - intended > run.plan.faults.lateMs ? [{ intended, at }] : [],
  );
  const missing = signals.filter((signal) => signal.taken && signal.at === undefined).length;
  const told = missing > 0 ? await system.refusals(PREFIX) : { count: 0, reasons: "" };
  if (told.count > 0) run.say(`${system.name}: ${told.reasons}`);
  return {
    ...{ system: system.name, count, refused: count - taken, doubled },
    ...{ told: told.count, lost: missing - told.count },
    unbooked: shares - ((await system.positionSum()) - held),
    worstMs: late.reduce((most, { intended, at }) => Math.max(most, at - intended), 0),
    recoveryMs: recoveries(instants, late),
  };
}

type Instants = ReadonlyMap<string, number>;

async function strike(run: Run, house: House, system: System): Promise<Instants> {
  const plan = run.plan.faults;
  const acts: Readonly<Record<(typeof FAULTS)[number], () => Promise<void>>> = {
    worker: () => Promise.resolve(system.sender.kill()),
    redis: () => house.killRedis(),
    postgres: () => house.restartPostgres(),
    broker: () => house.tellBroker({ word: "hang", ms: plan.brokerHangsMs }),
  };
  const began = wallMs();
  const instants = new Map<string, number>();
  for (const fault of FAULTS) {
    await sleep(Math.max(0, plan[fault] * 1000 - (wallMs() - began)));
    instants.set(fault, wallMs());
    run.say(`${system.name}: ${fault}`);
    await acts[fault]();
  }
  return instants;
}

function recoveries(
  instants: Instants,
  late: readonly { readonly intended: number; readonly at: number }[],
): Readonly<Record<string, number>> {
  const ordered = [...instants];
  return Object.fromEntries(
    ordered.map(([fault, from], index) => {
      const until = ordered[index + 1]?.[1] ?? Number.POSITIVE_INFINITY;
      // What was sent just before the fault is late by it as well.
      const own = late.filter(({ intended, at }) => at >= from && intended < until);
      const mine = own.filter(({ intended }) => index === 0 || intended >= from - LEAD_MS);
      return [fault, mine.reduce((most, { at }) => Math.max(most, at - from), 0)];
    }),
  );
}

const LEAD_MS = 1_000;
