// Invariant 7 in the corners: an input that is missing for one half of a question is missing for the whole,
// and a currency that nobody converts is never taken for the limit's own.
import { describe, expect, test } from "vitest";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId, StrategyId } from "../../../src/domain/ids.ts";
import { CurrencySums } from "../../../src/domain/risk/currency-sums.ts";
import { crossedLossLimit, profitFigures } from "../../../src/domain/risk/day-result.ts";
import { convert } from "../../../src/domain/risk/money.ts";
import { AAPL, BTC, d, MSFT, NOW, NYSE_AAPL } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const SWING = asId<StrategyId>("swing");
const swing: Asked = { strategyId: SWING, quantity: "1", limitPrice: "100" };
const NOWHERE = asId<InstrumentId>("SIM:NOWHERE");

/** Without any price for these. */
function priceless(...ids: readonly InstrumentId[]): World {
  const world = World.bare();
  for (const id of ids) world.price(id, null);
  return world;
}

describe("a limit of the account that cannot be judged", () => {
  test.each([
    ["max_position_size_usd", "10000"],
    ["max_concentration_percent", "10"],
  ] as const)("is not passed by a strategy's own %s that can", (key, value) => {
    const world = priceless(AAPL);
    world.hold(AAPL, "10", "100", "other");
    world.set(key, value);
    world.override({ key, value, strategyId: "swing" });
    expect(world.ask(swing)).toMatchObject({ refusal: null, missingPrice: true });
  });

  test("is not passed by a strategy's own daily loss that can", () => {
    const world = priceless(MSFT);
    world.hold(MSFT, "10", "100", "other");
    world.set("max_daily_loss_usd", "1000");
    world.override({ key: "max_daily_loss_usd", value: "500", strategyId: "swing" });
    expect(world.ask(swing)).toMatchObject({ refusal: null, missingPrice: true });
  });
});

describe("what a position is worth", () => {
  const sized = (world: World): World => {
    world.set("max_position_size_usd", "100000");
    return world;
  };

  test.each([
    ["a long, without any price", "10", { limitPrice: "100", quantity: "1" }],
    ["a short that is bought back, without any price", "-10", { quantity: "20" }],
    ["a short that is bought back for money, without any price", "-10", { notional: "500" }],
  ] as const)("is not known of %s", (_name, held, asked) => {
    const world = sized(priceless(AAPL));
    world.hold(AAPL, held, "100");
    expect(world.ask(asked).missingPrice).toBe(true);
  });

  test("is not known of a long in a market of which only a bid is known", () => {
    const world = sized(World.bare());
    world.hold(AAPL, "10", "100");
    world.price(AAPL, null);
    world.price(AAPL, null, { bid: d("99") });
    expect(world.ask({ quantity: "1", limitPrice: "100" }).missingPrice).toBe(true);
  });

  test("is not known while an order of unknown size works on it, with its price known", () => {
    const world = sized(World.bare());
    world.hold(AAPL, "10", "100");
    world.work(AAPL, { quantity: "1", limitPrice: "100" });
    world.foreign(AAPL, { limitPrice: "100" });
    expect(world.verdict("max_position_size_usd", { quantity: "1" })).toMatchObject({
      result: "refuse",
      message: "no price is known for AAPL",
    });
  });
});

describe("an amount of money to trade", () => {
  test("is an estimate of units that is rounded up, and costs what it says", () => {
    const world = World.bare();
    world.price(AAPL, "3");
    world.set("max_order_qty_stock", "4");
    world.set("max_order_notional", "10");
    const ten = { notional: "10" };
    expect(world.verdict("max_order_qty_stock", ten).numbers["quantity"]).toBe("3.333333334");
    expect(world.verdict("max_order_notional", ten)).toMatchObject({
      result: "pass",
      numbers: { cost: "10" },
    });
  });

  test("costs what it says although no price is known", () => {
    const world = priceless(AAPL);
    world.set("max_order_notional", "10");
    expect(world.verdict("max_order_notional", { notional: "10" }).result).toBe("pass");
    expect(world.verdict("max_order_notional", { notional: "10.01" }).result).toBe("refuse");
  });

  test("at a price of zero is no number of units", () => {
    const world = World.bare();
    world.price(AAPL, "0");
    world.set("max_order_qty_stock", "4");
    expect(world.ask({ notional: "10" }).missingPrice).toBe(true);
  });
});

