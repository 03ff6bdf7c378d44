// Many at once: acceptance without deadlock or gap, and a stop that nothing slips past.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresAcceptance } from "../../../src/db/accept.ts";
import { connect, type Sql } from "../../../src/db/client.ts";
import { GroupCommit } from "../../../src/db/group-commit.ts";
import { signalOf } from "../../contract/store-cases/acceptance.ts";
import { Desk, PARTITIONS } from "../../contract/store-cases/scene.ts";
import { realClock } from "../../support/real-clock.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

describe("acceptance by several processes", () => {
  it("meets the same keys in every order without a deadlock, and numbers without a gap", async () => {
    const processes: Sql[] = Array.from({ length: 4 }, (_, index) =>
      connect({ url: store.url, maxConnections: 1, name: `api ${index}` }),
    );
    let made = 0;
    const rounds = processes.map(async (sql, index) => {
      const acceptance = new PostgresAcceptance(sql);
      for (let round = 0; round < 15; round += 1) {
        const keys = Array.from({ length: 12 }, (_, key) => (key * (index + 1) * 5 + round) % 12);
        const batch = [...new Set(keys)].map((key) => {
          made += 1;
          return signalOf(1_000_000 + made, key % PARTITIONS, `round ${round} key ${key}`);
        });
        await acceptance.accept(batch);
      }
    });
    await Promise.all(rounds);
    const gaps = await store.postgres.queries`
      SELECT partition FROM signals GROUP BY partition
      HAVING count(*) <> max(number) OR count(DISTINCT number) <> count(*)`;
    expect([...gaps]).toEqual([]);
    await Promise.all(processes.map((sql) => sql.end()));
  });
});

describe("a group commit", () => {
  it("lets what waits share commits, and answers each in its own order", async () => {
    let commits = 0;
    const acceptance = new PostgresAcceptance(store.postgres.hot);
    const group = new GroupCommit(
      {
        accept(batch) {
          commits += 1;
          return acceptance.accept(batch);
        },
      },
      realClock,
    );
    const asked = Array.from({ length: 200 }, (_, n) => signalOf(2_000_000 + n, n % PARTITIONS));
    const answers = await Promise.all(asked.map((item) => group.accept([item])));
    expect(answers.map(([answer]) => answer?.id)).toEqual(asked.map(({ id }) => id));
    expect(commits).toBeLessThan(10);
    expect(group.waiting).toBe(0);
  });

  it("fails only the request that the database refuses", async () => {
    const group = new GroupCommit(new PostgresAcceptance(store.postgres.hot), realClock);
    const good = signalOf(3_000_000);
    const bad = { ...signalOf(3_000_001), body: "{ not json" };
    const other = signalOf(3_000_002);
    const results = await Promise.allSettled(
      [good, bad, other].map((item) => group.accept([item])),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("refuses at the door what would wait too long", async () => {
    const group = new GroupCommit(new PostgresAcceptance(store.postgres.hot), realClock, 2);
    const first = group.accept([signalOf(4_000_000), signalOf(4_000_001)]);
    await expect(group.accept([signalOf(4_000_002)])).rejects.toThrow("are waiting");
    await expect(first).resolves.toHaveLength(2);
  });
});

describe("a stop", () => {
  it("is a stop: no intent commits after it with a version from before", async () => {
    const { queries } = store.postgres;
    const worker = acceptedFirst(store.postgres);
    const desks = await Promise.all([0, 1, 2, 3].map((partition) => Desk.open(worker, partition)));
    const { version } = await worker.tradingStates();
    let stoppedAt = Number.POSITIVE_INFINITY;
    const stop = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await queries`UPDATE configs SET value = 'halted' WHERE key = 'trading_state'`;
      stoppedAt = performance.now();
    };
    const send = async (desk: Desk) => {
      for (let n = 1; ; n += 1) {
        const asked = performance.now();
        const id = desk.partition * 100_000 + 5_000_000 + n;
        const [result] = await worker.commit([desk.part(desk.placing(id), version)]);
        if (result?.result === "stopped") return asked;
        // Whoever asked after the stop was committed must have been told.
        expect(asked).toBeLessThan(stoppedAt);
      }
    };
    const [, ...told] = await Promise.all([stop(), ...desks.map(send)]);
    expect(told).toHaveLength(4);
  });
});

describe("a lost answer", () => {
  it("of an acceptance is settled by looking: accepted once, and said so", async () => {
    const sql = connect({ url: store.url, maxConnections: 1, name: "victim" });
    const acceptance = new PostgresAcceptance(sql);
    // The backend ends while the batch waits for a lock, so its connection breaks in mid-flight.
    const blocker = connect({ url: store.url, maxConnections: 1, name: "blocker" });
    const release = await new Promise<() => void>((resolve) => {
      void blocker.begin(async (transaction) => {
        await transaction`SELECT FROM acceptance_counters WHERE partition = 0 FOR UPDATE`;
        await new Promise<void>((done) => resolve(done));
      });
    });
    const answer = acceptance.accept([signalOf(6_000_000, 0, "lost")]);
    await waitFor(async () => {
      const rows = await store.postgres.queries`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'victim' AND wait_event_type = 'Lock'`;
      return rows.length > 0;
    });
    release();
    expect((await answer)[0]).toMatchObject({ result: "accepted" });
    const stored = await store.postgres.queries`
      SELECT count(*)::int AS count FROM idempotency_keys WHERE key = 'lost'`;
    expect(stored[0]?.["count"]).toBe(1);
    await Promise.all([sql.end(), blocker.end()]);
  });
});

async function waitFor(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 10));
}
