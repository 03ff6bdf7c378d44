// At which price an order is judged, as a table: what its holding would be worth, what it may cost, and
// what bounds it from below, for every kind of order in markets of which more or less is known.
import { describe, expect, test } from "vitest";
import type { Mark } from "../../../src/domain/market.ts";
import {
  costPrice,
  decisionMark,
  lowestPrice,
  referencePrice,
  usableMark,
  valuePrice,
} from "../../../src/domain/risk/price.ts";
import type { Priced } from "../../../src/domain/risk/price.ts";
import { AAPL, d, decimalOf, NOW } from "./market.ts";

type Text = string | null;

const mark = (bid: Text, ask: Text, last: Text): Mark => ({
  instrumentId: AAPL,
  bid: decimalOf(bid),
  ask: decimalOf(ask),
  last: decimalOf(last),
  at: NOW,
});

const MARKETS = {
  whole: mark("99", "101", "100"),
  /** The last trade was above the quote, or below it. */
  risen: mark("99", "101", "103"),
  fallen: mark("99", "101", "97"),
  "bid only": mark("99", null, null),
  "ask only": mark(null, "101", null),
  "last only": mark(null, null, "100"),
  none: null,
} as const;

const ORDERS = {
  "buy at the market": { side: "buy", type: "market", limitPrice: null, stopPrice: null },
  "buy at 90": { side: "buy", type: "limit", limitPrice: d("90"), stopPrice: null },
  "buy above 110": { side: "buy", type: "stop", limitPrice: null, stopPrice: d("110") },
  "sell at the market": { side: "sell", type: "market", limitPrice: null, stopPrice: null },
  "sell at 120": { side: "sell", type: "limit", limitPrice: d("120"), stopPrice: null },
  "sell below 80": { side: "sell", type: "stop", limitPrice: null, stopPrice: d("80") },
} as const satisfies Record<string, Priced>;

interface Row {
  readonly order: keyof typeof ORDERS;
  readonly market: keyof typeof MARKETS;
  readonly value: Text;
  readonly cost: Text;
  readonly lowest: Text;
}

const ROWS: readonly Row[] = [
  // Five percent above the value, since nothing bounds the fill.
  row("buy at the market", "whole", "101", "106.05", "99"),
  row("buy at the market", "risen", "103", "108.15", "99"),
  row("buy at the market", "fallen", "101", "106.05", "97"),
  row("buy at the market", "bid only", "99", "103.95", "99"),
  row("buy at the market", "ask only", "101", "106.05", "101"),
  row("buy at the market", "last only", "100", "105", "100"),
  row("buy at the market", "none", null, null, null),
  row("buy at 90", "whole", "90", "90", "90"),
  row("buy at 90", "none", "90", "90", null),
  row("buy above 110", "whole", "110", "115.5", "99"),
  row("buy above 110", "none", null, null, null),
  row("sell at the market", "whole", "100", "100", "99"),
  row("sell at the market", "risen", "103", "103", "99"),
  row("sell at the market", "fallen", "99", "99", "97"),
  row("sell at the market", "bid only", "99", "99", "99"),
  row("sell at the market", "ask only", "101", "101", "101"),
  row("sell at the market", "last only", "100", "100", "100"),
  row("sell at the market", "none", null, null, null),
  row("sell at 120", "whole", "120", "120", "120"),
  row("sell at 120", "none", null, null, "120"),
  row("sell below 80", "whole", "100", "100", "80"),
];

function row(
  order: Row["order"],
  market: Row["market"],
  ...[value, cost, lowest]: readonly [Text, Text, Text]
): Row {
  return { order, market, value, cost, lowest };
}

const text = (price: { toString(): string } | null): Text => price?.toString() ?? null;

test.each(ROWS)("a $order, of the market: $market", ({ order, market, ...expected }) => {
  const [asked, seen] = [ORDERS[order], MARKETS[market]];
  expect({
    value: text(valuePrice(asked, seen)),
    cost: text(costPrice(asked, seen)),
    lowest: text(lowestPrice(asked, seen)),
  }).toEqual(expected);
});

test.each([
  ["buy", "whole", "101"],
  ["sell", "whole", "100"],
  ["buy", "bid only", "99"],
  ["sell", "ask only", "101"],
  ["buy", "none", null],
] as const)("who would %s in the market %s is offered %s", (side, market, price) => {
  expect(text(referencePrice(side, MARKETS[market]))).toBe(price);
});

describe("a mark", () => {
  test("that is empty or whose sides cross is none; sides that touch are a market", () => {
    expect(usableMark(undefined)).toBeNull();
    expect(usableMark(mark(null, null, null))).toBeNull();
    expect(usableMark(mark("101", "100", "100"))).toBeNull();
    for (const one of [mark("100", "100", null), mark("99", null, null), mark(null, "9", null)]) {
      expect(usableMark(one)).toBe(one);
    }
  });

  test("that is a minute ahead of our clock can still be used, a millisecond more cannot", () => {
    const one = MARKETS.whole;
    expect(decisionMark(one, NOW - 60_000)).toBe(one);
    expect(decisionMark(one, NOW - 60_001)).toBeNull();
    expect(decisionMark(undefined, NOW)).toBeNull();
  });
});
