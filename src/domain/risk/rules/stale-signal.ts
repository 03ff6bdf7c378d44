// What was meant a minute ago is not meant now: an old signal is refused, also after an outage.
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const staleSignal: RiskRule = {
  code: "stale_signal",
  refusesExits: true,
  limit: null,
  check({ candidate, limits, now }) {
    const { receivedAt, validUntil, heldByPolicy } = candidate;
    if (validUntil !== null && now > validUntil) {
      const late = now - validUntil;
      return refuse(`the signal was valid until ${late} ms ago`, { late_ms: late });
    }
    // A hold that the policy asked for has an expiry of its own in place of the age.
    if (heldByPolicy) return pass();
    const largest = limits.max_signal_age_seconds;
    if (largest === null) return OFF;

    const age = Math.max(0, now - receivedAt);
    const numbers = { age_ms: age, limit_seconds: largest };
    if (age <= largest * 1000) return pass(numbers);
    return refuse(
      `the signal is ${(age / 1000).toFixed(1)} s old, and max_signal_age_seconds is ${largest}`,
      numbers,
    );
  },
};
