// Golden positions: what is held, what it cost and what was gained after a story, one line each.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { totalProfit } from "../../../src/domain/position/fold.ts";
import { ADJUSTMENTS } from "./cases/adjustments.ts";
import { FEES } from "./cases/fees.ts";
import { ORDER } from "./cases/order.ts";
import { TRADES } from "./cases/trades.ts";
import { cashOf, describePosition, factOf, playPosition, quantityOf } from "./script.ts";

const BOOKS = { trades: TRADES, fees: FEES, adjustments: ADJUSTMENTS, "late facts": ORDER };

describe.each(Object.entries(BOOKS))("%s", (_name, stories) => {
  it.each(stories)("$rule", ({ facts, ends }) => {
    expect(describePosition(playPosition(facts))).toBe(ends);
  });
});

describe("the total", () => {
  const untouched = Object.values(BOOKS)
    .flat()
    .filter(({ facts }) => !/bust|correct \d/.test(facts));

  it.each(untouched)("is cash plus what is held, to the last digit: $rule", ({ facts }) => {
    const lines = facts.split("\n").map((line, index) => factOf(line.split(" "), index + 1));
    const mark = Decimal.of("123.456789");
    const cash = Decimal.sum(lines.map(cashOf));
    const held = Decimal.sum(lines.map(quantityOf));
    const state = playPosition(facts);
    expect(state.quantity.toString()).toBe(held.toString());
    expect(totalProfit(state, mark).toString()).toBe(cash.plus(held.times(mark)).toString());
  });
});
