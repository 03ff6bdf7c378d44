// Most orders an account, or a strategy, may have open at once; the account's include those that are not ours.
import type { AccountBook } from "../../book.ts";
import type { StrategyId } from "../../ids.ts";
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
        : openCountOf(account, strategyId),
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

function openCountOf({ open, orders }: AccountBook, strategyId: StrategyId): number {
  let count = 0;
  for (const id of open) if (orders.get(id)?.strategyId === strategyId) count += 1;
  return count;
}
