// What came in: signals and commands, numbered without a gap in their partition, and their keys.
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { accountId, instant, instrumentId, partition, strategyId } from "./columns.ts";

/** Range-partitioned by id, whose first bytes are its time: one month each, found without an index. */
export const signals = pgTable(
  "signals",
  {
    id: uuid("id").primaryKey(),
    partition: partition(),
    number: bigint("number", { mode: "number" }).notNull(),
    accountId: accountId(),
    instrumentId: instrumentId(),
    strategyId: strategyId(),
    body: json("body").notNull(),
    actor: text("actor").notNull(),
    traceParent: text("trace_parent"),
    receivedAt: instant("received_at").notNull(),
  },
  (t) => [
    index("signals_number").on(t.partition, t.number),
    index("signals_account").on(t.accountId, t.id),
    index("signals_instrument").on(t.instrumentId, t.id),
    index("signals_strategy")
      .on(t.strategyId, t.id)
      .where(sql`${t.strategyId} IS NOT NULL`),
    check("signals_number_positive", sql`${t.number} > 0`),
  ],
);

export const commands = pgTable(
  "commands",
  {
    id: uuid("id").primaryKey(),
    partition: partition(),
    number: bigint("number", { mode: "number" }).notNull(),
    accountId: accountId(),
    kind: text("kind").notNull(),
    body: json("body").notNull(),
    actor: text("actor").notNull(),
    traceParent: text("trace_parent"),
    receivedAt: instant("received_at").notNull(),
    /** What became of it; null while it waits. */
    result: text("result"),
    code: text("code"),
    message: text("message"),
    orderIds: uuid("order_ids").array(),
    decidedAt: instant("decided_at"),
  },
  (t) => [
    uniqueIndex("commands_number").on(t.partition, t.number),
    check("commands_number_positive", sql`${t.number} > 0`),
    check("commands_result", sql`${t.result} IN ('done', 'refused')`),
  ],
);

/** The counters have a row per lane of their own: acceptance never waits for the worker's commit. */
export const acceptanceCounters = pgTable(
  "acceptance_counters",
  {
    partition: partition(),
    lane: text("lane").notNull(),
    lastNumber: bigint("last_number", { mode: "number" }).notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.partition, t.lane] }),
    check("acceptance_counters_lane", sql`${t.lane} IN ('signals', 'control')`),
  ],
);

/** The lane `none` is of requests that are carried out at once: their outcome stands with the fingerprint. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    scope: text("scope").notNull(),
    key: text("key").notNull(),
    lane: text("lane").notNull(),
    id: uuid("id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.key] }), index("idempotency_keys_age").on(t.createdAt)],
);

/** Entries of the public stream that were not accepted, and inputs that could not be decided. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    id: uuid("id").primaryKey(),
    source: text("source").notNull(),
    /** Address at the source; the same entry read twice is one letter. */
    entry: text("entry").notNull(),
    partition: smallint("partition"),
    accountId: text("account_id"),
    body: text("body").notNull(),
    code: text("code").notNull(),
    reason: text("reason").notNull(),
    createdAt: instant("created_at").notNull(),
    requeuedAt: instant("requeued_at"),
    requeuedBy: text("requeued_by"),
    requeuedAs: uuid("requeued_as"),
  },
  (t) => [uniqueIndex("dead_letters_entry").on(t.source, t.entry)],
);
