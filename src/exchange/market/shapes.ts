// From a listing to the shape of its walk: tick, spread and displayed size follow from the price.
import { Decimal } from "../../domain/decimal.ts";
import type { CryptoListing, StockListing } from "./listings.ts";
import { CRYPTO, STOCKS } from "./listings.ts";
import type { WalkShape } from "./walk.ts";

const PENNY = Decimal.of("0.01");
const SUB_PENNY = Decimal.of("0.0001");
const ROUND_LOT = Decimal.ofInteger(100);
/** About what a stock's quote shows, in dollars. */
const DISPLAYED_DOLLARS = Decimal.ofInteger(120_000);

function count(value: Decimal): number {
  return Number(value.toString());
}

function stockShape(listing: StockListing): WalkShape {
  const start = Decimal.of(listing.start);
  const tick = start.lt(Decimal.ONE) ? SUB_PENNY : PENNY;
  const startTicks = count(start.dividedBy(tick, 0, "half_up"));
  const lots = DISPLAYED_DOLLARS.dividedBy(start.times(ROUND_LOT), 0, "up");
  return {
    symbol: listing.symbol,
    tick,
    startTicks,
    dailyBasisPoints: listing.dailyBasisPoints,
    // A cent for most, a basis point for what costs hundreds.
    spreadTicks: Math.max(1, Math.round(startTicks / 15_000)),
    sizeUnits: count(lots) * 2,
    sizeStep: ROUND_LOT,
  };
}

function cryptoShape(listing: CryptoListing): WalkShape {
  const tick = Decimal.of(listing.tick);
  const startTicks = count(Decimal.of(listing.start).dividedBy(tick, 0, "half_up"));
  return {
    symbol: listing.symbol,
    tick,
    startTicks,
    dailyBasisPoints: listing.dailyBasisPoints,
    spreadTicks: Math.max(1, Math.round(startTicks / 4_000)),
    sizeUnits: 1_000,
    sizeStep: Decimal.of(listing.displayed).dividedBy(Decimal.ofInteger(1_000), 9, "up"),
  };
}

export function allShapes(): readonly WalkShape[] {
  return [...STOCKS.map(stockShape), ...CRYPTO.map(cryptoShape)];
}
