import { describe, expect, test } from "vitest";
import { Circuit } from "../../../src/worker/circuit.ts";
import { RateBudget } from "../../../src/worker/rate-budget.ts";

describe("the rate budget", () => {
  test("keeps a tenth back from orders, for cancels and lookups", () => {
    const budget = new RateBudget(200, 0);
    expect(budget.forOrders(0)).toBe(180);
    budget.take(180, 0);
    expect(budget.forOrders(0)).toBe(0);
    expect(budget.forUrgent(0)).toBe(20);
  });

  test("keeps half of that back from lists, and half of the rest from lookups, for cancels alone", () => {
    const budget = new RateBudget(200, 0);
    expect(budget.forReads(0)).toBe(190);
    budget.take(189, 0);
    expect(budget.forReads(0)).toBe(1);
    budget.take(1, 0);
    expect([budget.forReads(0), budget.forUrgent(0)]).toEqual([0, 10]);
    expect(budget.forLookups(59_999)).toBe(5);
    budget.take(5, 59_999);
    expect([budget.waitForLookup(59_999), budget.waitForUrgent(59_999)]).toEqual([1, 0]);
    expect(budget.forReads(60_000)).toBe(190);
    // However small the budget is, one request is a cancel's.
    const small = new RateBudget(10, 0);
    expect([small.forOrders(0), small.forLookups(0), small.forUrgent(0)]).toEqual([9, 9, 10]);
  });

  test("is full again when the window turns", () => {
    const budget = new RateBudget(200, 0);
    budget.take(200, 0);
    expect(budget.waitForOrder(10_000)).toBe(50_000);
    expect(budget.forOrders(60_000)).toBe(180);
  });

  test("believes the broker when it counts fewer, and never when it counts more", () => {
    const budget = new RateBudget(200, 0);
    budget.observe({ limit: 200, remaining: 50, resetAt: 30_000 }, 2, 0);
    expect(budget.forUrgent(0)).toBe(48);
    budget.observe({ limit: 200, remaining: 190, resetAt: 30_000 }, 0, 1);
    expect(budget.forUrgent(1)).toBe(48);
    expect(budget.forUrgent(30_000)).toBe(200);
  });

  test("after a 429 nothing leaves before the broker's reset", () => {
    const budget = new RateBudget(200, 0);
    budget.block(90_000, 0);
    expect(budget.forUrgent(61_000)).toBe(0);
    expect(budget.forUrgent(90_000)).toBe(200);
  });

  test("a 429 waits for the broker's reset and not for our own longer window", () => {
    const budget = new RateBudget(200, 0);
    budget.block(1_000, 0);
    expect(budget.forUrgent(999)).toBe(0);
    expect(budget.forUrgent(1_000)).toBe(200);
  });

  test("a 429 of a broker whose clock is behind ours is tried again soon", () => {
    const budget = new RateBudget(200, 60_000);
    budget.block(30_000, 60_000);
    expect(budget.waitForUrgent(60_000)).toBe(1_000);
    expect(budget.forUrgent(61_000)).toBe(200);
  });

  test("a clock that is set back by an hour does not close the window for an hour", () => {
    const hour = 3_600_000;
    const budget = new RateBudget(200, hour);
    budget.take(200, hour);
    expect(budget.forOrders(0)).toBe(0);
    expect(budget.forOrders(60_000)).toBe(180);
  });

  test("a broker whose clock is an hour ahead closes it for a minute at most", () => {
    const budget = new RateBudget(200, 0);
    budget.observe({ limit: 200, remaining: 0, resetAt: 3_600_000 }, 0, 0);
    expect(budget.waitForUrgent(0)).toBe(60_000);
    expect(budget.forUrgent(60_000)).toBe(200);
  });

  test("tokens of a batch that was not committed come back", () => {
    const budget = new RateBudget(100, 0);
    budget.take(30, 0);
    budget.giveBack(30);
    expect(budget.forUrgent(0)).toBe(100);
  });
});

describe("the circuit", () => {
  test("opens after a row of failures and closes with the first success", () => {
    const circuit = new Circuit();
    for (let count = 0; count < 4; count += 1) expect(circuit.failed(0)).toBe(false);
    expect(circuit.failed(0)).toBe(true);
    expect(circuit.isUp).toBe(false);
    expect(circuit.mayProbe(0)).toBe(false);
    expect(circuit.mayProbe(500)).toBe(true);
    expect(circuit.succeeded()).toBe(true);
    expect(circuit.isUp).toBe(true);
  });

  test("late failures of calls that were under way do not put the probe off", () => {
    const circuit = new Circuit();
    for (let count = 0; count < 8; count += 1) circuit.failed(count);
    expect(circuit.probeAt()).toBe(504);
    expect(circuit.mayProbe(504)).toBe(true);
    circuit.failed(504);
    expect(circuit.probeAt()).toBe(1_504);
  });

  test("a success in between starts the count anew", () => {
    const circuit = new Circuit();
    for (let count = 0; count < 4; count += 1) circuit.failed(0);
    circuit.succeeded();
    expect(circuit.failed(0)).toBe(false);
    expect(circuit.isUp).toBe(true);
  });
});

test("what was not used makes no room while the broker asks for silence", () => {
  const budget = new RateBudget(200, 0);
  budget.take(50, 0);
  budget.block(30_000, 0);
  budget.giveBack(50);
  expect(budget.forUrgent(0)).toBe(0);
  expect(budget.forUrgent(30_000)).toBe(200);
});
