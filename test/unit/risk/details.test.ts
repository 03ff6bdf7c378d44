// Details of single rules that the table of limits does not reach: what the answer says of the price it
// used, which orders of ours are in an order's way, what a release is not counted for.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import { RULE_CODES } from "../../../src/domain/refusal.ts";
import { AAPL, BTC, d, MSFT, NOW, NYSE_AAPL, terms } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const SWING = asId<StrategyId>("swing");
const ONE: Asked = { quantity: "1", limitPrice: "100" };

describe("an answer", () => {
  test("tells the price it was given by, and how old that was", () => {
    const world = World.bare();
    world.price(AAPL, "100", { bid: d("99"), ask: d("101"), at: NOW });
    world.now = NOW + 250;
    const mark = { bid: d("99"), ask: d("101"), last: d("100") };
    expect(world.ask(ONE).mark).toEqual({ ...mark, ageMs: 250 });
    // Clocks differ: what the market says a moment ahead of ours is as fresh as can be.
    world.now = NOW - 250;
    expect(world.ask(ONE).mark).toEqual({ ...mark, ageMs: 0 });
  });

  test("has one verdict of each rule, in their order, of which nothing is wrong", () => {
    const { verdicts } = World.bare().ask(ONE);
    expect(verdicts.map(({ rule }) => rule)).toEqual(RULE_CODES);
    expect(verdicts.filter(({ result }) => result !== "pass" && result !== "off")).toEqual([]);
    expect(verdicts.find(({ rule }) => rule === "no_fx_rate")?.result).toBe("pass");
  });
});

describe("an order that waits for the open", () => {
  const asked: Asked = { of: NYSE_AAPL, quantity: "1", onMarketClosed: "queue" };
  const closed = (): World => {
    const world = World.bare();
    world.now = Date.parse("2026-06-20T15:00:00Z");
    world.price(NYSE_AAPL, null);
    world.set("max_position_size_usd", "10000");
    return world;
  };

  test("is warned of the hour and of the price that is missing now", () => {
    const answer = closed().ask(asked);
    expect(answer).toMatchObject({ refusal: null, missingPrice: false });
    expect(answer.holdForOpenUntil).toBe(Date.parse("2026-06-22T13:30:00Z"));
    for (const rule of ["session_open", "max_position_size_usd", "no_reference_price"] as const) {
      expect(closed().verdict(rule, asked).result).toBe("warn");
    }
  });

  test("is refused for what no open will bring", () => {
    const world = closed();
    world.set("max_leverage", "1");
    world.account.equity = null;
    expect(world.ask(asked)).toMatchObject({
      refusal: { code: "no_account_equity" },
      holdForOpenUntil: null,
    });
  });
});

describe("our own order in the way", () => {
  const busy = (side: "buy" | "sell", limitPrice: string | null): World => {
    const world = World.bare();
    world.set("check_wash_trade", "true");
    world.work(AAPL, { side, quantity: "5", limitPrice });
    return world;
  };

  test("at the market meets any limit, and the refusal says where it rests", () => {
    expect(busy("sell", null).verdict("wash_trade", { quantity: "1", limitPrice: "1" })).toEqual(
      expect.objectContaining({
        result: "refuse",
        message: "it could trade with our own order order-1 to sell AAPL at the market",
        numbers: { order: "order-1", side: "sell", limit_price: null },
      }),
    );
  });

  test.each([
    ["sell", "100", "refuse"],
    ["sell", "100.01", "pass"],
    ["buy", "1000", "pass"],
  ] as const)("to buy at 100 meets a %s at %s: %s", (side, limitPrice, result) => {
    const verdict = busy("buy", "100").verdict("wash_trade", { side, quantity: "1", limitPrice });
    expect(verdict.result).toBe(result);
    if (result === "refuse") expect(verdict.numbers).toMatchObject({ limit_price: "100" });
  });
});

describe("a symbol", () => {
  test("is frozen by an order of unknown fate, which is named", () => {
    const world = World.bare();
    const orderId = world.place(AAPL, { quantity: "1" });
    world.submit(orderId);
    const unresolved = { action: "submit", since: NOW, cause: "timeout", lookups: 0 } as const;
    world.apply({ type: "OrderUnresolved", orderId, unresolved });
    expect(world.verdict("symbol_frozen", ONE).numbers).toEqual({
      order_id: "order-1",
      action: "submit",
    });
  });

  test("is frozen by a foreign order without any size, not by one for an amount of money", () => {
    const world = World.bare();
    world.foreign(AAPL, { notional: "100" });
    expect(world.verdict("symbol_frozen", ONE).result).toBe("pass");
    world.foreign(AAPL, {});
    expect(world.verdict("symbol_frozen", ONE).numbers).toEqual({ broker_order_id: "foreign-2" });
  });
});

describe("prices on the venue's steps", () => {
  const check = (more: Asked) => World.bare().verdict("tick_size", { ...ONE, ...more });

  test("are those of the exits as well, of which there may be one alone", () => {
    expect(check({ takeProfit: "110" }).result).toBe("pass");
    expect(check({ stopLoss: "90", stopLossLimit: "89.99" }).result).toBe("pass");
    expect(check({ stopLoss: "90", stopLossLimit: "89.991" })).toMatchObject({
      result: "refuse",
      numbers: { "stop_loss.limit_price": "89.991", tick: "0.01" },
    });
  });
});

