// Everything beside orders: account, activities, assets, clock, calendar, watchlists, market data.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { KEYS } from "./lab.ts";
import type { Request, WireCase } from "./wire-case.ts";
import { openWireLab, order, runCase } from "./wire-case.ts";

const invalid = { status: 422, code: 40010001 };
const notFound = { status: 404, code: 40410000 };
const get = (path: string): Request => ["GET", path];
const configure = (body: object | string): Request => ["PATCH", "/v2/account/configurations", body];

const ACCOUNT: readonly WireCase[] = [
  {
    name: "a new account",
    send: get("/v2/account"),
    status: 200,
    has: {
      status: "ACTIVE",
      currency: "USD",
      cash: "100000",
      multiplier: "2",
      buying_power: "200000",
      equity: "106000",
      trading_blocked: false,
    },
  },
  {
    name: "an account after a purchase",
    given: [order({ qty: "10" })],
    send: get("/v2/account"),
    status: 200,
    has: { cash: "97999.8", long_market_value: "8000.1", initial_margin: "1000.05" },
  },
  {
    name: "an account after a short sale",
    given: [order({ side: "sell", qty: "10" })],
    send: get("/v2/account"),
    status: 200,
    has: { cash: "102000", short_market_value: "-2000.1" },
  },
  {
    name: "configurations",
    send: get("/v2/account/configurations"),
    status: 200,
    has: {
      no_shorting: false,
      suspend_trade: false,
      fractional_trading: true,
      max_margin_multiplier: "4",
      trade_confirm_email: "all",
    },
  },
  {
    name: "a multiplier given as a number",
    send: configure({ max_margin_multiplier: 2 }),
    status: 200,
    has: { max_margin_multiplier: "2" },
  },
  {
    name: "a multiplier of one takes margin away",
    given: [configure({ max_margin_multiplier: "1" })],
    send: get("/v2/account"),
    status: 200,
    has: { multiplier: "1", buying_power: "100000" },
  },
  { name: "a multiplier nobody has", send: configure({ max_margin_multiplier: 3 }), ...invalid },
  { name: "a switch that is no boolean", send: configure({ no_shorting: "yes" }), ...invalid },
  { name: "configurations that are no JSON", send: configure("]"), status: 400, code: 40010000 },
];

const ACTIVITIES: readonly WireCase[] = [
  { name: "no activities", send: get("/v2/account/activities"), status: 200, has: [] },
  {
    name: "a fill",
    given: [order({ qty: "10" })],
    send: get("/v2/account/activities/FILL"),
    status: 200,
    has: [
      {
        activity_type: "FILL",
        type: "fill",
        qty: "10",
        cum_qty: "10",
        leaves_qty: "0",
        price: "200.02",
        side: "buy",
        symbol: "AAPL",
        order_id: "{0}",
        order_status: "filled",
      },
    ],
  },
  {
    name: "fills of one order",
    given: [order(), order({ symbol: "MSFT" })],
    send: get("/v2/account/activities?order_id={1}"),
    status: 200,
    has: [{ order_id: "{1}" }],
  },
  {
    name: "newest first",
    given: [order(), order({ symbol: "MSFT" })],
    send: get("/v2/account/activities?activity_types=FILL"),
    status: 200,
    has: [{ order_id: "{1}" }, { order_id: "{0}" }],
  },
  {
    name: "another type",
    given: [order()],
    send: get("/v2/account/activities?activity_types=DIV,CFEE"),
    status: 200,
    has: [],
  },
  {
    name: "an unknown type",
    send: get("/v2/account/activities?activity_types=FFFFF"),
    ...invalid,
    message: "invalid activity type: FFFFF",
  },
  {
    name: "an unknown type in the path",
    send: get("/v2/account/activities/FFFFF"),
    ...invalid,
    message: "invalid activity type: FFFFF",
  },
  {
    name: "an after that is no time",
    send: get("/v2/account/activities?after=x"),
    ...invalid,
    message: "failed to parse after",
  },
  {
    name: "types and a category",
    send: get("/v2/account/activities?activity_types=FILL&category=trade_activity"),
    ...invalid,
  },
  {
    name: "by category",
    given: [order()],
    send: get("/v2/account/activities?category=trade_activity"),
    status: 200,
    has: [{ activity_type: "FILL" }],
  },
  {
    name: "a page of more than a hundred",
    send: get("/v2/account/activities?page_size=101"),
    ...invalid,
  },
  {
    name: "a page token that is none",
    send: get("/v2/account/activities?page_token=zzz"),
    ...invalid,
  },
  {
    name: "portfolio history",
    send: get("/v2/account/portfolio/history?period=1D&timeframe=15Min"),
    status: 200,
    has: { timeframe: "15Min", base_value: 106_000 },
  },
  {
    name: "history by three bounds",
    send: get("/v2/account/portfolio/history?period=1D&start=2026-01-01&end=2026-01-02"),
    ...invalid,
  },
  {
    name: "history by the minute for a year",
    send: get("/v2/account/portfolio/history?period=1A&timeframe=1Min"),
    ...invalid,
  },
  {
    name: "history of no known period",
    send: get("/v2/account/portfolio/history?period=1X"),
    ...invalid,
  },
];

