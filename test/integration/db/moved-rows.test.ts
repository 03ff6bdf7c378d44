// A visit of Prometheus reads what moved since the one before, however long the past is.
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresMetrics } from "../../../src/db/queries/metrics.ts";
import type { MetricsCursor } from "../../../src/ports/metrics.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { writeHistory, writeLog } from "./many-rows.ts";
import { rowsMet } from "./rows-met.ts";

const COUNT = 40_000;
const MOVED = 50;
/** An order and its signal each have a number, and two events in the log. */
const at = (order: number): MetricsCursor => new Map([[0, { number: order, seq: 2 * order + 1 }]]);

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  await writeHistory(store.postgres.queries, COUNT);
  await writeLog(store.postgres.queries);
});
afterAll(() => store.close());

it("of decisions, signals, orders and the log", async () => {
  const { found, met } = await rowsMet(
    store.postgres.queries,
    "^(signals|decisions|orders|order_events)",
    async (sql) => postgresMetrics(sql).movement(at(COUNT - MOVED), at(COUNT)),
  );
  expect(found.decisions).toEqual([{ outcome: "ordered", code: "none", count: MOVED }]);
  const counts = new Map(found.stages.map(({ stage, count }) => [stage, count]));
  expect(counts.get("decide")).toBe(MOVED);
  expect(counts.get("received_to_filled")).toBe(MOVED);
  // The decisions twice, their signals, the events, and the order of each that counts.
  expect(met).toBeLessThanOrEqual(6 * MOVED);
});
