// Folded from the log: holdings and what they are made of; beside them the marks that value them.
import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  date,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { accountId, exact, instant, instrumentId, partition, strategyId } from "./columns.ts";

/**
 * The fold of executions and adjustments. What users see is the view `positions`: this joined with the
 * mark, so that a new price values five thousand positions without writing one of them.
 */
export const positionStates = pgTable(
  "position_states",
  {
    accountId: accountId().references(() => accounts.id),
    instrumentId: instrumentId(),
    /** Null is the account's net position, otherwise the share of one strategy. */
    strategyId: strategyId(),
    partition: partition(),
    qty: exact("qty").notNull(),
    costBasis: exact("cost_basis").notNull(),
    realizedGross: exact("realized_gross").notNull(),
    fees: exact("fees").notNull(),
    openedAt: instant("opened_at"),
    updatedAt: instant("updated_at").notNull(),
    /** Our clock at the last fill: what the broker showed before it says nothing about it. */
    lastFillAt: instant("last_fill_at"),
    version: integer("version").notNull(),
  },
  (t) => [
    unique("position_states_key").on(t.accountId, t.instrumentId, t.strategyId).nullsNotDistinct(),
    index("position_states_partition").on(t.partition),
  ],
);

/** The position after each commit that changed it. */
export const positionHistory = pgTable(
  "position_history",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    partition: partition(),
    /** End of the log with that commit. */
    seq: bigint("seq", { mode: "number" }).notNull(),
    accountId: accountId(),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    qty: exact("qty").notNull(),
    costBasis: exact("cost_basis").notNull(),
    realizedGross: exact("realized_gross").notNull(),
    fees: exact("fees").notNull(),
    version: integer("version").notNull(),
    at: instant("at").notNull(),
  },
  // In the order in which it is listed; how many accounts hold the same is of no weight.
  (t) => [index("position_history_version").on(t.instrumentId, t.version)],
);

/**
 * The position and its shares with all facts up to a place of its history: what comes too late is put in its
 * place from the last one before it. A help of the worker's, which it checks before it is believed.
 */
export const positionCheckpoints = pgTable(
  "position_checkpoints",
  {
    accountId: accountId().references(() => accounts.id),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    partition: partition(),
    /** The place: of the newest fact in it. */
    at: instant("at").notNull(),
    factId: text("fact_id").notNull(),
    factKind: text("fact_kind").notNull(),
    qty: exact("qty").notNull(),
    costBasis: exact("cost_basis").notNull(),
    realizedGross: exact("realized_gross").notNull(),
    fees: exact("fees").notNull(),
    openedAt: instant("opened_at"),
    updatedAt: instant("updated_at").notNull(),
    version: integer("version").notNull(),
  },
  (t) => [
    unique("position_checkpoints_key")
      .on(t.accountId, t.instrumentId, t.at, t.factId, t.factKind, t.strategyId)
      .nullsNotDistinct(),
  ],
);

export const adjustments = pgTable(
  "adjustments",
  {
    accountId: accountId().references(() => accounts.id),
    id: text("id").notNull(),
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    kind: text("kind").notNull(),
    /** Null for cash that belongs to no instrument. */
    instrumentId: text("instrument_id"),
    strategyId: strategyId(),
    qty: exact("qty").notNull(),
    price: exact("price"),
    amount: exact("amount").notNull(),
    source: text("source").notNull(),
    at: instant("at").notNull(),
    /** The adjustment that this one takes back: neither of the two counts. */
    undoes: text("undoes"),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    index("adjustments_undone")
      .on(t.accountId, t.undoes)
      .where(sql`${t.undoes} IS NOT NULL`),
    index("adjustments_position").on(t.accountId, t.instrumentId, t.at),
    index("adjustments_cash")
      .on(t.partition)
      .where(sql`${t.instrumentId} IS NULL`),
    index("adjustments_splits")
      .on(t.partition, t.accountId, t.instrumentId, t.at)
      .where(
        sql`${t.kind} = 'split' OR (${t.kind} = 'correction' AND ${t.price} IS NULL AND ${t.source} = 'reconciliation')`,
      ),
  ],
);

/** The last price of each instrument, outside the fold. */
export const marks = pgTable("marks", {
  instrumentId: text("instrument_id").primaryKey(),
  bid: exact("bid"),
  ask: exact("ask"),
  last: exact("last"),
  /** When the market said so. */
  at: instant("at").notNull(),
  savedAt: instant("saved_at").notNull().defaultNow(),
});

