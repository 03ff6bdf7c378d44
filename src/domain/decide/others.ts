// What the broker holds and is another's: how much of an instrument, and the word that it is another amount.
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";

export function othersOf({ others }: Draft, instrumentId: InstrumentId): Decimal {
  return others.get(instrumentId) ?? Decimal.ZERO;
}

export function leaveToOthers(
  draft: Draft,
  of: { readonly instrumentId: InstrumentId; readonly amount: Decimal; readonly reason: string },
): void {
  const { instrumentId: subject, amount, reason } = of;
  draft.record({ type: "DifferenceAccepted", kind: "position", subject, amount, reason });
}
