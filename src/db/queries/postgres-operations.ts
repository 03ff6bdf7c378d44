// What operators read and change, as the port has it; each statement has its own function.
import { SUSPICION_MAX_MS } from "../../domain/order/reconcile.ts";
import type { Operations } from "../../ports/operations.ts";
import { accountLinks } from "../account-links.ts";
import type { ReadPools } from "../client.ts";
import { backlog, houseStatus, probe } from "./house.ts";
import {
  deadLetterById,
  listDeadLetters,
  listDifferences,
  listFrozen,
  listParked,
  markRequeued,
  openExternalOrders,
} from "./inbox.ts";
import {
  auditEntries,
  createKey,
  keyByHash,
  listKeys,
  recordAudit,
  revokeKey,
  touchKeys,
} from "./keys.ts";
import { changeLimits, limitHistory, limitRows, overrideRows } from "./limits.ts";
import { resumePartition } from "./partitions.ts";
import { changeTradingState, tradingStateRows } from "./trading-state.ts";
import { cashDifferences, externalPositions } from "./unexplained.ts";

/** `aheadMs`: how far our clock is set ahead of the database's; only mock mode's is. */
export function postgresOperations(
  { queries: sql, listings }: ReadPools,
  aheadMs: number,
): Operations {
  return {
    limitRows: () => limitRows(sql),
    overrideRows: () => overrideRows(sql),
    limitHistory: (filter, limit) => limitHistory(listings, filter, limit),
    changeLimits: (asked) => changeLimits(sql, asked),
    tradingStateRows: () => tradingStateRows(sql),
    changeTradingState: (change) => changeTradingState(sql, change),
    deadLetters: (filter, page) => listDeadLetters(listings, filter, page),
    deadLetter: (id) => deadLetterById(sql, id),
    markRequeued: (id, by, as) => markRequeued(sql, id, by, as),
    differences: (accounts, limit) => listDifferences(listings, accounts, limit),
    externalOrders: (accounts) => openExternalOrders(listings, accounts),
    externalPositions: (accounts, now) =>
      externalPositions(listings, accounts, new Date(now - SUSPICION_MAX_MS)),
    cashDifferences: (accounts) => cashDifferences(listings, accounts),
    frozenSymbols: (accounts) => listFrozen(listings, accounts),
    parkedFacts: (accounts, limit) => listParked(listings, accounts, limit),
    keyByHash: (hash) => keyByHash(sql, hash),
    keys: () => listKeys(sql),
    createKey: (key) => createKey(sql, key),
    revokeKey: (id, by) => revokeKey(sql, id, by),
    touchKeys: (used) => touchKeys(sql, used),
    backlog: () => backlog(sql, aheadMs),
    houseStatus: () => houseStatus(sql, aheadMs),
    accountLinks: (accounts) => accountLinks(sql, accounts),
    resumePartition: (resumed) => resumePartition(sql, resumed),
    probe: () => probe(sql),
    record: (entry) => recordAudit(sql, entry),
    auditEntries: (page) => auditEntries(listings, page),
  };
}
