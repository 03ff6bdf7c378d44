// The recorded and published bodies, and the instruments they are about.
import { readFileSync } from "node:fs";
import { Decimal } from "../../../src/domain/decimal.ts";
import { instrumentOf } from "../../../src/brokers/alpaca/instrument.ts";
import { assetSchema } from "../../../src/brokers/alpaca/schema.ts";
import { AlpacaSymbols } from "../../../src/brokers/alpaca/symbols.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";

export function fixture<Shape = Record<string, unknown>>(name: string): Shape {
  const url = new URL(`../../fixtures/alpaca/adapter-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Shape; // the shape is the test's own claim
}

export const RULES = { stockVenue: "XNYS", currency: "USD" } as const;

export function asset(symbol: string, more: Record<string, unknown> = {}): Instrument {
  const pair = symbol.includes("/");
  const wire = {
    class: pair ? "crypto" : "us_equity",
    symbol,
    status: "active",
    tradable: true,
    shortable: !pair,
    easy_to_borrow: !pair,
    fractionable: true,
    ...(pair ? { price_increment: "0.01", min_trade_increment: "0.000000001" } : {}),
    ...more,
  };
  const instrument = instrumentOf(assetSchema.parse(wire), RULES);
  if (instrument === null) throw new Error(`${symbol} makes no instrument`);
  return instrument;
}

export const AMZN = asset("AMZN");
export const BTC = asset("BTC/USD");
export const directory = new AlpacaSymbols([
  AMZN,
  BTC,
  ...["AAPL", "BRK.B", "BTC/USDT", "ETH/USD", "ETH/BTC", "USDT/USD"].map((symbol) => asset(symbol)),
]);
export const d = (text: string): Decimal => Decimal.of(text);
