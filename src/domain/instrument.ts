// What is traded, and the arithmetic its venue allows. Plain data: rules read it, nothing is hidden.
import type { Decimal } from "./decimal.ts";
import type { InstrumentId } from "./ids.ts";

export type AssetClass = "stock" | "crypto";

/** ISO 4217 where there is one; crypto quote currencies (USDT, USDC) by their own name. */
export type Currency = "USD" | "KRW" | "VND" | "USDT" | "USDC" | "BTC" | (string & {});

/** Where an instrument trades. `SIM` is the exchange of mock mode, always open. */
export type Venue = "XNYS" | "XKRX" | "HOSE" | "HNX" | "UPCOM" | "CRYPTO" | "SIM";

/** A price step that applies from `from` upwards, until the next row. */
export interface TickBand {
  readonly from: Decimal;
  readonly step: Decimal;
}

export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: Venue;
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly currency: Currency;
  /** Ascending by `from`; the first row starts at zero. */
  readonly ticks: readonly TickBand[];
  /** The smallest step of quantity: 1 for whole shares, 0.000000001 for fractions. */
  readonly lot: Decimal;
  /** Fractions below `lot` multiples allowed for market and day orders, where the broker takes them. */
  readonly fractionable: boolean;
  readonly minQuantity: Decimal | null;
  readonly maxQuantity: Decimal | null;
  readonly minNotional: Decimal | null;
  readonly shortable: boolean;
  readonly tradable: boolean;
  /** Daily price limits where the venue has them. */
  readonly priceBand: { readonly floor: Decimal; readonly ceiling: Decimal } | null;
}

/** Of an instrument that is not in the table: nothing converts it, so limits on it fail closed. */
const UNKNOWN_CURRENCY = "unknown";

interface Instruments {
  instrument(id: InstrumentId): Instrument | undefined;
}

export function currencyOf(known: Instruments, id: InstrumentId): Currency {
  return known.instrument(id)?.currency ?? UNKNOWN_CURRENCY;
}

/** Decimals of money in a currency; KRW and VND have none. */
export const MONEY_SCALE: Readonly<Record<string, number>> = { KRW: 0, VND: 0, USD: 2 };

/** The price step that applies at `price`. */
export function tickAt(instrument: Instrument, price: Decimal): Decimal {
  let step: Decimal | null = null;
  for (const band of instrument.ticks) if (price.abs().gte(band.from)) step = band.step;
  if (step === null) throw new RangeError(`${instrument.id} has no price step`);
  return step;
}
