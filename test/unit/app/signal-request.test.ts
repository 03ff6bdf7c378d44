// What a signal may say, and what its prices mean.
import { describe, expect, it } from "vitest";
import { NumberText } from "../../../src/app/number-text.ts";
import { Problem } from "../../../src/app/problem.ts";
import { limitPriceOf, readSignalRequest, typeOf } from "../../../src/app/signal-request.ts";

const BUY = { symbol: "AAPL", side: "buy", qty: "10" };

/** Two exits for a position that is held. */
const PAIR = {
  symbol: "AAPL",
  side: "sell",
  qty: "10",
  order_class: "oco",
  take_profit: "2",
  stop_loss: "1",
};

function fieldsAtFault(given: unknown): readonly string[] {
  try {
    readSignalRequest(given);
    return [];
  } catch (error: unknown) {
    if (error instanceof Problem) return error.fields.map(({ field }) => field);
    throw error;
  }
}

describe("the type follows from the prices", () => {
  it.each([
    [{}, "market"],
    [{ limit_price: "1" }, "limit"],
    [{ stop_price: "1" }, "stop"],
    [{ stop_price: "1", limit_price: "1" }, "stop_limit"],
    [{ trail_percent: "1" }, "trailing_stop"],
    [{ trail_price: "1" }, "trailing_stop"],
  ])("%o is %s", (prices, type) => {
    expect(typeOf(readSignalRequest({ ...BUY, ...prices }))).toBe(type);
  });
});

describe("numbers at the edge of what a market has", () => {
  it.each([
    { qty: "0.123456789" },
    { limit_price: "0.00000001" },
    { limit_price: "1000000000" },
    { notional: "0.01", qty: null },
  ])("%o is taken", (numbers) => {
    expect(fieldsAtFault({ ...BUY, ...numbers })).toEqual([]);
  });

  it("an exponent is refused in words", () => {
    expect(() => readSignalRequest({ ...BUY, qty: "1e2" })).toThrow(/qty.*without an exponent/);
  });
});

describe("what does not go together is refused by name", () => {
  it.each([
    [{ symbol: "AAPL", qty: "1" }, ["side"]],
    [{ symbol: "AAPL", side: "buy" }, ["qty"]],
    [{ ...BUY, notional: "5" }, ["notional"]],
    [{ ...BUY, position: "5" }, ["side", "qty"]],
    [{ ...BUY, type: "market", limit_price: "5" }, ["limit_price"]],
    [{ ...BUY, type: "limit" }, ["limit_price"]],
    [{ ...BUY, type: "stop_limit", stop_price: "1" }, ["limit_price"]],
    [{ ...BUY, trail_price: "1", trail_percent: "1" }, ["trail_price"]],
    [{ ...BUY, type: "trailing_stop" }, ["trail_percent"]],
    [
      { ...BUY, take_profit: { limt_price: "1" } },
      ["take_profit.limit_price", "take_profit.limt_price"],
    ],
    [{ ...BUY, take_profit: { limit_price: "NaN" } }, ["take_profit.limit_price"]],
    [{ ...BUY, take_profit: "NaN" }, ["take_profit"]],
    [{ ...BUY, take_profit: ["1"] }, ["take_profit"]],
    [{ ...BUY, stop_loss: { stop_price: "1", limit_price: "-2" } }, ["stop_loss.limit_price"]],
    [
      { ...BUY, stop_loss: { stop_price: "x", limit_price: "y" } },
      ["stop_loss.stop_price", "stop_loss.limit_price"],
    ],
    [{ ...BUY, reason: "line\nbreak" }, ["reason"]],
    [{ ...BUY, valid_until: "2026-01-01T00:00" }, ["valid_until"]],
    [{ ...BUY, qty: "1e400" }, ["qty"]],
    [{ ...BUY, qty: "1e2" }, ["qty"]],
    [{ ...BUY, qty: new NumberText("1E-7") }, ["qty"]],
    [{ ...BUY, qty: "0.1234567891" }, ["qty"]],
    [{ ...BUY, qty: "NaN" }, ["qty"]],
    [{ ...BUY, qty: "-Infinity" }, ["qty"]],
    [{ ...BUY, limit_price: "0.000000009" }, ["limit_price"]],
    [{ ...BUY, limit_price: "1000000000.01" }, ["limit_price"]],
    [{ ...BUY, qty: "0" }, ["qty"]],
    [{ ...BUY, qty: "1".repeat(19) }, ["qty"]],
    [{ ...BUY, qty: `0.${"1".repeat(19)}` }, ["qty"]],
    [{ ...BUY, order_class: "mleg" }, ["order_class"]],
    [{ ...BUY, order_class: "simple", take_profit: "1" }, ["take_profit"]],
    [{ ...BUY, order_class: "bracket", take_profit: "1" }, ["stop_loss"]],
    [{ ...BUY, order_class: "oto" }, ["take_profit"]],
    [{ ...BUY, order_class: "oto", take_profit: "2", stop_loss: "1" }, ["stop_loss"]],
    [{ ...BUY, order_class: "oco" }, ["take_profit", "stop_loss"]],
    [{ ...PAIR, type: "market" }, ["type"]],
    [{ ...PAIR, limit_price: "3" }, ["limit_price"]],
    [{ ...PAIR, stop_price: "1" }, ["stop_price"]],
    [{ ...PAIR, qty: null, notional: "10" }, ["notional"]],
    [{ ...PAIR, side: null, qty: null, position: "0" }, ["position"]],
    ["text", ["body"]],
    [null, ["body"]],
  ])("%o names %o", (given, fields) => {
    expect(fieldsAtFault(given)).toEqual(fields);
  });
});

describe("what is wrong within a field says what would be right", () => {
  it.each([
    [{ take_profit: { limit_price: "NaN" } }, /take_profit\.limit_price must be a price from/],
    [{ take_profit: { limit_price: "1e2" } }, /take_profit\.limit_price must be .*exponent/],
    [{ take_profit: "NaN" }, /take_profit must be a price from/],
    [{ stop_loss: {} }, /stop_loss\.stop_price is required/],
  ])("%o", (exits, sentence) => {
    expect(() => readSignalRequest({ ...BUY, ...exits })).toThrow(sentence);
  });
});

describe("the class of an order", () => {
  it.each([
    { ...BUY, order_class: "simple" },
    { ...BUY, order_class: "BRACKET", take_profit: "2", stop_loss: "1" },
    { ...BUY, order_class: "oto", stop_loss: "1" },
    PAIR,
    { ...PAIR, type: "limit", limit_price: "2.0" },
  ])("%o agrees with its exits", (given) => {
    expect(fieldsAtFault(given)).toEqual([]);
  });

  it("makes of a pair of exits a limit order at the price of its take-profit", () => {
    const request = readSignalRequest(PAIR);
    expect(typeOf(request)).toBe("limit");
    expect(limitPriceOf(request)?.toString()).toBe("2");
  });
});

it("words may be written in any case, and null is left out", () => {
  const request = readSignalRequest({
    ...BUY,
    side: "BUY",
    type: "Limit",
    limit_price: "1",
    strategy: null,
    take_profit: "2",
    stop_loss: { stop_price: "0.5" },
  });
  expect(request.side).toBe("buy");
  expect(request.take_profit?.limit_price.toString()).toBe("2");
  expect(request.stop_loss?.stop_price.toString()).toBe("0.5");
});

it("a target may be short or flat", () => {
  expect(readSignalRequest({ symbol: "AAPL", position: "-5" }).position?.toString()).toBe("-5");
  expect(readSignalRequest({ symbol: "AAPL", position: "0" }).position?.toString()).toBe("0");
});
