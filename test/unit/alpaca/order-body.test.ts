import { describe, expect, it } from "vitest";
import { replaceBody, submitBody, unsupported } from "../../../src/brokers/alpaca/order-body.ts";
import { ALPACA_TRAITS } from "../../../src/brokers/alpaca/traits.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerReference, OrderId } from "../../../src/domain/ids.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import { AMZN, BTC, d } from "./fixtures.ts";
import { terms } from "./orders.ts";

const reference = asId<BrokerReference>("0190b3f2-7c1e-7d1a-9a51-1f7f3b6f4d01-1");
const body = (more: Partial<OrderTerms>, instrument = AMZN): Record<string, unknown> =>
  JSON.parse(submitBody({ instrument, reference, terms: terms(more) })) as Record<string, unknown>; // always an object
const always = { symbol: "AMZN", side: "buy", client_order_id: reference };

describe("an order as Alpaca takes it", () => {
  it.each<[string, Partial<OrderTerms>, Record<string, unknown>]>([
    ["market", {}, { type: "market", time_in_force: "day", qty: "10" }],
    [
      "notional",
      { notional: d("100.50") },
      { type: "market", time_in_force: "day", notional: "100.5" },
    ],
    [
      "limit in extended hours",
      { type: "limit", limitPrice: d("3000.01"), extendedHours: true },
      {
        type: "limit",
        time_in_force: "day",
        qty: "10",
        limit_price: "3000.01",
        extended_hours: true,
      },
    ],
    [
      "stop limit",
      { type: "stop_limit", stopPrice: d("9"), limitPrice: d("8.5"), timeInForce: "gtc" },
      {
        type: "stop_limit",
        time_in_force: "gtc",
        qty: "10",
        stop_price: "9",
        limit_price: "8.5",
      },
    ],
    [
      "trailing stop",
      { type: "trailing_stop", trailPercent: d("1.5") },
      { type: "trailing_stop", time_in_force: "day", qty: "10", trail_percent: "1.5" },
    ],
    [
      "bracket",
      {
        exits: {
          takeProfit: { limitPrice: d("11") },
          stopLoss: { stopPrice: d("9"), limitPrice: d("8.9") },
        },
      },
      {
        type: "market",
        time_in_force: "day",
        qty: "10",
        order_class: "bracket",
        take_profit: { limit_price: "11" },
        stop_loss: { stop_price: "9", limit_price: "8.9" },
      },
    ],
    [
      "one exit",
      { exits: { takeProfit: null, stopLoss: { stopPrice: d("9"), limitPrice: null } } },
      {
        type: "market",
        time_in_force: "day",
        qty: "10",
        order_class: "oto",
        stop_loss: { stop_price: "9" },
      },
    ],
    [
      "exits alone",
      {
        side: "sell",
        type: "limit",
        limitPrice: d("11"),
        exits: {
          alone: true,
          takeProfit: null,
          stopLoss: { stopPrice: d("9"), limitPrice: null },
        },
      },
      {
        side: "sell",
        type: "limit",
        time_in_force: "day",
        qty: "10",
        order_class: "oco",
        take_profit: { limit_price: "11" },
        stop_loss: { stop_price: "9" },
      },
    ],
  ])("%s", (_, more, expected) => expect(body(more)).toEqual({ ...always, ...expected }));

  it("a billionth of a coin goes out in plain digits", () => {
    expect(body({ quantity: d("0.000000001"), timeInForce: "gtc" }, BTC)).toMatchObject({
      symbol: "BTC/USD",
      qty: "0.000000001",
    });
  });

  it("a replace only says what changes", () => {
    expect(JSON.parse(replaceBody({ reference, change: { limitPrice: d("12.3") } }))).toEqual({
      limit_price: "12.3",
      client_order_id: reference,
    });
  });

  it("a post-only order is not sent as something else", () => {
    expect(unsupported(terms({ postOnly: true }))).toContain("post-only");
    expect(unsupported(terms())).toBeNull();
  });
});

describe("a reference", () => {
  const id = asId<OrderId>("0190b3f2-7c1e-7d1a-9a51-1f7f3b6f4d01");
  const make = ALPACA_TRAITS.reference;

  it("is the same for the same order and generation, and else never", () => {
    expect(make(id, 1, 5)).toBe(make(id, 1, 9));
    expect(make(id, 2, 5)).not.toBe(make(id, 1, 5));
    expect(make(asId<OrderId>("0190b3f2-7c1e-7d1a-9a51-1f7f3b6f4d0"), 11, 5)).not.toBe(
      make(id, 1, 5),
    );
  });

  it("has room in 128 characters whatever the generation", () => {
    expect(make(id, Number.MAX_SAFE_INTEGER, 0).length).toBeLessThanOrEqual(128);
  });
});
