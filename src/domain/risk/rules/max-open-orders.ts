// Most orders an account, or a strategy, may have open at once; the account's include those that are not ours.
import type { AccountBook } from "../../book.ts";
import { checkCountLimit } from "../count-limit.ts";
import type { CountLimit } from "../count-limit.ts";
import type { RiskRule } from "../rule.ts";

const LIMIT: CountLimit = {
  key: "max_open_orders",
  what: "orders are open",
  count: ({ account, ordersAdded }, strategyId) => ({
    present:
      strategyId === null
        ? account.open.size + externalCount(account)
        : account.openByStrategy.count(strategyId),
    added: ordersAdded,
  }),
};

export const maxOpenOrders: RiskRule = {
  code: "max_open_orders",
  refusesExits: false,
  limit: "max_open_orders",
  check: (subject) => checkCountLimit(subject, LIMIT),
};

function externalCount({ external }: AccountBook): number {
  let count = 0;
  for (const { ignored } of external.values()) if (!ignored) count += 1;
  return count;
}
