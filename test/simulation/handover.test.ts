// A rolling restart under steady load, and a new account in a partition of others: nothing is lost, and no
// partition stands still for a second. The virtual clock knows how long each signal waited, whatever the
// machine is doing.
import { describe, expect, it } from "vitest";
import type { Account } from "../../src/domain/book.ts";
import { asId, type AccountId } from "../../src/domain/ids.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import { BrokerRefusesCredentials, BrokerUnavailable } from "../../src/ports/broker.ts";
import { assemble } from "./assemble.ts";
import { NO_BUGS } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { Workload } from "./workload.ts";
import { ACCOUNTS, PARTITIONS } from "./world.ts";

const SETTLED_MS = 15_000;
const LOAD_MS = 14_000;
const POSTS = 400;
/** Between two restarts, as a deployment waits for the new one to be ready. */
const APART_MS = 4_000;
const LONGEST_PAUSE_MS = 1_000;

function calmDeployment(seed: number, accounts: readonly Account[] = ACCOUNTS): Deployment {
  const faults = Faults.none(new Random(seed));
  const conditions = { faults, bugs: NO_BUGS, executionIds: "same", accounts } as const;
  return assemble({ ...conditions, requestsPerMinute: 100_000 });
}

/** Nobody has ever reached this one's broker. It shares a partition with the first account. */
const [NEIGHBOUR] = ACCOUNTS as [Account];
const STRANGER: Account = { ...NEIGHBOUR, id: asId<AccountId>("silent") };

function withStranger(failure: Error): Deployment {
  const deployment = calmDeployment(1, [...ACCOUNTS, STRANGER]);
  deployment.brokerWorld.failsFor = (id) => (id === STRANGER.id ? failure : null);
  return deployment;
}

/** When each signal was decided, by the deployment's one clock. */
function decisionsOf({ database }: Deployment): Map<string, number> {
  const decided = new Map<string, number>();
  for (const { event, at } of database.partitions.flatMap(({ log }) => log)) {
    if (event.type === "SignalDecided") decided.set(event.signalId, at);
  }
  return decided;
}

function waitsOf(deployment: Deployment, { accepted }: Workload): number[] {
  const decided = decisionsOf(deployment);
  return accepted.map(({ signal }) => {
    const at = decided.get(signal.id);
    return at === undefined ? Number.POSITIVE_INFINITY : at - signal.receivedAt;
  });
}

/** Two workers are restarted one after the other, under load. */
async function restartUnderLoad(deployment: Deployment): Promise<number[]> {
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
  for (const worker of workers) worker.kill();
  return waitsOf(deployment, workload);
}

/** How long the stranger's signal waited, and the neighbour's behind it. */
async function waitsBehindStranger(failure: Error): Promise<number[]> {
  const deployment = withStranger(failure);
  const { scheduler } = deployment;
  const workload = new Workload(deployment);
  for (const [at, id] of [STRANGER.id, NEIGHBOUR.id].entries()) {
    scheduler.at(100 * at, () => void workload.post(id));
  }
  const worker = new SimWorker("w1", deployment);
  await scheduler.run(SETTLED_MS, () => undefined);
  worker.kill();
  return waitsOf(deployment, workload);
}

describe("a rolling restart", () => {
  it.each([1, 2, 3])("pauses no partition for a second (seed %i)", async (seed) => {
    const waits = await restartUnderLoad(calmDeployment(seed));
    expect(waits.length).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThan(LONGEST_PAUSE_MS);
  });

  it("nor when a neighbour's broker was never reached", async () => {
    expect(partitionOf(STRANGER.id, PARTITIONS)).toBe(partitionOf(NEIGHBOUR.id, PARTITIONS));
    const waits = await restartUnderLoad(withStranger(new BrokerUnavailable("nobody answers")));
    expect(waits.length).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThan(LONGEST_PAUSE_MS);
  });
});

describe("a signal of an account that was never reached", () => {
  it("waits for the first contact, those behind it keep their order, and its time ends", async () => {
    const waits = await waitsBehindStranger(new BrokerUnavailable("nobody answers"));
    expect(waits.map((wait) => Math.round(wait / 1_000))).toEqual([10, 10]);
  });

  it("waits no longer once the broker has refused the account's keys", async () => {
    const waits = await waitsBehindStranger(new BrokerRefusesCredentials("wrong keys"));
    expect(waits).toHaveLength(2);
    expect(Math.max(...waits)).toBeLessThan(LONGEST_PAUSE_MS);
  });
});

describe("a worker that is stopped", () => {
  it("serves nothing afterwards, at whatever moment of its start it was told to", async () => {
    const left: number[] = [];
    let whileLoading = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const at = 1 + (seed % 40);
      const deployment = calmDeployment(seed);
      const { scheduler } = deployment;
      const worker = new SimWorker("w1", deployment);
      await scheduler.run(at, () => undefined);
      const { engine } = worker;
      if (engine === null) continue;
      if (engine.status().partitions.length < PARTITIONS) whileLoading += 1;
      void engine.stop();
      await scheduler.run(at + 1_000, () => undefined);
      if (engine.status().partitions.length > 0) left.push(seed);
      worker.kill();
    }
    expect(whileLoading).toBeGreaterThan(10);
    expect(left).toEqual([]);
  });
});

/** Orders of one account and symbol, as they were decided and as they came to the broker. */
function outOfTurn({ database, brokerWorld }: Deployment): string[] {
  const arrived = [...brokerWorld.broker.orders.values()].map(({ reference }) => reference);
  const decided = new Map<string, string[]>();
  for (const { event } of database.partitions.flatMap(({ log }) => log)) {
    if (event.type !== "OrderPlaced" || event.order.waitsFor.length > 0) continue;
    const { accountId, instrumentId, id } = event.order;
    const symbol = `${accountId} ${instrumentId}`;
    decided.set(symbol, [...(decided.get(symbol) ?? []), id]);
  }
  return [...decided].flatMap(([symbol, ids]) => {
    const places = ids.map((id) => arrived.findIndex((reference) => reference.startsWith(id)));
    const came = places.filter((place) => place >= 0);
    return came.join() === came.toSorted((a, b) => a - b).join() ? [] : [symbol];
  });
}

describe("a worker that dies right after its intent was committed", () => {
  it("leaves an order that comes to the broker before those decided behind it", async () => {
    const wrong: string[] = [];
    let resent = 0;
    for (let seed = 1; seed <= 30; seed += 1) {
      const deployment = calmDeployment(seed);
      const { scheduler, database } = deployment;
      const first = new SimWorker("w1", deployment);
      await scheduler.run(SETTLED_MS, () => undefined);
      const commit = database.commit.bind(database);
      let isArmed = true;
      database.commit = (parts) => {
        const result = commit(parts);
        const isIntent = parts.some(({ events }) =>
          events.some(({ event }) => event.type === "OrderSubmitted"),
        );
        if (isArmed && isIntent) first.kill();
        if (isIntent) isArmed = false;
        return result;
      };
      const workload = new Workload(deployment);
      workload.schedule(60, SETTLED_MS + 10_000);
      const second = new SimWorker("w2", deployment);
      await scheduler.run(SETTLED_MS + 40_000, () => undefined);
      wrong.push(...outOfTurn(deployment).map((symbol) => `seed ${seed}: ${symbol}`));
      if (!isArmed) resent += 1;
      second.kill();
    }
    expect(resent).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});
