// The least that the venue takes an order for.
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const minNotional: RiskRule = {
  code: "min_notional",
  refusesExits: false,
  limit: null,
  check(subject) {
    const { instrument } = subject;
    const least = instrument.minNotional;
    if (least === null) return OFF;
    const { value } = subject.alone;
    if (value === null) return subject.noPrice();
    const numbers = { value: value.toString(), least: least.toString() };
    if (value.gte(least)) return pass(numbers);
    return refuse(
      `an order of ${numbers.value} ${instrument.currency} is below the venue's least, ${numbers.least}`,
      numbers,
    );
  },
};
