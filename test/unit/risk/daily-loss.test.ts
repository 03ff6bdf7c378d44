// The loss since the trading day began, and what is left of it once a limit was crossed.
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { AAPL, d } from "./market.ts";
import { World } from "./world.ts";

describe("the daily loss", () => {
  const lost = (amount: string): World => {
    const world = World.bare();
    // Bought at what makes the loss at a price of 100.
    world.hold(
      AAPL,
      "10",
      d("100")
        .plus(d(amount).dividedBy(d("10"), 9, "up"))
        .toString(),
    );
    return world;
  };

  test.each([
    {
      limit: "max_daily_loss_usd",
      value: "500",
      inside: "499",
      outside: "500",
      message: "500 USD were lost today, and max_daily_loss_usd allows 500",
    },
    {
      limit: "max_daily_loss_percent",
      value: "1",
      inside: "999",
      outside: "1000",
      message: "1000 USD were lost today, and max_daily_loss_percent allows 1000",
    },
  ] as const)(
    "$limit = $value lets a loss of $inside pass and refuses one of $outside",
    ({ limit, value, inside, outside, message }) => {
      const calm = lost(inside);
      calm.set(limit, value);
      expect(calm.ask({ quantity: "1" }).refusal).toBeNull();
      expect(calm.verdict(limit, { quantity: "1" }).head).toEqual(Decimal.ONE);

      const sad = lost(outside);
      sad.set(limit, value);
      expect(sad.ask({ quantity: "1" }).refusal).toMatchObject({ code: limit, message });
      expect(sad.ask({ side: "sell", quantity: "10" }).refusal).toBeNull();
      expect(sad.verdict(limit, { side: "sell", quantity: "10" }).result).toBe("warn");
      sad.set(limit, value, { shadow: true });
      expect(sad.ask({ quantity: "1" }).refusal).toBeNull();
    },
  );

  test("counts what was realised, fees included", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "100");
    const bought = world.work(AAPL, { quantity: "10" });
    world.fill(bought, "10", "110");
    const sold = world.work(AAPL, { side: "sell", quantity: "10" });
    world.fill(sold, "10", "100");
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("max_daily_loss_usd");
  });

  test("counts from the start of the day, not from the beginning", () => {
    const world = lost("5000");
    world.set("max_daily_loss_usd", "100");
    world.apply({
      type: "TradingDayStarted",
      date: "2026-06-10",
      equityBaseline: d("100000"),
      realizedBaseline: Decimal.ZERO,
      unrealizedBaseline: d("-5000"),
    });
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test.each(["max_daily_loss_usd", "max_daily_loss_percent"] as const)(
    "once crossed, %s holds although the prices came back",
    (limit) => {
      const world = World.bare();
      world.set(limit, "5");
      world.apply({ type: "LossLimitCrossed", limit, loss: d("600"), allowed: d("500") });
      expect(world.ask({ quantity: "1" }).refusal).toMatchObject({
        code: limit,
        message:
          "the daily loss limit was crossed today: entries wait for the next trading day or a reset",
      });
    },
  );

  test("once crossed, it holds although the limit was switched off since", () => {
    const world = World.bare();
    world.apply({
      type: "LossLimitCrossed",
      limit: "max_daily_loss_usd",
      loss: d("600"),
      allowed: d("500"),
    });
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("max_daily_loss_percent");
  });

  test("a reset lets entries pass again", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "500");
    world.apply({
      type: "LossLimitCrossed",
      limit: "max_daily_loss_usd",
      loss: d("600"),
      allowed: d("500"),
    });
    world.apply({
      type: "LossLimitReset",
      reason: "seen",
      realizedBaseline: Decimal.ZERO,
      unrealizedBaseline: Decimal.ZERO,
    });
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });
});
