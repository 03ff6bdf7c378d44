import { describe, expect, test } from "vitest";
import type { Order } from "../../../src/dashboard/api/answers.ts";
import { latencies } from "../../../src/dashboard/state/latency.ts";

describe("latency by stage", () => {
  const at = (ms: number): string => new Date(1_700_000_000_000 + ms).toISOString();
  const quick = (ms: number): Order =>
    // Only what the function under test reads.
    ({
      hold: null,
      type: "market",
      status: "filled",
      received_at: at(0),
      placed_at: at(1),
      submitted_at: at(2),
      accepted_at: at(ms),
      closed_at: at(ms),
    }) as Order;

  test("percentiles are of the orders that went through at once", () => {
    const rows = Array.from({ length: 100 }, (_, index) => quick(index + 3));
    const resting = { ...quick(60_000), type: "limit" } as Order;
    const [decided, , , filled] = latencies([...rows, resting]);
    expect(decided).toMatchObject({ count: 100, p50: 1, p99: 1 });
    expect(filled).toMatchObject({ count: 100, p50: 52, p95: 97, p99: 101 });
  });

  test("without orders there is nothing to say", () => {
    expect(latencies([]).every(({ count }) => count === 0)).toBe(true);
  });
});
