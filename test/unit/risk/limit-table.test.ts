// Rows become limits: default < account < symbol < strategy < account and symbol; hard rows hold back.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, StrategyId } from "../../../src/domain/ids.ts";
import { LIMIT_DEFINITIONS } from "../../../src/domain/limits.ts";
import type { LimitDefinition, LimitKey, Limits } from "../../../src/domain/limits.ts";
import {
  buildLimitTable,
  defaultLimitTable,
  validateOverride,
} from "../../../src/domain/risk/limit-table.ts";
import type { ConfigRow, OverrideRow } from "../../../src/domain/risk/limit-table.ts";
import { validateLimit } from "../../../src/domain/risk/limit-value.ts";
import { isLooser } from "../../../src/domain/risk/looseness.ts";
import { AAPL, d } from "./market.ts";
import { World } from "./world.ts";

const MAIN: AccountId = asId("main");
const SWING: StrategyId = asId("swing");

type Scope = "default" | "account" | "symbol" | "strategy" | "account_symbol";
const SCOPES: readonly Scope[] = ["default", "account", "symbol", "strategy", "account_symbol"];

const NAMES: Record<
  Exclude<Scope, "default">,
  Pick<OverrideRow, "accountId" | "symbol" | "strategyId">
> = {
  account: { accountId: "main", symbol: null, strategyId: null },
  symbol: { accountId: null, symbol: "AAPL", strategyId: null },
  strategy: { accountId: null, symbol: null, strategyId: "swing" },
  account_symbol: { accountId: "main", symbol: "AAPL", strategyId: null },
};

type Rows = Partial<Record<Scope, { value: string | null; hard?: boolean; shadow?: boolean }>>;

function resolve(key: LimitKey, rows: Rows): Limits {
  const configs: ConfigRow[] = [];
  const overrides: OverrideRow[] = [];
  for (const scope of SCOPES) {
    const row = rows[scope];
    if (row === undefined) continue;
    const { value, hard = false, shadow } = row;
    if (scope === "default") configs.push({ key, value, hard, shadow: shadow ?? false });
    else overrides.push({ key, value, hard, shadow: shadow ?? null, ...NAMES[scope] });
  }
  const built = buildLimitTable(1, configs, overrides);
  if (!built.ok) throw new Error(built.problems.join());
  return built.table.for(MAIN, "AAPL", SWING);
}

const quantity = (rows: Rows): string =>
  String(resolve("max_order_qty_stock", rows).max_order_qty_stock);

test("a fresh installation has the defaults of the definitions", () => {
  const limits = defaultLimitTable().for(MAIN, "AAPL", null);
  expect(limits.max_position_size_usd).toEqual(d("10000"));
  expect(limits.max_signal_age_seconds).toBe(60);
  expect(limits.allow_short).toBe(false);
  expect(limits.trading_state).toBe("active");
  expect(limits.symbols_allowed).toBeNull();
  expect([...limits.shadow]).toEqual([]);
});

describe("precedence", () => {
  test.each(SCOPES.map((scope, index) => [scope, index] as const))(
    "%s beats everything before it",
    (_scope, index) => {
      const rows: Rows = {};
      SCOPES.slice(0, index + 1).forEach((scope, at) => (rows[scope] = { value: String(at + 1) }));
      expect(quantity(rows)).toBe(String(index + 1));
    },
  );

  test("a row is for its own account, symbol and strategy only", () => {
    const built = buildLimitTable(
      1,
      [],
      Object.entries(NAMES).map(([, names]) => ({
        key: "max_order_qty_stock",
        value: "1",
        hard: false,
        ...names,
      })),
    );
    if (!built.ok) throw new Error("unexpected");
    const of = (account: string, symbol: string, strategy: string | null): string =>
      String(
        built.table.for(asId(account), symbol, strategy === null ? null : asId(strategy))
          .max_order_qty_stock,
      );
    expect(of("other", "MSFT", null)).toBe("100");
    expect(of("main", "MSFT", null)).toBe("1");
    expect(of("other", "AAPL", null)).toBe("1");
    expect(of("other", "aapl", null)).toBe("1");
    expect(of("other", "MSFT", "swing")).toBe("1");
    expect(of("other", "MSFT", "other")).toBe("100");
  });

  test("an override may switch a limit off", () => {
    expect(
      resolve("max_order_qty_stock", { account: { value: null } }).max_order_qty_stock,
    ).toBeNull();
  });
});

