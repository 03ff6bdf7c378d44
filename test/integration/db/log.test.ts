// The log cannot be changed, its ranges are made ahead, and readers get all of it in order.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeEvent } from "../../../src/db/event-codec.ts";
import { accepted, cancelled, Desk, executed } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const one = await Desk.open(acceptedFirst(store.postgres), 0);
  const two = await Desk.open(acceptedFirst(store.postgres), 1);
  await one.commit(...one.placing(1), accepted(1));
  await two.commit(...two.placing(101), accepted(101), executed(101, "two"));
  // The clock jumps back: the order of the log is the order of the log.
  one.now -= 60_000;
  await one.commit(executed(1, "one"), cancelled(1));
});
afterAll(() => store.close());

describe("the log", () => {
  it("is append-only", async () => {
    const sql = store.postgres.queries;
    await expect(sql`UPDATE order_events SET actor = 'nobody'`).rejects.toThrow("append-only");
    await expect(sql`DELETE FROM order_events`).rejects.toThrow("append-only");
    await expect(sql`TRUNCATE order_events`).rejects.toThrow("append-only");
  });

  it("is read in order within each partition, however it is cut", async () => {
    const { feeds } = store.postgres;
    for (const limit of [1, 2, 3, 100]) {
      const cursor = new Map<number, number>();
      for (;;) {
        const events = await feeds.read(cursor, limit);
        if (events.length === 0) break;
        expect(events.length).toBeLessThanOrEqual(limit);
        for (const { partition, seq } of events) {
          expect(seq).toBe((cursor.get(partition) ?? 0) + 1);
          cursor.set(partition, seq);
        }
      }
      expect(cursor).toEqual(await feeds.head());
      expect(Object.fromEntries(cursor)).toEqual({ 0: 6, 1: 5 });
    }
  });

  it("keeps the place of each reader", async () => {
    const { feeds } = store.postgres;
    expect((await feeds.loadCursor("sse")).size).toBe(0);
    await feeds.saveCursor("sse", new Map([[0, 3]]));
    await feeds.saveCursor(
      "sse",
      new Map([
        [0, 4],
        [1, 2],
      ]),
    );
    expect(Object.fromEntries(await feeds.loadCursor("sse"))).toEqual({ 0: 4, 1: 2 });
    expect((await feeds.loadCursor("another")).size).toBe(0);
  });

  it("gives an event back as it was written", async () => {
    const [decided, placed] = await store.postgres.feeds.read(new Map(), 2);
    expect(decided?.event).toMatchObject({ type: "SignalDecided", number: 1, outcome: "ordered" });
    expect(
      placed?.event.type === "OrderPlaced" && placed.event.order.terms.limitPrice?.toString(),
    ).toBe("100");
    expect(placed).toMatchObject({ seq: 2, version: 1, actor: "test", correlationId: null });
  });

  it("gives a copy of the same events as the text of the log", async () => {
    const { feeds } = store.postgres;
    const [events, texts] = await Promise.all([
      feeds.read(new Map(), 100),
      feeds.readText(new Map(), 100),
    ]);
    expect(texts).toEqual(
      events.map(({ partition, seq, accountId, at, event }) => ({
        ...{ partition, seq, accountId, at, type: event.type, payload: encodeEvent(event) },
      })),
    );
  });
});

describe("ranges", () => {
  it("are made ahead, and only once", async () => {
    const sql = store.postgres.queries;
    const [first] = await sql`SELECT fillstream_make_ranges('2031-05-20', 1) AS made`;
    const [again] = await sql`SELECT fillstream_make_ranges('2031-05-20', 1) AS made`;
    expect(first?.["made"]).toBe(6);
    expect(again?.["made"]).toBe(0);
  });

  it("take over the rows that waited for them", async () => {
    const sql = store.postgres.queries;
    // The scenes are of January 2026, for which nobody made a range.
    const where = () => sql`
      SELECT DISTINCT tableoid::regclass::text AS name FROM executions ORDER BY name`;
    expect((await where()).map((row) => row["name"])).toEqual(["executions_default"]);
    await sql`SELECT fillstream_make_ranges('2026-01-10', 0)`;
    expect((await where()).map((row) => row["name"])).toEqual(["executions_2026_01"]);
  });

  it("of the log follow the furthest partition", async () => {
    const sql = store.postgres.queries;
    await sql`UPDATE partitions SET last_seq = 9000000 WHERE partition = 2`;
    await sql`SELECT fillstream_make_ranges()`;
    const [row] = await sql`SELECT to_regclass('order_events_00004') IS NOT NULL AS is_there`;
    expect(row?.["is_there"]).toBe(true);
  });

  it("of the log, and tables that are asked by their keys, are sampled little, those made later too", async () => {
    const sql = store.postgres.queries;
    await sql`UPDATE partitions SET last_seq = 20000000 WHERE partition = 2`;
    await sql`SELECT fillstream_make_ranges()`;
    const sampledMore = (tables: readonly string[]) => sql<{ name: string }[]>`
      SELECT DISTINCT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relname = ANY (${sql.array([...tables])}::text[]) AND a.attnum > 0
        AND coalesce(nullif(a.attstattarget, -1), 100) > 10 ORDER BY name`;
    const ranges = await sql<{ name: string }[]>`
      SELECT relid::regclass::text AS name FROM pg_partition_tree('order_events')`;
    const log = ranges.map(({ name }) => name);
    expect(log).toEqual(expect.arrayContaining(["order_events_default", "order_events_00006"]));
    const byKeys = [
      "broker_orders",
      "broker_references",
      "execution_identities",
      "idempotency_keys",
    ];
    expect(await sampledMore([...log, ...byKeys])).toEqual([]);
    expect(await sampledMore(["orders", "signals_default"])).toHaveLength(2);
    const told = await sql`
      SELECT attrelid FROM pg_attribute
      WHERE attrelid = ANY (${sql.array([...log])}::regclass[]) AND attname = 'order_id'
        AND attoptions @> '{n_distinct=-0.2}'`;
    expect(told).toHaveLength(log.length);
  });
});
