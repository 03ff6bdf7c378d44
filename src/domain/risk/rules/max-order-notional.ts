// Most that one order may cost, at its worst price; one that goes through zero with both its halves.
import { isMissing, OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const maxOrderNotional: RiskRule = {
  code: "max_order_notional",
  refusesExits: false,
  limit: "max_order_notional",
  check(subject) {
    const most = subject.limits.max_order_notional;
    if (most === null) return OFF;
    const cost = subject.costOfAll();
    if (isMissing(cost)) return cost;
    const dollars = subject.inLimitCurrency(cost);
    if (isMissing(dollars)) return dollars;
    const numbers = { cost: dollars.toString(), limit: most.toString() };
    const head = most.minus(dollars);
    if (!head.isNegative()) return pass(numbers, head);
    return refuse(
      `the order may cost ${numbers.cost} USD at its worst price, and max_order_notional is ${numbers.limit}`,
      numbers,
      head,
    );
  },
};
