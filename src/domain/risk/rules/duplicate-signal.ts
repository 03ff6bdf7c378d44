// The same account, symbol, side and quantity again within the window: a sender that stutters.
import type { Decimal } from "../../decimal.ts";
import type { InstrumentId } from "../../ids.ts";
import type { OrderTerms } from "../../order/spec.ts";
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const duplicateSignal: RiskRule = {
  code: "duplicate_signal",
  refusesExits: false,
  limit: "duplicate_window_seconds",
  check({ account, instrument, terms, candidate, limits, now }) {
    const window = limits.duplicate_window_seconds;
    if (window === null || window === 0) return OFF;
    // A held order that is released would find itself.
    if (candidate.placedOrderId !== null) return pass();
    const before = account.recentSignals.get(duplicateKey(instrument.id, terms));
    if (before === undefined) return pass();
    const ago = now - before;
    const numbers = { ago_ms: ago, window_seconds: window };
    if (ago > window * 1000) return pass(numbers);
    return refuse(
      `the same order came ${(ago / 1000).toFixed(1)} s ago, and duplicate_window_seconds is ${window}`,
      numbers,
    );
  },
};

type Repeatable = Pick<OrderTerms, "side"> & {
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
};

/** The key under which the book remembers a signal in `recentSignals`. */
export function duplicateKey(instrumentId: InstrumentId, terms: Repeatable): string {
  const size = terms.quantity?.toString() ?? `${terms.notional?.toString() ?? ""} notional`;
  return `${instrumentId} ${terms.side} ${size}`;
}
