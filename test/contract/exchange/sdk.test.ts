// The official SDK, unmodified, over its whole trading surface against the exchange.
import {
  Alpaca,
  NotFoundError,
  PermissionError,
  ValidationError,
} from "@alpacahq/alpaca-trade-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { openLab } from "./lab.ts";

let lab: Lab;
let alpaca: Alpaca;

beforeAll(async () => {
  lab = await openLab();
  const { url } = lab.running;
  await lab.control("POST", "/prices", {
    AAPL: { bid: "232.50", ask: "232.51", last: "232.51" },
    MSFT: { bid: "498.20", ask: "498.23", last: "498.20" },
  });
  alpaca = new Alpaca({
    keyId: "lab",
    secret: "secret",
    rateLimit: false,
    middleware: [
      {
        pre: async ({ url: asked, init }) => ({
          url: asked.replace(/^https:\/\/[^/]+/, url),
          init,
        }),
      },
    ],
  });
});

afterAll(() => lab.stop());

const text = (value: unknown): string => String(value);

describe("account", () => {
  test("the account has money, bitcoin and no orders", async () => {
    const account = await alpaca.trading.account.getAccount();
    expect(account).toMatchObject({ status: "ACTIVE", currency: "USD", cash: "100000" });
    expect(await alpaca.trading.validateConnection()).toMatchObject({ ok: true });
    const [bitcoin] = await alpaca.trading.positions.getAllOpenPositions();
    expect(bitcoin).toMatchObject({ symbol: "BTCUSD", qty: "0.1", side: "long" });
  });

  test("configurations are read and merged", async () => {
    const before = await alpaca.trading.accountConfigurations.getAccountConfig();
    expect(before).toMatchObject({ noShorting: false, suspendTrade: false });
    const after = await alpaca.trading.accountConfigurations.patchAccountConfig({
      accountConfigurations: { noShorting: true },
    });
    expect(after).toMatchObject({ noShorting: true, fractionalTrading: true });
    await alpaca.trading.accountConfigurations.patchAccountConfig({
      accountConfigurations: { noShorting: false },
    });
  });

  test("portfolio history speaks in numbers", async () => {
    const history = await alpaca.trading.portfolioHistory.getAccountPortfolioHistory({
      period: "1D",
      timeframe: "5Min",
    });
    expect(history.timeframe).toBe("5Min");
    expect(history.equity.length).toBe(history.timestamp.length);
    expect(history.equity.at(-1)).toBeCloseTo(106_424, -2);
  });
});

