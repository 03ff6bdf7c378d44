// What is told after the position was corrected to what the broker holds: it may be in that correction already.
import type { Correction } from "../book.ts";
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";
import { othersOf } from "./others.ts";

export interface ToldLate {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly at: number;
}

export function shownOf(
  { positions }: Pick<BrokerView, "positions">,
  id: InstrumentId | null,
): Decimal {
  return positions.find(({ instrumentId }) => instrumentId === id)?.quantity ?? Decimal.ZERO;
}

/**
 * The correction that has it: a later one than what is told. Not where counting it brings us nearer to what
 * the broker shows in this very look: then it is still missing.
 */
export function coveredBy(draft: Draft, told: ToldLate, theirs: Decimal): Correction | null {
  const { instrumentId, quantity, at } = told;
  const correction = draft.accountBook.corrected.get(instrumentId);
  if (quantity.isZero() || correction === undefined || correction.at < at) return null;
  const known = draft.held(instrumentId).plus(othersOf(draft, instrumentId));
  const apart = theirs.minus(known);
  return apart.minus(quantity).abs().lt(apart.abs()) ? null : correction;
}
