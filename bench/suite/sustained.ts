// The highest pace that holds for a minute: every signal filled, none lost, and 99 of 100 booked within the limit. It
// is that of processes that have run for a while: nobody's first seconds count. Everyone climbs the same steps from
// the same pace, so that at each of them everyone has about as much behind them; a step that fails is tried once
// more, as a shared machine has bad minutes. Queues of the peers are tuned first, by how fast they empty a burst.
import { measure, type Measured } from "../measure.ts";
import { openHouse, type House } from "../parts/house.ts";
import { inTurn, peersOf, type PartResult, type Run } from "../plan.ts";
import { aligned } from "../report/table.ts";
import { startFillstream } from "../systems/fillstream.ts";
import { startPeer, type PeerName } from "../systems/peer.ts";
import type { System } from "../systems/system.ts";
import { told, verify, warmUp } from "./systems.ts";

export interface Climbed {
  /** Null: not even the slowest pace held. */
  readonly perSecond: number | null;
  readonly confirmed: Measured | null;
  readonly trials: readonly { readonly perSecond: number; readonly held: boolean }[];
}

export interface Sustained extends Climbed {
  readonly name: string;
  readonly concurrency: number | null;
}

interface Held {
  readonly perSecond: number;
  readonly confirmed: Measured;
}

const TUNING_BURST = 3_000;
const SETTLE_MS = 15_000;
/** Below it nothing is searched for. */
const SLOWEST = 20;

export async function sustained(run: Run): Promise<PartResult> {
  const all: Sustained[] = [];
  const problems: string[] = [];
  const measureOne = async (
    name: string,
    start: (house: House) => Promise<System>,
    concurrency: number | null,
  ): Promise<void> => {
    const house = await openHouse();
    const system = await start(house);
    try {
      await warmUp(house, system, run.plan.sustained.warmUpSeconds);
      all.push({ name, concurrency, ...(await climb(run, house, system)) });
      problems.push(...(await verify(house, [system], [])));
    } finally {
      await system.stop();
      await house.close();
    }
  };
  if (run.only.includes("fillstream")) {
    await inTurn(run.plan.sustained.accounts, (accounts) =>
      measureOne(
        `fillstream, ${accounts} account${accounts === 1 ? "" : "s"}`,
        (house) => startFillstream(house, { execArgv: run.execArgv, accounts }),
        null,
      ),
    );
  }
  await inTurn(peersOf(run), async (name) => {
    const concurrency = name === "direct" ? null : await tune(run, name);
    await measureOne(
      name,
      (house) => startPeer(name, house, concurrency ?? undefined),
      concurrency,
    );
  });
  const rows = all.map(({ name, concurrency, perSecond, confirmed }) => [
    ...[name, concurrency === null ? "" : String(concurrency), perSecond?.toFixed(0) ?? "none"],
    ...[confirmed?.booked.p50.toFixed(1) ?? "", confirmed?.booked.p99.toFixed(1) ?? ""],
    ...[confirmed?.booked.max.toFixed(0) ?? "", confirmed?.cpu.all.toFixed(1) ?? ""],
  ]);
  const { seconds } = run.plan.sustained;
  const title = `sustained for ${seconds} s`;
  const text = aligned([
    [title, "concurrency", "orders/s", "p50", "p99", "max", "CPU s/10k"],
    ...rows,
  ]);
  return { part: "sustained", text, data: { all }, problems };
}

/** Upwards while a pace holds; downwards where not even the first one does. */
export async function climb(run: Run, house: House, system: System): Promise<Climbed> {
  const { from, step, seconds, tries, p99Ms } = run.plan.sustained;
  const trials: { perSecond: number; held: boolean }[] = [];
  const holds = async (perSecond: number): Promise<Held | null> => {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const measured = await measure(house, system, {
        ...{ name: `${perSecond.toFixed(0)}/s for ${seconds} s`, perSecond },
        ...{ count: Math.round(perSecond * seconds), settleMs: SETTLE_MS },
        prefix: `t${trials.length}-${system.name}-${Date.now()}`,
      });
      const { failures, refused, lost, doubled, booked } = measured;
      const held = failures + refused === 0 && lost === 0 && doubled === 0 && booked.p99 < p99Ms;
      run.say(`${told(measured)}: ${held ? "holds" : "does not hold"}`);
      trials.push({ perSecond, held });
      if (held) return { perSecond, confirmed: measured };
    }
    return null;
  };
  let best = await holds(from);
  if (best === null) {
    for (let pace = from / step; pace >= SLOWEST && best === null; pace /= step)
      best = await holds(pace);
  } else {
    for (let next: Held | null = best; next !== null; next = await holds(best.perSecond * step))
      best = next;
  }
  return { perSecond: null, confirmed: null, ...best, trials };
}

/** The concurrency at which a queue empties a burst fastest. */
async function tune(run: Run, name: PeerName): Promise<number> {
  let [best, fastest] = [0, 0];
  await inTurn(run.plan.sustained.concurrencies, async (concurrency) => {
    const house = await openHouse();
    const system = await startPeer(name, house, concurrency);
    try {
      await warmUp(house, system, run.plan.sustained.warmUpSeconds);
      const { perSecond } = await measure(house, system, {
        ...{ name: "burst", perSecond: TUNING_BURST, count: TUNING_BURST, settleMs: SETTLE_MS },
        prefix: "burst",
      });
      run.say(`${name} with ${concurrency} at once: ${perSecond.toFixed(0)} orders/s of a burst`);
      if (perSecond > fastest) [best, fastest] = [concurrency, perSecond];
    } finally {
      await system.stop();
      await house.close();
    }
  });
  return best;
}
