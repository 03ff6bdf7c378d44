// The price-time book and the simulated quote.
import { describe, expect, test } from "vitest";
import { Pit } from "./pit.ts";

const average = (order: {
  filledValue: { toString(): string };
  filledQuantity: { toString(): string };
}) => Number(order.filledValue.toString()) / Number(order.filledQuantity.toString());

describe("against the quote", () => {
  test("a market order buys at the ask and sells at the bid", () => {
    const pit = new Pit();
    pit.send({ clientOrderId: "buy" });
    pit.send({ side: "sell", clientOrderId: "sell" });
    expect(pit.told()).toEqual([
      "buy pending_new",
      "buy new",
      "buy fill 10@200.02",
      "sell pending_new",
      "sell new",
      "sell fill 10@200",
    ]);
  });

  test("a limit order that gives more than the market asks pays what the market asks", () => {
    const order = new Pit().send({ limit: "205" });
    expect(order.status).toBe("filled");
    expect(average(order)).toBe(200.02);
  });

  test("a resting order trades at its own price when the market comes to it", () => {
    const pit = new Pit();
    const order = pit.send({ limit: "199" });
    expect(order.status).toBe("new");
    pit.show("AAPL", { bid: "198.90", ask: "198.95" });
    expect(order.status).toBe("filled");
    expect(average(order)).toBe(199);
  });

  test("an order larger than the displayed size fills in parts, one per quote", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "40" });
    const order = pit.send({ qty: "100", clientOrderId: "large" });
    expect(order.status).toBe("partially_filled");
    pit.show("AAPL", { bid: "200", ask: "200.04", size: "40" });
    pit.show("AAPL", { bid: "200", ask: "200.06", size: "40" });
    expect(order.status).toBe("filled");
    expect(pit.told().slice(2)).toEqual([
      "large partial_fill 40@200.02",
      "large partial_fill 40@200.04",
      "large fill 20@200.06",
    ]);
  });

  test("a displayed size is offered to every order once, unless it is shared", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "15" });
    expect([pit.send({}).status, pit.send({}).status]).toEqual(["filled", "filled"]);
    pit.exchange.policy.liquidity = "shared";
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "15" });
    expect([pit.send({}).status, pit.send({}).status]).toEqual(["filled", "partially_filled"]);
    pit.exchange.policy.liquidity = "unlimited";
    expect(pit.send({ qty: "500" }).status).toBe("filled");
  });

  test("an amount of money is spent to the last step", () => {
    const pit = new Pit();
    const order = pit.send({ notional: "1000" });
    expect(order.status).toBe("filled");
    expect(order.filledQuantity.toString()).toBe("4.999500049");
    expect(Number(order.filledValue.toString())).toBeCloseTo(1000, 6);
    expect(pit.account().reserved.toString()).toBe("0");
  });

  test("a fill is cut short as often as the policy says, and the rest comes with the next quote", () => {
    const pit = new Pit();
    pit.exchange.policy.partialFillProbability = 1;
    const order = pit.send({ qty: "100" });
    expect(order.status).toBe("partially_filled");
    pit.exchange.policy.partialFillProbability = 0;
    pit.show("AAPL", { bid: "200", ask: "200.02" });
    expect(order.status).toBe("filled");
  });
});

describe("between accounts", () => {
  test("the better price trades first, then the earlier order", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "190", ask: "210" });
    const late = pit.send({ key: "b", side: "sell", limit: "205" });
    const better = pit.send({ key: "c", side: "sell", limit: "204" });
    const last = pit.send({ key: "d", side: "sell", limit: "205" });
    pit.send({ qty: "15", limit: "206" });
    expect(better.status).toBe("filled");
    expect(late.filledQuantity.toString()).toBe("5");
    expect(last.filledQuantity.toString()).toBe("0");
  });

  test("both get the price of the one that was there first", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "190", ask: "210" });
    const resting = pit.send({ key: "b", side: "sell", limit: "200" });
    const taker = pit.send({ limit: "208" });
    expect([average(resting), average(taker)]).toEqual([200, 200]);
  });

  test("the quote is taken when it is better than what rests", () => {
    const pit = new Pit();
    const resting = pit.send({ key: "b", side: "sell", limit: "200.05" });
    const taker = pit.send({ limit: "201" });
    expect(average(taker)).toBe(200.02);
    expect(resting.status).toBe("new");
  });

  test("an account never trades with itself", () => {
    const pit = new Pit();
    pit.send({ qty: "20" });
    pit.show("AAPL", { bid: "190", ask: "210" });
    const exit = pit.send({ side: "sell", orderClass: "oco", takeProfit: "211", stopLoss: "180" });
    const entry = pit.send({ limit: "212", orderClass: "oto", takeProfit: "220" });
    expect(average(entry)).toBe(210);
    expect(exit.status).toBe("new");
  });
});