const REFERENCE: readonly WireCase[] = [
  {
    name: "an asset",
    send: get("/v2/assets/AAPL"),
    status: 200,
    has: {
      symbol: "AAPL",
      class: "us_equity",
      exchange: "NASDAQ",
      tradable: true,
      fractionable: true,
      easy_to_borrow: true,
    },
  },
  {
    name: "an asset by id",
    send: get("/v2/assets/b0b6dd9d-8b9b-48a9-ba46-b9d54906e415"),
    status: 200,
    has: { symbol: "AAPL" },
  },
  {
    name: "a crypto asset",
    send: get("/v2/assets/BTC%2FUSD"),
    status: 200,
    has: {
      symbol: "BTC/USD",
      class: "crypto",
      id: "276e2673-764b-4ab6-a611-caf665ca6340",
      marginable: false,
      shortable: false,
    },
  },
  {
    name: "a crypto asset without its slash",
    send: get("/v2/assets/BTCUSD"),
    status: 200,
    has: { symbol: "BTC/USD" },
  },
  {
    name: "an unknown asset",
    send: get("/v2/assets/BLAH"),
    ...notFound,
    message: "asset not found for BLAH",
  },
  {
    name: "inactive assets",
    send: get("/v2/assets?status=inactive"),
    status: 200,
    has: [{ symbol: "TWTR", tradable: false }],
  },
  { name: "assets of an exchange", send: get("/v2/assets?exchange=AMEX"), status: 200, has: [] },
  { name: "the clock", send: get("/v2/clock"), status: 200, has: { is_open: true } },
  {
    name: "the new clock",
    send: get("/v3/clock?markets=NYSE,XNAS"),
    status: 200,
    has: {
      clocks: [
        { market: { mic: "XNYS", timezone: "America/New_York" }, phase: "core" },
        { market: { mic: "XNAS" } },
      ],
    },
  },
  { name: "the clock of an unknown market", send: get("/v3/clock?markets=MARS"), status: 400 },
  { name: "the clock at no time", send: get("/v3/clock?time=noon"), status: 400 },
  {
    name: "the calendar",
    send: get("/v2/calendar?start=2026-07-02&end=2026-07-03"),
    status: 200,
    has: [{ date: "2026-07-02", settlement_date: "2026-07-03" }, { date: "2026-07-03" }],
  },
  {
    name: "the calendar from an instant",
    send: get("/v2/calendar?start=2026-03-16T00:00:00.000Z&end=2026-03-16T00:00:00.000Z"),
    status: 200,
    has: [{ date: "2026-03-16" }],
  },
  {
    name: "the calendar by settlement",
    send: get("/v2/calendar?start=2026-07-03&end=2026-07-03&date_type=SETTLEMENT"),
    status: 200,
    has: [{ date: "2026-07-02" }],
  },
  { name: "the calendar of no day", send: get("/v2/calendar?start=soon"), status: 400 },
  {
    name: "the new calendar",
    send: get("/v3/calendar/NYSE?start=2026-07-02&end=2026-07-02&timezone=UTC"),
    status: 200,
    has: {
      market: { acronym: "NYSE" },
      calendar: [{ date: "2026-07-02", core_start: "2026-07-02T04:00:00Z" }],
    },
  },
  { name: "the new calendar of an unknown market", send: get("/v3/calendar/MARS"), status: 400 },
];

