// What befalls whole processes and services in a run: kills, pauses longer than a lease, restarts, a
// flushed stream, stops, a broker that is away, clocks that are set.
import type { Deployment, SimWorker } from "./deployment.ts";
import type { Workload } from "./workload.ts";

const HOUR_MS = 3_600_000;
/** The last trouble begins this long before the faults stop. */
const CALM_MS = 8_000;

export interface Stage {
  readonly workload: Workload;
  readonly workers: readonly SimWorker[];
  readonly lastsMs: number;
}

export function scheduleTrouble(deployment: Deployment, stage: Stage): void {
  const { scheduler, faults, stream, brokerWorld } = deployment;
  const { workload, workers, lastsMs } = stage;
  const { random } = faults;
  const sometime = (what: string, act: () => void) =>
    scheduler.at(random.between(1_000, lastsMs - CALM_MS), () => {
      faults.count(what);
      act();
    });
  const times = (count: number, what: string, act: () => void) => {
    for (let time = 0; time < count; time += 1) sometime(what, act);
  };
  times(random.between(0, 3), "kill", () => random.pick(workers).kill());
  times(random.between(0, 2), "pause", () =>
    random.pick(workers).process.pause(random.between(500, 16_000)),
  );
  if (random.chance(0.3)) {
    sometime("rolling restart", () => void random.pick(workers).restart());
  }
  if (random.chance(0.3)) sometime("stream flushed", () => stream.flush());
  if (random.chance(0.4)) {
    sometime("stop", () => {
      workload.changeTradingState(random.pick(["reducing", "halted"] as const));
      scheduler.after(random.between(500, 5_000), () => workload.changeTradingState("active"));
    });
  }
  if (faults.has("broker down")) {
    sometime("broker down", () => {
      brokerWorld.broker.isDown = true;
      scheduler.after(random.between(500, CALM_MS - 1_000), () => {
        brokerWorld.broker.isDown = false;
      });
    });
  }
  if (faults.has("clock jump")) {
    sometime("clock jump", () => {
      const by = random.pick([-HOUR_MS, HOUR_MS, 30_000]);
      deployment.trace(`a clock is set by ${by} ms`);
      random.pick(workers).process.skewMs += by;
    });
  }
}
