// Most orders an account may place in any 60 seconds.
import { checkCount } from "../count-limit.ts";
import { OFF } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

const WINDOW_MS = 60_000;

export const maxOrdersPerMinute: RiskRule = {
  code: "max_orders_per_minute",
  refusesExits: false,
  limit: "max_orders_per_minute",
  check({ limits, account, ordersAdded, now }) {
    const most = limits.max_orders_per_minute;
    if (most === null) return OFF;
    return checkCount({
      key: "max_orders_per_minute",
      present: countAfter(account.recentOrders, now - WINDOW_MS),
      added: ordersAdded,
      most,
      what: "orders were placed in the last 60 seconds",
    });
  },
};

/** How many of the ascending instants lie after `instant`, by halving. */
function countAfter(instants: readonly number[], instant: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? Number.POSITIVE_INFINITY) > instant) high = middle;
    else low = middle + 1;
  }
  return instants.length - low;
}