describe("hard rows", () => {
  test("an override loosens what is not hard, and cannot loosen what is", () => {
    expect(quantity({ default: { value: "10" }, symbol: { value: "20" } })).toBe("20");
    expect(quantity({ default: { value: "10", hard: true }, symbol: { value: "20" } })).toBe("10");
    expect(quantity({ default: { value: "10", hard: true }, symbol: { value: null } })).toBe("10");
    expect(quantity({ default: { value: "10", hard: true }, symbol: { value: "5" } })).toBe("5");
  });

  test("the tightest of several hard rows holds", () => {
    expect(
      quantity({
        default: { value: "30", hard: true },
        account: { value: "20", hard: true },
        strategy: { value: "25" },
        account_symbol: { value: "40" },
      }),
    ).toBe("20");
  });

  test("a hard row does not bind what comes before it", () => {
    expect(quantity({ default: { value: "50" }, account: { value: "20", hard: true } })).toBe("20");
  });

  test("a row without a loose end cannot be changed under a hard one", () => {
    const key = "market_closed_policy";
    const limits = resolve(key, {
      default: { value: "reject", hard: true },
      account: { value: "queue" },
    });
    expect(limits.market_closed_policy).toBe("reject");
  });
});

describe("what allows more", () => {
  const symbols = (...names: string[]): ReadonlySet<string> => new Set(names);
  test.each([
    ["max_order_qty_stock", d("2"), d("1"), true],
    ["max_order_qty_stock", d("1"), d("1"), false],
    ["max_open_orders", 2, 1, true],
    ["duplicate_window_seconds", 1, 2, true],
    ["buying_power_reserve_percent", d("1"), d("2"), true],
    ["allow_short", true, false, true],
    ["allow_short", false, true, false],
    ["check_wash_trade", false, true, true],
    ["enable_risk_checks", false, true, true],
    ["trading_state", "active", "halted", true],
    ["trading_state", "halted", "reducing", false],
    ["symbols_allowed", symbols("A", "B"), symbols("A"), true],
    ["symbols_allowed", symbols("A"), symbols("A", "B"), false],
    ["symbols_denied", symbols("A"), symbols("A", "B"), true],
    ["symbols_denied", symbols("A", "B"), symbols("A"), false],
    ["on_broker_down", "hold", "reject", true],
    ["max_order_qty_stock", null, d("1"), true],
    ["max_order_qty_stock", d("1"), null, false],
    ["max_order_qty_stock", null, null, false],
  ] as const)("%s: %s against %s", (key, value, bound, looser) => {
    expect(isLooser(key, value, bound)).toBe(looser);
  });
});

describe("shadow", () => {
  test("an override without a word about it shadows as the row before it", () => {
    const rows: Rows = { default: { value: "10", shadow: true }, account: { value: "5" } };
    expect(resolve("max_order_qty_stock", rows).shadow.has("max_order_qty_stock")).toBe(true);
  });

  test("an override can end the shadow or begin it", () => {
    const ends: Rows = {
      default: { value: "10", shadow: true },
      account: { value: "5", shadow: false },
    };
    expect(resolve("max_order_qty_stock", ends).shadow.size).toBe(0);
    const begins: Rows = { default: { value: "10" }, account: { value: "5", shadow: true } };
    expect(resolve("max_order_qty_stock", begins).shadow.size).toBe(1);
  });

  test("a hard limit cannot be put in the shadow from below", () => {
    const rows: Rows = {
      default: { value: "10", hard: true },
      account: { value: "5", shadow: true },
    };
    expect(resolve("max_order_qty_stock", rows).shadow.size).toBe(0);
  });
});

