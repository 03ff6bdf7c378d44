// One run: the deployment under load and faults, then healing, then rest; judged by the auditor.
import { MAX_BATCH } from "../../src/worker/batch-size.ts";
import { assemble } from "./assemble.ts";
import { Auditor } from "./auditor.ts";
import type { Bug } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { SESSIONS } from "./session.ts";
import { scheduleTrouble } from "./trouble.ts";
import { isQuiet, judge, type Evidence } from "./verdict.ts";
import { Workload } from "./workload.ts";

const POSTS = 70;
const LOAD_MS = 20_000;
const TROUBLE_MS = 30_000;
/** After the faults have stopped everything is at rest within this time, */
const REST_BY_MS = 240_000;
const LOOK_EVERY_MS = 5_000;
/** and stays so while the broker ends what still rests and two reconciliations look at it. */
const STAYS_MS = 25_000;
/** A budget that is used up comes back within this, and nobody looks before. */
const RATE_WINDOW_MS = 60_000;
/** What was written has reached the readers of the log this much later. */
const FEED_MS = 3_000;
const REVIVE_MS = 300;
/** Requests in a minute: plenty, or so few that orders have to wait for them. */
const [PLENTY, SCARCE] = [100_000, 130];
const BUDGETS = [PLENTY, PLENTY, SCARCE] as const;
/** Another stream of chance from the same seed. */
const OTHER_STREAM = 0x51ed_270b;
const BATCH_STREAM = 0x2545_f491;
/** The usual one, and those that fill up, so that the next is decided while one is committed. */
const BATCHES = [MAX_BATCH, MAX_BATCH, 4, 2];
const WORKERS = ["w1", "w2", "w3"] as const;

export interface RunOptions {
  readonly bug?: Bug | null;
  /** Keeps what happened, line by line. */
  readonly traced?: boolean;
}

export interface RunResult {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly steps: number;
  readonly trace: readonly string[];
  /** Two runs of one seed have the same. */
  readonly fingerprint: string;
}

export async function run(seed: number, options: RunOptions = {}): Promise<RunResult> {
  const trace: string[] = [];
  const deployment = createDeployment(seed, options, trace);
  const { scheduler, faults, database } = deployment;
  const workload = new Workload(deployment);
  const auditor = new Auditor(deployment);
  const evidence = { deployment, workload, auditor };
  const workers = WORKERS.map((name) => new SimWorker(name, deployment));
  const reviving = new Set<SimWorker>();
  const onStep = () => {
    auditor.look();
    revive(deployment, workers, reviving);
  };
  workload.schedule(POSTS, LOAD_MS);
  scheduleTrouble(deployment, { workload, workers, lastsMs: TROUBLE_MS });
  await scheduler.run(TROUBLE_MS, onStep);
  faults.heal();
  for (const worker of workers) worker.process.resume();
  if (database.trading.rows.some(({ state }) => state !== "active")) {
    workload.changeTradingState("active");
  }
  await rest(evidence, onStep);
  judge(evidence);
  for (const worker of workers) worker.kill();
  return {
    seed,
    problems: auditor.problems,
    counts: faults.counts,
    steps: scheduler.fired,
    trace,
    fingerprint: fingerprintOf(deployment),
  };
}

async function rest(evidence: Evidence, onStep: () => void): Promise<void> {
  const { scheduler } = evidence.deployment;
  while (scheduler.now < REST_BY_MS) {
    await scheduler.run(scheduler.now + LOOK_EVERY_MS, onStep);
    if (isQuiet(evidence)) break;
  }
  const isScarce = evidence.deployment.requestsPerMinute === SCARCE;
  const staysMs = STAYS_MS + (isScarce ? RATE_WINDOW_MS : 0);
  await scheduler.run(scheduler.now + staysMs, onStep);
  const written = evidence.deployment.database.head();
  await scheduler.run(scheduler.now + FEED_MS, onStep);
  evidence.auditor.checkFeeds(written);
}

function createDeployment(seed: number, options: RunOptions, trace: string[]): Deployment {
  const random = new Random(seed);
  const faults = Faults.some(random);
  if (options.traced === true) trace.push(`faults: ${faults.kinds.join(", ")}`);
  const variety = new Random(seed ^ OTHER_STREAM);
  return assemble({
    faults,
    variety,
    session: variety.pick(SESSIONS),
    isBrokerSlow: variety.chance(0.15),
    bugs: new Set(options.bug == null ? [] : [options.bug]),
    executionIds: random.pick(["same", "different", "none"] as const),
    requestsPerMinute: random.pick(BUDGETS),
    maxBatch: new Random(seed ^ BATCH_STREAM).pick(BATCHES),
    carriesFills: random.chance(0.3),
    ...(options.traced === true ? { trace: (line: string) => void trace.push(line) } : {}),
  });
}

/** What died is started again a little later, as a supervisor would. */
function revive(
  { scheduler }: Deployment,
  workers: readonly SimWorker[],
  reviving: Set<SimWorker>,
): void {
  for (const worker of workers) {
    if (worker.process.isAlive || reviving.has(worker)) continue;
    reviving.add(worker);
    scheduler.after(REVIVE_MS, () => {
      reviving.delete(worker);
      worker.reviveIfDead();
    });
  }
}

function fingerprintOf({ database, brokerWorld, scheduler }: Deployment): string {
  const logs = database.partitions.map((rows) =>
    rows.log.map(({ event, at }) => `${at}${event.type}`).join(),
  );
  const orders = [...brokerWorld.broker.orders.values()].map(
    ({ id, reference, status }) => `${id}${reference}${status}`,
  );
  return `${scheduler.fired}|${logs.join(";")}|${orders.join()}`;
}
