// Bars and snapshots.
import type { Bar } from "../../market/bars.ts";
import type { Timeframe } from "../../market/timeframe.ts";
import { barStart, nextBar, parseTimeframe } from "../../market/timeframe.ts";
import { DAY_MS } from "../../new-york.ts";
import type { AlpacaContext } from "../context.ts";
import { millisTimestamp } from "../json/time.ts";
import type { Handler } from "../handler.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { dataError, json, WireFailure } from "../wire.ts";
import type { AssetClass } from "../../core/asset.ts";
import { askedSymbols, cryptoQuote, cryptoTrade, stockQuote, stockTrade } from "./latest.ts";
import type { BarQuestion } from "./bar-walk.ts";
import { BarWalk } from "./bar-walk.ts";
import { badQuery, pageOf, pageQuery } from "./page-query.ts";

export function barJson(bar: Bar): Record<string, unknown> {
  return {
    t: millisTimestamp(bar.at),
    o: bar.open,
    h: bar.high,
    l: bar.low,
    c: bar.close,
    v: bar.volume,
    n: bar.trades,
    vw: bar.average,
  };
}

function ask(request: WireRequest): BarQuestion {
  const wanted = request.query.get("timeframe") ?? "";
  const timeframe = parseTimeframe(wanted);
  if (timeframe === null) throw badQuery(`invalid timeframe: ${wanted}`);
  return { timeframe, ...pageQuery(request) };
}

function page(context: AlpacaContext, symbols: readonly string[], request: WireRequest) {
  const question = ask(request);
  const walk = new BarWalk(context, question, request.now);
  return pageOf(symbols, question, {
    next: (symbol, stretch) => {
      const asset = context.assets.find(symbol);
      return asset === null ? { rows: [], stoppedAt: null } : walk.next(asset, stretch);
    },
    place: ({ at }) => at,
  });
}

export function manyBars(assetClass: AssetClass): Handler {
  return (context, request) => {
    const symbols = askedSymbols(context, request.query, assetClass);
    const { found, next_page_token } = page(context, symbols, request);
    const bars: Record<string, unknown[]> = {};
    for (const [symbol, rows] of found) bars[symbol] = rows.map(barJson);
    return json(200, { bars, next_page_token });
  };
}

export function oneSymbolBars(context: AlpacaContext, request: WireRequest): WireAnswer {
  const symbol = request.params.symbol ?? "";
  const { found, next_page_token } = page(context, [symbol], request);
  return json(200, { symbol, bars: (found.get(symbol) ?? []).map(barJson), next_page_token });
}

const MINUTE: Timeframe = { count: 1, unit: "minute" };
const DAY: Timeframe = { count: 1, unit: "day" };

function barAt(context: AlpacaContext, symbol: string, timeframe: Timeframe, at: number): unknown {
  const start = barStart(timeframe, at);
  const { exchange } = context;
  const length = nextBar(timeframe, start) - start;
  const bar = exchange.bars.bar(symbol, start, length, exchange.clock.now());
  return bar === null ? null : barJson(bar);
}

export function latestBar(context: AlpacaContext, symbol: string): unknown {
  const print = context.exchange.feed.latest(symbol);
  return barAt(context, symbol, MINUTE, print?.at ?? context.exchange.clock.now());
}

export function latestBars(assetClass: AssetClass): Handler {
  return (context, { query }) => {
    const bars: Record<string, unknown> = {};
    for (const symbol of askedSymbols(context, query, assetClass)) {
      bars[symbol] = latestBar(context, symbol);
    }
    return json(200, { bars });
  };
}

export function latestBarOfOne(context: AlpacaContext, { params }: WireRequest): WireAnswer {
  const symbol = params.symbol ?? "";
  if (context.exchange.feed.latest(symbol) === undefined) {
    return dataError(404, "resource not found");
  }
  return json(200, { symbol, bar: latestBar(context, symbol) });
}

function snapshot(context: AlpacaContext, symbol: string): Record<string, unknown> {
  const print = context.exchange.feed.latest(symbol);
  if (print === undefined) throw new WireFailure(dataError(404, "resource not found"));
  const isStock = context.assets.find(symbol)?.assetClass === "us_equity";
  const today = barStart(DAY, print.at);
  return {
    latestTrade: isStock ? stockTrade(print) : cryptoTrade(print),
    latestQuote: isStock ? stockQuote(print) : cryptoQuote(print),
    minuteBar: latestBar(context, symbol),
    dailyBar: barAt(context, symbol, DAY, print.at),
    prevDailyBar: barAt(context, symbol, DAY, today - DAY_MS / 2),
  };
}

export function stockSnapshots(context: AlpacaContext, { query }: WireRequest): WireAnswer {
  const found: Record<string, unknown> = {};
  for (const symbol of askedSymbols(context, query, "us_equity")) {
    found[symbol] = snapshot(context, symbol);
  }
  return json(200, found);
}

export function cryptoSnapshots(context: AlpacaContext, { query }: WireRequest): WireAnswer {
  const snapshots: Record<string, unknown> = {};
  for (const symbol of askedSymbols(context, query, "crypto")) {
    snapshots[symbol] = snapshot(context, symbol);
  }
  return json(200, { snapshots });
}

export function stockSnapshot(context: AlpacaContext, { params }: WireRequest): WireAnswer {
  const symbol = params.symbol ?? "";
  return json(200, { symbol, ...snapshot(context, symbol) });
}
