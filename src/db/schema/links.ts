// What a worker tells about the way to each broker account it serves: of the moment, outside the log.
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
} from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant } from "./columns.ts";

export const accountLinks = pgTable("account_links", {
  accountId: text("account_id")
    .primaryKey()
    .references(() => accounts.id),
  owner: text("owner").notNull(),
  /** The broker answers requests. */
  isUp: boolean("is_up").notNull(),
  /** Its stream of trade updates is connected. */
  isStreaming: boolean("is_streaming").notNull(),
  streamHeardAt: instant("stream_heard_at"),
  reconciledAt: instant("reconciled_at"),
  /** Requests that new orders may still use in this window. */
  orderBudget: integer("order_budget").notNull(),
  callsWaiting: integer("calls_waiting").notNull(),
  /** How often the stream came back after it was lost. */
  reconnects: bigint("reconnects", { mode: "number" }).notNull().default(0),
  at: instant("at").notNull(),
});

/** Calls to brokers since ever, by kind, result and how long they took. */
export const brokerCallTotals = pgTable(
  "broker_call_totals",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text("kind").notNull(),
    result: text("result").notNull(),
    /** Index into the bounds of the histograms; one past the last is the rest. */
    bucket: smallint("bucket").notNull(),
    calls: bigint("calls", { mode: "number" }).notNull(),
    /** How long they took together: a measurement, no money. */
    seconds: doublePrecision("seconds").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.kind, table.result, table.bucket] })],
);
