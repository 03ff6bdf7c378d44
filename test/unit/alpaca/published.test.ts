// The adapter reads every example of the published specifications of what it reads at all; the same
// examples are held against the exchange, so that the two cannot share one misreading.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  parseMarketJson,
  quotesSchema,
  tradesSchema,
} from "../../../src/brokers/alpaca/market-schema.ts";
import {
  activitiesSchema,
  assetSchema,
  clockSchema,
  fillsSchema,
  positionsSchema,
} from "../../../src/brokers/alpaca/schema.ts";
import { d } from "./fixtures.ts";

const text = readFileSync(
  new URL("../../fixtures/alpaca/published-examples.json", import.meta.url),
  "utf8",
);
const published = JSON.parse(text) as Record<string, unknown>;
const market = (name: string): unknown => parseMarketJson(JSON.stringify(published[name]));

describe("the published example of", () => {
  it("a position", () => {
    expect(positionsSchema.parse([published["Position"]])).toMatchObject([
      { symbol: "AAPL", qty: d("5"), avg_entry_price: d("100") },
    ]);
  });
  it("a fill", () => {
    expect(fillsSchema.parse([published["TradingActivities"]])).toMatchObject([
      { price: d("174.78"), qty: d("2"), cum_qty: d("2") },
    ]);
  });
  it("an activity that is no trade", () => {
    expect(activitiesSchema.parse([published["NonTradeActivities"]])).toMatchObject([
      { activity_type: "DIV", net_amount: d("1.02") },
    ]);
  });
  it("an asset", () => {
    expect(assetSchema.parse(published["Assets"])).toMatchObject({
      class: "us_equity",
      borrow_status: "easy_to_borrow",
    });
  });
  it("the clock", () => {
    const { timestamp } = clockSchema.parse(published["legacy_clock"]);
    expect(new Date(timestamp).toISOString()).toBe("2025-06-24T18:15:22.000Z");
  });
  it("latest trades of stocks and of pairs", () => {
    const stocks = tradesSchema.parse(market("/v2/stocks/trades/latest"));
    expect(stocks.trades["AAPL"]?.p).toEqual(d("172.78"));
    const pairs = tradesSchema.parse(market("/v1beta3/crypto/{loc}/latest/trades"));
    expect(pairs.trades["ETH/USD"]?.p).toEqual(d("2027.6"));
  });
  it("latest quotes of stocks and of pairs", () => {
    const stocks = quotesSchema.parse(market("/v2/stocks/quotes/latest"));
    expect(stocks.quotes["AAPL"]).toMatchObject({ bp: d("172.62"), ap: d("172.7") });
    const pairs = quotesSchema.parse(market("/v1beta3/crypto/{loc}/latest/quotes"));
    expect(pairs.quotes["BTC/USD"]).toMatchObject({ bp: d("29058"), ap: d("29059") });
  });
});