test("crypto takes an amount of money although it is cut into lots", () => {
  const world = World.bare();
  world.instrument(BTC, { fractionable: false });
  expect(world.verdict("lot_size", { of: BTC, notional: "100" }).result).toBe("pass");
});

test("every fault of an order is told, with the field that it is in", () => {
  const verdict = World.bare().verdict("order_validity", { quantity: "-1", limitPrice: "-1" });
  expect(verdict.result).toBe("refuse");
  expect(Object.keys(verdict.numbers).toSorted()).toEqual(["limit_price", "qty"]);
  expect(verdict.message).toBe(Object.values(verdict.numbers).join("; "));
});

describe("a repeated signal", () => {
  const repeated = (windowSeconds: string): World => {
    const world = World.bare();
    world.set("duplicate_window_seconds", windowSeconds);
    world.account.recentSignals.set(`${AAPL} buy 1`, world.now);
    return world;
  };

  test("is allowed in the same instant where the window is zero", () => {
    expect(repeated("0").verdict("duplicate_signal", ONE).result).toBe("off");
    expect(repeated("1").verdict("duplicate_signal", ONE).result).toBe("refuse");
  });

  test("is not the order itself when it is released", () => {
    const world = repeated("60");
    const placedOrderId = world.place(AAPL, ONE);
    expect(world.verdict("duplicate_signal", { ...ONE, placedOrderId }).result).toBe("pass");
  });
});

describe("a release", () => {
  test("adds no order to those that are counted, but its siblings do", () => {
    const world = World.bare();
    world.set("max_open_orders", "1");
    const placedOrderId = world.place(AAPL, ONE);
    expect(world.verdict("max_open_orders", { ...ONE, placedOrderId })).toMatchObject({
      result: "pass",
      numbers: { present: 1, added: 0, limit: 1 },
    });
    const siblings = [terms({ quantity: "1" })];
    expect(world.verdict("max_open_orders", { ...ONE, placedOrderId, siblings })).toMatchObject({
      result: "refuse",
      numbers: { present: 1, added: 1, limit: 1 },
    });
  });

  test("is let through although the limit was lowered below what is open", () => {
    const world = World.bare();
    const placedOrderId = world.place(AAPL, ONE);
    world.place(AAPL, ONE);
    world.set("max_open_orders", "1");
    expect(world.verdict("max_open_orders", { ...ONE, placedOrderId })).toMatchObject({
      result: "pass",
      head: d("-1"),
    });
  });
});

describe("what is counted", () => {
  test("a foreign order that a person ignores is not open for us", () => {
    const world = World.bare();
    world.set("max_open_orders", "5");
    const brokerOrderId = world.foreign(AAPL, { quantity: "1" });
    world.foreign(MSFT, { quantity: "1" });
    world.apply({ type: "ExternalOrderIgnored", brokerOrderId });
    expect(world.verdict("max_open_orders", ONE).numbers).toMatchObject({ present: 1 });
  });

  test("instruments that others hold or order are not a strategy's own", () => {
    const world = World.bare();
    world.override({ key: "max_positions", value: "5", strategyId: "swing" });
    world.work(MSFT, { quantity: "1", limitPrice: "100" });
    world.work(NYSE_AAPL, { quantity: "1", limitPrice: "100" }, { strategyId: SWING });
    const verdict = world.verdict("max_positions", { ...ONE, strategyId: SWING });
    expect(verdict.numbers).toEqual({ present: 1, added: 1, limit: 5 });
  });

  test("orders of a strategy that never placed one are none, in the last minute and today", () => {
    for (const key of ["max_orders_per_minute", "max_orders_per_day"] as const) {
      const world = World.bare();
      world.override({ key, value: "5", strategyId: "swing" });
      const verdict = world.verdict(key, { ...ONE, strategyId: SWING });
      expect(verdict).toMatchObject({
        result: "pass",
        numbers: { present: 0, added: 1, limit: 5 },
      });
    }
  });
});

describe("a daily loss that was crossed", () => {
  test("is told by one of the two limits, the one in dollars where it is set", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "500");
    world.set("max_daily_loss_percent", "5");
    world.apply({
      type: "LossLimitCrossed",
      limit: "max_daily_loss_usd",
      loss: d("501"),
      allowed: d("500"),
    });
    expect(world.verdict("max_daily_loss_usd", ONE).result).toBe("refuse");
    expect(world.verdict("max_daily_loss_percent", ONE).result).toBe("pass");
  });

  test("of nothing at all is not crossed by an account that lost nothing", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "0");
    expect(world.verdict("max_daily_loss_usd", ONE).result).toBe("pass");
    world.hold(AAPL, "1", "100.01");
    expect(world.verdict("max_daily_loss_usd", ONE).result).toBe("refuse");
  });

  test("is not known of a strategy whose result at the start of the day is not known", () => {
    const world = World.bare();
    world.override({ key: "max_daily_loss_usd", value: "5", strategyId: "swing" });
    const zero = { equityBaseline: d("1"), realizedBaseline: d("0"), unrealizedBaseline: d("0") };
    const strategyBaselines = [
      { strategyId: asId<StrategyId>("other"), result: d("3") },
      { strategyId: SWING, result: null },
    ];
    world.apply({ type: "TradingDayStarted", date: "2026-06-10", ...zero, strategyBaselines });
    expect(world.verdict("max_daily_loss_usd", { ...ONE, strategyId: SWING }).message).toBe(
      "what strategy swing had gained when the day began is not known",
    );
  });
});
