// Every example of the published specifications whose endpoint is here, held against the exchange's own
// answer: each of its keys is there, with the same kind of value, all the way down.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { MARKET, openWireLab } from "./wire-case.ts";

const file = new URL("../../fixtures/alpaca/published-examples.json", import.meta.url);
const published = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
  for (const symbol of ["AAPL", "TSLA", "MSFT"]) {
    await lab.call("POST", "/v2/orders", { ...MARKET, symbol });
  }
  await lab.call("POST", "/v2/watchlists", { name: "Primary Watchlist", symbols: ["AAPL"] });
  await lab.control("POST", "/prices/tick", { count: 3 });
});
afterAll(() => lab.stop());

const get = async (path: string): Promise<unknown> => (await lab.call("GET", path)).body;
const firstOf = async (path: string): Promise<unknown> => {
  const list = await get(path);
  return Array.isArray(list) ? list[0] : undefined;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where the example's value is of another kind than ours, or ours is missing. */
function differences(real: unknown, ours: unknown, at = ""): string[] {
  if (real === null || ours === null) return [];
  if (Array.isArray(real) && Array.isArray(ours)) {
    const [example] = real;
    const [answer] = ours;
    if (example === undefined || answer === undefined) return [];
    return differences(example, answer, `${at}[0]`);
  }
  if (!isObject(real) || !isObject(ours)) {
    return typeof real === typeof ours ? [] : [`${at}: ${typeof real} there, ${typeof ours} here`];
  }
  return Object.entries(real).flatMap(([key, value]) => {
    if (!(key in ours)) return [`${at}.${key} is missing`];
    return differences(value, ours[key], `${at}.${key}`);
  });
}

const CRYPTO = "/v1beta3/crypto/us";
const BOTH = "symbols=BTC%2FUSD%2CETH%2FUSD";
const STOCKS = "symbols=AAPL%2CTSLA";

const ANSWERS: readonly (readonly [name: string, answer: () => Promise<unknown>])[] = [
  ["Account", () => get("/v2/account")],
  ["AccountConfigurations", () => get("/v2/account/configurations")],
  ["Assets", () => get("/v2/assets/AAPL")],
  ["TradingActivities", () => firstOf("/v2/account/activities/FILL")],
  ["NonTradeActivities", () => dividend()],
  ["Position", () => get("/v2/positions/AAPL")],
  ["Position example-2", () => get("/v2/positions/AAPL")],
  ["Watchlist", () => watchlist()],
  ["WatchlistWithoutAsset", () => firstOf("/v2/watchlists")],
  ["/v2/watchlists", () => get("/v2/watchlists")],
  ["legacy_clock", () => get("/v2/clock")],
  ["CanceledOrderResponse", () => cancelled()],
  ["PositionClosedReponse", () => closed()],
  ["crypto_bar", () => inside(`${CRYPTO}/latest/bars?${BOTH}`, "bars", "BTC/USD")],
  [
    "crypto_orderbook",
    () => inside(`${CRYPTO}/latest/orderbooks?${BOTH}`, "orderbooks", "BTC/USD"),
  ],
  ["crypto_orderbook_entry", () => bestBid()],
  ["crypto_quote", () => inside(`${CRYPTO}/latest/quotes?${BOTH}`, "quotes", "BTC/USD")],
  ["crypto_trade", () => inside(`${CRYPTO}/latest/trades?${BOTH}`, "trades", "BTC/USD")],
  ["stock_bar", () => inside("/v2/stocks/AAPL/bars/latest", "bar")],
  ["stock_quote", () => inside("/v2/stocks/AAPL/quotes/latest", "quote")],
  ["stock_conditions", () => get("/v2/stocks/meta/conditions/trade?tape=C")],
  ["stock_exchanges", () => get("/v2/stocks/meta/exchanges")],
  ["stock_trade", () => inside("/v2/stocks/AAPL/trades/latest", "trade")],
  [`/v1beta3/crypto/{loc}/bars`, () => get(`${CRYPTO}/bars?symbols=BTC%2FUSD&timeframe=1Min`)],
  [`/v1beta3/crypto/{loc}/latest/bars`, () => get(`${CRYPTO}/latest/bars?${BOTH}`)],
  [`/v1beta3/crypto/{loc}/latest/orderbooks`, () => get(`${CRYPTO}/latest/orderbooks?${BOTH}`)],
  [`/v1beta3/crypto/{loc}/latest/quotes`, () => get(`${CRYPTO}/latest/quotes?${BOTH}`)],
  [`/v1beta3/crypto/{loc}/latest/trades`, () => get(`${CRYPTO}/latest/trades?${BOTH}`)],
  [`/v1beta3/crypto/{loc}/snapshots`, () => get(`${CRYPTO}/snapshots?${BOTH}`)],
  ["/v2/stocks/{symbol}/bars", () => get("/v2/stocks/AAPL/bars?timeframe=1Min")],
  ["/v2/stocks/{symbol}/bars/latest", () => get("/v2/stocks/AAPL/bars/latest")],
  ["/v2/stocks/{symbol}/quotes/latest", () => get("/v2/stocks/AAPL/quotes/latest")],
  ["/v2/stocks/{symbol}/snapshot", () => get("/v2/stocks/AAPL/snapshot")],
  ["/v2/stocks/{symbol}/trades/latest", () => get("/v2/stocks/AAPL/trades/latest")],
  ["/v2/stocks/trades", () => get("/v2/stocks/trades?symbols=AAPL&limit=1")],
  ["/v2/stocks/quotes", () => get("/v2/stocks/quotes?symbols=AAPL&limit=1")],
  ["/v2/stocks/{symbol}/trades", () => get("/v2/stocks/AAPL/trades?limit=1")],
  ["/v2/stocks/{symbol}/quotes", () => get("/v2/stocks/AAPL/quotes?limit=1")],
  [`/v1beta3/crypto/{loc}/trades`, () => get(`${CRYPTO}/trades?${BOTH}`)],
  [`/v1beta3/crypto/{loc}/quotes`, () => get(`${CRYPTO}/quotes?${BOTH}`)],
  ["/v2/stocks/bars", () => get("/v2/stocks/bars?symbols=AAPL&timeframe=1Min")],
  ["/v2/stocks/bars/latest", () => get(`/v2/stocks/bars/latest?${STOCKS}`)],
  ["/v2/stocks/quotes/latest", () => get(`/v2/stocks/quotes/latest?${STOCKS}`)],
  ["/v2/stocks/snapshots", () => get(`/v2/stocks/snapshots?${STOCKS}`)],
  ["/v2/stocks/trades/latest", () => get(`/v2/stocks/trades/latest?${STOCKS}`)],
];

test.each(ANSWERS)("%s", async (name, answer) => {
  expect(published).toHaveProperty([name]);
  expect(differences(published[name], await answer())).toEqual([]);
});

test("no published example goes without", () => {
  const held = new Set(["portfolio history", ...ANSWERS.map(([name]) => name)]);
  // Those are requests: published-index.test.ts sends them.
  const asked = Object.keys(published).filter((name) => !/^(POST|PATCH) /.test(name));
  expect(asked.filter((name) => !held.has(name))).toEqual([]);
});

test.each(["example-cashflows", "example-intraday-query-15min-1d", "example-query-1d-7d"])(
  "portfolio history: %s",
  async (name) => {
    const examples = published["portfolio history"];
    if (!isObject(examples)) throw new Error("there are examples of portfolio histories");
    await lab.control("POST", "/accounts/lab/transfers", { amount: "9.93" });
    await dividend();
    const path = "/v2/account/portfolio/history?period=1D&timeframe=15Min&cashflow_types=ALL";
    expect(differences(examples[name], await get(path))).toEqual([]);
  },
);

/** A part of an answer, by its keys. */
async function inside(path: string, ...keys: readonly string[]): Promise<unknown> {
  let part = await get(path);
  for (const key of keys) part = isObject(part) ? part[key] : undefined;
  return part;
}

async function bestBid(): Promise<unknown> {
  const bids = await inside(`${CRYPTO}/latest/orderbooks?${BOTH}`, "orderbooks", "BTC/USD", "b");
  return Array.isArray(bids) ? bids[0] : undefined;
}

async function dividend(): Promise<unknown> {
  await lab.control("POST", "/dividends", { symbol: "TSLA", per_share: "0.51" });
  return firstOf("/v2/account/activities/DIV");
}

async function watchlist(): Promise<unknown> {
  const first = await firstOf("/v2/watchlists");
  return get(`/v2/watchlists/${isObject(first) ? String(first["id"]) : ""}`);
}

async function cancelled(): Promise<unknown> {
  await lab.call("POST", "/v2/orders", { ...MARKET, type: "limit", limit_price: "150" });
  const { body } = await lab.call("DELETE", "/v2/orders");
  return Array.isArray(body) ? body[0] : undefined;
}

async function closed(): Promise<unknown> {
  const { body } = await lab.call("DELETE", "/v2/positions");
  return Array.isArray(body) ? body[0] : undefined;
}
