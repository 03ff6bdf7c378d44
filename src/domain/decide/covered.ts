// What is told after the position was corrected to what the broker holds: it may be in that correction already.
import type { Correction } from "../book.ts";
import type { BrokerPosition, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";
import { addTo } from "./draft-holdings.ts";
import { withOthers } from "./others.ts";

export interface ToldLate {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly at: number;
  /** Stamped when it was posted, and not when it moved the shares. */
  readonly isPosted: boolean;
}

/** What a look shows of the instrument, and what else it tells of it. */
export interface Beside {
  /** What the broker holds. */
  readonly theirs: Decimal;
  readonly together: Told;
}

/** What is not counted yet. */
interface Told {
  readonly sum: Decimal;
  /** Of each there is a correction that is just as much, or of which nobody knows how much it is. */
  readonly isEachExact: boolean;
}

/** An entry comes days late at most; what has stayed unexplained for longer is something else. */
const POSTED_WITHIN_MS = 7 * 24 * 60 * 60_000;

type Shown = Pick<BrokerPosition, "quantity" | "averagePrice">;
const NOTHING_SHOWN: Shown = { quantity: Decimal.ZERO, averagePrice: null };

export function shownOf(
  { positions }: Pick<BrokerView, "positions">,
  id: InstrumentId | null,
): Shown {
  return positions.find(({ instrumentId }) => instrumentId === id) ?? NOTHING_SHOWN;
}

/**
 * What one look tells of an instrument is judged together: a stranger who bought and sold brings nothing
 * nearer by either alone.
 */
export class Together {
  readonly #sums = new Map<InstrumentId, Decimal>();
  readonly #inexact = new Set<InstrumentId>();

  constructor(draft: Draft, told: Iterable<ToldLate>) {
    for (const each of told) {
      if (each.quantity.isZero()) continue;
      addTo(this.#sums, each.instrumentId, each.quantity);
      if (!mayBeExact(draft, each)) this.#inexact.add(each.instrumentId);
    }
  }

  /** With this one, which is judged now. */
  take({ instrumentId, quantity }: Pick<ToldLate, "instrumentId" | "quantity">): Told {
    const sum = this.#sums.get(instrumentId) ?? Decimal.ZERO;
    addTo(this.#sums, instrumentId, quantity.negated());
    return { sum, isEachExact: !this.#inexact.has(instrumentId) };
  }
}

/** What is younger than every correction is in none, and comes first: by what is then missing the rest is judged. */
export function youngestFirst<Late extends ToldLate>(
  draft: Draft,
  told: readonly Late[],
): readonly Late[] {
  const isYoung = (each: Late): boolean => correctionsSince(draft, each).length === 0;
  return [...told.filter(isYoung), ...told.filter((each) => !isYoung(each))];
}

/**
 * The correction that has it. None where counting it makes both sides alike, or counting all of that look
 * does: then it is what was missing. Otherwise a later one of which so much is unexplained. Where counting it
 * brings us no nearer to what the broker shows in this very look it is in one in any case: in a later one, or,
 * since an entry is stamped when it is posted, in one of the days before of which so much is unexplained.
 */
export function coveredBy(
  draft: Draft,
  told: ToldLate,
  { theirs, together }: Beside,
): Correction | null {
  const { instrumentId, quantity } = told;
  const known = withOthers(draft, instrumentId);
  const apart = theirs.minus(known);
  if (quantity.isZero() || apart.eq(quantity)) return null;
  // Alike by all of them together: unless each by itself is a correction, which then made both sides alike.
  if (apart.eq(together.sum) && !together.isEachExact) return null;
  const later = correctionsSince(draft, told);
  const found = leastOf(draft, later, quantity);
  const isNearer = apart.minus(quantity).abs().lt(apart.abs());
  if (found !== null || isNearer) return found;
  return later[0] ?? leastOf(draft, candidatesFor(draft, told), quantity);
}

/** After a start nobody knows what of an older correction is unexplained: it may be just as much. */
function mayBeExact(draft: Draft, told: ToldLate): boolean {
  return candidatesFor(draft, told).some((each) => {
    const left = draft.holdings.leftOf(each);
    return left === null || left.eq(told.quantity);
  });
}

/** Those that may have it. */
function candidatesFor(
  draft: Draft,
  { instrumentId, at, isPosted }: ToldLate,
): readonly Correction[] {
  return correctionsSince(draft, { instrumentId, at: isPosted ? at - POSTED_WITHIN_MS : at });
}

/** The newest first. */
function correctionsSince(
  { accountBook }: Draft,
  { instrumentId, at }: Pick<ToldLate, "instrumentId" | "at">,
): readonly Correction[] {
  const corrections = accountBook.corrected.get(instrumentId) ?? [];
  return corrections.filter((each) => each.at >= at).toReversed();
}

/** Of those with as much unexplained the one with the least, so that what fits exactly goes first. */
function leastOf(
  draft: Draft,
  corrections: readonly Correction[],
  quantity: Decimal,
): Correction | null {
  let least: { readonly left: Decimal; readonly of: Correction } | null = null;
  for (const of of corrections) {
    const left = draft.holdings.leftOf(of);
    if (left === null || left.sign() !== quantity.sign()) continue;
    const isEnough = left.abs().gte(quantity.abs());
    if (isEnough && (least === null || left.abs().lt(least.left.abs()))) least = { left, of };
  }
  return least?.of ?? null;
}
