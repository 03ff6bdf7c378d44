import { describe, expect, it } from "vitest";
import { readPages } from "../../../src/brokers/alpaca/paging.ts";
import { budgetOf, laterBudget, retryAt } from "../../../src/brokers/alpaca/rate-budget.ts";

const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(from + index) }));
const listOf = (total: number, size: number) => async (afterId: string | null) => {
  const from = afterId === null ? 0 : Number(afterId) + 1;
  return items(from, Math.min(size, total - from));
};

describe("a list in pages", () => {
  it.each([0, 1, 499, 500, 501, 1000, 1234])("of %i entries is read whole", async (total) => {
    const read = await readPages({ size: 500, read: listOf(total, 500) });
    expect(read.map((item) => item.id)).toEqual(items(0, total).map((item) => item.id));
  });

  it("whose cursor is ignored is a fault, not a loop", async () => {
    const first = async () => items(0, 500);
    await expect(readPages({ size: 500, read: first })).rejects.toThrow("repeat");
  });

  it("gives an entry that moved between two pages once", async () => {
    const pages = [items(0, 2), items(1, 2), items(3, 1)];
    const read = await readPages({ size: 2, read: async () => pages.shift() ?? [] });
    expect(read.map((item) => item.id)).toEqual(["0", "1", "2", "3"]);
  });
});

describe("the rate budget", () => {
  const headers = (limit: string, remaining: string, reset: string) => ({
    "x-ratelimit-limit": limit,
    "x-ratelimit-remaining": remaining,
    "x-ratelimit-reset": reset,
  });

  it("is read from the headers, in seconds", () => {
    expect(budgetOf(headers("200", "199", "1700000060"))).toEqual({
      limit: 200,
      remaining: 199,
      resetAt: 1_700_000_060_000,
    });
  });

  it("is not known without all three", () => {
    expect(budgetOf({})).toBeNull();
    expect(budgetOf(headers("200", "-1", "1700000060"))).toBeNull();
    expect(budgetOf(headers("200", "10", "soon"))).toBeNull();
  });

  it("an answer that was overtaken does not give requests back", () => {
    const now = { limit: 200, remaining: 10, resetAt: 60_000 };
    const earlier = { ...now, remaining: 12 };
    const nextWindow = { ...now, remaining: 200, resetAt: 120_000 };
    expect(laterBudget(now, earlier)).toBe(now);
    expect(laterBudget(now, nextWindow)).toBe(nextWindow);
    expect(laterBudget(nextWindow, now)).toBe(nextWindow);
  });

  it("a refused request waits for the reset, within reason", () => {
    const at = (resetAt: number) => retryAt({ limit: 200, remaining: 0, resetAt }, 1_000);
    expect(at(21_000)).toBe(21_000);
    expect(at(1_001)).toBe(1_250);
    expect(at(10_000_000)).toBe(61_000);
    expect(at(500)).toBe(4_000);
    expect(retryAt(null, 1_000)).toBe(4_000);
  });
});
