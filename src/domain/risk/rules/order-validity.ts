// Whether the order makes sense at all for its instrument: type, time in force and prices together.
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const orderValidity: RiskRule = {
  code: "order_validity",
  refusesExits: true,
  limit: null,
  check({ terms }) {
    const size = terms.quantity ?? terms.notional;
    if (size === null || (terms.quantity !== null && terms.notional !== null)) {
      return refuse("an order has either a quantity or a notional");
    }
    if (!size.isPositive()) return refuse(`the size ${size.toString()} is not positive`);
    return pass();
  },
};
