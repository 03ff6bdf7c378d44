// Everything that people ask of the record, as the port has it; each statement has its own function.
import type { Queries } from "../../ports/queries.ts";
import type { ReadPools } from "../client.ts";
import { listAccounts, marksOf, portfolioHistory, portfolioSums } from "./accounts.ts";
import { decisionOfSignal, eventsOfOrder, executionsOfOrders } from "./events.ts";
import { countOrders, listOrders, ordersByIds } from "./orders.ts";
import { heldQuantity, listPositions, positionHistory } from "./positions.ts";
import { commandById, countSignals, listCommands, listSignals, signalById } from "./signals.ts";

/** What is looked up by its id or key is asked beside the listings, never behind them. */
export function postgresQueries({ queries, listings: sql }: ReadPools): Queries {
  return {
    signal: (id) => signalById(queries, id),
    signals: (filter, page) => listSignals(sql, filter, page),
    countSignals: (filter, cap) => countSignals(sql, filter, cap),
    decisionEvent: (signalId) => decisionOfSignal(sql, signalId),
    command: (id) => commandById(queries, id),
    commands: (scope, page) => listCommands(sql, scope, page),
    order: async (id) => (await ordersByIds(queries, [id]))[0] ?? null,
    ordersByIds: (ids) => ordersByIds(queries, ids),
    orders: (filter, page) => listOrders(sql, filter, page),
    countOrders: (filter, cap) => countOrders(sql, filter, cap),
    executions: (orderIds) => executionsOfOrders(sql, orderIds),
    orderEvents: (orderId) => eventsOfOrder(sql, orderId),
    positions: (filter) => listPositions(sql, filter),
    held: (of) => heldQuantity(queries, of),
    positionHistory: (filter, page) => positionHistory(sql, filter, page),
    accounts: (scope) => listAccounts(sql, scope),
    portfolio: (scope) => portfolioSums(sql, scope),
    portfolioHistory: (filter, limit) => portfolioHistory(sql, filter, limit),
    marks: (ids) => marksOf(queries, ids),
  };
}
