// An order that could trade with one of our own is refused by brokers and looked at by regulators.
import type { Decimal } from "../../decimal.ts";
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import type { WorkingOrder } from "../working.ts";
import type { Subject } from "../subject.ts";

export const washTrade: RiskRule = {
  code: "wash_trade",
  refusesExits: false,
  limit: "check_wash_trade",
  check(subject) {
    if (subject.limits.check_wash_trade !== true) return OFF;
    if (!subject.isOpposed) return pass();
    for (const other of subject.working) {
      if (other.side === subject.side || !couldTrade(subject, other)) continue;
      const at = other.limitPrice === null ? "at the market" : `at ${other.limitPrice.toString()}`;
      return refuse(
        `it could trade with our own order ${other.name} to ${other.side} ` +
          `${subject.instrument.symbol} ${at}`,
        { order: other.name, side: other.side, limit_price: other.limitPrice?.toString() ?? null },
      );
    }
    return pass();
  },
};

/** Without a limit on either side they meet wherever the market is. */
function couldTrade({ side, terms }: Subject, other: WorkingOrder): boolean {
  const mine = terms.limitPrice;
  const theirs = other.limitPrice;
  if (mine === null || theirs === null) return true;
  return side === "buy" ? crosses(mine, theirs) : crosses(theirs, mine);
}

const crosses = (bid: Decimal, ask: Decimal): boolean => bid.gte(ask);