const watch = (body: object | string): Request => ["POST", "/v2/watchlists", body];
const WATCHLISTS: readonly WireCase[] = [
  { name: "no watchlists", send: get("/v2/watchlists"), status: 200, has: [] },
  {
    name: "a watchlist",
    send: watch({ name: "w", symbols: ["AAPL", "BTC/USD"] }),
    status: 200,
    has: { name: "w", assets: [{ symbol: "AAPL" }, { symbol: "BTC/USD" }] },
  },
  { name: "a watchlist without a name", send: watch({ symbols: [] }), ...invalid },
  {
    name: "a watchlist's name taken",
    given: [watch({ name: "w" })],
    send: watch({ name: "w" }),
    ...invalid,
  },
  {
    name: "a watchlist of an unknown asset",
    send: watch({ name: "w", symbols: ["NOPE"] }),
    ...invalid,
  },
  {
    name: "a watchlist by name",
    given: [watch({ name: "w" })],
    send: get("/v2/watchlists:by_name?name=w"),
    status: 200,
    has: { id: "{0}" },
  },
  {
    name: "a watchlist renamed",
    given: [watch({ name: "w" })],
    send: ["PUT", "/v2/watchlists/{0}", { name: "v" }],
    status: 200,
    has: { name: "v" },
  },
  {
    name: "a watchlist lengthened",
    given: [watch({ name: "w" })],
    send: ["POST", "/v2/watchlists/{0}", { symbol: "AAPL" }],
    status: 200,
    has: { assets: [{ symbol: "AAPL" }] },
  },
  {
    name: "a watchlist shortened by what it lacks",
    given: [watch({ name: "w" })],
    send: ["DELETE", "/v2/watchlists/{0}/AAPL"],
    ...notFound,
  },
  {
    name: "a watchlist deleted",
    given: [watch({ name: "w" })],
    send: ["DELETE", "/v2/watchlists/{0}"],
    status: 204,
  },
  {
    name: "no such watchlist",
    send: get("/v2/watchlists/17"),
    ...notFound,
    message: "watchlist not found: 17",
  },
];

