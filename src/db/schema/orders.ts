// Folded from the log: decisions, orders and their executions.
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { accountId, exact, instant, instrumentId, partition, strategyId } from "./columns.ts";

/**
 * What became of each signal, range-partitioned like `signals`. The verdicts stay in the log, at
 * (partition, seq): they are most of its bytes, and `signal_ledger` shows them without a second copy.
 */
export const decisions = pgTable(
  "decisions",
  {
    signalId: uuid("signal_id").primaryKey(),
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    number: bigint("number", { mode: "number" }).notNull(),
    accountId: accountId(),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    outcome: text("outcome").notNull(),
    rejectedBy: text("rejected_by"),
    rejectCode: text("reject_code"),
    errorMessage: text("error_message"),
    limitsVersion: bigint("limits_version", { mode: "number" }).notNull(),
    markBid: exact("mark_bid"),
    markAsk: exact("mark_ask"),
    markLast: exact("mark_last"),
    markAgeMs: bigint("mark_age_ms", { mode: "number" }),
    orderIds: uuid("order_ids").array().notNull(),
    decidedAt: instant("decided_at").notNull(),
  },
  (t) => [
    index("decisions_number").on(t.partition, t.number),
    index("decisions_outcome")
      .on(t.outcome, t.signalId)
      .where(sql`${t.outcome} <> 'ordered'`),
    check(
      "decisions_outcome",
      sql`${t.outcome} IN ('ordered', 'held', 'rejected', 'nothing_to_do')`,
    ),
  ],
);

/** Open orders are few and found by a partial index; how many closed ones there are does not matter. */
export const orders = pgTable(
  "orders",
  {
    /** Time-ordered, since it comes from its signal's: listing by id is listing by time. */
    id: uuid("id").primaryKey(),
    partition: partition(),
    /** Where the log says that it was placed. */
    placedSeq: bigint("placed_seq", { mode: "number" }).notNull(),
    accountId: accountId().references(() => accounts.id),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    signalId: uuid("signal_id"),
    commandId: uuid("command_id"),
    parentId: uuid("parent_id"),
    role: text("role").notNull(),
    linkGroup: text("link_group"),
    reducesPosition: boolean("reduces_position").notNull(),
    waitsFor: uuid("waits_for").array().notNull(),
    side: text("side").notNull(),
    type: text("type").notNull(),
    timeInForce: text("time_in_force").notNull(),
    qty: exact("qty"),
    notional: exact("notional"),
    limitPrice: exact("limit_price"),
    stopPrice: exact("stop_price"),
    trailPrice: exact("trail_price"),
    trailPercent: exact("trail_percent"),
    extendedHours: boolean("extended_hours").notNull(),
    postOnly: boolean("post_only").notNull(),
    exits: json("exits"),
    receivedAt: instant("received_at").notNull(),
    validUntil: instant("valid_until"),
    status: text("status").notNull(),
    hold: text("hold"),
    holdUntil: instant("hold_until"),
    pendingAction: text("pending_action"),
    pendingReplace: json("pending_replace"),
    unresolved: json("unresolved"),
    generation: integer("generation").notNull(),
    reference: text("reference"),
    brokerOrderId: text("broker_order_id"),
    brokerOrderChain: text("broker_order_chain").array().notNull(),
    filledQty: exact("filled_qty").notNull(),
    filledNotional: exact("filled_notional").notNull(),
    /** The average price, rounded; the exact one is filled_notional / filled_qty. */
    filledPrice: exact("filled_price"),
    rejectedBy: text("rejected_by"),
    rejectCode: text("reject_code"),
    errorMessage: text("error_message"),
    flags: text("flags").array().notNull(),
    /** Executions that were taken back before they came. */
    voidedExecutions: text("voided_executions").array().notNull(),
    placedAt: instant("placed_at").notNull(),
    submittedAt: instant("submitted_at"),
    acceptedAt: instant("accepted_at"),
    closedAt: instant("closed_at"),
    closedBy: text("closed_by"),
    updatedAt: instant("updated_at").notNull(),
    version: integer("version").notNull(),
  },
  (t) => [
    index("orders_open")
      .on(t.partition)
      .where(sql`${t.closedAt} IS NULL`),
    index("orders_closed_account")
      .on(t.accountId, t.id)
      .where(sql`${t.closedAt} IS NOT NULL`),
    index("orders_closed_instrument")
      .on(t.instrumentId, t.id)
      .where(sql`${t.closedAt} IS NOT NULL`),
    index("orders_closed_status")
      .on(t.status, t.id)
      .where(sql`${t.closedAt} IS NOT NULL`),
    index("orders_closed_strategy")
      .on(t.strategyId, t.id)
      .where(sql`${t.closedAt} IS NOT NULL AND ${t.strategyId} IS NOT NULL`),
    check("orders_side", sql`${t.side} IN ('buy', 'sell')`),
    check(
      "orders_status",
      sql`${t.status} IN ('pending', 'submitted', 'accepted', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired')`,
    ),
    check(
      "orders_closed",
      sql`(${t.closedAt} IS NOT NULL) = (${t.status} IN ('filled', 'cancelled', 'rejected', 'expired'))`,
    ),
    check("orders_amount", sql`num_nonnulls(${t.qty}, ${t.notional}) > 0`),
    check("orders_amount_positive", sql`${t.qty} > 0 OR ${t.notional} > 0`),
    check("orders_filled", sql`${t.filledQty} >= 0 AND ${t.filledNotional} >= 0`),
    /** No order is at a broker without the reference that it was sent under. */
    check(
      "orders_intent",
      sql`${t.submittedAt} IS NULL OR ${t.reference} IS NOT NULL OR ${t.brokerOrderId} IS NOT NULL`,
    ),
    check("orders_rejected", sql`${t.status} <> 'rejected' OR ${t.rejectCode} IS NOT NULL`),
  ],
);

