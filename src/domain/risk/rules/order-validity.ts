// Whether the order makes sense at all for its instrument: type, time in force, size and prices together.
import { validateTerms } from "../../order/validity.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const orderValidity: RiskRule = {
  code: "order_validity",
  refusesExits: true,
  limit: null,
  check({ instrument, terms, reducesPosition, held, free }) {
    const faults = [...validateTerms(instrument, terms)];
    if (terms.exits?.alone === true && !reducesPosition) {
      const message = `a pair of exits closes what is held: ${held} ${instrument.symbol} are, ${free} of them free`;
      faults.push({ field: "order_class", message });
    }
    const [first] = faults;
    if (first === undefined) return pass();
    const numbers = Object.fromEntries(faults.map(({ field, message }) => [field, message]));
    return refuse(faults.map(({ message }) => message).join("; "), numbers);
  },
};
