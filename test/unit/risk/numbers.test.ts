// A verdict carries the numbers it was made of: they are what an operator is shown and what is stored.
import { expect, test } from "vitest";
import { AAPL, d, NYSE_AAPL, World } from "./world.ts";
import type { Asked } from "./world.ts";
import type { RuleCode } from "../../../src/domain/refusal.ts";

interface Case {
  readonly rule: RuleCode;
  readonly given?: (world: World) => unknown;
  readonly ask?: (world: World) => Asked;
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly result?: "pass" | "warn";
}

const one =
  (more: Asked = {}) =>
  (): Asked => ({ quantity: "1", limitPrice: "100", ...more });

const CASES: readonly Case[] = [
  {
    rule: "calendar_unknown",
    given: (world) => (world.now = Date.parse("2045-03-01T15:00Z")),
    ask: one({ of: NYSE_AAPL }),
    numbers: { venue: "XNYS", date: "2045-03-01" },
  },
  {
    rule: "instrument_not_tradable",
    given: (world) => world.instrument(AAPL, { tradable: false }),
    numbers: { symbol: "AAPL" },
  },
  {
    rule: "lot_size",
    given: (world) => world.instrument(AAPL, { minQuantity: d("5") }),
    numbers: { quantity: "1", lot: "1", least: "5" },
  },
  {
    rule: "lot_size",
    given: (world) => world.instrument(AAPL, { maxQuantity: d("5") }),
    ask: one({ quantity: "6" }),
    numbers: { quantity: "6", lot: "1", most: "5" },
  },
  {
    rule: "price_band",
    given: (world) => world.instrument(AAPL, { priceBand: { floor: d("70"), ceiling: d("99") } }),
    numbers: { limit_price: "100", floor: "70", ceiling: "99" },
  },
  {
    rule: "stale_signal",
    ask: (world) => one({ validUntil: world.now - 5 })(),
    numbers: { late_ms: 5 },
  },
  {
    rule: "stale_signal",
    ask: (world) => one({ receivedAt: world.now - 60_000 })(),
    numbers: { age_ms: 60_000, limit_seconds: 60 },
    result: "pass",
  },
  {
    rule: "symbol_frozen",
    given: (world) => world.account.frozen.set(AAPL, "an answer is awaited"),
    numbers: { reason: "an answer is awaited" },
  },
  {
    rule: "trading_state",
    given: (world) => world.stop({ state: "halted" }),
    numbers: { trading_state: "halted" },
  },
  {
    rule: "trading_state",
    given: (world) => world.stop({ state: "reducing" }),
    numbers: { trading_state: "reducing" },
  },
  {
    rule: "trading_state",
    given: (world) => {
      world.hold(AAPL, "1", "100");
      world.stop({ state: "reducing" });
    },
    ask: one({ side: "sell" }),
    numbers: { trading_state: "reducing" },
    result: "pass",
  },
  {
    rule: "max_daily_loss_usd",
    given: (world) => {
      world.set("max_daily_loss_usd", "500");
      const limit = "max_daily_loss_usd";
      world.apply({ type: "LossLimitCrossed", limit, loss: d("501"), allowed: d("500") });
    },
    numbers: { crossed: true },
  },
  {
    rule: "no_reference_price",
    given: (world) => {
      world.set("quote_age_max_ms", "1000");
      world.set("price_collar_percent", "10");
      world.price(AAPL, null, { at: world.now + 1 });
    },
    numbers: { rules: "quote_age_max_ms, price_collar_percent" },
  },
];

test.each(CASES)("of $rule: $numbers", ({ rule, given, ask = one(), numbers, ...more }) => {
  const world = World.bare();
  given?.(world);
  const verdict = world.verdict(rule, ask(world));
  expect(verdict).toMatchObject({ result: more.result ?? "refuse", numbers });
});
