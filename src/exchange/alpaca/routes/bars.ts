// Bars and snapshots.
import type { Bar } from "../../market/bars.ts";
import type { Timeframe } from "../../market/timeframe.ts";
import { barStart, nextBar, parseTimeframe } from "../../market/timeframe.ts";
import type { Asset } from "../../core/asset.ts";
import { DAY_MS, newYorkDate, newYorkInstant } from "../../new-york.ts";
import type { AlpacaContext } from "../context.ts";
import { parseInstant } from "../instants.ts";
import { millisTimestamp } from "../json/time.ts";
import type { Handler } from "../handler.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { dataError, json, WireFailure } from "../wire.ts";
import type { AssetClass } from "../../core/asset.ts";
import { askedSymbols, cryptoQuote, cryptoTrade, stockQuote, stockTrade } from "./latest.ts";

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

function bad(message: string): WireFailure {
  return new WireFailure(dataError(400, message));
}

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;
/** However wide a question is, so many bars are looked at before the page ends. */
const MAX_LOOKED_AT = 200_000;

interface Question {
  readonly timeframe: Timeframe;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly after: { readonly symbol: string; readonly at: number } | null;
}

function instant(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? "";
  if (text === "") return otherwise;
  const parsed = parseInstant(text);
  if (parsed === null) throw bad(`invalid ${name}: ${text}`);
  return Math.floor(parsed / 1000);
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit") ?? "";
  const limit = text === "" ? DEFAULT_LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw bad("invalid limit");
  return limit;
}

function tokenOf(query: URLSearchParams): Question["after"] {
  const text = query.get("page_token") ?? "";
  if (text === "") return null;
  const [symbol = "", at = ""] = Buffer.from(text, "base64url").toString("utf8").split("|");
  if (symbol === "" || !/^\d{1,15}$/.test(at)) throw bad("invalid page_token");
  return { symbol, at: Number(at) };
}

function ask(request: WireRequest): Question {
  const { query, now } = request;
  const timeframe = parseTimeframe(query.get("timeframe") ?? "");
  if (timeframe === null) throw bad(`invalid timeframe: ${query.get("timeframe") ?? ""}`);
  const sort = query.get("sort") ?? "asc";
  if (sort !== "asc" && sort !== "desc") throw bad(`invalid sort: ${sort}`);
  const to = instant(query, "end", now);
  return {
    timeframe,
    from: instant(query, "start", newYorkInstant(newYorkDate(now), 0)),
    to,
    limit: limitOf(query),
    descending: sort === "desc",
    after: tokenOf(query),
  };
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
  return question.descending ? found.reverse() : found;
}

interface Page {
  readonly bars: Record<string, unknown[]>;
  readonly next_page_token: string | null;
}

function page(context: AlpacaContext, symbols: readonly string[], request: WireRequest): Page {
  const question = ask(request);
  const bars: Record<string, unknown[]> = {};
  let room = question.limit;
  for (const symbol of [...symbols].sort()) {
    if (question.after !== null && symbol < question.after.symbol) continue;
    const asset = context.assets.find(symbol);
    if (asset === null) continue;
    const from = question.after?.symbol === symbol ? question.after.at : null;
    const all = barsOf(context, asset, question, request.now).filter(
      ({ at }) => from === null || (question.descending ? at < from : at > from),
    );
    const taken = all.slice(0, room);
    if (taken.length > 0) bars[symbol] = taken.map(barJson);
    room -= taken.length;
    const last = taken.at(-1);
    if (room === 0 && last !== undefined) {
      const token = Buffer.from(`${symbol}|${last.at}`).toString("base64url");
      return { bars, next_page_token: token };
    }
  }
  return { bars, next_page_token: null };
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
