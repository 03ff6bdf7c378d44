// Most orders an account, or a strategy, may place in one trading day.
import { checkCountLimit } from "../count-limit.ts";
import type { CountLimit } from "../count-limit.ts";
import { missing } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

const LIMIT: CountLimit = {
  key: "max_orders_per_day",
  what: "orders were placed today",
  count({ account, ordersAdded }, strategyId) {
    const { day, pace } = account;
    if (day === null) {
      return missing("no_account_equity", "the trading day of the account has not begun");
    }
    const present = strategyId === null ? day.ordersPlaced : (pace.get(strategyId)?.today ?? 0);
    return { present, added: ordersAdded };
  },
};

export const maxOrdersPerDay: RiskRule = {
  code: "max_orders_per_day",
  refusesExits: false,
  limit: "max_orders_per_day",
  check: (subject) => checkCountLimit(subject, LIMIT),
};