describe("orders", () => {
  test("a market order fills", async () => {
    const sent = await alpaca.trading.orders.market({ symbol: "AAPL", qty: 10, side: "buy" });
    expect(sent).toMatchObject({ status: "pending_new", filledQty: "0", qty: "10" });
    const order = await alpaca.trading.orders.getOrderByOrderID({ orderId: text(sent.id) });
    expect(order).toMatchObject({ status: "filled", filledQty: "10", filledAvgPrice: "232.51" });
  });

  test("an amount of money buys a fraction", async () => {
    const sent = await alpaca.trading.orders.market({ symbol: "MSFT", notional: 250, side: "buy" });
    const order = await alpaca.trading.orders.getOrderByOrderID({ orderId: text(sent.id) });
    expect(order).toMatchObject({ status: "filled", notional: "250" });
    expect(Number(order.filledQty)).toBeCloseTo(250 / 498.23, 2);
  });

  test("a limit order rests, is found, replaced and cancelled", async () => {
    const { orders } = alpaca.trading;
    const sent = await orders.limit({
      symbol: "TSLA",
      qty: 3,
      side: "buy",
      limitPrice: "300.5",
      timeInForce: "gtc",
      clientOrderId: "sdk limit 1",
    });
    expect(await orders.getOrderByClientOrderId({ clientOrderId: "sdk limit 1" })).toMatchObject({
      id: sent.id,
      status: "new",
    });
    const replaced = await orders.patchOrderByOrderId({
      orderId: text(sent.id),
      patchOrderRequest: { qty: "4", limitPrice: "301" },
    });
    expect(replaced).toMatchObject({ replaces: sent.id, qty: "4", limitPrice: "301" });
    expect(await orders.getOrderByOrderID({ orderId: text(sent.id) })).toMatchObject({
      status: "replaced",
      replacedBy: replaced.id,
    });
    expect(await orders.deleteOrderByOrderID({ orderId: text(replaced.id) })).toBeUndefined();
    expect(await orders.getOrderByOrderID({ orderId: text(replaced.id) })).toMatchObject({
      status: "canceled",
    });
  });

  test("stop, stop-limit and trailing stop wait", async () => {
    const { orders } = alpaca.trading;
    const stop = await orders.stop({ symbol: "AAPL", qty: 1, side: "sell", stopPrice: 200 });
    const limited = await orders.stopLimit({
      symbol: "AAPL",
      qty: 1,
      side: "sell",
      stopPrice: 200,
      limitPrice: 199,
    });
    const trailing = await orders.trailingStop({
      symbol: "AAPL",
      qty: 1,
      side: "sell",
      trailPercent: 5,
    });
    for (const { id } of [stop, limited, trailing]) {
      expect(await orders.getOrderByOrderID({ orderId: text(id) })).toMatchObject({
        status: "new",
      });
    }
    const seen = await orders.getOrderByOrderID({ orderId: text(trailing.id) });
    expect(seen).toMatchObject({ hwm: "232.51", stopPrice: "220.8845" });
    const cancelled = await orders.deleteAllOrders();
    expect(cancelled.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test("bracket, OTO and OCO carry their legs", async () => {
    const { orders } = alpaca.trading;
    const bracket = await orders.bracket({
      symbol: "NVDA",
      qty: 2,
      side: "buy",
      takeProfit: { limitPrice: 200 },
      stopLoss: { stopPrice: 150, limitPrice: 149 },
    });
    expect(bracket.legs?.map(({ type, status }) => [type, status])).toEqual([
      ["limit", "held"],
      ["stop_limit", "held"],
    ]);
    const oto = await orders.oto({
      symbol: "AMZN",
      qty: 1,
      side: "buy",
      limitPrice: 200,
      stopLoss: { stopPrice: 180 },
    });
    expect(oto.legs).toHaveLength(1);
    const oco = await orders.oco({
      symbol: "AAPL",
      qty: 5,
      side: "sell",
      takeProfit: { limitPrice: 250 },
      stopLoss: { stopPrice: 210 },
    });
    expect(oco).toMatchObject({ limitPrice: "250", type: "limit", orderClass: "oco" });
    expect(oco.legs?.map(({ status }) => status)).toEqual(["held"]);
    const nested = await orders.getAllOrders({ status: "open", nested: true });
    expect(nested.find(({ id }) => id === oco.id)?.legs).toHaveLength(1);
    await orders.deleteAllOrders();
    expect(await orders.getAllOrders({ status: "open" })).toEqual([]);
  });

  test("lists are filtered and paged", async () => {
    const { orders } = alpaca.trading;
    const all = await orders.getAllOrders({ status: "all", limit: 500, direction: "asc" });
    expect(all.length).toBeGreaterThan(8);
    const apple = await orders.getAllOrders({ status: "all", symbols: ["AAPL"], side: "sell" });
    expect(apple.every(({ symbol, side }) => symbol === "AAPL" && side === "sell")).toBe(true);
    const crypto = await orders.getAllOrders({ status: "all", assetClass: ["crypto"] });
    expect(crypto).toEqual([]);
    const rest = await orders.getAllOrders({
      status: "all",
      direction: "asc",
      limit: 500,
      afterOrderId: text(all[2]?.id),
    });
    expect(rest.map(({ id }) => id)).toEqual(all.slice(3).map(({ id }) => id));
  });

  test("an order is posted as the interface has it, without the SDK's builders", async () => {
    const { orders } = alpaca.trading;
    const sent = await orders.postOrder({
      postOrderRequest: {
        symbol: "BTC/USD",
        side: "sell",
        type: "limit",
        timeInForce: "gtc",
        qty: "0.01",
        limitPrice: "99000",
      },
    });
    expect(sent).toMatchObject({ symbol: "BTC/USD", qty: "0.01", assetClass: "crypto" });
    await orders.deleteOrderByOrderID({ orderId: text(sent.id) });
  });

  test("errors have their class, status and code", async () => {
    const { orders } = alpaca.trading;
    const poor = orders.market({ symbol: "BRK.A", qty: 100, side: "buy" });
    await expect(poor).rejects.toBeInstanceOf(PermissionError);
    await expect(poor).rejects.toMatchObject({ status: 403, code: 40310000 });
    const unknown = orders.market({ symbol: "NOPE", qty: 1, side: "buy" });
    await expect(unknown).rejects.toBeInstanceOf(ValidationError);
    const missing = orders.getOrderByOrderID({ orderId: "00000000-0000-4000-8000-000000000000" });
    await expect(missing).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe("positions", () => {
  test("one is read by symbol and by asset id, closed in part, then whole", async () => {
    const { positions } = alpaca.trading;
    const apple = await positions.getOpenPosition({ symbolOrAssetId: "AAPL" });
    expect(apple).toMatchObject({ qty: "10", qtyAvailable: "10", avgEntryPrice: "232.51" });
    const byId = await positions.getOpenPosition({ symbolOrAssetId: text(apple.assetId) });
    expect(byId.symbol).toBe("AAPL");
    const half = await positions.deleteOpenPosition({ symbolOrAssetId: "AAPL", percentage: 50 });
    expect(half).toMatchObject({ side: "sell", type: "market", qty: "5" });
    expect(await positions.getOpenPosition({ symbolOrAssetId: "AAPL" })).toMatchObject({
      qty: "5",
    });
    const one = await positions.deleteOpenPosition({ symbolOrAssetId: "AAPL", qty: 1 });
    expect(one).toMatchObject({ side: "sell", qty: "1" });
    await positions.deleteOpenPosition({ symbolOrAssetId: "AAPL" });
    const gone = positions.getOpenPosition({ symbolOrAssetId: "AAPL" });
    await expect(gone).rejects.toBeInstanceOf(NotFoundError);
  });

  test("a crypto position goes by its plain symbol and by its pair", async () => {
    const { positions } = alpaca.trading;
    expect(await positions.getOpenPosition({ symbolOrAssetId: "BTCUSD" })).toMatchObject({
      qty: "0.1",
    });
    expect(await positions.getOpenPosition({ symbolOrAssetId: "BTC/USD" })).toMatchObject({
      qty: "0.1",
    });
  });

  test("all are closed at once", async () => {
    const closed = await alpaca.trading.closeAllPositions({ cancelOrders: true });
    expect(closed.every(({ status }) => status === 200)).toBe(true);
    expect(await alpaca.trading.positions.getAllOpenPositions()).toEqual([]);
  });
});

describe("activities", () => {
  test("fills are paged through without a loss", async () => {
    const { accountActivities } = alpaca.trading;
    const all = await accountActivities.getAccountActivities({
      activityTypes: ["FILL"],
      direction: "asc",
    });
    expect(all.length).toBeGreaterThan(4);
    const first = await accountActivities.getAccountActivitiesByActivityType({
      activityType: "FILL",
      direction: "asc",
      pageSize: 2,
    });
    const token = (first[1] as { id: string }).id; // every activity has an id
    const rest = await accountActivities.getAccountActivitiesByActivityType({
      activityType: "FILL",
      direction: "asc",
      pageToken: token,
    });
    // The two methods map their rows differently; the ids tell whether one was lost or repeated.
    const ids = (rows: readonly unknown[]) => rows.map((row) => (row as { id: string }).id);
    expect(ids([...first, ...rest])).toEqual(ids(all));
    const paged = { direction: "asc", pageSize: 2 } as const;
    const byType = { ...paged, activityType: "FILL" } as const;
    expect(ids(await alpaca.trading.collectActivitiesByType(byType))).toEqual(ids(all));
    const listed = alpaca.trading.collectActivities({ ...paged, activityTypes: ["FILL"] });
    expect(ids(await listed)).toEqual(ids(all));
  });
});

describe("reference data", () => {
  test("assets, by list and by name", async () => {
    const stocks = await alpaca.trading.assets.getV2Assets({ status: "active" });
    expect(stocks.length).toBeGreaterThan(50);
    const bitcoin = await alpaca.trading.assets.getV2AssetsSymbolOrAssetId({
      symbolOrAssetId: "BTC/USD",
    });
    expect(bitcoin).toMatchObject({ _class: "crypto", symbol: "BTC/USD" });
  });

  test("clock and calendar, old and new", async () => {
    const { clock, calendar } = alpaca.trading;
    expect(await clock.legacyClock()).toMatchObject({ isOpen: true });
    expect((await clock.clock({ markets: "NYSE" })).clocks[0]).toMatchObject({ phase: "core" });
    const start = new Date("2026-03-16T00:00:00Z");
    const end = new Date("2026-03-20T00:00:00Z");
    expect(await calendar.legacyCalendar({ start, end })).toHaveLength(5);
    const days = await calendar.calendar({ market: "NYSE", start, end });
    expect(days.calendar).toHaveLength(5);
  });

  test("watchlists are made, changed and taken away", async () => {
    const { watchlists } = alpaca.trading;
    const made = await watchlists.postWatchlist({
      createWatchlistRequest: { name: "tech", symbols: ["AAPL"] },
    });
    const watchlistId = text(made.id);
    await watchlists.addAssetToWatchlist({
      watchlistId,
      addAssetToWatchlistRequest: { symbol: "MSFT" },
    });
    const seen = await watchlists.getWatchlistById({ watchlistId });
    expect(seen.assets?.map(({ symbol }) => symbol)).toEqual(["AAPL", "MSFT"]);
    await watchlists.removeAssetFromWatchlist({ watchlistId, symbol: "AAPL" });
    expect((await watchlists.getWatchlistByName({ name: "tech" })).assets).toHaveLength(1);
    await watchlists.deleteWatchlistById({ watchlistId });
    expect(await watchlists.getWatchlists()).toEqual([]);
  });

  test("a watchlist is renamed, filled and taken away, by id and by name", async () => {
    const { watchlists } = alpaca.trading;
    const made = await watchlists.postWatchlist({
      createWatchlistRequest: { name: "old name", symbols: ["AAPL"] },
    });
    const renamed = await watchlists.updateWatchlistById({
      watchlistId: text(made.id),
      updateWatchlistRequest: { name: "chips", symbols: ["NVDA"] },
    });
    expect(renamed).toMatchObject({ id: made.id, name: "chips" });
    await watchlists.addAssetToWatchlistByName({
      name: "chips",
      addAssetToWatchlistRequest: { symbol: "MSFT" },
    });
    const changed = await watchlists.updateWatchlistByName({
      name: "chips",
      updateWatchlistRequest: { name: "cars", symbols: ["TSLA"] },
    });
    expect(changed.assets?.map(({ symbol }) => symbol)).toEqual(["TSLA"]);
    await watchlists.deleteWatchlistByName({ name: "cars" });
    const gone = watchlists.getWatchlistById({ watchlistId: text(made.id) });
    await expect(gone).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe("market data", () => {
  test("latest prices of stocks and crypto", async () => {
    const { stocks, crypto } = alpaca.marketData;
    const trades = await stocks.stockLatestTrades({ symbols: "AAPL,MSFT" });
    expect(trades.trades.AAPL?.p).toBe(232.51);
    expect(await alpaca.marketData.getLatestPrice("AAPL")).toBeDefined();
    const quotes = await crypto.cryptoLatestQuotes({ loc: "us", symbols: "BTC/USD" });
    expect(quotes.quotes["BTC/USD"]?.ap).toBeGreaterThan(60_000);
    const books = await crypto.cryptoLatestOrderbooks({ loc: "us", symbols: "BTC/USD" });
    expect(books.orderbooks["BTC/USD"]?.b).toHaveLength(1);
  });

  test("bars and snapshots", async () => {
    const { stocks, crypto } = alpaca.marketData;
    const bars = await stocks.stockBars({
      symbols: "AAPL,MSFT",
      timeframe: "1Day",
      start: new Date("2026-01-05T00:00:00Z"),
      end: new Date("2026-01-09T00:00:00Z"),
    });
    expect(bars.bars.AAPL?.length).toBeGreaterThan(2);
    const snapshot = await stocks.stockSnapshotSingle({ symbol: "AAPL" });
    expect(snapshot.latestTrade?.p).toBe(232.51);
    const snapshots = await crypto.cryptoSnapshots({ loc: "us", symbols: "ETH/USD" });
    expect(snapshots.snapshots["ETH/USD"]?.dailyBar?.c).toBeGreaterThan(3_000);
  });
});

describe("streams", () => {
  test("trade updates tell an order's life", async () => {
    const stream = alpaca.trading.stream({
      url: `${lab.running.url.replace("http", "ws")}/stream`,
      maxReconnectAttempts: -1,
    });
    const events: string[] = [];
    const filled = new Promise<void>((resolve) => {
      stream.onTradeUpdate((update) => {
        events.push(update.event);
        if (update.event === "fill") resolve();
      });
    });
    stream.subscribeTradeUpdates();
    stream.connect();
    await stream.waitForAuthentication(5_000);
    // The subscription is acknowledged by the next frame; an order sent after it is told.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await alpaca.trading.orders.market({ symbol: "AAPL", qty: 1, side: "buy" });
    await filled;
    stream.disconnect();
    expect(events).toEqual(["pending_new", "new", "fill"]);
  });

  test("trade updates are read from text frames as well, as live accounts get them", async () => {
    await lab.control("PATCH", "/settings", { stream_frames: "text" });
    const order = await alpaca.trading.submitAndWait(
      { type: "market", symbol: "AAPL", qty: 1, side: "buy" },
      { timeoutMs: 5_000, stream: await connected() },
    );
    expect(order).toMatchObject({ status: "filled", filledQty: "1" });
    await lab.control("PATCH", "/settings", { stream_frames: "binary" });
  });

  test("an order is sent and waited for", async () => {
    const order = await alpaca.trading.submitAndWait(
      { type: "market", symbol: "AAPL", qty: 1, side: "sell" },
      {
        timeoutMs: 5_000,
        stream: await connected(),
      },
    );
    expect(order).toMatchObject({ status: "filled", filledQty: "1" });
  });

  test("market data comes in MessagePack", async () => {
    const stream = alpaca.marketData.stockStream({
      url: `${lab.running.url.replace("http", "ws")}/v2/iex`,
    });
    const seen = new Promise<number>((resolve) => stream.onTrade((trade) => resolve(trade.price)));
    stream.subscribeForTrades(["AAPL"]);
    stream.connect();
    await stream.waitForAuthentication(5_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await lab.control("POST", "/prices", { AAPL: "240.05" });
    expect(await seen).toBe(240.05);
    stream.disconnect();
  });
});

async function connected() {
  const stream = alpaca.trading.stream({
    url: `${lab.running.url.replace("http", "ws")}/stream`,
  });
  stream.subscribeTradeUpdates();
  stream.connect();
  await stream.waitForAuthentication(5_000);
  return stream;
}