const stocks = (path: string): Request => get(`/v2/stocks/${path}`);
const crypto = (path: string): Request => get(`/v1beta3/crypto/us/${path}`);
const DATA: readonly WireCase[] = [
  {
    name: "latest trades",
    send: stocks("trades/latest?symbols=AAPL,F"),
    status: 200,
    has: { trades: { AAPL: { p: 200.01, x: "V", c: ["@"], z: "C" }, F: { p: 12 } } },
  },
  {
    name: "latest quotes",
    send: stocks("quotes/latest?symbols=AAPL&feed=iex"),
    status: 200,
    has: { quotes: { AAPL: { bp: 200, ap: 200.02, bs: 500 } } },
  },
  {
    name: "an unknown symbol is left out",
    send: stocks("trades/latest?symbols=AAPL,ZZZZ"),
    status: 200,
    has: { trades: { AAPL: {} } },
  },
  { name: "no symbols", send: stocks("trades/latest"), status: 400 },
  {
    name: "the latest trade of one",
    send: stocks("AAPL/trades/latest"),
    status: 200,
    has: { symbol: "AAPL", trade: { p: 200.01 } },
  },
  { name: "the latest trade of an unknown one", send: stocks("ZZZZ/trades/latest"), status: 404 },
  {
    name: "the latest quote of one",
    send: stocks("AAPL/quotes/latest"),
    status: 200,
    has: { quote: { ap: 200.02 } },
  },
  {
    name: "latest bars",
    send: stocks("bars/latest?symbols=AAPL"),
    status: 200,
    has: { bars: { AAPL: { c: 200.01 } } },
  },
  {
    name: "a snapshot",
    send: stocks("AAPL/snapshot"),
    status: 200,
    has: { symbol: "AAPL", latestTrade: { p: 200.01 } },
  },
  {
    name: "snapshots are a bare map",
    send: stocks("snapshots?symbols=AAPL,MSFT"),
    status: 200,
    has: { AAPL: { latestQuote: { bp: 200 } }, MSFT: {} },
  },
  {
    name: "bars by the day",
    send: stocks("bars?symbols=AAPL&timeframe=1Day&start=2026-01-05&end=2026-01-07"),
    status: 200,
    has: { bars: { AAPL: [{}, {}, {}] }, next_page_token: null },
  },
  {
    name: "a page of bars",
    send: stocks("bars?symbols=AAPL&timeframe=1Hour&start=2026-01-05&end=2026-01-07&limit=2"),
    status: 200,
    has: { bars: { AAPL: [{}, {}] } },
  },
  {
    name: "bars of one",
    send: stocks("AAPL/bars?timeframe=1Min&start=2026-01-05T15:00:00Z&end=2026-01-05T15:04:00Z"),
    status: 200,
    has: { symbol: "AAPL", bars: [{ t: "2026-01-05T15:00:00Z" }, {}, {}, {}, {}] },
  },
  { name: "bars of no timeframe", send: stocks("bars?symbols=AAPL"), status: 400 },
  {
    name: "bars of an unknown timeframe",
    send: stocks("bars?symbols=AAPL&timeframe=7Day"),
    status: 400,
  },
  {
    name: "crypto quotes",
    send: crypto("latest/quotes?symbols=BTC/USD"),
    status: 200,
    has: { quotes: { "BTC/USD": { bp: 60_000, ap: 60_010, bs: 5 } } },
  },
  {
    name: "crypto trades",
    send: crypto("latest/trades?symbols=BTC%2FUSD,ETH%2FUSD"),
    status: 200,
    has: { trades: { "ETH/USD": { p: 3_000, tks: "S" } } },
  },
  {
    name: "crypto order books",
    send: crypto("latest/orderbooks?symbols=BTC/USD"),
    status: 200,
    has: { orderbooks: { "BTC/USD": { b: [{ p: 60_000, s: 5 }] } } },
  },
  {
    name: "crypto bars",
    send: crypto("bars?symbols=BTC/USD&timeframe=1Day&start=2026-01-05&end=2026-01-06"),
    status: 200,
    has: { bars: { "BTC/USD": [{}, {}] } },
  },
  {
    name: "crypto snapshots",
    send: crypto("snapshots?symbols=BTC/USD"),
    status: 200,
    has: { snapshots: { "BTC/USD": {} } },
  },
  {
    name: "a crypto symbol without its slash",
    send: crypto("latest/quotes?symbols=BTCUSD"),
    status: 400,
    message: "invalid symbol: BTCUSD does not match ^[A-Z]+/[A-Z]+$",
  },
  { name: "the exchanges", send: get("/v2/stocks/meta/exchanges"), status: 200, has: { V: "IEX" } },
  {
    name: "the conditions of trades",
    send: get("/v2/stocks/meta/conditions/trade?tape=C"),
    status: 200,
    has: { "@": "Regular Sale" },
  },
  {
    name: "the conditions of quotes",
    send: get("/v2/stocks/meta/conditions/quote?tape=A"),
    status: 200,
    has: { R: "Regular Market Maker Open", L: "Market Maker Quotes Closed" },
  },
  {
    name: "conditions of nothing",
    send: get("/v2/stocks/meta/conditions/toString?tape=A"),
    status: 400,
    message: "invalid ticktype: toString",
  },
  {
    name: "conditions without a tape",
    send: get("/v2/stocks/meta/conditions/trade"),
    status: 400,
    message: "tape is required",
  },
  {
    name: "conditions of a tape that is none",
    send: get("/v2/stocks/meta/conditions/trade?tape=D"),
    status: 400,
    message: "invalid tape: D",
  },
  { name: "an unknown path", send: get("/v2/nothing"), ...notFound },
  { name: "a known path, another method", send: ["PUT", "/v2/orders", {}], status: 405 },
];

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

