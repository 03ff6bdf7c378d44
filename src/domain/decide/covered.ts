// What is told after the position was corrected to what the broker holds: it may be in that correction already.
import type { Correction } from "../book.ts";
import type { BrokerPosition, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";
import { addTo } from "./draft-holdings.ts";
import { othersOf } from "./others.ts";

export interface ToldLate {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly at: number;
}

/** What a look shows of the instrument, beside what it tells. */
export interface Beside {
  /** What the broker holds. */
  readonly theirs: Decimal;
  /** All that it tells and that is not counted yet, this one included. */
  readonly together: Decimal;
  /** Stamped when it was posted, and not when it moved the shares. */
  readonly isPosted: boolean;
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
 * nearer by either alone. What is younger than every correction is in none, and comes first.
 */
export function* inTurn<Late extends ToldLate>(
  draft: Draft,
  told: readonly Late[],
): Generator<readonly [Late, together: Decimal]> {
  const open: Late[] = [];
  const left = new Map<InstrumentId, Decimal>();
  for (const each of told) {
    if (correctionsSince(draft, each).length === 0) yield [each, each.quantity];
    else open.push(each);
  }
  for (const { instrumentId, quantity } of open) addTo(left, instrumentId, quantity);
  for (const each of open) {
    yield [each, left.get(each.instrumentId) ?? Decimal.ZERO];
    addTo(left, each.instrumentId, each.quantity.negated());
  }
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
  { theirs, together, isPosted }: Beside,
): Correction | null {
  const { instrumentId, quantity, at } = told;
  const known = draft.held(instrumentId).plus(othersOf(draft, instrumentId));
  const apart = theirs.minus(known);
  if (quantity.isZero() || apart.eq(quantity)) return null;
  const later = correctionsSince(draft, told);
  const isNearer = apart.minus(quantity).abs().lt(apart.abs());
  const since = at - POSTED_WITHIN_MS;
  const recent =
    isPosted && !isNearer ? correctionsSince(draft, { instrumentId, at: since }) : later;
  // One that is just as much is it, whatever else is told.
  const exact = [...later, ...recent].find((each) => draft.holdings.leftOf(each)?.eq(quantity));
  if (exact !== undefined) return exact;
  if (apart.eq(together)) return null;
  const found = leastOf(draft, later, quantity);
  if (found !== null || isNearer) return found;
  return later[0] ?? leastOf(draft, recent, quantity);
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
