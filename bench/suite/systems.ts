// All that are measured side by side, up for as long as a part needs them.
import { openHouse, type House } from "../parts/house.ts";
import { measure, type Measured } from "../measure.ts";
import { inTurn, peersOf, type Run } from "../plan.ts";
import settings from "../settings.json" with { type: "json" };
import { startFillstream } from "../systems/fillstream.ts";
import { startPeer } from "../systems/peer.ts";
import type { System } from "../systems/system.ts";

export async function withSystems<Result>(
  run: Run,
  act: (house: House, systems: readonly System[]) => Promise<Result>,
): Promise<Result> {
  const house = await openHouse();
  const systems: System[] = [];
  try {
    const settled = await Promise.allSettled(startsOf(house, run));
    // Whoever did start is stopped below, whatever became of the others.
    systems.push(...settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
    const failed = settled.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    await inTurn(systems, (system) => warmUp(house, system));
    return await act(house, systems);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    await house.close();
  }
}

/** All at once: most of a start is one process waiting for another. */
function startsOf(house: House, run: Run): readonly Promise<System>[] {
  const { execArgv } = run;
  const ours = run.only.includes("fillstream") ? [startFillstream(house, { execArgv })] : [];
  return [...ours, ...peersOf(run).map((name) => startPeer(name, house))];
}

/**
 * A symbol's first price may come too late for its first order, which is then refused: no loss. Longer where what
 * is measured is a process that has run for a while.
 */
export async function warmUp(
  house: House,
  system: System,
  seconds: number = settings.warmUp.seconds,
): Promise<void> {
  const { perSecond } = settings.warmUp;
  // A database that is kept knows the keys of the time before, and would answer without any work.
  const prefix = `warm-${system.name}-${Date.now()}`;
  const { failures, firstFailure } = await measure(house, system, {
    ...{ name: "warm-up", perSecond, count: perSecond * seconds, prefix },
  });
  if (failures > 0) throw new Error(`${system.name}: ${firstFailure}`);
}

/** What the broker counted is what each has booked, and nobody fell over. */
export async function verify(
  house: House,
  systems: readonly System[],
  all: readonly Measured[],
): Promise<readonly string[]> {
  const { duplicates } = await house.takeLedger();
  const problems = duplicates === 0 ? [] : [`${duplicates} references were sent twice`];
  await inTurn(systems, async (system) => {
    const [sum, booked] = [await system.positionSum(), await system.booked()];
    if (sum !== booked) problems.push(`${system.name}: ${booked} fills make a position of ${sum}`);
    for (const { restarts } of system.parts) {
      if (restarts > 0) problems.push(`${system.name}: a process ended ${restarts} times`);
    }
  });
  for (const { system, phase, refused, lost, doubled } of all) {
    if (refused > 0 || lost > 0 || doubled > 0) {
      problems.push(`${system} ${phase}: ${refused} refused, ${lost} lost, ${doubled} doubled`);
    }
  }
  return problems;
}

export function told(measured: Measured): string {
  const { system, phase, onWire, booked, cpu, failures, refused, lost, firstFailure } = measured;
  return (
    `${phase} ${system}: wire p99 ${onWire.p99.toFixed(1)}, booked p99 ${booked.p99.toFixed(1)} ms, ` +
    `CPU ${cpu.all.toFixed(1)}, failed ${failures}, refused ${refused}, lost ${lost}${firstFailure === null ? "" : ` (${firstFailure})`}`
  );
}