describe("several prices that are missing", () => {
  test("are all named by the leverage, with what would help", () => {
    const world = priceless(MSFT, NYSE_AAPL);
    world.hold(MSFT, "1", "100");
    world.hold(NYSE_AAPL, "1", "100");
    world.set("max_leverage", "1");
    const answer = world.ask({ quantity: "1", limitPrice: "100" });
    expect(answer.verdicts).toContainEqual(
      expect.objectContaining({
        rule: "max_leverage",
        message: `no price is known for ${MSFT}, ${NYSE_AAPL}, held or about to be`,
      }),
    );
    expect(answer.wantedMarks).toEqual([AAPL, MSFT, NYSE_AAPL]);
  });

  test("are all named by the daily loss", () => {
    const world = priceless(MSFT, NYSE_AAPL);
    world.hold(MSFT, "1", "100");
    world.hold(NYSE_AAPL, "1", "100");
    expect(profitFigures(world.account, world.context)).toMatchObject({
      code: "no_reference_price",
      message: `no price is known for ${MSFT}, ${NYSE_AAPL}, which is held`,
      marks: [MSFT, NYSE_AAPL],
    });
  });
});

test("what crypto could be paid with is named when it is not known", () => {
  const world = World.bare();
  world.set("check_buying_power", "true");
  world.observe("100000", { nonMarginable: null });
  expect(world.verdict("buying_power", { of: BTC, quantity: "0.1" })).toMatchObject({
    result: "refuse",
    message: "the non-marginable buying power of the account is not known",
  });
});

test("a day that has not begun is named", () => {
  const world = World.bare();
  world.account.day = null;
  for (const key of ["max_daily_loss_usd", "max_orders_per_day"] as const) {
    world.set(key, "100");
    expect(world.verdict(key, { quantity: "1" }).message).toBe(
      "the trading day of the account has not begun",
    );
  }
  world.set("max_daily_loss_usd", null);
  world.override({ key: "max_daily_loss_usd", value: "1", strategyId: "swing" });
  expect(world.verdict("max_daily_loss_usd", swing)).toMatchObject({
    result: "refuse",
    message: "the trading day of the account has not begun",
  });
});

describe("an instrument that is not in the table", () => {
  const holdingIt = (strategyId: string | null = null): World => {
    const world = World.bare();
    world.price(NOWHERE, "100");
    world.hold(NOWHERE, "10", "200", strategyId);
    return world;
  };
  const noRate = "no rate of these days is known from unknown to USD";

  test("has no currency: what it is worth and has lost is not known", () => {
    const world = holdingIt("swing");
    world.set("max_leverage", "1");
    world.set("max_daily_loss_usd", "10000");
    for (const rule of ["max_leverage", "max_daily_loss_usd"] as const) {
      expect(world.verdict(rule, swing)).toMatchObject({ result: "refuse", message: noRate });
    }
    expect(world.ask(swing).refusal?.code).toBe("no_fx_rate");
  });

  test("keeps a strategy's own loss unknown", () => {
    const world = holdingIt("swing");
    world.hold(NOWHERE, "-10", "200", "other");
    world.override({ key: "max_daily_loss_usd", value: "10000", strategyId: "swing" });
    expect(world.verdict("max_daily_loss_usd", swing)).toMatchObject({ message: noRate });
  });

  test("keeps what was realised on it unknown, though nothing is held any more", () => {
    const world = holdingIt();
    world.hold(NOWHERE, "-10", "150");
    expect(profitFigures(world.account, world.context)).toMatchObject({ message: noRate });
  });
});

