// The last value that a limit takes and the first that it does not, and which of two values allows more
// where they are equal or nearly so.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import type { LimitKey } from "../../../src/domain/limits.ts";
import { buildLimitTable, defaultLimitTable } from "../../../src/domain/risk/limit-table.ts";
import type { OverrideRow } from "../../../src/domain/risk/limit-table.ts";
import { validateLimit } from "../../../src/domain/risk/limit-value.ts";
import type { LimitValue } from "../../../src/domain/risk/limit-value.ts";
import { isLooser } from "../../../src/domain/risk/looseness.ts";
import { d } from "./market.ts";

const symbols = (...names: readonly string[]): ReadonlySet<string> => new Set(names);

describe("the last value that is taken", () => {
  test.each([
    ["max_position_size_usd", "1000000000000000"],
    ["max_position_size_usd", "0.123456789012345678"],
    ["max_open_orders", "1000000000"],
    ["max_signal_age_seconds", "31536000"],
    ["quote_age_max_ms", "86400000"],
    ["symbols_allowed", Array.from({ length: 1_000 }, (_, index) => `S${index}`).join(",")],
    ["symbols_allowed", "A".repeat(32)],
  ] as const)("%s accepts %s", (key, text) => {
    expect(validateLimit(key, text)).toBeNull();
  });

  test.each([
    ["max_order_qty_stock", "many", "must be a quantity such as 100 or 0.5"],
    ["price_collar_percent", "10%", "must be a percentage such as 5 or 2.5"],
    [
      "symbols_allowed",
      "*AAPL",
      'must be symbols with commas between them, and "*AAPL" is not one',
    ],
    [
      "symbols_allowed",
      "AAPL*",
      'must be symbols with commas between them, and "AAPL*" is not one',
    ],
  ] as const)("%s refuses %s", (key, text, words) => {
    expect(validateLimit(key, text)).toBe(`${key} ${words}; it was "${text}"`);
  });

  test("a text of sixty characters is quoted whole, a longer one is cut", () => {
    const whole = "x".repeat(60);
    expect(validateLimit("max_open_orders", whole)).toContain(`it was "${whole}"`);
    expect(validateLimit("max_open_orders", `${whole}y`)).toContain(`it was "${whole}…"`);
  });
});

describe("what is no looser", () => {
  const EQUAL: readonly (readonly [LimitKey, LimitValue])[] = [
    ["max_open_orders", 2],
    ["duplicate_window_seconds", 2],
    ["buying_power_reserve_percent", d("1")],
    ["allow_short", true],
    ["allow_short", false],
    ["check_wash_trade", true],
    ["check_wash_trade", false],
    ["trading_state", "reducing"],
    ["symbols_allowed", symbols("A")],
    ["symbols_denied", symbols("A")],
    ["on_broker_down", "hold"],
  ];

  test.each(EQUAL)("%s: %s against the same", (key, value) => {
    expect(isLooser(key, value, value)).toBe(false);
  });

  test.each([
    ["duplicate_window_seconds", 3, 2],
    ["buying_power_reserve_percent", d("2"), d("1")],
    ["check_wash_trade", true, false],
    ["trading_state", "halted", "active"],
  ] as const)("%s: the tighter %s against %s", (key, value, bound) => {
    expect(isLooser(key, value, bound)).toBe(false);
  });

  test.each([
    ["max_open_orders", 2, d("1")],
    ["max_open_orders", d("2"), 1],
    ["max_order_qty_stock", d("2"), 1],
    ["max_open_orders", "2", 1],
    ["max_open_orders", 2, "1"],
    ["symbols_allowed", symbols("A"), "A"],
    ["symbols_allowed", "A", symbols("A")],
  ] as const)("%s: %s and %s cannot be compared, which is said", (key, value, bound) => {
    expect(() => isLooser(key, value, bound)).toThrow(
      new TypeError("two values of one limit are of different kinds"),
    );
  });
});

describe("rows of a table", () => {
  const override = (row: Partial<OverrideRow>): OverrideRow => ({
    key: "max_order_qty_stock",
    value: "1",
    hard: false,
    accountId: null,
    symbol: null,
    strategyId: null,
    ...row,
  });
  const table = (overrides: readonly OverrideRow[], shadowed: boolean) => {
    const row = { key: "max_order_qty_stock", value: "10", hard: true, shadow: shadowed };
    const built = buildLimitTable(1, [row], overrides);
    if (!built.ok) throw new Error(built.problems.join());
    return built.table;
  };

  test("account and symbol are told apart although their letters run on", () => {
    const limits = table([override({ accountId: "main", symbol: "AAPL" })], false);
    expect(limits.for(asId("mainA"), "APL", null).max_order_qty_stock).toEqual(d("10"));
    expect(limits.for(asId("main"), "AAPL", null).max_order_qty_stock).toEqual(d("1"));
  });

  test("a hard row that only records lets a tighter one record only, too", () => {
    const row = override({ accountId: "main", shadow: true });
    expect([...table([row], true).for(asId("main"), "AAPL", null).shadow]).toEqual([
      "max_order_qty_stock",
    ]);
  });

  test("a looser row under a hard one that only records, records what that one would refuse", () => {
    const row = override({ accountId: "main", value: "20" });
    const limits = table([row], true).for(asId("main"), "AAPL", null);
    expect(limits.max_order_qty_stock).toEqual(d("10"));
    expect(limits.shadow.size).toBe(1);
  });

  test("nothing is a strategy's own where no row is for it, or its row switches the limit off", () => {
    const swing = asId<StrategyId>("swing");
    expect(defaultLimitTable().for(asId("main"), "AAPL", swing).own).toEqual({});
    const off = buildLimitTable(
      1,
      [],
      [override({ key: "max_positions", value: null, strategyId: "swing" })],
    );
    if (!off.ok) throw new Error(off.problems.join());
    const limits = off.table.for(asId("main"), "AAPL", swing);
    expect(limits.own).toEqual({});
    expect(limits.max_positions).toBeNull();
  });
});
