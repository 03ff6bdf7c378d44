// A book in which nothing has happened yet, but for what the record says was held before.
import type { Account, AccountBook, Book } from "./book.ts";
import { Decimal } from "./decimal.ts";
import { HeldEnds } from "./held-ends.ts";
import { HeldOrders } from "./held-orders.ts";
import { PositionLedger } from "./position/ledger.ts";
import { RiskAggregate } from "./risk/aggregate.ts";
import { StrategyOrders } from "./strategy-orders.ts";

export function createBook(partition: number): Book {
  return {
    partition,
    seq: 0,
    decidedSignals: 0,
    decidedCommands: 0,
    decidedAhead: new Set(),
    accounts: new Map(),
  };
}

/** `positions` come from the rows of the last commit; a fresh account has none. */
export function createAccountBook(
  account: Account,
  positions: PositionLedger = new PositionLedger(account.id),
): AccountBook {
  const open: AccountBook["open"] = new Set();
  return {
    account,
    orders: new Map(),
    open,
    held: new HeldOrders(open),
    queued: new Set(),
    turns: new Set(),
    unanswered: new Set(),
    unsettled: new Set(),
    heard: new Map(),
    closed: new Map(),
    openByInstrument: new Map(),
    openByStrategy: new StrategyOrders(),
    byReference: new Map(),
    byBrokerOrderId: new Map(),
    positions,
    external: new Map(),
    goneExternal: new Set(),
    frozen: new Map(),
    parked: new Map(),
    foreign: new Map(),
    suspected: new Map(),
    others: new Map(),
    othersMoved: new Map(),
    corrected: new Map(),
    lastFill: new Map(),
    splits: new Map(),
    adjustments: new Set(),
    ours: new Map(),
    firstContactAt: null,
    equity: null,
    cash: {
      adjusted: Decimal.ZERO,
      isOpen: false,
      told: Decimal.ZERO,
      accepted: Decimal.ZERO,
      look: null,
    },
    fillsSinceCash: 0,
    day: null,
    recentOrders: [],
    pace: new Map(),
    recentSignals: new Map(),
    aggregate: new RiskAggregate(),
    ends: new HeldEnds(),
    referenceCounter: 0,
  };
}
