// Conversion rates by day, as an operator or a feed wrote them down. A rate that is too old is none.
import { MS_PER_DAY } from "./calendar/date.ts";
import { Decimal } from "./decimal.ts";
import type { RateSource } from "./market.ts";

export interface RateRow {
  readonly from: string;
  readonly to: string;
  /** The days since 1970 of the date that the rate is of. */
  readonly day: number;
  readonly rate: Decimal;
}

/** Friday's rate covers the weekend and a Monday without one; on Tuesday it is too old. */
export const RATE_GOOD_DAYS = 4;
/** East of everybody: a date that has begun anywhere is a date of today. */
const EASTMOST_MS = 14 * 3_600_000;
/** More than any rate has digits, and up: what is converted is a cost, a worth or a loss to be bounded. */
const INVERSE_SCALE = 24;

export class RateTable implements RateSource {
  /** The newest first. */
  readonly #byPair = new Map<string, RateRow[]>();

  constructor(rows: readonly RateRow[]) {
    // The sorting is stable: of one day a rate of the pair itself comes before the inverse of the other.
    for (const row of rows) this.#add(row);
    for (const row of rows) {
      this.#add({
        from: row.to,
        to: row.from,
        day: row.day,
        rate: Decimal.ONE.dividedBy(row.rate, INVERSE_SCALE, "up"),
      });
    }
    for (const series of this.#byPair.values()) series.sort((one, other) => other.day - one.day);
  }

  rate(from: string, to: string, now: number): Decimal | null {
    if (from === to) return Decimal.ONE;
    const today = Math.floor((now + EASTMOST_MS) / MS_PER_DAY);
    const oldest = Math.floor(now / MS_PER_DAY) - RATE_GOOD_DAYS + 1;
    for (const { day, rate } of this.#byPair.get(pairOf(from, to)) ?? []) {
      if (day > today) continue;
      return day < oldest ? null : rate;
    }
    return null;
  }

  #add(row: RateRow): void {
    const pair = pairOf(row.from, row.to);
    const series = this.#byPair.get(pair);
    if (series === undefined) this.#byPair.set(pair, [row]);
    else series.push(row);
  }
}

const pairOf = (from: string, to: string): string => `${from} ${to}`;

export const NO_RATES: RateSource = new RateTable([]);
