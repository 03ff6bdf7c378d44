// Prices as decisions see them. Marks are not events: a decision stores the one it used and its age.
import { Decimal, isSameNumber } from "./decimal.ts";
import type { InstrumentId } from "./ids.ts";

const TWO = Decimal.ofInteger(2);

export interface Mark {
  readonly instrumentId: InstrumentId;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly last: Decimal | null;
  /** When the market said so, not when we heard it. */
  readonly at: number;
}

export interface MarkSource {
  get(instrumentId: InstrumentId): Mark | undefined;
  /** Counts changes. A source without it is compared mark by mark, which costs more. */
  readonly version?: number;
  /** Instruments whose mark changed after that version; null when it is too long ago to tell. */
  changedSince?(version: number): ReadonlySet<InstrumentId> | null;
}

/** A dated conversion rate into the limits' currency; without one a limit fails closed. */
export interface RateSource {
  /** How much one unit of `from` is worth in `to`, or null when no rate of that day is known. */
  rate(from: string, to: string, now: number): Decimal | null;
}

/** The price at which a holding is valued: the last trade, else the middle of the quote. */
export function valuationPrice(mark: Mark): Decimal | null {
  if (mark.last !== null) return mark.last;
  if (mark.bid === null || mark.ask === null) return null;
  return mark.bid.plus(mark.ask).dividedBy(TWO, 12, "half_even");
}

/** Two marks that say the same of the price, whenever they say it. */
export function isSamePrice(one: Mark | null | undefined, other: Mark | null | undefined): boolean {
  if (one === other) return true;
  if (!one || !other) return false;
  return (
    isSameNumber(one.bid, other.bid) &&
    isSameNumber(one.ask, other.ask) &&
    isSameNumber(one.last, other.last)
  );
}

function isOneSide({ bid, ask, last }: Mark): boolean {
  return last === null && (bid === null) !== (ask === null);
}

/**
 * Whether a mark takes the place of the one that is known. The newer one does, but for one side of a
 * quote: it values no holding, so it never takes away a price that does.
 */
export function replacesMark(next: Mark, known: Mark): boolean {
  if (next.at < known.at) return false;
  return !isOneSide(next) || valuationPrice(known) === null;
}

/** A quote whose sides cross says nothing: it marks no position and prices no order. */
export function isCrossed({ bid, ask }: Pick<Mark, "bid" | "ask">): boolean {
  return bid !== null && ask !== null && bid.gt(ask);
}

/** Clocks that nobody keeps differ by less; what is further ahead has no age that anyone knows. */
export const AHEAD_MAX_MS = 60_000;

export function isOfTheFuture(at: number, now: number): boolean {
  return at - now > AHEAD_MAX_MS;
}
