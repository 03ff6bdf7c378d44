// An Alpaca asset as an instrument: its venue, its currency, its steps of price and quantity.
import { Decimal } from "../../domain/decimal.ts";
import { asId } from "../../domain/ids.ts";
import type { InstrumentId } from "../../domain/ids.ts";
import type { Instrument, TickBand, Venue } from "../../domain/instrument.ts";
import type { WireAsset } from "./schema.ts";

export interface AssetRules {
  /** Where stocks trade: `XNYS` on the real calendar, `SIM` on an exchange that never closes. */
  readonly stockVenue: Venue;
  /** Pairs quoted in anything else are known, but not tradable: positions are kept in this currency. */
  readonly currency: string;
}

/** Rule 612 of the SEC, as Alpaca applies it: cents from one dollar on, hundredths of a cent below. */
const STOCK_TICKS: readonly TickBand[] = [
  { from: Decimal.ZERO, step: Decimal.of("0.0001") },
  { from: Decimal.ONE, step: Decimal.of("0.01") },
];
/** Used where an asset does not tell its own steps: the finest that Alpaca takes. */
const FINEST = Decimal.of("0.000000001");

/** Null for what Fillstream does not trade: options, indices, treasuries. */
export function instrumentOf(asset: WireAsset, rules: AssetRules): Instrument | null {
  if (asset.class === "us_equity") return stockOf(asset, rules);
  return asset.class === "crypto" ? pairOf(asset, rules) : null;
}

function stockOf(asset: WireAsset, { stockVenue }: AssetRules): Instrument {
  // Only shares that are easy to borrow can be sold short; the newer field takes the older one's place.
  const easyToBorrow =
    asset.borrow_status === null
      ? (asset.easy_to_borrow ?? true)
      : asset.borrow_status === "easy_to_borrow";
  return {
    ...bare(asset, stockVenue),
    assetClass: "stock",
    currency: "USD",
    ticks: STOCK_TICKS,
    lot: Decimal.ONE,
    fractionable: asset.fractionable,
    minQuantity: null,
    shortable: asset.shortable && easyToBorrow,
  };
}

function pairOf(asset: WireAsset, { currency }: AssetRules): Instrument | null {
  const quote = asset.symbol.split("/")[1];
  if (quote === undefined) return null;
  const pair = bare(asset, "CRYPTO");
  return {
    ...pair,
    assetClass: "crypto",
    currency: quote,
    ticks: [{ from: Decimal.ZERO, step: asset.price_increment ?? FINEST }],
    lot: asset.min_trade_increment ?? FINEST,
    fractionable: false,
    minQuantity: asset.min_order_size,
    shortable: false,
    tradable: pair.tradable && quote === currency,
  };
}

function bare({ symbol, status, tradable }: WireAsset, venue: Venue) {
  return {
    id: asId<InstrumentId>(`${venue}:${symbol}`),
    venue,
    symbol,
    tradable: tradable && status === "active",
    maxQuantity: null,
    // Alpaca's smallest amounts differ by asset, account and year: they are left to Alpaca's own answer.
    minNotional: null,
    priceBand: null,
  };
}
