// Counts that a row for a strategy sets: measured on what is the strategy's own, beside the account's.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import { AAPL, MSFT, NYSE_AAPL, World } from "./world.ts";

const SWING = asId<StrategyId>("swing");
const OTHER = asId<StrategyId>("other");
const swing = { strategyId: SWING, quantity: "1", limitPrice: "100" } as const;
const order = { quantity: "1", limitPrice: "100" } as const;

type CountKey = "max_open_orders" | "max_orders_per_minute" | "max_orders_per_day";

function withRow(key: CountKey | "max_positions", value: string): World {
  const world = World.bare();
  world.override({ key, value, strategyId: "swing" });
  return world;
}

describe.each([
  ["max_open_orders", "2 orders are open by this strategy, this adds 1, and max_open_orders is 2"],
  [
    "max_orders_per_minute",
    "2 orders were placed in the last 60 seconds by this strategy, this adds 1, and max_orders_per_minute is 2",
  ],
  [
    "max_orders_per_day",
    "2 orders were placed today by this strategy, this adds 1, and max_orders_per_day is 2",
  ],
] as const)("%s for a strategy", (key, message) => {
  test("counts the strategy's own orders and not those of others", () => {
    const world = withRow(key, "2");
    for (const strategyId of [OTHER, OTHER, null]) world.work(AAPL, order, { strategyId });
    world.work(AAPL, order, { strategyId: SWING });
    expect(world.ask(swing).refusal).toBeNull();
    world.work(MSFT, order, { strategyId: SWING });
    expect(world.ask(swing).refusal).toMatchObject({ code: key, message });
    expect(world.ask(order).refusal).toBeNull();
  });

  test("leaves the account's limit in force where it is the tighter one", () => {
    const world = withRow(key, "5");
    world.set(key, "2", { hard: true });
    for (const strategyId of [OTHER, null]) world.work(AAPL, order, { strategyId });
    expect(world.ask(swing).refusal?.code).toBe(key);
  });

  test("gives the head-room of the tighter of the two", () => {
    const world = withRow(key, "2");
    world.set(key, "9");
    world.work(AAPL, order, { strategyId: SWING });
    for (let count = 0; count < 3; count += 1) world.work(AAPL, order, { strategyId: OTHER });
    expect(world.verdict(key, swing).head?.toString()).toBe("0");
    for (let count = 0; count < 5; count += 1) world.work(AAPL, order, { strategyId: OTHER });
    world.set(key, "9", { hard: true });
    expect(world.verdict(key, swing).head?.toString()).toBe("-1");
  });
});

test("the orders of a strategy's last minute leave the count when the minute is over", () => {
  const world = withRow("max_orders_per_minute", "1");
  world.work(AAPL, order, { strategyId: SWING });
  expect(world.ask(swing).refusal?.code).toBe("max_orders_per_minute");
  world.now += 60_000;
  expect(world.verdict("max_orders_per_minute", swing).result).toBe("pass");
});

test("the orders of a strategy's day leave the count with the next day, those of the minute do not", () => {
  const world = withRow("max_orders_per_day", "1");
  world.override({ key: "max_orders_per_minute", value: "1", strategyId: "swing" });
  world.work(AAPL, order, { strategyId: SWING });
  expect(world.verdict("max_orders_per_day", swing).result).toBe("refuse");
  world.startDay();
  expect(world.verdict("max_orders_per_day", swing).result).toBe("pass");
  expect(world.verdict("max_orders_per_minute", swing).result).toBe("refuse");
});

describe("max_positions for a strategy", () => {
  test("counts what the strategy holds or is about to, each instrument once", () => {
    const world = withRow("max_positions", "2");
    world.hold(NYSE_AAPL, "1", "100", "other");
    world.hold(AAPL, "1", "100", "swing");
    world.work(AAPL, order, { strategyId: SWING });
    expect(world.ask({ ...swing, of: MSFT }).refusal).toBeNull();
    world.work(MSFT, order, { strategyId: SWING });
    expect(world.ask({ ...swing, of: NYSE_AAPL }).verdicts).toContainEqual(
      expect.objectContaining({
        rule: "max_positions",
        result: "refuse",
        message:
          "2 instruments are held or about to be by this strategy, this adds 1, and max_positions is 2",
      }),
    );
    expect(world.verdict("max_positions", { ...swing, of: MSFT }).result).toBe("pass");
  });

  test("does not count what was sold again", () => {
    const world = withRow("max_positions", "1");
    world.hold(MSFT, "1", "100", "swing");
    expect(world.verdict("max_positions", swing).result).toBe("refuse");
    world.hold(MSFT, "-1", "100", "swing");
    expect(world.verdict("max_positions", swing).result).toBe("pass");
  });
});