/**
 * Every reference that was ever sent, so that none is used for another order. Beside the orders and not
 * an index on them: an index on a column of `orders` would be written again with every new row version.
 */
export const brokerReferences = pgTable(
  "broker_references",
  {
    accountId: accountId(),
    reference: text("reference").notNull(),
    orderId: uuid("order_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.reference] })],
);

/** Every id that a broker gave an order of ours, those before a replace included. */
export const brokerOrders = pgTable(
  "broker_orders",
  {
    accountId: accountId(),
    brokerOrderId: text("broker_order_id").notNull(),
    orderId: uuid("order_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.brokerOrderId] })],
);

/** Range-partitioned by order id, so by the time of its order; found through the order. */
export const executions = pgTable(
  "executions",
  {
    orderId: uuid("order_id")
      .notNull()
      .references(() => orders.id),
    id: text("id").notNull(),
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    accountId: accountId(),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    side: text("side").notNull(),
    brokerOrderId: text("broker_order_id"),
    qty: exact("qty").notNull(),
    price: exact("price").notNull(),
    cumulativeQty: exact("cumulative_qty"),
    fee: exact("fee").notNull(),
    feeInAsset: exact("fee_in_asset").notNull(),
    executedAt: instant("executed_at").notNull(),
    source: text("source").notNull(),
    busted: boolean("busted").notNull(),
    correctedBy: text("corrected_by"),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.id] }),
    index("executions_position").on(t.accountId, t.instrumentId, t.executedAt),
    check("executions_qty", sql`${t.qty} > 0`),
    check("executions_price", sql`${t.price} >= 0`),
    check("executions_side", sql`${t.side} IN ('buy', 'sell')`),
  ],
);

/**
 * One fill of one account is counted once, whatever order it is booked on. A unique index cannot span
 * the ranges of `executions`, so the identity has a narrow table of its own.
 */
export const executionIdentities = pgTable(
  "execution_identities",
  {
    accountId: accountId(),
    executionId: text("execution_id").notNull(),
    orderId: uuid("order_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.executionId] })],
);
