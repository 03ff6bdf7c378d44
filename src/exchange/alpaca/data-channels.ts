// What can be subscribed to on a market data socket, and what each print becomes there. `T` comes
// first: some clients' MessagePack decoders rely on it.
import type { Bar } from "../market/bars.ts";
import type { Print } from "../market/feed.ts";
import { cryptoQuote, cryptoTrade, orderbook, stockQuote, stockTrade } from "./routes/latest.ts";
import { barJson } from "./routes/bars.ts";

export type FeedKind = "stocks" | "crypto" | "news" | "options";

export const CHANNELS: Readonly<Record<FeedKind, readonly string[]>> = {
  stocks: ["trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds"],
  crypto: ["trades", "quotes", "orderbooks", "bars", "updatedBars", "dailyBars"],
  news: ["news"],
  options: ["trades", "quotes"],
};

export type Message = Readonly<Record<string, unknown>>;

/** The messages of one print, by the channel they belong to. */
export function printMessages(kind: "stocks" | "crypto", print: Print): Record<string, Message> {
  const { symbol } = print;
  if (kind === "stocks") {
    return {
      trades: { T: "t", S: symbol, ...stockTrade(print) },
      quotes: { T: "q", S: symbol, ...stockQuote(print) },
    };
  }
  return {
    trades: { T: "t", S: symbol, ...cryptoTrade(print) },
    quotes: { T: "q", S: symbol, ...cryptoQuote(print) },
    orderbooks: { T: "o", S: symbol, ...orderbook(print), r: true },
  };
}

export function barMessage(symbol: string, bar: Bar): Message {
  return { T: "b", S: symbol, ...barJson(bar) };
}
