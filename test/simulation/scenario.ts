// One run: the deployment under load and faults, then healing, then rest; judged by the auditor.
import type { Bug } from "./bugs.ts";
import { Auditor } from "./auditor.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimBroker } from "./sim-broker.ts";
import { TRAITS } from "./sim-broker-port.ts";
import { SimStream } from "./sim-bus.ts";
import { SimDatabase } from "./sim-database.ts";
import { Workload } from "./workload.ts";
import { ACCOUNTS, INSTRUMENTS, limits, PARTITIONS } from "./world.ts";

const SIGNALS = 60;
const LOAD_MS = 20_000;
const TROUBLE_MS = 30_000;
const REST_MS = 240_000;
const WORKERS = ["w1", "w2", "w3"] as const;

export interface RunResult {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly steps: number;
  readonly trace: readonly string[];
  /** Two runs of one seed have the same. */
  readonly fingerprint: string;
}

export async function run(seed: number, bug: Bug | null = null): Promise<RunResult> {
  const random = new Random(seed);
  const faults = new Faults(random);
  const scheduler = new Scheduler();
  const trace: string[] = [`faults: ${faults.kinds.join(", ")}`];
  const bugs = new Set(bug === null ? [] : [bug]);
  const broker = new SimBroker(scheduler, faults);
  const deployment: Deployment = {
    scheduler,
    faults,
    bugs,
    database: new SimDatabase({
      partitions: PARTITIONS,
      accounts: ACCOUNTS,
      instruments: INSTRUMENTS,
      limits: limits(),
      bugs,
    }),
    stream: new SimStream(scheduler, faults),
    brokerWorld: {
      broker,
      scheduler,
      faults,
      instruments: INSTRUMENTS,
      traits: TRAITS,
      sameExecutionIds: random.chance(0.5),
    },
    trace: (line) => trace.push(`${scheduler.now} ${line}`),
  };
  const workload = new Workload(deployment);
  const auditor = new Auditor(deployment, workload);
  const workers = WORKERS.map((name) => new SimWorker(name, deployment));
  workload.schedule(SIGNALS, LOAD_MS);
  scheduleTrouble(deployment, workload, workers);
  await scheduler.run(TROUBLE_MS, () => step(auditor, deployment, workers));
  faults.heal();
  for (const worker of workers) worker.process.resume();
  if (deployment.database.trading.rows.some(({ state }) => state !== "active")) {
    workload.changeTradingState("active");
  }
  await scheduler.run(REST_MS, () => step(auditor, deployment, workers));
  auditor.finish();
  for (const worker of workers) worker.kill();
  const fingerprint = fingerprintOf(deployment);
  return {
    seed,
    problems: auditor.problems,
    counts: faults.counts,
    steps: scheduler.fired,
    trace,
    fingerprint,
  };
}

const REVIVE_MS = 300;

function step(auditor: Auditor, { scheduler }: Deployment, workers: readonly SimWorker[]): void {
  auditor.look();
  for (const worker of workers) {
    if (worker.process.isAlive || pendingRevival.has(worker)) continue;
    pendingRevival.add(worker);
    scheduler.after(REVIVE_MS, () => {
      pendingRevival.delete(worker);
      worker.reviveIfDead();
    });
  }
}

const pendingRevival = new WeakSet<SimWorker>();

/** What befalls whole processes: kills, pauses longer than a lease, restarts, a flushed stream, stops. */
function scheduleTrouble(
  { scheduler, faults, stream }: Deployment,
  workload: Workload,
  workers: readonly SimWorker[],
): void {
  const { random } = faults;
  const sometime = (act: () => void) =>
    scheduler.at(random.between(1_000, TROUBLE_MS - 8_000), act);
  for (let count = random.between(0, 3); count > 0; count -= 1) {
    sometime(() => {
      faults.count("kill");
      random.pick(workers).kill();
    });
  }
  for (let count = random.between(0, 2); count > 0; count -= 1) {
    sometime(() => {
      faults.count("pause");
      random.pick(workers).process.pause(random.between(500, 12_000));
    });
  }
  if (random.chance(0.3)) {
    sometime(() => {
      faults.count("rolling restart");
      void random.pick(workers).restart();
    });
  }
  if (random.chance(0.3)) sometime(() => stream.flush());
  if (random.chance(0.4)) {
    sometime(() => {
      faults.count("stop");
      workload.changeTradingState(random.pick(["reducing", "halted"] as const));
      scheduler.after(random.between(500, 5_000), () => workload.changeTradingState("active"));
    });
  }
  if (faults.kinds.includes("clock jump")) {
    sometime(() => {
      faults.count("clock jump");
      random.pick(workers).process.skewMs += random.pick([-3_600_000, 3_600_000, 30_000]);
    });
  }
}

function fingerprintOf({ database, brokerWorld }: Deployment): string {
  const logs = database.partitions.map((rows) =>
    rows.log.map(({ event, at }) => `${at}${event.type}`).join(),
  );
  const orders = [...brokerWorld.broker.orders.values()].map(
    ({ id, reference, status }) => `${id}${reference}${status}`,
  );
  return `${logs.join(";")}|${orders.join()}`;
}
