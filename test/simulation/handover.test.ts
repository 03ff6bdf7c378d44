// A rolling restart under steady load: nothing is lost, and no partition stands still for a second. The
// virtual clock knows how long each signal waited, whatever the machine is doing.
import { describe, expect, it } from "vitest";
import { assemble } from "./assemble.ts";
import { NO_BUGS } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { Workload } from "./workload.ts";

const SETTLED_MS = 15_000;
const LOAD_MS = 14_000;
const POSTS = 400;
/** Between two restarts, as a deployment waits for the new one to be ready. */
const APART_MS = 4_000;
const LONGEST_PAUSE_MS = 1_000;

function calmDeployment(seed: number): Deployment {
  const faults = Faults.none(new Random(seed));
  return assemble({ faults, bugs: NO_BUGS, executionIds: "same", requestsPerMinute: 100_000 });
}

/** When each signal was decided, by the deployment's one clock. */
function decisionsOf({ database }: Deployment): Map<string, number> {
  const decided = new Map<string, number>();
  for (const { event, at } of database.partitions.flatMap(({ log }) => log)) {
    if (event.type === "SignalDecided") decided.set(event.signalId, at);
  }
  return decided;
}

describe("a rolling restart", () => {
  it.each([1, 2, 3])("pauses no partition for a second (seed %i)", async (seed) => {
    const deployment = calmDeployment(seed);
    const { scheduler } = deployment;
    const workers = ["w1", "w2"].map((name) => new SimWorker(name, deployment));
    await scheduler.run(SETTLED_MS, () => undefined);
    const workload = new Workload(deployment);
    workload.schedule(POSTS, SETTLED_MS + LOAD_MS);
    workers.forEach((worker, index) =>
      scheduler.at(SETTLED_MS + 2_000 + index * 2 * APART_MS, () => {
        void worker.restart().then(() => scheduler.after(APART_MS, () => worker.reviveIfDead()));
      }),
    );
    await scheduler.run(SETTLED_MS + LOAD_MS + 5_000, () => undefined);

    const decided = decisionsOf(deployment);
    const waits = workload.accepted.map(({ signal }) => {
      const at = decided.get(signal.id);
      return at === undefined ? Number.POSITIVE_INFINITY : at - signal.receivedAt;
    });
    expect(waits.length).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThan(LONGEST_PAUSE_MS);
    for (const worker of workers) worker.kill();
  });
});