/** What the broker said last of each account, its trading day, and its counters. */
export const accountStates = pgTable("account_states", {
  accountId: text("account_id").primaryKey(),
  partition: partition(),
  equity: exact("equity"),
  cash: exact("cash"),
  buyingPower: exact("buying_power"),
  nonMarginableBuyingPower: exact("non_marginable_buying_power"),
  shortingEnabled: boolean("shorting_enabled"),
  observedAt: instant("observed_at"),
  dayDate: date("day_date", { mode: "string" }),
  dayEquityBaseline: exact("day_equity_baseline"),
  dayRealizedBaseline: exact("day_realized_baseline"),
  dayUnrealizedBaseline: exact("day_unrealized_baseline"),
  dayOrdersPlaced: integer("day_orders_placed"),
  dayLossLimitCrossed: boolean("day_loss_limit_crossed"),
  firstContactAt: instant("first_contact_at"),
  /** References used so far, for brokers that take short numbers. */
  referenceCounter: bigint("reference_counter", { mode: "number" }).notNull(),
  lastPlacedAt: instant("last_placed_at"),
  updatedAt: instant("updated_at").notNull(),
});

export const portfolioSnapshots = pgTable(
  "portfolio_snapshots",
  {
    accountId: accountId(),
    at: instant("at").notNull(),
    equity: exact("equity"),
    cash: exact("cash"),
    buyingPower: exact("buying_power"),
    marketValue: exact("market_value"),
    unrealizedPnl: exact("unrealized_pnl"),
    realizedPnl: exact("realized_pnl").notNull(),
    fees: exact("fees").notNull(),
    openPositions: integer("open_positions").notNull(),
    /** Positions without a price: their value is in no sum above. */
    unpriced: integer("unpriced").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.at] }), index("portfolio_snapshots_at").on(t.at)],
);

export const frozenSymbols = pgTable(
  "frozen_symbols",
  {
    accountId: accountId(),
    instrumentId: instrumentId(),
    partition: partition(),
    reason: text("reason").notNull(),
    since: instant("since").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.instrumentId] })],
);

/** The inbox: orders of the account that are not ours, until they are adopted, ignored or gone. */
export const externalOrders = pgTable(
  "external_orders",
  {
    accountId: accountId().references(() => accounts.id),
    brokerOrderId: text("broker_order_id").notNull(),
    partition: partition(),
    snapshot: json("snapshot").notNull(),
    ignored: boolean("ignored").notNull(),
    firstSeenAt: instant("first_seen_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.brokerOrderId] }),
    index("external_orders_open")
      .on(t.partition)
      .where(sql`${t.closedAt} IS NULL`),
    index("external_orders_gone")
      .on(t.partition, t.closedAt)
      .where(sql`${t.closedAt} IS NOT NULL`),
  ],
);

/** What a broker said that could not be applied; kept until a person has looked. */
export const parkedFacts = pgTable(
  "parked_facts",
  {
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    accountId: accountId(),
    description: text("description").notNull(),
    raw: text("raw").notNull(),
    /** A fill that can still be matched, when its order turns out to be ours. */
    parked: json("parked"),
    executionId: text("execution_id"),
    at: instant("at").notNull(),
    settledAt: instant("settled_at"),
    settledBy: text("settled_by"),
  },
  (t) => [
    primaryKey({ columns: [t.partition, t.seq] }),
    index("parked_facts_waiting")
      .on(t.accountId, t.executionId)
      .where(sql`${t.settledAt} IS NULL`),
    // A correction of a position settles those of its instrument.
    index("parked_facts_of_instrument")
      .on(t.accountId, sql`(${t.parked} ->> 'instrumentId')`)
      .where(sql`${t.settledAt} IS NULL`),
  ],
);

/** What a reconciliation found to differ, and what was done. */
export const differences = pgTable(
  "differences",
  {
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    accountId: accountId(),
    kind: text("kind").notNull(),
    subject: text("subject").notNull(),
    ours: text("ours"),
    theirs: text("theirs"),
    action: text("action").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.partition, t.seq] }),
    index("differences_at").on(t.at),
    index("differences_cash")
      .on(t.partition, t.accountId, t.seq)
      .where(sql`${t.kind} = 'cash'`),
    index("differences_accepted")
      .on(t.partition, t.accountId, t.kind, t.subject, t.seq)
      .where(sql`${t.kind} IN ('position_accepted', 'cash_accepted')`),
  ],
);
