// Invariant 6 where it is easily missed: an order that lowers the account's position is warned and not
// refused, also by the limits of its strategy and by what cannot be judged.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { OrderId, StrategyId } from "../../../src/domain/ids.ts";
import type { LimitKey } from "../../../src/domain/limits.ts";
import type { RuleCode } from "../../../src/domain/refusal.ts";
import { AAPL, d, MSFT, terms } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const SWING = asId<StrategyId>("swing");
const EXIT: Asked = { side: "sell", quantity: "100" };

const holding = (): World => {
  const world = World.bare();
  world.hold(AAPL, "100", "100");
  return world;
};

function expectWarning(world: World, rule: RuleCode, asked: Asked): void {
  const answer = world.ask(asked);
  expect(answer.reducesPosition).toBe(true);
  expect(answer.refusal).toBeNull();
  expect(answer.missingPrice).toBe(false);
  expect(answer.verdicts.find((one) => one.rule === rule)?.result).toBe("warn");
}

describe("a strategy that sells what others hold", () => {
  test.each([
    ["max_position_size_usd", "5000"],
    ["max_position_qty", "50"],
    ["max_concentration_percent", "5"],
  ] as const)("is warned by its own %s: for the account it is an exit", (key, value) => {
    const world = holding();
    world.override({ key, value, strategyId: "swing" });
    expectWarning(world, key, { ...EXIT, strategyId: SWING });
  });

  test("is warned by its own number of instruments", () => {
    const world = holding();
    world.hold(MSFT, "1", "100", "swing");
    world.override({ key: "max_positions", value: "1", strategyId: "swing" });
    expectWarning(world, "max_positions", { ...EXIT, strategyId: SWING });
  });
});

test.each([
  ["max_concentration_percent", "10"],
  ["max_leverage", "1"],
] as const)("%s warns an exit of an account whose equity is not known", (key, value) => {
  const world = holding();
  world.set(key, value);
  world.account.equity = null;
  expectWarning(world, key, EXIT);
  expect(world.verdict("no_account_equity", EXIT).result).toBe("warn");
});

test("an exit with a stop beside it is warned while nobody knows the equity to measure its loss by", () => {
  const world = holding();
  world.set("max_loss_per_trade_percent", "0.1");
  const pair = { ...EXIT, limitPrice: "110", stopLoss: "90" } as const;
  // It gains at its limit and what it loses at its stop was not opened by it.
  expect(world.verdict("max_loss_per_trade_percent", { ...pair, alone: true })).toMatchObject({
    result: "pass",
    numbers: { loss: "-2000" },
  });
  world.account.equity = null;
  expectWarning(world, "max_loss_per_trade_percent", { ...pair, alone: true });
  // With exits of its own it opens something, whatever is held.
  expect(world.ask(pair).reducesPosition).toBe(false);
});

test("an exit takes no buying power, though none is left", () => {
  const world = holding();
  world.set("check_buying_power", "true");
  world.observe("100000", { buyingPower: "0" });
  expect(world.verdict("buying_power", EXIT).result).toBe("pass");
  expect(world.verdict("buying_power", { ...EXIT, quantity: "101" }).result).toBe("refuse");
});

describe("what is free to sell", () => {
  const free = (world: World, quantity: string, more: Asked = {}): boolean =>
    world.ask({ ...EXIT, quantity, ...more }).reducesPosition;

  test("is nothing while an order of unknown size rests, beside others of known size or alone", () => {
    for (const known of [[], ["10"]]) {
      const world = holding();
      for (const quantity of known) world.work(AAPL, { side: "sell", quantity, limitPrice: "120" });
      world.foreign(AAPL, { side: "sell" });
      expect(free(world, "1")).toBe(false);
    }
  });

  test("of a short is what no resting buy has claimed", () => {
    const world = World.bare();
    world.hold(AAPL, "-100", "100");
    world.work(AAPL, { quantity: "60", limitPrice: "90" });
    expect(world.ask({ quantity: "40" }).reducesPosition).toBe(true);
    expect(world.ask({ quantity: "41" }).reducesPosition).toBe(false);
  });

  test("for one of a pair is what strangers to the pair have left", () => {
    const world = holding();
    const wish = { side: "sell", limitPrice: "120" } as const;
    const pair = { reducesPosition: true, linkGroup: "pair" } as const;
    const placedOrderId: OrderId = world.place(AAPL, { ...wish, quantity: "40" }, pair);
    world.work(AAPL, { side: "sell", quantity: "100", stopPrice: "80" }, pair);
    world.work(AAPL, { ...wish, quantity: "60" }, { linkGroup: "others" });
    expect(free(world, "40", { ...wish, placedOrderId })).toBe(true);
    world.work(AAPL, { ...wish, quantity: "1" });
    expect(free(world, "40", { ...wish, placedOrderId })).toBe(false);
  });

  test("never lets a sale of nothing, or for money without a price, be an exit", () => {
    const world = holding();
    expect(free(world, "0")).toBe(false);
    world.price(AAPL, null);
    expect(world.ask({ side: "sell", notional: "1" }).reducesPosition).toBe(false);
  });

  test("is what is left of it when more than is held rests already", () => {
    const world = holding();
    world.work(AAPL, { side: "sell", quantity: "150", limitPrice: "120" });
    world.set("allow_short", "false");
    const verdict = world.verdict("short_not_allowed", { side: "sell", quantity: "1" });
    expect(verdict).toMatchObject({ numbers: { held: "100", free: "0", would_be: "-51" } });
  });
});

describe("what the broker holds for others", () => {
  const accepted = (amount: string): World => {
    const world = holding();
    world.apply({
      type: "DifferenceAccepted",
      kind: "position",
      subject: AAPL,
      amount: d(amount),
      reason: "theirs",
    });
    return world;
  };
  const limited = (key: LimitKey, value: string, world: World): World => {
    world.set(key, value);
    return world;
  };

  test("can be sold like the account's own, and not more", () => {
    expect(accepted("50").ask({ ...EXIT, quantity: "150" }).reducesPosition).toBe(true);
    expect(accepted("50").ask({ ...EXIT, quantity: "151" }).reducesPosition).toBe(false);
    expect(accepted("-50").ask({ ...EXIT, quantity: "51" }).reducesPosition).toBe(false);
  });

  test("counts towards the limits on the position", () => {
    const world = limited("max_position_qty", "200", accepted("50"));
    expect(world.ask({ quantity: "50" }).refusal).toBeNull();
    expect(world.ask({ quantity: "51" }).refusal?.code).toBe("max_position_qty");
  });

  test("counts towards the leverage, at the market's price", () => {
    const world = limited("max_leverage", "0.2", accepted("50"));
    // 150 of them at 100 and 50 more are 20,000, a fifth of the equity.
    expect(world.ask({ quantity: "50", limitPrice: "100" }).refusal).toBeNull();
    expect(world.ask({ quantity: "51", limitPrice: "100" }).refusal?.code).toBe("max_leverage");
  });

  test("leaves the account's own loss what it is", () => {
    const world = limited("max_daily_loss_usd", "5000", accepted("50"));
    world.price(AAPL, "60");
    expect(world.verdict("max_daily_loss_usd", { of: MSFT, quantity: "1" })).toMatchObject({
      numbers: { loss: "4000" },
    });
  });
});

test("the second half of a flip is counted with the first", () => {
  const world = holding();
  world.set("max_orders_per_minute", "1");
  const verdict = world.verdict("max_orders_per_minute", {
    ...EXIT,
    siblings: [terms({ side: "sell", quantity: "50" })],
  });
  expect(verdict.numbers).toMatchObject({ added: 2 });
});
