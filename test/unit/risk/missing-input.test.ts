// Invariant 7: what cannot be judged is refused for an entry, with a code that names the input.
import { describe, expect, test } from "vitest";
import type { LimitKey } from "../../../src/domain/limits.ts";
import { AAPL, BTC, d, MSFT, NOW, SAMSUNG } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

/** A world with one limit and without prices. */
const priceless = (limit: LimitKey, value: string): World => {
  const world = World.bare();
  for (const id of [AAPL, MSFT, BTC]) world.price(id, null);
  world.set(limit, value);
  return world;
};

interface PriceCase {
  readonly limit: LimitKey;
  readonly value: string;
  readonly ask: Asked;
  readonly given?: (world: World) => void;
}

const NEEDS_PRICE: readonly PriceCase[] = [
  { limit: "quote_age_max_ms", value: "30000", ask: { quantity: "1", limitPrice: "100" } },
  { limit: "max_position_size_usd", value: "10000", ask: { quantity: "1" } },
  { limit: "max_order_notional", value: "10000", ask: { quantity: "1" } },
  { limit: "max_order_qty_stock", value: "100", ask: { notional: "100" } },
  { limit: "max_position_qty", value: "100", ask: { notional: "100" } },
  { limit: "max_leverage", value: "1", ask: { quantity: "1" } },
  { limit: "max_concentration_percent", value: "10", ask: { quantity: "1" } },
  { limit: "price_collar_percent", value: "10", ask: { quantity: "1", limitPrice: "100" } },
  { limit: "check_buying_power", value: "true", ask: { quantity: "1" } },
  {
    limit: "max_loss_per_trade_percent",
    value: "1",
    ask: { quantity: "1", stopLoss: "90" },
  },
  {
    limit: "max_daily_loss_usd",
    value: "500",
    ask: { quantity: "1", limitPrice: "100" },
    given: (world) => world.hold(MSFT, "1", "100"),
  },
  {
    limit: "max_leverage",
    value: "1",
    ask: { quantity: "1", limitPrice: "100" },
    given: (world) => world.hold(MSFT, "1", "100"),
  },
];

describe.each(NEEDS_PRICE)("$limit without a price", ({ limit, value, ask, given }) => {
  test("lets nothing pass, and asks to wait for one", () => {
    const world = priceless(limit, value);
    given?.(world);
    const answer = world.ask(ask);
    expect(answer.refusal).toBeNull();
    expect(answer.missingPrice).toBe(true);
    expect(answer.refusalWithoutPrice?.code).toBe("no_reference_price");
    expect(answer.wantedMarks).toContain(given === undefined ? AAPL : MSFT);
  });

  test("passes once the price is there", () => {
    const world = priceless(limit, value);
    given?.(world);
    world.price(AAPL, "100");
    world.price(MSFT, "100");
    expect(world.ask(ask)).toMatchObject({ refusal: null, missingPrice: false, wantedMarks: [] });
  });
});

test("a price of the future is none: nobody knows how old it is", () => {
  const world = World.bare();
  world.set("quote_age_max_ms", "30000");
  world.price(AAPL, "100", { at: NOW + 3_600_000 });
  const answer = world.ask({ quantity: "1", limitPrice: "100" });
  expect(answer.missingPrice).toBe(true);
  expect(answer.mark).toBeNull();
});

describe("a price that is missing", () => {
  test("is not waited for when something else is wrong too", () => {
    const world = priceless("quote_age_max_ms", "30000");
    world.set("max_order_qty_stock", "5");
    const answer = world.ask({ quantity: "6" });
    expect(answer.missingPrice).toBe(false);
    expect(answer.refusal?.code).toBe("no_reference_price");
    expect(world.verdict("max_order_qty_stock", { quantity: "6" }).result).toBe("refuse");
  });

  test("of the other side of the same instrument counts for the gross exposure", () => {
    const world = priceless("max_leverage", "1");
    world.work(AAPL, { side: "sell", quantity: "10000" });
    expect(world.ask({ quantity: "1", limitPrice: "100" }).missingPrice).toBe(true);
  });

  test("does not matter to a limit order that no limit measures by price", () => {
    const world = priceless("max_positions", "5");
    expect(world.ask({ quantity: "1", limitPrice: "100" })).toMatchObject({
      refusal: null,
      missingPrice: false,
    });
  });

  test("the sentence names the rules that could not judge", () => {
    const world = priceless("max_position_size_usd", "10000");
    expect(world.ask({ quantity: "1" }).refusalWithoutPrice?.message).toBe(
      "no price is known for AAPL, so max_position_size_usd cannot be judged",
    );
  });

  test("a shadow that cannot judge does not refuse", () => {
    const world = priceless("max_position_size_usd", "10000");
    world.set("max_position_size_usd", "10000", { shadow: true });
    expect(world.ask({ quantity: "1" })).toMatchObject({ refusal: null, missingPrice: false });
  });

  test("a price that is too old is waited for like one that is missing", () => {
    const world = World.bare();
    world.set("quote_age_max_ms", "1000");
    world.now = NOW + 1_001;
    const answer = world.ask({ quantity: "1" });
    expect(answer).toMatchObject({ refusal: null, missingPrice: true, wantedMarks: [AAPL] });
    expect(answer.refusalWithoutPrice?.code).toBe("quote_age_max_ms");
  });
});

