import { describe, expect, test } from "vitest";
import { EMPTY_DRAFT, isComplete, requestOf } from "../../../src/dashboard/state/draft.ts";

describe("an order as it is written", () => {
  test("what was left empty, and what its type does not take, is left out", () => {
    const draft = { ...EMPTY_DRAFT, symbol: "AAPL", amount: " 5 ", limit: "200", trail: "1" };
    expect(requestOf(draft)).toEqual({ symbol: "AAPL", side: "buy", qty: "5", type: "market" });
    expect(requestOf({ ...draft, type: "limit", unit: "notional" })).toEqual({
      symbol: "AAPL",
      side: "buy",
      notional: "5",
      type: "limit",
      limit_price: "200",
    });
  });

  test("it is complete once its type has what it takes", () => {
    const draft = { ...EMPTY_DRAFT, symbol: "AAPL", amount: "5", type: "stop_limit" } as const;
    expect(isComplete({ ...draft, stop: "210" })).toBe(false);
    expect(isComplete({ ...draft, stop: "210", limit: "211" })).toBe(true);
  });
});
