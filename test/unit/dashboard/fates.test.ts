import { describe, expect, test } from "vitest";
import type { Order } from "../../../src/dashboard/api/answers.ts";
import { isBetween, isSettled, sortOut } from "../../../src/dashboard/state/fates.ts";

/** Only what the functions under test read. */
function order(parts: Partial<Order>): Order {
  const usual = { status: "accepted", pending_action: null, unresolved: null, hold: null };
  return { ...usual, ...parts } as Order;
}

describe("what became of orders after a stop", () => {
  test("a cancel that was asked for is not one that happened", () => {
    expect(isBetween(order({ pending_action: "cancel" }))).toBe(true);
    expect(isBetween(order({ status: "submitted" }))).toBe(true);
    expect(isBetween(order({ status: "cancelled" }))).toBe(false);
  });

  test("nothing is settled before the worker has answered the stop itself", () => {
    const resting = [order({})];
    expect(isSettled([{ result: null }], resting)).toBe(false);
    expect(isSettled([{ result: "done" }, { result: null }], resting)).toBe(false);
    expect(isSettled([{ result: "done" }, { result: "refused" }], resting)).toBe(true);
    expect(isSettled([{ result: "done" }], [order({ pending_action: "cancel" })])).toBe(false);
  });

  test("an order of unknown fate is still on its way", () => {
    const unresolved = { action: "submit", since: "", cause: "timeout", lookups: 1 } as const;
    expect(isBetween(order({ unresolved }))).toBe(true);
  });

  test("each order counts once, under what really became of it", () => {
    const orders = [
      order({ status: "cancelled" }),
      order({ status: "filled" }),
      order({ status: "partially_filled" }),
      order({ status: "pending", hold: "market_closed" }),
      order({ status: "expired" }),
      order({ pending_action: "cancel" }),
    ];
    const fates = sortOut(orders);
    const counts = Object.entries(fates).map(([name, { length }]) => [name, length]);
    expect(Object.fromEntries(counts)).toEqual({
      cancelled: 1,
      filled: 1,
      between: 1,
      open: 2,
      other: 1,
    });
  });
});
