// The day's loss where a row for a strategy limits it: measured on the strategy's own positions, beside
// the account's loss.
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { StrategyBaseline } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import { crossedLossLimit } from "../../../src/domain/risk/day-result.ts";
import { strategyResults } from "../../../src/domain/risk/strategy-result.ts";
import { AAPL, d, MSFT } from "./market.ts";
import { World } from "./world.ts";

const SWING = asId<StrategyId>("swing");
const OTHER = asId<StrategyId>("other");
const swing = { strategyId: SWING, quantity: "1" } as const;
const other = { strategyId: OTHER, quantity: "1" } as const;

function beginDay(world: World, strategyBaselines?: readonly StrategyBaseline[]): void {
  world.apply({
    type: "TradingDayStarted",
    date: "2026-06-10",
    equityBaseline: d("100000"),
    realizedBaseline: Decimal.ZERO,
    unrealizedBaseline: Decimal.ZERO,
    ...(strategyBaselines === undefined ? {} : { strategyBaselines }),
  });
}

describe.each([
  // One percent of the equity of 100000 that the account began the day with.
  { key: "max_daily_loss_usd", value: "1000" },
  { key: "max_daily_loss_percent", value: "1" },
] as const)("$key for a strategy", ({ key, value }) => {
  const limited = (): World => {
    const world = World.bare();
    world.override({ key, value, strategyId: "swing" });
    return world;
  };

  test("is not broken by what another strategy, or nobody's position, lost", () => {
    const world = limited();
    world.hold(AAPL, "10", "250", "other");
    world.hold(MSFT, "10", "250");
    world.hold(AAPL, "1", "150", "swing");
    expect(world.ask(swing).refusal).toBeNull();
    expect(world.verdict(key, swing)).toMatchObject({ numbers: { loss: "50", limit: "1000" } });
  });

  test("is broken by the strategy's own loss, although the account has gained", () => {
    const world = limited();
    world.hold(MSFT, "100", "10", "other");
    world.hold(AAPL, "10", "199.99", "swing");
    expect(world.ask(swing).refusal).toBeNull();
    world.hold(MSFT, "1", "100.1", "swing");
    expect(world.ask(swing).refusal).toMatchObject({
      code: key,
      message: `1000 USD were lost today by this strategy, and ${key} allows 1000`,
    });
    expect(world.ask(other).refusal).toBeNull();
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
    const exit = { strategyId: SWING, side: "sell", quantity: "10" } as const;
    expect(world.ask(exit).refusal).toBeNull();
    expect(world.verdict(key, exit).result).toBe("warn");
  });

  test("stops the strategy alone: the account's limit is not crossed by it", () => {
    const world = limited();
    world.hold(AAPL, "10", "300", "swing");
    expect(world.ask(swing).refusal?.code).toBe(key);
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
  });

  test("counts what was realised, fees and flat positions included", () => {
    const world = limited();
    world.fill(world.work(AAPL, { quantity: "10" }, { strategyId: SWING }), "10", "200");
    world.fill(
      world.work(AAPL, { side: "sell", quantity: "10" }, { strategyId: SWING }),
      "10",
      "99",
    );
    expect(world.ask(swing).refusal?.code).toBe(key);
    expect(world.ask(other).refusal).toBeNull();
  });

  test("leaves the account's own limit in force beside it", () => {
    const world = limited();
    world.set(key, value, { hard: true });
    world.hold(AAPL, "10", "200", "other");
    expect(world.verdict(key, swing).message).toBe(
      `1000 USD were lost today, and ${key} allows 1000`,
    );
    expect(world.ask(other).refusal?.code).toBe(key);
  });

  test("gives the head-room of the tighter of the two", () => {
    const world = limited();
    world.set(key, value, { hard: true });
    world.hold(AAPL, "10", "130", "other");
    world.hold(AAPL, "10", "120", "swing");
    expect(world.verdict(key, swing).head?.toString()).toBe("500");
    world.hold(MSFT, "10", "60", "other");
    expect(world.verdict(key, swing).head?.toString()).toBe("800");
  });

  test("counts from where the strategy stood when the day began", () => {
    const world = limited();
    world.hold(AAPL, "10", "300", "swing");
    beginDay(world, strategyResults(world.account, world.context));
    expect(world.ask(swing).refusal).toBeNull();
    world.price(AAPL, "0.01");
    expect(world.verdict(key, swing).numbers["loss"]).toBe("999.9");
  });

  test("counts from nothing where the log is older than baselines of strategies", () => {
    const world = limited();
    world.hold(AAPL, "10", "300", "swing");
    beginDay(world);
    expect(world.ask(swing).refusal?.code).toBe(key);
  });

  test("counts from a reset on, and from the day's start after one of an older release", () => {
    const world = limited();
    world.hold(AAPL, "10", "300", "swing");
    const zero = { realizedBaseline: Decimal.ZERO, unrealizedBaseline: Decimal.ZERO };
    const strategyBaselines = strategyResults(world.account, world.context);
    world.apply({ type: "LossLimitReset", reason: "seen", ...zero, strategyBaselines });
    expect(world.ask(swing).refusal).toBeNull();
    world.apply({ type: "LossLimitReset", reason: "seen", ...zero });
    expect(world.ask(swing).refusal).toBeNull();
  });

  test("refuses by name what it cannot measure, now or from the day's start", () => {
    const world = limited();
    // Flat for the account, so only the strategies' own results need the price.
    world.hold(MSFT, "10", "100", "swing");
    world.hold(MSFT, "-10", "100", "other");
    world.price(MSFT, null);
    beginDay(world, strategyResults(world.account, world.context));
    expect(world.ask(other).refusal).toBeNull();
    expect(world.ask(swing).refusal?.code).toBe("no_account_equity");
    beginDay(world, []);
    expect(world.ask(swing).missingPrice).toBe(true);
  });
});
