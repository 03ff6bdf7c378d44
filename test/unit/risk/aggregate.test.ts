// The sums that are kept up are the sums that a fresh count would give, whatever happened in between.
import { describe, expect, test } from "vitest";
import { RiskAggregate } from "../../../src/domain/risk/aggregate.ts";
import { crossedLossLimit, dayLoss, profitFigures } from "../../../src/domain/risk/day-result.ts";
import { isMissing } from "../../../src/domain/risk/rule.ts";
import { AAPL, BTC, d, MSFT, NOW } from "./market.ts";
import { World } from "./world.ts";

function sums(world: World, aggregate: RiskAggregate): Record<string, unknown> {
  aggregate.refresh(world.account, world.context);
  const inDollars = (of: "gross" | "unrealized" | "reserved"): string =>
    String(aggregate[of].in("USD", world.context.rates, world.now));
  return {
    instruments: aggregate.instrumentCount,
    gross: inDollars("gross"),
    unrealized: inDollars("unrealized"),
    reserved: inDollars("reserved"),
    unpriced: [...aggregate.unpriced],
    uncosted: [...aggregate.uncosted.keys()],
  };
}

/** The kept sums, after checking that a fresh count agrees. */
function kept(world: World): Record<string, unknown> {
  const aggregate = world.account.aggregate;
  if (!(aggregate instanceof RiskAggregate)) throw new Error("the book keeps no sums");
  const now = sums(world, aggregate);
  expect(now).toEqual(sums(world, new RiskAggregate()));
  return now;
}

test("positions, orders, prices and figures of the broker move the sums as they come", () => {
  const world = World.ready();
  expect(kept(world)).toMatchObject({ instruments: 0, gross: "0", reserved: "0" });

  world.hold(AAPL, "10", "90");
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "1000", unrealized: "100" });

  world.price(AAPL, "110");
  expect(kept(world)).toMatchObject({ gross: "1100", unrealized: "200" });

  world.now = NOW + 1;
  const bought = world.work(MSFT, { quantity: "5", limitPrice: "100" });
  expect(kept(world)).toMatchObject({ instruments: 2, gross: "1600", reserved: "500" });

  world.fill(bought, "2", "99");
  expect(kept(world)).toMatchObject({ gross: "1600", reserved: "498", unrealized: "202" });

  world.apply({ type: "OrderCancelled", orderId: bought, by: "broker", message: null });
  expect(kept(world)).toMatchObject({ gross: "1300", reserved: "198" });

  world.now = NOW + 2;
  world.observe("100000");
  expect(kept(world)).toMatchObject({ instruments: 2, reserved: "0" });

  const foreign = world.foreign(BTC, { quantity: "1", limitPrice: "50000" });
  expect(kept(world)).toMatchObject({ instruments: 3, gross: "51300" });
  world.apply({ type: "ExternalOrderClosed", brokerOrderId: foreign });
  expect(kept(world)).toMatchObject({ instruments: 2, gross: "1300" });

  world.hold(AAPL, "-10", "110");
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "200" });
});

test("marks without a memory of changes are compared one by one", () => {
  const world = World.ready();
  world.hold(AAPL, "10", "100");
  const aggregate = new RiskAggregate();
  let last = d("100");
  const marks = { get: () => ({ instrumentId: AAPL, bid: null, ask: null, last, at: NOW }) };
  const context = { ...world.context, marks };
  const gross = (): string => {
    aggregate.refresh(world.account, context);
    return String(aggregate.gross.in("USD", context.rates, NOW));
  };
  expect(gross()).toBe("1000");
  last = d("120");
  expect(gross()).toBe("1200");
});

test("an order without a price is costed as soon as one comes", () => {
  const world = World.ready();
  world.now = NOW + 1;
  world.price(AAPL, null);
  const orderId = world.work(AAPL, { quantity: "10" });
  expect(kept(world)).toMatchObject({ uncosted: [orderId], unpriced: [AAPL], reserved: "0" });
  world.price(AAPL, "100");
  expect(kept(world)).toMatchObject({ uncosted: [], unpriced: [], reserved: "1050" });
});

test("exits and the legs of a bracket reserve nothing", () => {
  const world = World.ready();
  world.now = NOW + 1;
  world.hold(AAPL, "10", "100");
  world.work(AAPL, { side: "sell", quantity: "10", limitPrice: "110" }, { reducesPosition: true });
  const parentId = world.work(MSFT, { quantity: "1", limitPrice: "100" });
  world.work(
    MSFT,
    { side: "sell", quantity: "1", limitPrice: "110" },
    { parentId, role: "take_profit" },
  );
  expect(kept(world)).toMatchObject({ reserved: "100" });
});

describe("the result of the day", () => {
  test("is realised and unrealised since its start, in the account's currency", () => {
    const world = World.ready();
    world.instrument(MSFT, { currency: "KRW" });
    world.rates.set("KRW/USD", d("0.001"));
    world.hold(AAPL, "10", "110");
    world.hold(MSFT, "1000", "90");
    const figures = profitFigures(world.account, world.context);
    if (isMissing(figures)) throw new Error(figures.message);
    expect(figures.realized).toEqual(d("0"));
    expect(figures.unrealized).toEqual(d("-90"));
    expect(dayLoss(world.account, world.context)).toEqual(d("90"));
  });

  test("names the limit that the marks have crossed, and none before", () => {
    const world = World.ready();
    world.set("max_daily_loss_usd", "100");
    world.hold(AAPL, "10", "109.99");
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
    world.price(AAPL, "99.99");
    expect(crossedLossLimit(world.account, world.context)).toMatchObject({
      limit: "max_daily_loss_usd",
      loss: d("100"),
      allowed: d("100"),
      currency: "USD",
    });
    world.set("max_daily_loss_usd", "100", { shadow: true });
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
    world.set("max_daily_loss_usd", "100");
    world.set("enable_risk_checks", "false");
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
  });

  test("a loss in percent is measured against the equity that the day began with", () => {
    const world = World.ready();
    world.set("max_daily_loss_percent", "1");
    world.hold(AAPL, "100", "110");
    expect(crossedLossLimit(world.account, world.context)).toMatchObject({
      limit: "max_daily_loss_percent",
      allowed: d("1000"),
    });
  });

  test("does not wait for the price of what is only ordered", () => {
    const world = World.ready();
    world.set("max_daily_loss_usd", "100");
    world.price(MSFT, null);
    world.work(MSFT, { quantity: "1" });
    world.hold(AAPL, "10", "120");
    expect(dayLoss(world.account, world.context)).toEqual(d("200"));
  });

  test("is not guessed while a price is missing", () => {
    const world = World.ready();
    world.set("max_daily_loss_usd", "1");
    world.hold(AAPL, "100", "200");
    world.price(AAPL, null);
    expect(crossedLossLimit(world.account, world.context)).toBeNull();
  });
});
