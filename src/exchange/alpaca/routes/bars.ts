// Bars and snapshots.
import type { Bar } from "../../market/bars.ts";
import type { Timeframe } from "../../market/timeframe.ts";
import { barStart, nextBar, parseTimeframe } from "../../market/timeframe.ts";
import type { Asset } from "../../core/asset.ts";
import { DAY_MS } from "../../new-york.ts";
import type { AlpacaContext } from "../context.ts";
import { millisTimestamp } from "../json/time.ts";
import type { Handler } from "../handler.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { dataError, json, WireFailure } from "../wire.ts";
import type { AssetClass } from "../../core/asset.ts";
import { askedSymbols, cryptoQuote, cryptoTrade, stockQuote, stockTrade } from "./latest.ts";
import type { PageQuery } from "./page-query.ts";
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

/** However wide a question is, so many bars are looked at before the page ends. */
const MAX_LOOKED_AT = 200_000;

interface Question extends PageQuery {
  readonly timeframe: Timeframe;
}

function ask(request: WireRequest): Question {
  const wanted = request.query.get("timeframe") ?? "";
  const timeframe = parseTimeframe(wanted);
  if (timeframe === null) throw badQuery(`invalid timeframe: ${wanted}`);
  return { timeframe, ...pageQuery(request) };
}

/** Stocks have no bars where their session is closed. */
function trades(context: AlpacaContext, asset: Asset, at: number, timeframe: Timeframe): boolean {
  const { sessions } = context.exchange.engine.world;
  if (asset.assetClass === "crypto" || sessions.alwaysOpen) return true;
  if (timeframe.unit === "week" || timeframe.unit === "month") return true;
  const state = sessions.at(at + (timeframe.unit === "day" ? DAY_MS / 2 : 0));
  return timeframe.unit === "day" ? state.isMarketDay : state.phase !== "closed";
}

function barsOf(context: AlpacaContext, asset: Asset, question: Question, now: number): Bar[] {
  const found: Bar[] = [];
  const { bars } = context.exchange;
  let start = barStart(question.timeframe, question.from);
  if (start < question.from) start = nextBar(question.timeframe, start);
  for (let count = 0; start <= question.to && count < MAX_LOOKED_AT; count += 1) {
    const next = nextBar(question.timeframe, start);
    if (trades(context, asset, start, question.timeframe)) {
      const bar = bars.bar(asset.symbol, start, next - start, now);
      if (bar !== null) found.push(bar);
    }
    start = next;
  }
  return found;
}

function page(context: AlpacaContext, symbols: readonly string[], request: WireRequest) {
  const question = ask(request);
  const { found, next_page_token } = pageOf(symbols, question, {
    of: (symbol) => {
      const asset = context.assets.find(symbol);
      return asset === null ? [] : barsOf(context, asset, question, request.now);
    },
    place: ({ at }) => at,
  });
  const rows = Object.entries(found).map(([symbol, bars]) => [symbol, bars.map(barJson)] as const);
  const bars: Readonly<Record<string, unknown[]>> = Object.fromEntries(rows);
  return { bars, next_page_token };
}

export function manyBars(assetClass: AssetClass): Handler {
  return (context, request) =>
    json(200, page(context, askedSymbols(context, request.query, assetClass), request));
}

export function oneSymbolBars(context: AlpacaContext, request: WireRequest): WireAnswer {
  const symbol = request.params.symbol ?? "";
  const { bars, next_page_token } = page(context, [symbol], request);
  return json(200, { symbol, bars: bars[symbol] ?? [], next_page_token });
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