describe.each([
  ["account", ACCOUNT],
  ["activities", ACTIVITIES],
  ["reference", REFERENCE],
  ["watchlists", WATCHLISTS],
  ["market data", DATA],
])("%s", (_, cases) => {
  test.each(cases)("$name", async (one) => {
    await runCase(lab, one);
  });
});

test("bars are paged through without a loss", async () => {
  const query = "/v2/stocks/bars?symbols=AAPL,MSFT&timeframe=1Hour&start=2026-01-05&end=2026-01-06";
  const whole = (await lab.call("GET", query)).body.bars;
  const pages: Record<string, unknown[]> = { AAPL: [], MSFT: [] };
  let token: unknown = "";
  do {
    const { body } = await lab.call("GET", `${query}&limit=7&page_token=${String(token)}`);
    for (const [symbol, bars] of Object.entries(body.bars as Record<string, unknown[]>)) {
      pages[symbol]?.push(...bars);
    }
    token = body.next_page_token;
  } while (token !== null);
  expect(pages).toEqual(whole);
});

describe("keys and limits", () => {
  test("no key, half a key and another scheme are refused", async () => {
    for (const headers of [{}, { "apca-api-key-id": "k" }, { authorization: "Basic abc" }]) {
      const answer = await lab.call("GET", "/v2/account", undefined, headers);
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({
        code: 40110000,
        message: "access key verification failed : verification failure",
      });
    }
  });

  test("a bearer token is a key", async () => {
    const headers = { authorization: "Bearer token" };
    expect((await lab.call("GET", "/v2/account", undefined, headers)).status).toBe(200);
  });

  test("crypto prices need no key, stock prices do", async () => {
    const crypto = "/v1beta3/crypto/us/latest/quotes?symbols=BTC/USD";
    expect((await lab.call("GET", crypto, undefined, {})).status).toBe(200);
    const stock = await lab.call("GET", "/v2/stocks/trades/latest?symbols=AAPL", undefined, {});
    expect(stock.status).toBe(401);
    expect(stock.body).toEqual({ message: "unauthorized." });
  });

  test("answers carry the headers of the real ones", async () => {
    const { headers } = await lab.call("GET", "/v2/clock");
    expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(headers.get("x-ratelimit-limit"))).toBe(1_000_000);
    expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(1_700_000_000);
  });

  test("past the limit comes 429 until the window ends", async () => {
    await lab.control("PATCH", "/settings", { rate_limit_per_minute: 3 });
    const headers = { ...KEYS, "apca-api-key-id": "limited" };
    const answers = [];
    for (let count = 0; count < 5; count += 1) {
      answers.push(await lab.call("GET", "/v2/clock", undefined, headers));
    }
    await lab.control("PATCH", "/settings", { rate_limit_per_minute: 1_000_000 });
    const statuses = answers.map(({ status }) => status);
    // A minute may end in between; then the count starts again.
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toEqual({ code: 42910000, message: "rate limit exceeded" });
    expect(refused?.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused?.headers.get("retry-after")).toBeNull();
  });
});
