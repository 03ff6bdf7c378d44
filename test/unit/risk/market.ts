// The small market of the risk tests: a few instruments, and orders told in text.
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, InstrumentId } from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { OrderTerms, Side } from "../../../src/domain/order/spec.ts";

/** A Tuesday, 10:30 in New York. */
export const NOW = Date.parse("2026-06-09T14:30:00Z");
export const ACCOUNT_ID: AccountId = asId("main");
export const AAPL: InstrumentId = asId("SIM:AAPL");
export const MSFT: InstrumentId = asId("SIM:MSFT");
export const BTC: InstrumentId = asId("CRYPTO:BTC/USD");
export const NYSE_AAPL: InstrumentId = asId("XNYS:AAPL");
export const SAMSUNG: InstrumentId = asId("XKRX:005930");

export const d = (text: string): Decimal => Decimal.of(text);

export function stock(id: InstrumentId, changes: Partial<Instrument> = {}): Instrument {
  const [venue = "SIM", symbol = id] = id.split(":");
  return {
    id,
    venue: venue as Instrument["venue"], // the ids above name their venues
    symbol,
    assetClass: "stock",
    currency: "USD",
    ticks: [{ from: d("0"), step: d("0.01") }],
    lot: d("1"),
    fractionable: true,
    minQuantity: null,
    maxQuantity: null,
    minNotional: null,
    shortable: true,
    tradable: true,
    priceBand: null,
    ...changes,
  };
}

export const INSTRUMENTS: readonly Instrument[] = [
  stock(AAPL),
  stock(MSFT),
  stock(NYSE_AAPL),
  stock(SAMSUNG, { currency: "KRW", ticks: [{ from: d("0"), step: d("100") }] }),
  stock(BTC, { assetClass: "crypto", lot: d("0.000000001"), shortable: false }),
];

/** Terms in text: what is not said is a market order for the day. */
export interface Wish {
  readonly side?: Side;
  readonly type?: OrderTerms["type"];
  readonly quantity?: string | null;
  readonly notional?: string | null;
  readonly limitPrice?: string | null;
  readonly stopPrice?: string | null;
  readonly timeInForce?: OrderTerms["timeInForce"];
  readonly extendedHours?: boolean;
  readonly stopLoss?: string;
  /** Makes the stop loss a stop-limit order. */
  readonly stopLossLimit?: string;
  readonly takeProfit?: string;
  /** The order is itself the take-profit of what is held. */
  readonly alone?: true;
}

export const decimalOf = (text: string | null | undefined): Decimal | null =>
  text === null || text === undefined ? null : d(text);

export function terms(wish: Wish): OrderTerms {
  const limitPrice = decimalOf(wish.limitPrice);
  const stopPrice = decimalOf(wish.stopPrice);
  const exits = wish.stopLoss !== undefined || wish.takeProfit !== undefined;
  return {
    side: wish.side ?? "buy",
    type: wish.type ?? typeOf(limitPrice, stopPrice),
    timeInForce: wish.timeInForce ?? "day",
    quantity: decimalOf(wish.quantity),
    notional: decimalOf(wish.notional),
    limitPrice,
    stopPrice,
    trailPrice: null,
    trailPercent: null,
    extendedHours: wish.extendedHours ?? false,
    postOnly: false,
    exits: exits
      ? {
          takeProfit: wish.takeProfit === undefined ? null : { limitPrice: d(wish.takeProfit) },
          stopLoss:
            wish.stopLoss === undefined
              ? null
              : { stopPrice: d(wish.stopLoss), limitPrice: decimalOf(wish.stopLossLimit) },
          ...(wish.alone === true ? { alone: true } : {}),
        }
      : null,
  };
}

function typeOf(limitPrice: Decimal | null, stopPrice: Decimal | null): OrderTerms["type"] {
  if (limitPrice !== null) return stopPrice === null ? "limit" : "stop_limit";
  return stopPrice === null ? "market" : "stop";
}
