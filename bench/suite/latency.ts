// Latency, CPU and the burst: everyone at every pace, in rounds, each round in another order so that
// nobody is always behind the same neighbour. The machine's limit is measured in the same run.
import { measureLimit } from "../limit.ts";
import { measure, type Measured, type Phase } from "../measure.ts";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { ratios, stageTable, table } from "../report/table.ts";
import { told, verify, withSystems } from "./systems.ts";

export function latency(run: Run): Promise<PartResult> {
  return withSystems(run, async (house, systems) => {
    const { phases, burst } = run.plan.latency;
    const limit = await measureLimit(house);
    const all: Measured[] = [];
    const wanted: Omit<Phase, "prefix">[] = phases.map(({ name, perSecond, seconds }) => ({
      ...{ name, perSecond, count: perSecond * seconds },
    }));
    if (burst > 0) wanted.push({ name: "burst", perSecond: burst, count: burst });
    const rounds = await inRounds(run, async (round) => {
      await inTurn(wanted, async (phase) => {
        const order = round % 2 === 0 ? systems : systems.toReversed();
        await inTurn(order, async (system) => {
          const prefix = `r${round}-${phase.name}-${system.name}`;
          const measured = await measure(house, system, { ...phase, prefix });
          run.say(`round ${round + 1}, ${told(measured)}`);
          all.push(measured);
        });
      });
    });
    const { commitAndHop: hop, ordersPerSecond } = limit;
    const { rounds: most } = run.plan.latency;
    const left = rounds < most ? `There was time for ${rounds} of ${most} rounds.\n\n` : "";
    const text =
      `${left}${table(all)}\n\n${stageTable(all)}\n\n${ratios(all)}\n\n` +
      `The limit: ${ordersPerSecond.toFixed(0)} orders/s in batches; ` +
      `a commit and a hop take ${hop.p50.toFixed(2)} ms (p99 ${hop.p99.toFixed(2)}).`;
    const problems = await verify(house, systems, all);
    return { part: "latency", text, data: { rounds, limit, all }, problems };
  });
}

/** How many there were: as many as are wanted and as there is time for, the first one in any case. */
async function inRounds(
  { plan, seconds }: Run,
  act: (round: number) => Promise<void>,
): Promise<number> {
  const { rounds, withinSeconds = Number.POSITIVE_INFINITY } = plan.latency;
  for (let round = 0, longest = 0; round < rounds; round += 1) {
    const begun = seconds();
    if (round > 0 && begun + longest > withinSeconds) return round;
    await act(round);
    longest = Math.max(longest, seconds() - begun);
  }
  return rounds;
}
