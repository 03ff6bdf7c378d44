// Invariant 6: an order that strictly lowers the position within the free quantity is an exit.
import { describe, expect, test } from "vitest";
import { AAPL, MSFT, terms } from "./market.ts";
import { World } from "./world.ts";
import type { Wish } from "./market.ts";

const holding = (quantity = "100"): World => {
  const world = World.ready();
  world.hold(AAPL, quantity, "100");
  return world;
};

const SELL: Wish = { side: "sell", quantity: "100" };

describe("what is an exit", () => {
  test("selling up to what is held, not more", () => {
    expect(holding().ask(SELL).reducesPosition).toBe(true);
    expect(holding().ask({ ...SELL, quantity: "100.000000001" }).reducesPosition).toBe(false);
  });

  test("buying back a short", () => {
    expect(holding("-100").ask({ quantity: "100" }).reducesPosition).toBe(true);
    expect(holding("-100").ask({ quantity: "101" }).reducesPosition).toBe(false);
  });

  test("never the same way as the position, nor without one", () => {
    expect(holding().ask({ quantity: "1" }).reducesPosition).toBe(false);
    expect(holding("-5").ask({ side: "sell", quantity: "1" }).reducesPosition).toBe(false);
    expect(World.ready().ask({ side: "sell", quantity: "1" }).reducesPosition).toBe(false);
  });

  test("not one that carries exits of its own", () => {
    expect(holding().ask({ ...SELL, stopLoss: "110" }).reducesPosition).toBe(false);
  });

  test("an amount of money, as long as it cannot come to more than is held", () => {
    const money = (notional: string) => holding("10").ask({ side: "sell", notional });
    expect(money("1000").reducesPosition).toBe(true);
    expect(money("1000.01").reducesPosition).toBe(false);
  });
});

describe("what is free", () => {
  test("resting exits have claimed their part, a pair of which one cancels the other once", () => {
    const world = holding();
    const exit = { reducesPosition: true, linkGroup: "pair" } as const;
    world.work(AAPL, { side: "sell", quantity: "60", limitPrice: "120" }, exit);
    world.work(AAPL, { side: "sell", quantity: "60", stopPrice: "80" }, exit);
    expect(world.ask({ ...SELL, quantity: "40" }).reducesPosition).toBe(true);
    expect(world.ask({ ...SELL, quantity: "41" }).reducesPosition).toBe(false);
  });

  test("one of a pair is not in its own way when it is released", () => {
    const world = holding();
    const exit = { reducesPosition: true, linkGroup: "pair" } as const;
    const wish = { side: "sell", quantity: "100", limitPrice: "120" } as const;
    const placedOrderId = world.place(AAPL, wish, exit);
    world.work(AAPL, { side: "sell", quantity: "100", stopPrice: "80" }, exit);
    expect(world.ask({ ...wish, placedOrderId }).reducesPosition).toBe(true);
  });

  test("orders that are not ours claim too", () => {
    const world = holding();
    world.foreign(AAPL, { side: "sell", quantity: "100" });
    expect(world.ask({ ...SELL, quantity: "1" }).reducesPosition).toBe(false);
  });

  test("buys on their way give nothing", () => {
    const world = holding();
    world.work(AAPL, { quantity: "50", limitPrice: "90" });
    expect(world.ask({ ...SELL, quantity: "101" }).reducesPosition).toBe(false);
  });

  test("a close that waits for its resting exits to be cancelled has everything", () => {
    const world = holding();
    const resting = world.work(AAPL, { side: "sell", quantity: "100", limitPrice: "120" });
    expect(world.ask(SELL).reducesPosition).toBe(false);
    expect(world.ask({ ...SELL, waitsFor: [resting] }).reducesPosition).toBe(true);
  });

  test("the first half of a flip is an exit, the second is not", () => {
    const world = holding();
    const close = terms(SELL);
    const open = terms({ side: "sell", quantity: "50" });
    expect(world.ask({ ...SELL, siblings: [open] }).reducesPosition).toBe(true);
    const second = world.ask({ side: "sell", quantity: "50", preceding: [close] });
    expect(second.reducesPosition).toBe(false);
    expect(second.refusal?.code).toBe("short_not_allowed");
  });
});

describe("what may refuse an exit", () => {
  test("no limit, however far it is exceeded", () => {
    const world = holding();
    for (const key of [
      "max_order_qty_stock",
      "max_order_notional",
      "max_position_size_usd",
      "max_position_qty",
      "max_positions",
      "max_open_orders",
      "max_orders_per_minute",
      "max_orders_per_day",
      "max_daily_loss_usd",
      "max_leverage",
      "max_concentration_percent",
      "quote_age_max_ms",
    ] as const) {
      world.set(key, "0");
    }
    world.set("symbols_allowed", "MSFT");
    world.work(MSFT, { quantity: "1" });
    world.now += 1;
    const answer = world.ask(SELL);
    expect(answer.refusal).toBeNull();
    expect(answer.missingPrice).toBe(false);
    expect(answer.verdicts.filter(({ result }) => result === "refuse")).toEqual([]);
    const warned = answer.verdicts.flatMap(({ rule, result }) => (result === "warn" ? [rule] : []));
    expect(warned).toEqual([
      "symbol_allowed",
      "quote_age_max_ms",
      "max_order_qty_stock",
      "max_order_notional",
      "max_open_orders",
      "max_orders_per_minute",
      "max_orders_per_day",
      "max_leverage",
    ]);
  });

  test("no missing input: without price, equity and day it passes and is warned", () => {
    const world = new World();
    world.hold(AAPL, "100", "100");
    const answer = world.ask(SELL);
    expect(answer.refusal).toBeNull();
    expect(answer.missingPrice).toBe(false);
    const said = new Map(answer.verdicts.map(({ rule, result }) => [rule, result]));
    expect(said.get("no_reference_price")).toBe("warn");
    expect(said.get("no_account_equity")).toBe("warn");
  });
});