describe("time in force", () => {
  test("what an IOC order does not get at once is cancelled", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "4" });
    const order = pit.send({ timeInForce: "ioc", clientOrderId: "ioc" });
    expect(order.status).toBe("canceled");
    expect(order.filledQuantity.toString()).toBe("4");
    expect(pit.told().at(-1)).toBe("ioc canceled");
  });

  test("a FOK order gets all or nothing", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "4" });
    const nothing = pit.send({ timeInForce: "fok" });
    expect([nothing.status, nothing.filledQuantity.toString()]).toEqual(["canceled", "0"]);
    expect(pit.send({ timeInForce: "fok", qty: "4" }).status).toBe("filled");
    expect(pit.send({ timeInForce: "fok", qty: "1", limit: "199" }).status).toBe("canceled");
  });

  test("a FOK order counts what rests with other accounts", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "190", ask: "210", size: "4" });
    pit.send({ key: "b", side: "sell", qty: "6", limit: "205" });
    expect(pit.send({ timeInForce: "fok", limit: "210" }).status).toBe("filled");
  });
});

describe("stops", () => {
  test("a stop wakes at its price and trades at the market", () => {
    const pit = new Pit();
    const order = pit.send({ type: "stop", stop: "201" });
    pit.show("AAPL", { bid: "200.50", ask: "200.90", last: "200.99" });
    expect(order.status).toBe("new");
    pit.show("AAPL", { bid: "200.90", ask: "201.10", last: "201" });
    expect(order.status).toBe("filled");
    expect(average(order)).toBe(201.1);
  });

  test("a stop-limit that wakes rests at its limit", () => {
    const pit = new Pit();
    const order = pit.send({ type: "stop_limit", stop: "201", limit: "201.05" });
    pit.show("AAPL", { bid: "201", ask: "202", last: "201" });
    expect([order.status, order.place]).toEqual(["new", "book"]);
    pit.show("AAPL", { bid: "200.90", ask: "201", last: "201" });
    expect(average(order)).toBe(201.05);
  });

  test("a trailing stop follows the market up and never down", () => {
    const pit = new Pit();
    pit.send({});
    const order = pit.send({ side: "sell", type: "trailing_stop", trailPercent: "5" });
    expect([String(order.highWater), String(order.stopPrice)]).toEqual(["200.02", "190.019"]);
    pit.show("AAPL", { bid: "219", ask: "220" });
    expect([String(order.highWater), String(order.stopPrice)]).toEqual(["220", "209"]);
    pit.show("AAPL", { bid: "210", ask: "211" });
    expect(String(order.stopPrice)).toBe("209");
    pit.show("AAPL", { bid: "208", ask: "209" });
    expect(order.status).toBe("filled");
    expect(average(order)).toBe(208);
  });

  test("a buy's trailing stop follows the market down", () => {
    const pit = new Pit();
    const order = pit.send({ type: "trailing_stop", trail: "5" });
    expect(String(order.stopPrice)).toBe("205.02");
    pit.show("AAPL", { bid: "189", ask: "190" });
    expect(String(order.stopPrice)).toBe("195");
    pit.show("AAPL", { bid: "195", ask: "195.10", last: "195" });
    expect(order.status).toBe("filled");
  });
});

describe("crypto", () => {
  test("a pair is paid in its coin", () => {
    const pit = new Pit();
    pit.show("BTC/USDT", { bid: "60000", ask: "60010", size: "5" });
    pit.send({ symbol: "BTC/USDT", side: "sell", qty: "0.1" });
    expect(pit.quantity("BTC/USD")).toBe("0");
    expect(pit.quantity("USDT/USD")).toBe("6000");
    const bought = pit.send({ symbol: "BTC/USDT", qty: "0.05", limit: "50000" });
    expect(pit.held("USDT/USD")).toBe("2500");
    pit.cancel(bought);
    expect(pit.held("USDT/USD")).toBe("0");
    expect(pit.account().cash.toString()).toBe("100000");
  });

  test("a fee is taken from what is credited", async () => {
    const { Decimal } = await import("../../../src/domain/decimal.ts");
    const pit = new Pit();
    pit.exchange.policy.cryptoFeeRate = Decimal.of("0.0025");
    pit.show("ETH/USD", { bid: "3000", ask: "3000", size: "50" });
    pit.send({ symbol: "ETH/USD", qty: "2" });
    expect(pit.quantity("ETH/USD")).toBe("1.995");
    expect(pit.account().cash.toString()).toBe("94000");
    pit.send({ symbol: "ETH/USD", side: "sell", qty: "1" });
    expect(pit.account().cash.toString()).toBe("96992.5");
  });
});
