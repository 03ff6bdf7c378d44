// Most orders an account may have open at once, those that are not ours included.
import type { AccountBook } from "../../book.ts";
import { checkCount } from "../count-limit.ts";
import { OFF } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const maxOpenOrders: RiskRule = {
  code: "max_open_orders",
  refusesExits: false,
  limit: "max_open_orders",
  check({ limits, account, ordersAdded }) {
    const most = limits.max_open_orders;
    if (most === null) return OFF;
    return checkCount({
      key: "max_open_orders",
      present: account.open.size + externalCount(account),
      added: ordersAdded,
      most,
      what: "orders are open",
    });
  },
};

function externalCount({ external }: AccountBook): number {
  let count = 0;
  for (const { ignored } of external.values()) if (!ignored) count += 1;
  return count;
}
