// What a worker tells about the way to each broker account it serves: of the moment, outside the log.
import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";
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
  at: instant("at").notNull(),
});
