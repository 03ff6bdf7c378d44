// Every rule refuses something by itself: a code that is added without a way to reach it does not compile,
// and one whose rule was taken out of the chain fails here.
import { describe, expect, it } from "vitest";
import { RULE_CODES, type RuleCode } from "../../../src/domain/refusal.ts";
import { RULES } from "../../../src/domain/risk/rules.ts";
import { CASES } from "./limit-cases.ts";
import { AAPL, d, NOW, NYSE_AAPL, SAMSUNG } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

interface Way {
  readonly given: (world: World) => void;
  readonly ask: Asked;
}

const ONE: Asked = { quantity: "1" };
const SATURDAY = Date.parse("2026-06-20T15:00:00Z");
const IN_SEOUL = Date.parse("2026-06-09T02:00:00Z");
const UNKNOWN_YEAR = Date.parse("2032-06-09T15:00:00Z");

/** The way of the table of limits. */
function ofLimit(rule: RuleCode): Way {
  const row = CASES.find((one) => one.rule === rule);
  if (row === undefined) throw new Error(`no limit has a case for ${rule}`);
  const { given, limit, value, outside } = row;
  return {
    given: (world) => {
      given?.(world);
      world.set(limit, value);
    },
    ask: outside,
  };
}

const lossOf = (limit: "max_daily_loss_usd" | "max_daily_loss_percent", value: string): Way => ({
  given: (world) => {
    world.hold(AAPL, "10", "250");
    world.set(limit, value);
  },
  ask: ONE,
});

const WAYS: Readonly<Record<RuleCode, Way>> = {
  trading_state: { given: (world) => world.stop({ state: "halted" }), ask: ONE },
  symbol_allowed: ofLimit("symbol_allowed"),
  instrument_not_tradable: {
    given: (world) => world.instrument(AAPL, { tradable: false }),
    ask: ONE,
  },
  short_not_allowed: {
    given: (world) => world.set("allow_short", "false"),
    ask: { side: "sell", quantity: "1" },
  },
  session_open: { given: (world) => (world.now = SATURDAY), ask: { of: NYSE_AAPL, ...ONE } },
  calendar_unknown: {
    given: (world) => (world.now = UNKNOWN_YEAR),
    ask: { of: NYSE_AAPL, ...ONE },
  },
  stale_signal: {
    given: (world) => world.set("max_signal_age_seconds", "60"),
    ask: { ...ONE, receivedAt: NOW - 60_001 },
  },
  order_validity: { given: () => undefined, ask: { quantity: "1.5", timeInForce: "gtc" } },
  tick_size: { given: () => undefined, ask: { ...ONE, limitPrice: "99.991" } },
  lot_size: {
    given: (world) => world.instrument(AAPL, { fractionable: false, lot: d("10") }),
    ask: { quantity: "25" },
  },
  min_notional: {
    given: (world) => world.instrument(AAPL, { minNotional: d("500") }),
    ask: ONE,
  },
  price_band: {
    given: (world) => world.instrument(AAPL, { priceBand: { floor: d("90"), ceiling: d("110") } }),
    ask: { ...ONE, limitPrice: "111" },
  },
  symbol_frozen: {
    given: (world) =>
      world.apply({ type: "SymbolFrozen", instrumentId: AAPL, reason: "unresolved" }),
    ask: ONE,
  },
  no_reference_price: {
    given: (world) => {
      world.price(AAPL, null);
      world.set("max_order_notional", "1000");
    },
    ask: ONE,
  },
  quote_age_max_ms: ofLimit("quote_age_max_ms"),
  no_fx_rate: {
    given: (world) => {
      world.now = IN_SEOUL;
      world.set("max_order_notional", "1000000");
    },
    ask: { of: SAMSUNG, quantity: "1", limitPrice: "70000" },
  },
  no_account_equity: {
    given: (world) => {
      world.set("max_leverage", "1");
      world.account.equity = null;
    },
    ask: ONE,
  },
  duplicate_signal: ofLimit("duplicate_signal"),
  max_order_qty_stock: ofLimit("max_order_qty_stock"),
  max_order_qty_crypto: ofLimit("max_order_qty_crypto"),
  max_order_notional: ofLimit("max_order_notional"),
  max_position_size_usd: ofLimit("max_position_size_usd"),
  max_position_qty: ofLimit("max_position_qty"),
  max_positions: ofLimit("max_positions"),
  max_open_orders: ofLimit("max_open_orders"),
  max_orders_per_minute: ofLimit("max_orders_per_minute"),
  max_orders_per_day: ofLimit("max_orders_per_day"),
  max_daily_loss_usd: lossOf("max_daily_loss_usd", "1000"),
  max_daily_loss_percent: lossOf("max_daily_loss_percent", "1"),
  max_loss_per_trade_percent: ofLimit("max_loss_per_trade_percent"),
  max_leverage: ofLimit("max_leverage"),
  buying_power: ofLimit("buying_power"),
  max_concentration_percent: ofLimit("max_concentration_percent"),
  price_collar_percent: ofLimit("price_collar_percent"),
  wash_trade: ofLimit("wash_trade"),
};

describe("the chain", () => {
  it("has one rule for each code, in the order of precedence", () => {
    expect(RULES.map(({ code }) => code)).toEqual(
      RULE_CODES.filter((code) => RULES.some((rule) => rule.code === code)),
    );
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
  });

  it.each(RULE_CODES)("%s refuses by itself", (code) => {
    const { given, ask } = WAYS[code];
    const world = World.bare();
    given(world);
    const { refusal, refusalWithoutPrice } = world.ask(ask);
    expect(refusal ?? refusalWithoutPrice).toMatchObject({ code, by: "risk" });
  });
});
