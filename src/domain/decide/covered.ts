// What is told after the position was corrected to what the broker holds: it may be in that correction already.
import type { Correction } from "../book.ts";
import type { BrokerPosition, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";
import { othersOf } from "./others.ts";

export interface ToldLate {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly at: number;
}

type Shown = Pick<BrokerPosition, "quantity" | "averagePrice">;
const NOTHING_SHOWN: Shown = { quantity: Decimal.ZERO, averagePrice: null };

export function shownOf(
  { positions }: Pick<BrokerView, "positions">,
  id: InstrumentId | null,
): Shown {
  return positions.find(({ instrumentId }) => instrumentId === id) ?? NOTHING_SHOWN;
}

/**
 * The correction that has it. None where counting it makes both sides alike: then it is what was missing.
 * Otherwise a later one of which so much is unexplained. Where counting it brings us no nearer to what the
 * broker shows in this very look it is in one in any case: in a later one, or, since an entry is stamped
 * when it is posted, in an earlier one of which so much is unexplained.
 */
export function coveredBy(draft: Draft, told: ToldLate, theirs: Decimal): Correction | null {
  const { instrumentId, quantity, at } = told;
  const known = draft.held(instrumentId).plus(othersOf(draft, instrumentId));
  const apart = theirs.minus(known);
  if (quantity.isZero() || apart.eq(quantity)) return null;
  const newestFirst = (draft.accountBook.corrected.get(instrumentId) ?? []).toReversed();
  const later = newestFirst.filter((each) => each.at >= at);
  const found = leastOf(draft, later, quantity);
  const isNearer = apart.minus(quantity).abs().lt(apart.abs());
  if (found !== null || isNearer) return found;
  return later[0] ?? leastOf(draft, newestFirst, quantity);
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
