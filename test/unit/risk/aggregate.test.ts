// The sums that are kept up are the sums that a fresh count would give, whatever happened in between.
import { describe, expect, test } from "vitest";
import { RiskAggregate } from "../../../src/domain/risk/aggregate.ts";
import { crossedLossLimit, dayLoss, profitFigures } from "../../../src/domain/risk/day-result.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId } from "../../../src/domain/ids.ts";
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

test("the same price again values an instrument in the currency that it has now", () => {
  const world = World.ready();
  world.hold(AAPL, "10", "100");
  expect(kept(world)).toMatchObject({ gross: "1000" });
  world.instrument(AAPL, { currency: "EUR" });
  world.now += 1;
  world.price(AAPL, "100");
  expect(kept(world)["gross"]).not.toBe("1000");
});

test("the same price again values what a split had left without one", () => {
  const world = World.ready();
  world.hold(AAPL, "10", "100");
  expect(kept(world)).toMatchObject({ unpriced: [] });
  world.account.splits.set(AAPL, world.now + 1);
  world.hold(AAPL, "10", "100");
  expect(kept(world)).toMatchObject({ unpriced: [AAPL] });
  world.now += 2;
  world.price(AAPL, "100");
  expect(kept(world)).toMatchObject({ unpriced: [] });
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

describe("what is reserved", () => {
  /** The broker's figures are of NOW, whatever happens is later. */
  const later = (): World => {
    const world = World.ready();
    kept(world);
    world.now = NOW + 1;
    return world;
  };
  const moveTo = (world: World, price: string): void => {
    world.now += 1;
    world.price(AAPL, price);
  };

  test("follows the market for what no limit bounds from above, and not for a buy with a limit", () => {
    const world = later();
    world.work(AAPL, { quantity: "10" });
    world.work(AAPL, { side: "sell", quantity: "10", limitPrice: "120" });
    world.work(AAPL, { quantity: "10", limitPrice: "100" });
    // Five percent above the market, the limit of the sale, and the limit of the buy.
    expect(kept(world)).toMatchObject({ reserved: String(1050 + 1200 + 1000) });
    moveTo(world, "110");
    expect(kept(world)).toMatchObject({ reserved: String(1155 + 1200 + 1000) });
    moveTo(world, "130");
    expect(kept(world)).toMatchObject({ reserved: String(1365 + 1300 + 1000) });
  });

  test("stays so for an order that the broker's figures cannot know: pending, or of that very instant", () => {
    const world = later();
    world.place(AAPL, { quantity: "1", limitPrice: "100" });
    world.work(MSFT, { quantity: "2", limitPrice: "100" });
    expect(kept(world)).toMatchObject({ reserved: "300" });
    world.observe("100000");
    expect(kept(world)).toMatchObject({ reserved: "300" });
    world.now += 1;
    world.observe("100000");
    expect(kept(world)).toMatchObject({ reserved: "100" });
  });

  test("is given back once for an order that ended with nothing, whatever comes after", () => {
    const world = later();
    const orderId = world.work(MSFT, { quantity: "5", limitPrice: "100" });
    expect(kept(world)).toMatchObject({ reserved: "500" });
    world.apply({ type: "OrderCancelled", orderId, by: "broker", message: null });
    expect(kept(world)).toMatchObject({ reserved: "0" });
    world.now += 1;
    world.observe("100000");
    expect(kept(world)).toMatchObject({ reserved: "0" });
  });

  test("is everything while the broker has told no figures", () => {
    const world = later();
    world.account.equity = null;
    world.work(MSFT, { quantity: "5", limitPrice: "100" });
    expect(kept(world)).toMatchObject({ reserved: "500" });
  });

  test.each(["take_profit", "stop_loss"] as const)(
    "is nothing for a %s, though it may sell what the entry has bought",
    (role) => {
      const world = later();
      const parentId = world.work(MSFT, { quantity: "1", limitPrice: "100" });
      world.fill(parentId, "1", "100");
      world.work(MSFT, { side: "sell", quantity: "1", limitPrice: "110" }, { parentId, role });
      expect(kept(world)).toMatchObject({ reserved: "100" });
    },
  );

  test("is nothing for an order on what is not in the table of instruments", () => {
    const world = later();
    world.work(asId<InstrumentId>("SIM:NOWHERE"), { quantity: "1", limitPrice: "100" });
    expect(kept(world)).toMatchObject({ instruments: 1, reserved: "0", uncosted: [] });
  });

  test("of an order that the broker's figures contain is not taken off them when it is changed", () => {
    const world = World.bare();
    world.set("check_buying_power", "true");
    const placedOrderId = world.work(AAPL, { quantity: "10", limitPrice: "100" });
    world.now = NOW + 1;
    world.observe("100000", { buyingPower: "99000" });
    const changed = { quantity: "10", limitPrice: "99", placedOrderId } as const;
    expect(world.verdict("buying_power", changed).numbers).toMatchObject({
      available: "99000",
      reserved: "0",
    });
  });
});

test("the exposure of an instrument is that of its larger side", () => {
  const world = World.ready();
  world.hold(AAPL, "10", "100");
  world.work(AAPL, { quantity: "5", limitPrice: "100" });
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "1500" });
  world.work(AAPL, { side: "sell", quantity: "40", limitPrice: "120" });
  // Sold down to 30 short, at the limit of the sale.
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "3600" });
});

test("an order of others without an instrument of ours is in no sum", () => {
  const world = World.ready();
  world.foreign(null, { quantity: "5", limitPrice: "100" });
  expect(kept(world)).toMatchObject({ instruments: 0, gross: "0" });
});

test("what the broker holds for others is exposure, and nobody's profit", () => {
  const world = World.ready();
  const accept = (amount: string): void => {
    const more = { subject: AAPL, amount: d(amount), reason: "theirs" } as const;
    world.apply({ type: "DifferenceAccepted", kind: "position", ...more });
  };
  accept("5");
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "500", unrealized: "0" });
  world.hold(AAPL, "10", "90");
  expect(kept(world)).toMatchObject({ gross: "1500", unrealized: "100" });
  // Theirs cancels out ours: no exposure is left, and our own profit is still ours.
  accept("-10");
  expect(kept(world)).toMatchObject({ instruments: 1, gross: "0", unrealized: "100" });
  world.price(AAPL, null);
  expect(kept(world)).toMatchObject({ gross: "0", unpriced: [] });
  expect(dayLoss(world.account, world.context)).toMatchObject({ code: "no_reference_price" });
  world.price(AAPL, "100");
  accept("0");
  expect(kept(world)).toMatchObject({ gross: "1000", unrealized: "100" });
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
