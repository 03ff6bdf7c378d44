// Whether the order makes sense at all for its instrument: type, time in force, size and prices together.
import { validateTerms } from "../../order/validity.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const orderValidity: RiskRule = {
  code: "order_validity",
  refusesExits: true,
  limit: null,
  check({ instrument, terms }) {
    const faults = validateTerms(instrument, terms);
    const [first] = faults;
    if (first === undefined) return pass();
    const numbers = Object.fromEntries(faults.map(({ field, message }) => [field, message]));
    return refuse(faults.map(({ message }) => message).join("; "), numbers);
  },
};
