// Prices as they were seen since the page was opened, for sparklines and charts: thinned out as they
// grow, so that a day of them stays small.
import type { Position } from "../api/answers.ts";
import { approximate } from "../format/exact.ts";

export interface PricePoint {
  /** Seconds, as charts count. */
  readonly at: number;
  readonly price: number;
}

const MAX_POINTS = 2_000;
const seen = new Map<string, PricePoint[]>();

export function addPrice({ venue, symbol, last_price: last, last_price_at: at }: Position): void {
  if (last === null || at === null) return;
  const key = `${venue}:${symbol}`;
  const points = seen.get(key) ?? [];
  const point = { at: Date.parse(at) / 1_000, price: approximate(last) };
  if (points.at(-1)?.at === point.at) return;
  points.push(point);
  // The older half loses every other point: recent prices stay exact, old ones keep their shape.
  seen.set(key, points.length > MAX_POINTS ? thinned(points) : points);
}

export function pricesOf(venue: string, symbol: string): readonly PricePoint[] {
  return seen.get(`${venue}:${symbol}`) ?? [];
}

function thinned(points: readonly PricePoint[]): PricePoint[] {
  const middle = points.length / 2;
  return points.filter((_, index) => index >= middle || index % 2 === 0);
}