describe("a limit on one position, set for a strategy", () => {
  const swing = { strategyId: SWING, limitPrice: "100" } as const;
  const world = (value: string): World => {
    const made = World.bare();
    made.override({ key: "max_position_size_usd", value, strategyId: "swing" });
    return made;
  };

  test("is measured on the strategy's own holding", () => {
    const made = world("5000");
    made.hold(AAPL, "100", "100", "other");
    made.hold(AAPL, "20", "100", "swing");
    expect(made.ask({ ...swing, quantity: "30" }).refusal).toBeNull();
    expect(made.ask({ ...swing, quantity: "31" }).refusal?.message).toBe(
      "the strategy's own position in AAPL could reach 5100 USD with everything on its way, " +
        "and max_position_size_usd is 5000",
    );
  });

  test("counts the strategy's own orders and not those of others", () => {
    const made = world("5000");
    made.work(AAPL, { quantity: "20", limitPrice: "100" }, { strategyId: SWING });
    made.work(AAPL, { quantity: "90", limitPrice: "100" });
    made.foreign(AAPL, { quantity: "90", limitPrice: "100" });
    expect(made.ask({ ...swing, quantity: "30" }).refusal).toBeNull();
    expect(made.ask({ ...swing, quantity: "31" }).refusal?.code).toBe("max_position_size_usd");
  });

  test("that is tighter leaves the account's limit on the net position in force", () => {
    const made = world("5000");
    made.set("max_position_size_usd", "10000");
    made.hold(AAPL, "80", "100", "other");
    expect(made.ask({ ...swing, quantity: "20" }).refusal).toBeNull();
    expect(made.ask({ ...swing, quantity: "21" }).refusal?.message).toMatch(
      /^AAPL could reach 10100/,
    );
  });

  test("that is looser lets the net position go as far for the strategy", () => {
    const made = world("20000");
    made.set("max_position_size_usd", "10000");
    expect(made.ask({ ...swing, quantity: "200" }).refusal).toBeNull();
    expect(made.ask({ ...swing, quantity: "201" }).refusal?.code).toBe("max_position_size_usd");
    expect(made.ask({ quantity: "101", limitPrice: "100" }).refusal?.code).toBe(
      "max_position_size_usd",
    );
  });

  test("that is looser than a hard one changes nothing", () => {
    const made = world("20000");
    made.set("max_position_size_usd", "10000", { hard: true });
    expect(made.ask({ ...swing, quantity: "101" }).refusal?.code).toBe("max_position_size_usd");
  });

  test("the head-room is that of the tighter of the two", () => {
    const made = world("5000");
    made.set("max_position_size_usd", "10000");
    made.hold(AAPL, "70", "100", "other");
    const head = made.verdict("max_position_size_usd", { ...swing, quantity: "10" }).head;
    expect(head).toEqual(d("2000"));
  });

  test.each([
    ["max_position_qty", "50"],
    ["max_concentration_percent", "5"],
  ] as const)("works for %s too", (key, value) => {
    const made = World.bare();
    made.override({ key, value, strategyId: "swing" });
    made.hold(AAPL, "100", "100", "other");
    expect(made.ask({ ...swing, quantity: "50" }).refusal).toBeNull();
    expect(made.ask({ ...swing, quantity: "51" }).refusal?.code).toBe(key);
  });
});

