// A position corrected by a person: what changes of it, at what price, and who said why.
import type { Command } from "../command.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { Draft } from "./draft.ts";

export interface Correction {
  readonly instrumentId: InstrumentId;
  /** Added to what is held. */
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly reason: string;
}

export function correctPosition(draft: Draft, command: Command, correction: Correction): void {
  const { instrumentId, quantity, price, reason } = correction;
  draft.record({
    type: "PositionAdjusted",
    adjustment: {
      id: command.id,
      kind: "correction",
      instrumentId,
      strategyId: null,
      quantity,
      price,
      amount: Decimal.ZERO,
      source: `${command.actor}: ${reason}`,
      at: draft.now,
    },
  });
}
