import { describe, expect, test } from "vitest";
import { presenceOf, type Lease, type LeaseStore } from "../../../src/ports/store.ts";
import { LeaseKeeper } from "../../../src/worker/lease-keeper.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const PARTITIONS = ["p0", "p1", "p2", "p3"];
const JOBS = ["prices", "retention", "webhooks", "alarms"];

/** Leases that end only when they are let go: nobody dies here. */
class LeaseTable implements LeaseStore {
  readonly #owners = new Map<string, string>();

  heldBy(owner: string, names: readonly string[]): readonly string[] {
    return names.filter((name) => this.#owners.get(name) === owner);
  }

  take(names: readonly string[], owner: string, count: number): Promise<readonly Lease[]> {
    const free = names.filter((name) => !this.#owners.has(name)).slice(0, count);
    for (const name of free) this.#owners.set(name, owner);
    return Promise.resolve(free.map((name) => ({ name, epoch: 1, until: Infinity })));
  }

  renew(leases: readonly Lease[]): Promise<readonly Lease[]> {
    return Promise.resolve(leases);
  }

  release(leases: readonly Lease[]): Promise<void> {
    for (const { name } of leases) this.#owners.delete(name);
    return Promise.resolve();
  }

  owners(): Promise<ReadonlyMap<string, number>> {
    const present = [...this.#owners.values()].filter(
      (owner) => this.#owners.get(presenceOf(owner)) === owner,
    );
    return Promise.resolve(
      new Map(present.map((owner) => [owner, present.filter((each) => each === owner).length])),
    );
  }
}

function keeperOf(owner: string, store: LeaseTable, clock: ManualClock): LeaseKeeper {
  const keeper: LeaseKeeper = new LeaseKeeper({
    ...{ store, clock, owner, kinds: [PARTITIONS, JOBS] },
    handler: {
      onGained: () => undefined,
      onLost: () => undefined,
      onSurplus: ({ name }) => void keeper.release([name]),
      onError: (error) => {
        throw error;
      },
    },
  });
  return keeper;
}

describe("lease keepers", () => {
  test("share partitions and jobs apart: one that had all of both keeps half of each", async () => {
    const table = new LeaseTable();
    const clock = new ManualClock();
    const first = keeperOf("first", table, clock);
    const second = keeperOf("second", table, clock);
    first.start();
    await clock.advance(5_000);
    expect(table.heldBy("first", [...PARTITIONS, ...JOBS])).toHaveLength(8);
    second.start();
    await clock.advance(5_000);
    for (const owner of ["first", "second"]) {
      expect(table.heldBy(owner, PARTITIONS)).toHaveLength(2);
      expect(table.heldBy(owner, JOBS)).toHaveLength(2);
    }
    await Promise.all([first.stop(), second.stop()]);
  });

  test("a newcomer that leaves gives everything back to who stays", async () => {
    const table = new LeaseTable();
    const clock = new ManualClock();
    const first = keeperOf("first", table, clock);
    const second = keeperOf("second", table, clock);
    for (const keeper of [first, second]) keeper.start();
    await clock.advance(5_000);
    await second.stop();
    await second.release([...PARTITIONS, ...JOBS]);
    await clock.advance(5_000);
    expect(table.heldBy("first", [...PARTITIONS, ...JOBS])).toHaveLength(8);
    await first.stop();
  });

  test("a lease that was lost and taken again gives no time to who worked under the first", async () => {
    const clock = new ManualClock();
    let epoch = 0;
    const store: LeaseStore = {
      take: async (names, _owner, count) => {
        epoch += 1;
        const until = clock.monotonic() + 6_000;
        return names.slice(0, count).map((name) => ({ name, epoch, until }));
      },
      renew: async () => [],
      release: async () => undefined,
      owners: async () => new Map(),
    };
    const gained: Lease[] = [];
    const keeper = new LeaseKeeper({
      ...{ store, clock, owner: "one", kinds: [["p0"]] },
      handler: {
        onGained: (lease) => gained.push(lease),
        onLost: () => undefined,
        onSurplus: () => undefined,
        onError: () => undefined,
      },
    });
    keeper.start();
    await clock.advance(2_500);
    const [first, second] = gained;
    if (first === undefined || second === undefined) throw new Error("taken once only");
    expect(keeper.remainingMs("p0", first.epoch)).toBe(Number.NEGATIVE_INFINITY);
    expect(keeper.remainingMs("p0", second.epoch)).toBeGreaterThan(0);
    await keeper.stop();
  });

  test("leases run out here although the round that should renew them gets no answer", async () => {
    const clock = new ManualClock();
    const lost: string[] = [];
    const store: LeaseStore = {
      take: async (names, _owner, count) =>
        names.slice(0, count).map((name) => ({ name, epoch: 1, until: clock.monotonic() + 6_000 })),
      renew: () => new Promise(() => undefined),
      release: async () => undefined,
      owners: async () => new Map(),
    };
    const keeper = new LeaseKeeper({
      ...{ store, clock, owner: "one", kinds: [["p0"]] },
      handler: {
        onGained: () => undefined,
        onLost: ({ name }) => lost.push(name),
        onSurplus: () => undefined,
        onError: () => undefined,
      },
    });
    keeper.start();
    await clock.advance(5_000);
    expect(lost).toEqual([]);
    await clock.advance(2_000);
    expect(lost).toEqual(["p0"]);
    void keeper.stop();
  });
});
