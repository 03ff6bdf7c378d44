// A partition whose book cannot be read when it is taken: it is faulted and let go, once, and the others
// are served. A record that is away for a moment is waited for.
import { describe, expect, it } from "vitest";
import { partitionOf } from "../../src/domain/partition.ts";
import { StoreUnavailable } from "../../src/ports/store.ts";
import { assemble } from "./assemble.ts";
import { NO_BUGS } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { ACCOUNTS, PARTITIONS } from "./world.ts";

const [ACCOUNT] = ACCOUNTS;
if (ACCOUNT === undefined) throw new Error("an empty world");
const BROKEN = partitionOf(ACCOUNT.id, PARTITIONS);

function calm(): Deployment {
  const faults = Faults.none(new Random(1));
  return assemble({ faults, bugs: NO_BUGS, executionIds: "same", requestsPerMinute: 100_000 });
}

/** How often the book of the partition is asked for; `fails` says how each time. */
function loadsOf({ database }: Deployment, fails: (attempt: number) => Error | null) {
  const load = database.loadBook.bind(database);
  const loads = { count: 0 };
  database.loadBook = (partition) => {
    if (partition !== BROKEN) return load(partition);
    loads.count += 1;
    const failure = fails(loads.count);
    if (failure !== null) throw failure;
    return load(partition);
  };
  return loads;
}

const servedBy = (worker: SimWorker) =>
  worker.engine?.status().partitions.map(({ partition }) => partition) ?? [];
const others = Array.from({ length: PARTITIONS }, (_, index) => index).filter(
  (partition) => partition !== BROKEN,
);

describe("a partition whose book cannot be read when it is taken", () => {
  it("is faulted, and the others are served", async () => {
    const deployment = calm();
    const loads = loadsOf(deployment, () => new TypeError("a row that cannot be read"));
    const worker = new SimWorker("w1", deployment);
    await deployment.scheduler.run(60_000, () => undefined);
    expect(deployment.database.rows(BROKEN).fault).toBe("the book cannot be loaded");
    expect(loads.count).toBe(1);
    expect(servedBy(worker).toSorted((a, b) => a - b)).toEqual(others);
    worker.kill();
  });

  it("is not let go before its fault is marked", async () => {
    const deployment = calm();
    const { database, scheduler } = deployment;
    const loads = loadsOf(deployment, () => new TypeError("a row that cannot be read"));
    const setFault = database.setFault.bind(database);
    let attempts = 0;
    database.setFault = (holder, reason) => {
      attempts += 1;
      if (attempts < 5) throw new StoreUnavailable("the connection was lost");
      setFault(holder, reason);
    };
    const worker = new SimWorker("w1", deployment);
    await scheduler.run(60_000, () => undefined);
    expect(database.rows(BROKEN).fault).not.toBeNull();
    expect(loads.count).toBe(1);
    worker.kill();
  });

  it("is served as soon as a record that was away answers", async () => {
    const deployment = calm();
    const loads = loadsOf(deployment, (attempt) =>
      attempt < 6 ? new StoreUnavailable("the connection was lost") : null,
    );
    const worker = new SimWorker("w1", deployment);
    await deployment.scheduler.run(10_000, () => undefined);
    expect(loads.count).toBe(6);
    expect(servedBy(worker)).toContain(BROKEN);
    expect(deployment.database.rows(BROKEN).fault).toBeNull();
    worker.kill();
  });

  it("is faulted too when its past cannot be settled", async () => {
    const deployment = calm();
    const { database } = deployment;
    const open = database.openBook.bind(database);
    database.openBook = (partition) => {
      const book = open(partition);
      if (partition !== BROKEN) return book;
      for (const account of book.accounts.values()) {
        Object.defineProperty(account, "open", {
          get: () => {
            throw new TypeError("a book that contradicts itself");
          },
        });
      }
      return book;
    };
    const worker = new SimWorker("w1", deployment);
    await deployment.scheduler.run(20_000, () => undefined);
    expect(database.rows(BROKEN).fault).toBe("the partition's book is broken");
    expect(servedBy(worker).toSorted((a, b) => a - b)).toEqual(others);
    worker.kill();
  });
});
