// Most orders an account, or a strategy, may place in any 60 seconds.
import { countAfter } from "../../ascending.ts";
import { checkCountLimit } from "../count-limit.ts";
import type { CountLimit } from "../count-limit.ts";
import type { RiskRule } from "../rule.ts";

const WINDOW_MS = 60_000;

const NONE: readonly number[] = [];

const LIMIT: CountLimit = {
  key: "max_orders_per_minute",
  what: "orders were placed in the last 60 seconds",
  count({ account, ordersAdded, now }, strategyId) {
    const recent =
      strategyId === null ? account.recentOrders : (account.pace.get(strategyId)?.recent ?? NONE);
    return { present: countAfter(recent, now - WINDOW_MS), added: ordersAdded };
  },
};

export const maxOrdersPerMinute: RiskRule = {
  code: "max_orders_per_minute",
  refusesExits: false,
  limit: "max_orders_per_minute",
  check: (subject) => checkCountLimit(subject, LIMIT),
};
