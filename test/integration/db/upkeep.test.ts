// What keeps the record small and goes on after a fault: old keys and gone workers are taken away, a
// partition that a person resumes is taken again, and the trail says who did it.
import { afterAll, beforeAll, expect, it } from "vitest";
import { savePortfolioSnapshots, takeAwayOld } from "../../../src/db/maintenance.ts";
import { postgresOperations } from "../../../src/db/queries/postgres-operations.ts";
import { presenceOf } from "../../../src/ports/store.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { ACCOUNTS, INSTRUMENTS } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";

const DAY_MS = 24 * 60 * 60_000;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

it("keys older than a month go, younger ones stay", async () => {
  const sql = store.postgres.queries;
  await sql`INSERT INTO idempotency_keys (scope, key, lane, id, fingerprint, created_at)
    SELECT 'bots', 'key ' || days, 'signals', gen_random_uuid(), '', now() - days * interval '1 day'
    FROM unnest(ARRAY[1, 29, 31, 400]) AS days`;
  expect(await takeAwayOld(sql)).toBe(false);
  const kept = await sql<{ key: string }[]>`SELECT key FROM idempotency_keys ORDER BY key`;
  expect(kept.map(({ key }) => key)).toEqual(["key 1", "key 29"]);
});

it("the young ones are not read to find the old ones", async () => {
  const sql = store.postgres.queries;
  await sql`INSERT INTO idempotency_keys (scope, key, lane, id, fingerprint, created_at)
    SELECT 'bots', 'many ' || number, 'signals', gen_random_uuid(), '',
      now() - CASE WHEN number <= 100 THEN interval '60 days' ELSE interval '1 hour' END
    FROM generate_series(1, 30000) AS number`;
  await sql`ANALYZE idempotency_keys`;
  const read = async (): Promise<number> => {
    await sql`SELECT pg_stat_force_next_flush()`;
    const [row] = await sql<{ read: number }[]>`
      SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_user_tables
      WHERE relname = 'idempotency_keys'`;
    return row?.read ?? Number.NaN;
  };
  const before = await read();
  expect(await takeAwayOld(sql)).toBe(false);
  expect((await read()) - before).toBeLessThan(1_000);
  const [left] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM idempotency_keys WHERE key LIKE 'many %'`;
  expect(left?.count).toBe(29_900);
});

it("workers that are gone are forgotten; living ones and the epochs of partitions stay", async () => {
  const { queries: sql, leases } = store.postgres;
  const [gone] = await leases.take([presenceOf("gone")], "gone", 1);
  await leases.release(gone === undefined ? [] : [gone], "gone");
  await leases.take([presenceOf("here")], "here", 1);
  const [partition] = await leases.take(["p0"], "gone", 1);
  await leases.release(partition === undefined ? [] : [partition], "gone");
  await takeAwayOld(sql);
  const names = await sql<{ name: string }[]>`SELECT name FROM leases ORDER BY name`;
  expect(names.map(({ name }) => name)).toEqual(["p0", presenceOf("here")]);
});

it("a clock that is set to another day has its own age of prices, skew and minutes of the curve", async () => {
  const sql = store.postgres.queries;
  const [account] = ACCOUNTS;
  const [instrument] = INSTRUMENTS;
  if (account === undefined || instrument === undefined) throw new Error("an empty scene");
  const aheadMs = -150 * DAY_MS;
  const now = Date.now() + aheadMs;
  await store.postgres.marks.saveMarks([
    { instrumentId: instrument.id, bid: null, ask: null, last: Decimal.of("10"), at: now },
  ]);
  const { at, newest_price_ms: age } = await postgresOperations(
    store.postgres,
    aheadMs,
  ).houseStatus();
  expect(Math.abs(at.getTime() - now)).toBeLessThan(DAY_MS);
  expect(Math.abs(age ?? Infinity)).toBeLessThan(DAY_MS);

  await sql`INSERT INTO account_states (account_id, partition, equity, observed_at,
      reference_counter, updated_at)
    VALUES (${account.id}, 0, 100, fillstream_at(${now}), 0, fillstream_at(${now}))`;
  await savePortfolioSnapshots(sql, now);
  const rows = await sql<{ at: Date }[]>`SELECT at FROM portfolio_snapshots`;
  expect(rows.map((row) => row.at.getTime())).toEqual([now - (now % 60_000)]);
});

it("a partition with a fault is taken again once a person resumes it, and the trail tells", async () => {
  const { leases, worker } = store.postgres;
  const operations = postgresOperations(store.postgres, 0);
  const resumed = { partition: 1, reason: "the book was compared with the broker", actor: "ada" };
  const resume = async () =>
    (await operations.resumePartition({ ...resumed, named: null })).outcome;
  expect(await resume()).toBe(false);
  const [lease] = await leases.take(["p1"], "one", 1);
  if (lease === undefined) throw new Error("p1 is free");
  await worker.setPartitionFault({ partition: 1, epoch: lease.epoch }, "its book is broken");
  await leases.release([lease], "one");
  expect(await leases.take(["p1"], "two", 1)).toEqual([]);

  expect(await resume()).toBe(true);
  expect(await leases.take(["p1"], "two", 1)).toHaveLength(1);
  const [entry] = await operations.auditEntries({ limit: 1, before: null });
  expect(entry).toMatchObject({
    actor: "ada",
    action: "partition_resumed",
    subject: "1",
    detail: { fault: "its book is broken", reason: resumed.reason },
  });
});
