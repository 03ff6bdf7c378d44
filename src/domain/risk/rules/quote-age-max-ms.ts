// An entry is judged by a price, and an old price judges nothing.
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const quoteAgeMaxMs: RiskRule = {
  code: "quote_age_max_ms",
  refusesExits: false,
  limit: "quote_age_max_ms",
  check(subject) {
    const largest = subject.limits.quote_age_max_ms;
    if (largest === null) return OFF;
    const age = subject.markAgeMs;
    if (age === null) return subject.noPrice();
    const numbers = { age_ms: age, limit_ms: largest };
    if (age <= largest) return pass(numbers);
    return refuse(
      `the price of ${subject.instrument.symbol} is ${age} ms old, and quote_age_max_ms is ${largest}`,
      numbers,
    );
  },
};
