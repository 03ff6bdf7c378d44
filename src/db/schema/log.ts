// The log, and how far each partition of it has come.
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { accountId, instant, partition } from "./columns.ts";

/**
 * Append-only; gap-free per partition. Range-partitioned by `seq`, not by time: every reader asks for
 * (partition, seq), so a time key would make each read visit every month, and could not keep
 * (partition, seq) unique.
 */
export const orderEvents = pgTable(
  "order_events",
  {
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    version: smallint("version").notNull(),
    type: text("type").notNull(),
    accountId: accountId(),
    /** Of events about one order. */
    orderId: uuid("order_id"),
    at: instant("at").notNull(),
    actor: text("actor").notNull(),
    correlationId: text("correlation_id"),
    causationId: text("causation_id"),
    payload: json("payload").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.partition, t.seq] }),
    index("order_events_order")
      .on(t.orderId)
      .where(sql`${t.orderId} IS NOT NULL`),
    // Where the trading day of an account began: read with its book.
    index("order_events_day")
      .on(t.accountId, t.seq)
      .where(sql`${t.type} IN ('TradingDayStarted', 'LossLimitReset')`),
    check("order_events_seq", sql`${t.seq} > 0`),
  ],
);

/** One row per partition. Its update in each commit is the fence: epoch and end of the log must match. */
export const partitions = pgTable(
  "partitions",
  {
    partition: smallint("partition").primaryKey(),
    epoch: bigint("epoch", { mode: "number" }).notNull().default(0),
    lastSeq: bigint("last_seq", { mode: "number" }).notNull().default(0),
    decidedSignals: bigint("decided_signals", { mode: "number" }).notNull().default(0),
    decidedCommands: bigint("decided_commands", { mode: "number" }).notNull().default(0),
    /** Why no worker takes it, until a person resumes it. */
    fault: text("fault"),
    faultedAt: instant("faulted_at"),
  },
  (t) => [
    check("partitions_last_seq", sql`${t.lastSeq} >= 0`),
    check("partitions_decided", sql`${t.decidedSignals} >= 0 AND ${t.decidedCommands} >= 0`),
  ],
);

/** One row: what was settled at the first start and cannot change under a running deployment. */
export const deployment = pgTable(
  "deployment",
  {
    onlyRow: boolean("only_row").primaryKey().default(true),
    id: uuid("id").notNull().defaultRandom(),
    partitions: smallint("partitions").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("deployment_one_row", sql`${t.onlyRow}`),
    check("deployment_partitions", sql`${t.partitions} BETWEEN 1 AND 1024`),
  ],
);

/** A partition (`p0`, `p1`, …) or a deployment-wide job, by the database's clock. */
export const leases = pgTable("leases", {
  name: text("name").primaryKey(),
  owner: text("owner"),
  epoch: bigint("epoch", { mode: "number" }).notNull().default(0),
  until: instant("until"),
});

export const feedCursors = pgTable(
  "feed_cursors",
  {
    feed: text("feed").notNull(),
    partition: partition(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    savedAt: instant("saved_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.feed, t.partition] })],
);
