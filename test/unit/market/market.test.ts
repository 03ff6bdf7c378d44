// What a price says: at which one a holding is valued, when a quote says nothing, on which step a price stands.
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { tickAt } from "../../../src/domain/instrument.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import { isCrossed, isOfTheFuture, valuationPrice } from "../../../src/domain/market.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import { AAPL, ACCOUNT_ID, decimalOf, NOW, stock } from "../risk/market.ts";

const d = (text: string): Decimal => Decimal.of(text);

const valued = (bid: string | null, ask: string | null, last: string | null): string | null =>
  valuationPrice({
    instrumentId: AAPL,
    bid: decimalOf(bid),
    ask: decimalOf(ask),
    last: decimalOf(last),
    at: NOW,
  })?.toString() ?? null;

test.each([
  ["99", "101", "103", "103"],
  ["99", "102", null, "100.5"],
  ["99", null, null, null],
  [null, "101", null, null],
  [null, null, null, null],
  // A tie in the thirteenth digit goes to the even one.
  ["0.000000000001", "0.000000000002", null, "0.000000000002"],
  ["0.000000000002", "0.000000000003", null, "0.000000000002"],
])("a holding in a market of bid %s, ask %s, last %s is valued at %s", (bid, ask, last, price) => {
  expect(valued(bid, ask, last)).toBe(price);
});

test.each([
  ["100", "99", true],
  ["100", "100", false],
  ["99", "100", false],
  [null, "99", false],
  ["100", null, false],
])("a quote of %s to %s is crossed: %s", (bid, ask, crossed) => {
  expect(isCrossed({ bid: decimalOf(bid), ask: decimalOf(ask) })).toBe(crossed);
});

test("a minute ahead of our clock is a clock that differs, more is the future", () => {
  expect(isOfTheFuture(NOW + 60_000, NOW)).toBe(false);
  expect(isOfTheFuture(NOW + 60_001, NOW)).toBe(true);
  expect(isOfTheFuture(NOW - 1, NOW)).toBe(false);
});

describe("the step of a price", () => {
  const banded = stock(AAPL, {
    ticks: [
      { from: d("0"), step: d("0.0001") },
      { from: d("1"), step: d("0.01") },
      { from: d("100"), step: d("0.05") },
    ],
  });

  test.each([
    ["0", "0.0001"],
    ["0.9999", "0.0001"],
    ["1", "0.01"],
    ["99.99", "0.01"],
    ["100", "0.05"],
    ["-100", "0.05"],
  ])("at %s is %s", (price, step) => {
    expect(tickAt(banded, d(price))).toEqual(d(step));
  });

  test("is not made up where the instrument has none", () => {
    expect(() => tickAt(stock(AAPL, { ticks: [] }), d("1"))).toThrow(
      new RangeError("SIM:AAPL has no price step"),
    );
  });
});

test("changes are told from the very beginning on", () => {
  const marks = new MarkTable();
  const mark = { instrumentId: AAPL, bid: null, ask: null, last: d("1"), at: NOW };
  expect(marks.changedSince(0)).toEqual(new Set());
  marks.put(mark);
  expect(marks.changedSince(0)).toEqual(new Set([AAPL]));
});

test("an account has a place in as many partitions as there are, and there is at least one", () => {
  expect(partitionOf(ACCOUNT_ID, 1)).toBe(0);
  for (const partitions of [0, -1, 1.5, Number.NaN]) {
    expect(() => partitionOf(ACCOUNT_ID, partitions)).toThrow(
      new RangeError(`not a number of partitions: ${partitions}`),
    );
  }
});
