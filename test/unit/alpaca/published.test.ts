// The adapter reads every example of the published specifications of what it reads at all; the same
// examples are held against the exchange, so that the two cannot share one misreading.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  parseMarketJson,
  quoteSchema,
  quotesSchema,
  tradeSchema,
  tradesSchema,
} from "../../../src/brokers/alpaca/market-schema.ts";
import {
  accountSchema,
  activitiesSchema,
  assetSchema,
  clockSchema,
  fillsSchema,
  orderSchema,
  positionsSchema,
} from "../../../src/brokers/alpaca/schema.ts";
import { accountOf, snapshotOf } from "../../../src/brokers/alpaca/map.ts";
import { replaceBody, submitBody } from "../../../src/brokers/alpaca/order-body.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerReference } from "../../../src/domain/ids.ts";
import { asset, d, directory } from "./fixtures.ts";
import { terms } from "./orders.ts";

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
  it("a position, in its second form", () => {
    expect(positionsSchema.parse([published["Position example-2"]])).toMatchObject([
      { symbol: "AAPL", qty: d("2"), avg_entry_price: d("174.78"), side: "long" },
    ]);
  });
  it("an account", () => {
    expect(accountOf(accountSchema.parse(published["Account"]))).toMatchObject({
      number: "010203ABCD",
      equity: d("103820.56"),
      cash: d("-23140.2"),
      buyingPower: d("262113.632"),
      nonMarginableBuyingPower: null,
      tradingBlocked: false,
    });
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
  it("one trade and one quote, of stocks and of pairs", () => {
    expect(tradeSchema.parse(market("stock_trade"))).toEqual({
      t: Date.parse("2022-01-03T09:00:00.086Z"),
      p: d("178.26"),
    });
    expect(tradeSchema.parse(market("crypto_trade")).p).toEqual(d("29798"));
    expect(quoteSchema.parse(market("stock_quote"))).toMatchObject({
      bp: d("387.67"),
      ap: d("387.7"),
    });
    expect(quoteSchema.parse(market("crypto_quote"))).toMatchObject({
      bp: d("29058"),
      ap: d("29059"),
    });
  });
  it("a closing order", () => {
    const { body } = published["PositionClosedReponse"] as { body: unknown }; // as the example has it
    expect(snapshotOf(orderSchema.parse(body), directory)).toMatchObject({
      symbol: "AAPL",
      side: "sell",
      quantity: d("2"),
      status: "accepted",
    });
  });
});

describe("the published example of a request is what we send for it", () => {
  const reference = asId<BrokerReference>("0190b3f2-7c1e-7d1a-9a51-1f7f3b6f4d01-1");
  const sent = (text: string): unknown => JSON.parse(text);
  const limit = { type: "limit", timeInForce: "gtc" } as const;

  it.each([
    ["Equity", "AAPL", { ...limit, quantity: d("2"), limitPrice: d("150") }],
    ["Crypto", "ETH/USD", { ...limit, quantity: d("0.02"), limitPrice: d("2100") }],
  ])("an order: %s", (name, symbol, more) => {
    const text = submitBody({ instrument: asset(symbol), reference, terms: terms(more) });
    const example = published[`POST /v2/orders ${name}`] as object; // a request is an object
    expect(sent(text)).toEqual({ ...example, client_order_id: reference });
  });

  it("a replacement", () => {
    const change = { quantity: d("4"), limitPrice: d("155"), timeInForce: "gtc" } as const;
    const example = published["PATCH /v2/orders/{order_id} Equity"] as object; // a request is an object
    expect(sent(replaceBody({ reference, change }))).toEqual({
      ...example,
      client_order_id: reference,
    });
  });
});
