// What the broker holds and is another's: how much of an instrument, and the word that it is another amount.
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";

export function othersOf({ others }: Draft, instrumentId: InstrumentId): Decimal {
  return others.get(instrumentId) ?? Decimal.ZERO;
}

interface Left {
  readonly instrumentId: InstrumentId;
  readonly amount: Decimal;
  readonly reason: string;
}

/** `unexplained`: so much of it is there without a word of why, which may still come. */
export function leaveToOthers(draft: Draft, of: Left & { readonly unexplained?: Decimal }): void {
  const { instrumentId: subject, ...told } = of;
  draft.record({ type: "DifferenceAccepted", kind: "position", subject, ...told });
}

/** More on their side is theirs, and so is less as long as they have any. */
export function partOfOthers(others: Decimal, moved: Decimal): Decimal {
  if (others.isZero()) return Decimal.ZERO;
  if (others.sign() === moved.sign()) return moved;
  return moved.abs().lte(others.abs()) ? moved : others.negated();
}