const NEEDS_EQUITY: readonly (readonly [LimitKey, string, Asked])[] = [
  ["max_leverage", "1", { quantity: "1" }],
  ["max_concentration_percent", "10", { quantity: "1" }],
  ["check_buying_power", "true", { quantity: "1" }],
  ["max_loss_per_trade_percent", "1", { quantity: "1", stopLoss: "90" }],
];

test.each(NEEDS_EQUITY)(
  "%s refuses while the account's equity is not known",
  (limit, value, ask) => {
    const world = World.bare();
    world.set(limit, value);
    expect(world.ask(ask).refusal).toBeNull();
    world.account.equity = null;
    const answer = world.ask(ask);
    expect(answer.missingPrice).toBe(false);
    expect(answer.refusal?.code).toBe("no_account_equity");
    expect(answer.refusal?.message).toContain("the equity of account main is not known yet");
  },
);

test.each(NEEDS_EQUITY)("%s refuses on what was seen long ago", (limit, value, ask) => {
  const world = World.bare();
  world.set(limit, value);
  const later = (ms: number) => {
    world.now += ms;
    for (const id of [AAPL, BTC]) world.price(id, "100");
    return world.ask(ask).refusal;
  };
  expect(later(10 * 60_000)).toBeNull();
  const refusal = later(1);
  expect(refusal?.code).toBe("no_account_equity");
  expect(refusal?.message).toContain("was seen last at 2026-06-09T14:30:00.000Z");
  const { equity } = world.account;
  if (equity === null) throw new Error("it was observed");
  // Written by a clock that was ahead, nobody knows when.
  world.account.equity = { ...equity, at: world.now + 60_000 };
  expect(later(0)?.code).toBe("no_account_equity");
});

test.each(["max_daily_loss_usd", "max_orders_per_day"] as const)(
  "%s refuses before the trading day has begun",
  (limit) => {
    const world = World.bare();
    world.set(limit, "500");
    world.account.day = null;
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("no_account_equity");
  },
);

test("the daily loss in percent refuses without an equity to begin with", () => {
  const world = World.bare();
  world.set("max_daily_loss_percent", "5");
  if (world.account.day !== null) {
    world.account.day = { ...world.account.day, equityBaseline: null };
  }
  expect(world.ask({ quantity: "1" }).refusal?.message).toContain(
    "the equity at the start of the day is not known",
  );
});

test("crypto refuses when what cannot be borrowed is not known", () => {
  const world = World.bare();
  world.set("check_buying_power", "true");
  world.observe("100000", { nonMarginable: null });
  expect(world.ask({ of: BTC, quantity: "0.1", timeInForce: "gtc" }).refusal?.code).toBe(
    "no_account_equity",
  );
  expect(world.ask({ quantity: "1" }).refusal).toBeNull();
});

test("a short sale refuses while it is not known whether the account may", () => {
  const world = World.bare();
  world.account.equity = null;
  expect(world.ask({ side: "sell", quantity: "1" }).refusal?.code).toBe("no_account_equity");
});

describe("an order in another currency", () => {
  const KOREA = Date.parse("2026-06-09T02:00:00Z");
  const seoul: Asked = { of: SAMSUNG, quantity: "1", limitPrice: "70000" };
  const korean = (limit: LimitKey, value: string): World => {
    const world = World.bare();
    world.now = KOREA;
    world.observe("100000");
    world.set(limit, value);
    return world;
  };

  test.each([
    ["max_position_size_usd", "10000"],
    ["max_order_notional", "10000"],
    ["max_leverage", "1"],
    ["max_concentration_percent", "50"],
    ["check_buying_power", "true"],
  ] as const)("%s refuses without a rate of the day and judges with one", (limit, value) => {
    const world = korean(limit, value);
    expect(world.ask(seoul).refusal).toMatchObject({
      code: "no_fx_rate",
      message: expect.stringContaining("no rate of these days is known from KRW to USD") as string,
    });
    world.rates.set("KRW/USD", d("0.0007"));
    expect(world.ask(seoul).refusal).toBeNull();
  });

  test("a rate of zero is no rate", () => {
    const world = korean("max_order_notional", "10000");
    world.rates.set("KRW/USD", d("0"));
    expect(world.ask(seoul).refusal?.code).toBe("no_fx_rate");
  });
});