describe("values", () => {
  const entries = Object.entries(LIMIT_DEFINITIONS) as [LimitKey, LimitDefinition][]; // its own keys

  test.each(entries)("the default of %s is one that it accepts", (key, { default: value }) => {
    expect(validateLimit(key, value)).toBeNull();
  });

  test.each([
    ["max_position_size_usd", "20000.50"],
    ["max_position_size_usd", "0"],
    ["max_position_size_usd", null],
    ["max_order_qty_crypto", " 0.000000001 "],
    ["price_collar_percent", "100"],
    ["allow_short", "TRUE"],
    ["market_closed_policy", "Queue"],
    ["symbols_allowed", "aapl, btc/usd ,BRK.B"],
  ] as const)("%s accepts %s", (key, text) => {
    expect(validateLimit(key, text)).toBeNull();
  });

  test.each([
    [
      "max_position_size_usd",
      "lots",
      'max_position_size_usd must be an amount such as 10000 or 2500.50; it was "lots"',
    ],
    [
      "max_position_size_usd",
      "1e9",
      'max_position_size_usd must be an amount such as 10000 or 2500.50; it was "1e9"',
    ],
    [
      "max_position_size_usd",
      "",
      'max_position_size_usd must be an amount such as 10000 or 2500.50; it was ""',
    ],
    [
      "max_position_size_usd",
      "NaN",
      'max_position_size_usd must be an amount such as 10000 or 2500.50; it was "NaN"',
    ],
    ["max_position_size_usd", "-1", 'max_position_size_usd must not be negative; it was "-1"'],
    [
      "max_position_size_usd",
      "1000000000000001",
      'max_position_size_usd must not be above 1000000000000000; it was "1000000000000001"',
    ],
    [
      "max_order_qty_crypto",
      "0.1234567890123456789",
      'max_order_qty_crypto must have at most 18 decimals; it was "0.1234567890123456789"',
    ],
    ["price_collar_percent", "100.1", 'price_collar_percent must not be above 100; it was "100.1"'],
    ["max_open_orders", "2.5", 'max_open_orders must be a whole number; it was "2.5"'],
    [
      "max_open_orders",
      "1000000001",
      'max_open_orders must not be above 1000000000; it was "1000000001"',
    ],
    [
      "max_signal_age_seconds",
      "31536001",
      'max_signal_age_seconds must not be above 31536000; it was "31536001"',
    ],
    [
      "quote_age_max_ms",
      "86400001",
      'quote_age_max_ms must not be above 86400000; it was "86400001"',
    ],
    ["max_signal_age_seconds", null, "max_signal_age_seconds may be tuned but never switched off"],
    ["allow_short", "yes", 'allow_short must be true or false; it was "yes"'],
    ["allow_short", null, "allow_short must be true or false, never empty"],
    [
      "trading_state",
      "paused",
      'trading_state must be one of active, reducing, halted; it was "paused"',
    ],
    ["trading_state", null, "trading_state must be one of active, reducing, halted"],
    [
      "symbols_allowed",
      "AAPL,,MSFT",
      'symbols_allowed must be symbols with commas between them, and "" is not one; it was "AAPL,,MSFT"',
    ],
  ] as const)("%s refuses %s", (key, text, sentence) => {
    expect(validateLimit(key, text)).toBe(sentence);
  });

  test("a name that does not exist is refused with those that do", () => {
    expect(validateLimit("max_positon_size", "1")).toMatch(
      /^there is no limit called max_positon_size; the names are max_position_size_usd, /,
    );
  });

  test("a long list of symbols is refused, and the quote of it is short", () => {
    const many = Array.from({ length: 1_001 }, (_, index) => `S${index}`).join(",");
    const sentence = validateLimit("symbols_denied", many) ?? "";
    expect(sentence).toContain("must name at most 1000 symbols");
    expect(sentence.length).toBeLessThan(200);
  });

  test("a table with a wrong row is not built, and every wrong row is told", () => {
    const built = buildLimitTable(
      1,
      [{ key: "max_open_orders", value: "x", hard: false, shadow: false }],
      [{ key: "allow_short", value: "maybe", hard: false, ...NAMES.account }],
    );
    expect(built.ok ? [] : built.problems).toHaveLength(2);
  });

  test.each([
    [{ accountId: null, symbol: null, strategyId: null }],
    [{ accountId: "main", symbol: null, strategyId: "swing" }],
    [{ accountId: null, symbol: "AAPL", strategyId: "swing" }],
  ])("an override of %s is for nobody we know", (names) => {
    const row = { key: "max_open_orders", value: "1", hard: false, ...names };
    expect(validateOverride(row)).toBe(
      "an override of max_open_orders is for an account, a symbol, a strategy, or an account and a symbol",
    );
  });

  test("the trading state has switches of its own instead of overrides", () => {
    const row = { key: "trading_state", value: "halted", hard: false, ...NAMES.account };
    expect(validateOverride(row)).toContain("trading_state has no overrides");
  });
});

test("answers are remembered until the table changes", () => {
  const table = defaultLimitTable();
  expect(table.for(MAIN, "AAPL", null)).toBe(table.for(MAIN, "AAPL", null));
});
