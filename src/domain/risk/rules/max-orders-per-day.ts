// Most orders an account may place in one trading day.
import { checkCount } from "../count-limit.ts";
import { missing, OFF } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const maxOrdersPerDay: RiskRule = {
  code: "max_orders_per_day",
  refusesExits: false,
  limit: "max_orders_per_day",
  check({ limits, account, ordersAdded }) {
    const most = limits.max_orders_per_day;
    if (most === null) return OFF;
    if (account.day === null) {
      return missing("no_account_equity", "the trading day of the account has not begun");
    }
    return checkCount({
      key: "max_orders_per_day",
      present: account.day.ordersPlaced,
      added: ordersAdded,
      most,
      what: "orders were placed today",
    });
  },
};
