// Latest trades and quotes. The market data wire carries JSON numbers, so exact prices turn into
// numbers here, on their way out, and nowhere else.
import type { Decimal } from "../../../domain/decimal.ts";
import type { Print } from "../../market/feed.ts";
import type { AlpacaContext } from "../context.ts";
import type { Handler } from "../handler.ts";
import { millisTimestamp } from "../json/time.ts";
import { dataError, json, WireFailure } from "../wire.ts";
import { list } from "./list-orders.ts";

/** Shortest decimal text to the nearest double: prints as the same text again. */
export function wireNumber(value: Decimal): number {
  return Number(value.toString());
}

export function stockTrade(print: Print): Record<string, unknown> {
  return {
    t: millisTimestamp(print.at),
    x: "V",
    p: wireNumber(print.quote.last),
    s: wireNumber(print.tradeSize),
    c: ["@"],
    i: print.tradeId,
    z: "C",
  };
}

export function stockQuote(print: Print): Record<string, unknown> {
  const { quote } = print;
  return {
    t: millisTimestamp(print.at),
    ax: "V",
    ap: wireNumber(quote.ask),
    as: wireNumber(quote.askSize),
    bx: "V",
    bp: wireNumber(quote.bid),
    bs: wireNumber(quote.bidSize),
    c: ["R"],
    z: "C",
  };
}

export function cryptoTrade(print: Print): Record<string, unknown> {
  return {
    t: millisTimestamp(print.at),
    p: wireNumber(print.quote.last),
    s: wireNumber(print.tradeSize),
    i: print.tradeId,
    tks: print.quote.last.eq(print.quote.ask) ? "B" : "S",
  };
}

export function cryptoQuote(print: Print): Record<string, unknown> {
  const { quote } = print;
  return {
    t: millisTimestamp(print.at),
    bp: wireNumber(quote.bid),
    bs: wireNumber(quote.bidSize),
    ap: wireNumber(quote.ask),
    as: wireNumber(quote.askSize),
  };
}

export function orderbook({ quote, at }: Print): Record<string, unknown> {
  return {
    t: millisTimestamp(at),
    b: [{ p: wireNumber(quote.bid), s: wireNumber(quote.bidSize) }],
    a: [{ p: wireNumber(quote.ask), s: wireNumber(quote.askSize) }],
  };
}

type Render = (print: Print) => unknown;
const MAX_SYMBOLS = 1_000;

/** The symbols asked for that are listed in this class; the real host leaves unknown ones out too. */
export function askedSymbols(
  context: AlpacaContext,
  query: URLSearchParams,
  assetClass: "us_equity" | "crypto",
): readonly string[] {
  const asked = list(query, "symbols");
  if (asked.length === 0) throw new WireFailure(dataError(400, "symbols is required"));
  if (asked.length > MAX_SYMBOLS) throw new WireFailure(dataError(400, "too many symbols"));
  const pattern = assetClass === "crypto" ? /^[A-Z]+\/[A-Z]+$/ : /^[A-Z][A-Z.]*$/;
  for (const symbol of asked) {
    if (pattern.test(symbol)) continue;
    const shape = assetClass === "crypto" ? "^[A-Z]+/[A-Z]+$" : "^[A-Z][A-Z.]*$";
    throw new WireFailure(dataError(400, `invalid symbol: ${symbol} does not match ${shape}`));
  }
  return asked.filter((symbol) => context.assets.find(symbol)?.assetClass === assetClass);
}

export function latestMany(
  key: string,
  assetClass: "us_equity" | "crypto",
  render: Render,
): Handler {
  return (context, { query }) => {
    const found: Record<string, unknown> = {};
    for (const symbol of askedSymbols(context, query, assetClass)) {
      const print = context.exchange.feed.latest(symbol);
      if (print !== undefined) found[symbol] = render(print);
    }
    return json(200, { [key]: found });
  };
}

export function latestOne(key: string, render: Render): Handler {
  return (context, { params }) => {
    const symbol = params.symbol ?? "";
    const print = context.exchange.feed.latest(symbol);
    if (print === undefined) return dataError(404, "resource not found");
    return json(200, { symbol, [key]: render(print) });
  };
}
