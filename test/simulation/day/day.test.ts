// The day in fast-forward, small enough for every run; `main.ts` beside it lives through the whole.
import { describe, expect, it } from "vitest";
import { liveThroughDay } from "./day.ts";
import { FAULT_KINDS } from "./trouble.ts";

describe("a trading day with faults on", () => {
  it("ends with books that agree to the last decimal, and agreed after every reconnect", async () => {
    const day = await liveThroughDay({ seed: 1, requests: 1_500, activityIds: "different" });
    expect(day.problems).toEqual([]);
    expect(day.comparisons).toBe(15);
    // All day long the fills explained the exchange's cash.
    expect(day.counts.get("alarm cash_difference")).toBeUndefined();
    expect(day.orders).toBeGreaterThan(1_000);
    expect(day.executions).toBeGreaterThan(800);
    const struck = FAULT_KINDS.filter((kind) => (day.faults.get(kind) ?? 0) > 0);
    expect(struck).toEqual(FAULT_KINDS);
    const kinds = new Set([...day.kinds.keys()].flatMap((kind) => kind.split(" ")));
    expect(kinds).toEqual(new Set([...CLASSES, ...TYPES, ...TIMES_IN_FORCE]));
  }, 300_000);

  it("is the same day for the same seed", async () => {
    const options = { seed: 2, requests: 1_500, activityIds: "same", stretches: 3 } as const;
    const first = await liveThroughDay(options);
    expect(first.problems).toEqual([]);
    expect((await liveThroughDay(options)).fingerprint).toBe(first.fingerprint);
  }, 300_000);

  it("leaves nothing different where fills have no ids, and replacements begin with the old fills", async () => {
    const day = await liveThroughDay({
      ...{ seed: 3, requests: 3_000, stretches: 4 },
      activityIds: "none",
      replaceCarriesFills: true,
    });
    expect(day.problems).toEqual([]);
  }, 300_000);
});

const CLASSES = ["simple", "bracket", "oto", "oco"];
const TYPES = ["market", "limit", "stop", "stop_limit", "trailing_stop"];
const TIMES_IN_FORCE = ["day", "gtc", "ioc", "fok", "opg", "cls"];