describe("money of other currencies", () => {
  const WON = { currency: "KRW", dollar: d("0.001") } as const;
  /** MSFT trades in won, at 100 of them. */
  const inWon = (rate = true): World => {
    const world = World.bare();
    world.instrument(MSFT, { currency: WON.currency });
    if (rate) world.rates.set("KRW/USD", WON.dollar);
    return world;
  };

  test("is converted where it was realised, gained or lost, by the day's rate", () => {
    const world = inWon();
    world.fill(world.work(MSFT, { quantity: "1000" }), "1000", "200");
    world.fill(world.work(MSFT, { side: "sell", quantity: "1000" }), "1000", "100");
    world.hold(AAPL, "1", "107");
    expect(profitFigures(world.account, world.context)).toEqual({
      realized: d("-100"),
      unrealized: d("-7"),
    });
    world.rates.clear();
    expect(profitFigures(world.account, world.context)).toMatchObject({ code: "no_fx_rate" });
  });

  test("is converted for a strategy's own loss too", () => {
    const world = inWon();
    world.hold(MSFT, "1000", "200", "swing");
    world.override({ key: "max_daily_loss_usd", value: "1000", strategyId: "swing" });
    expect(world.verdict("max_daily_loss_usd", swing).numbers["loss"]).toBe("100");
    world.rates.clear();
    expect(world.ask(swing).refusal?.code).toBe("no_fx_rate");
  });

  test("lets the limit in dollars be crossed by an account that is kept in won", () => {
    const { account } = World.ready().account;
    const world = World.bare(createAccountBook({ ...account, currency: WON.currency }));
    world.instrument(AAPL, { currency: WON.currency });
    world.hold(AAPL, "1000", "200");
    world.set("max_daily_loss_usd", "99");
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("no_fx_rate");
    world.rates.set("KRW/USD", WON.dollar);
    expect(crossedLossLimit(world.account, world.context)).toMatchObject({
      loss: d("100"),
      allowed: d("99"),
      currency: "USD",
    });
  });

  test("reserved for an order on its way needs its rate, also when it is released itself", () => {
    const world = inWon(false);
    world.set("check_buying_power", "true");
    const placedOrderId = world.place(AAPL, { quantity: "1", limitPrice: "100" });
    world.place(MSFT, { quantity: "1000", limitPrice: "100" });
    for (const asked of [swing, { ...swing, placedOrderId }]) {
      expect(world.verdict("buying_power", asked)).toMatchObject({
        result: "refuse",
        message: "no rate of these days is known from KRW to USD",
      });
    }
    world.rates.set("KRW/USD", WON.dollar);
    expect(world.verdict("buying_power", { ...swing, placedOrderId })).toMatchObject({
      result: "pass",
      numbers: { reserved: "100", cost: "100" },
    });
  });
});

describe("sums by currency", () => {
  const rates = { rate: (from: string) => (from === "KRW" ? d("0.001") : null) };

  test("a part that is replaced by another, in its currency or not, counts as the other alone", () => {
    const sums = new CurrencySums();
    sums.add("USD", d("5"));
    sums.replace({ currency: "USD", amount: d("2") }, { currency: "USD", amount: d("3") });
    expect(sums.in("USD", rates, NOW)).toEqual(d("6"));
    sums.replace({ currency: "USD", amount: d("3") }, { currency: "KRW", amount: d("4000") });
    expect(sums.in("USD", rates, NOW)).toEqual(d("7"));
    sums.replace({ currency: "KRW", amount: d("4000") }, null);
    sums.replace(null, { currency: "USD", amount: d("1") });
    expect(sums.in("USD", rates, NOW)).toEqual(d("4"));
  });

  test("of which one cannot be converted are not known", () => {
    const sums = new CurrencySums();
    sums.add("USD", d("5"));
    sums.add("VND", d("1"));
    expect(sums.in("USD", rates, NOW)).toMatchObject({ kind: "missing", code: "no_fx_rate" });
  });

  test("nothing is nothing in every currency", () => {
    const conversion = { from: "VND", to: "USD", rates, now: NOW };
    expect(convert(d("0"), conversion)).toEqual(d("0"));
    expect(convert(d("1"), conversion)).toMatchObject({ kind: "missing" });
    expect(convert(d("1"), { ...conversion, from: "KRW" })).toEqual(d("0.001"));
  });
});
