// What the broker holds and is another's: how much of an instrument, and the word that it is another amount.
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";

export function othersOf({ others }: Draft, instrumentId: InstrumentId): Decimal {
  return others.get(instrumentId) ?? Decimal.ZERO;
}

/** What both together have of an instrument: what the broker is to hold. */
export function withOthers(draft: Draft, instrumentId: InstrumentId): Decimal {
  return draft.held(instrumentId).plus(othersOf(draft, instrumentId));
}

interface Left {
  readonly instrumentId: InstrumentId;
  readonly amount: Decimal;
  readonly reason: string;
  /** So much of it is there without a word of why, which may still come. */
  readonly unexplained?: Decimal;
  /** When it was so at the broker. */
  readonly since?: number;
}

export function leaveToOthers(draft: Draft, of: Left): void {
  const { instrumentId: subject, ...told } = of;
  draft.record({ type: "DifferenceAccepted", kind: "position", subject, ...told });
}

/** What they have moves by so much. */
export function moveOthers(
  draft: Draft,
  { moved, ...of }: Omit<Left, "amount"> & { readonly moved: Decimal },
): void {
  leaveToOthers(draft, { ...of, amount: othersOf(draft, of.instrumentId).plus(moved) });
}

/** By this adjustment it is known whose it was that was told under the id. */
export const nameOfTheirs = (id: string): string => `${id}:others`;

/** In another currency it is no cash of the account's own. */
export function isOwnCash({ context, account }: Draft, instrumentId: InstrumentId): boolean {
  return context.instrument(instrumentId)?.currency === account.currency;
}

/** More on their side is theirs, and so is less as long as they have any. */
export function partOfOthers(others: Decimal, moved: Decimal): Decimal {
  if (others.isZero()) return Decimal.ZERO;
  if (others.sign() === moved.sign()) return moved;
  return moved.abs().lte(others.abs()) ? moved : others.negated();
}

/** The cash that went with it; by this adjustment it is known that it was theirs, also where none did. */
export function payOthers(draft: Draft, told: Omit<Adjustment, "strategyId">): void {
  const { id, kind, instrumentId, source, at } = told;
  const amount = isOwnCash(draft, instrumentId) ? told.amount : Decimal.ZERO;
  const paid = { kind, amount, source, at };
  draft.record({ type: "CashAdjusted", adjustment: { id: nameOfTheirs(id), ...paid } });
}
