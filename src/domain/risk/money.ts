// Carries an amount from one currency into another by the day's rate, or says that there is none.
import { Decimal } from "../decimal.ts";
import type { RateSource } from "../market.ts";
import { missing } from "./rule.ts";
import type { MissingInput } from "./rule.ts";

/** The currency of every limit whose name ends in `_usd`, and of `max_order_notional`. */
export const LIMIT_CURRENCY = "USD";

export interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly rates: RateSource;
  readonly now: number;
}

export function convert(amount: Decimal, conversion: Conversion): Decimal | MissingInput {
  const { from, to, rates, now } = conversion;
  if (from === to) return amount;
  if (amount.isZero()) return Decimal.ZERO;
  const rate = rates.rate(from, to, now);
  if (rate === null || !rate.isPositive()) {
    return missing("no_fx_rate", `no rate of these days is known from ${from} to ${to}`);
  }
  return amount.times(rate);
}
