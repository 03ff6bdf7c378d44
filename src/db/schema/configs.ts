// What an operator tunes with SQL: limits, their overrides, trading states, and who changed what.
import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  pgTable,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { instant, strategyId } from "./columns.ts";

export const configs = pgTable("configs", {
  key: text("key").primaryKey(),
  /** Null is off. A trigger validates it by `kind`, with a sentence. */
  value: text("value"),
  kind: text("kind").notNull(),
  choices: text("choices").array(),
  /** A limit that may be tuned but never switched off. */
  required: boolean("required").notNull().default(false),
  /** Overrides below a hard limit may only be stricter. */
  hard: boolean("hard").notNull().default(false),
  /** Only records what it would have refused. */
  shadow: boolean("shadow").notNull().default(false),
  description: text("description").notNull(),
  version: bigint("version", { mode: "number" }).notNull().default(1),
  reason: text("reason"),
  updatedBy: text("updated_by").notNull().default("fillstream"),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

export const configOverrides = pgTable(
  "config_overrides",
  {
    key: text("key")
      .notNull()
      .references(() => configs.key),
    accountId: text("account_id"),
    symbol: text("symbol"),
    strategyId: strategyId(),
    value: text("value"),
    hard: boolean("hard").notNull().default(false),
    /** Null is as the row above. */
    shadow: boolean("shadow"),
    version: bigint("version", { mode: "number" }).notNull().default(1),
    reason: text("reason"),
    updatedBy: text("updated_by").notNull().default("fillstream"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    unique("config_overrides_scope")
      .on(t.key, t.accountId, t.symbol, t.strategyId)
      .nullsNotDistinct(),
    check(
      "config_overrides_scope_known",
      sql`(${t.strategyId} IS NULL AND (${t.accountId} IS NOT NULL OR ${t.symbol} IS NOT NULL))
        OR (${t.strategyId} IS NOT NULL AND ${t.accountId} IS NULL AND ${t.symbol} IS NULL)`,
    ),
  ],
);

export const configHistory = pgTable(
  "config_history",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    /** `configs`, `config_overrides` or `trading_states`. */
    source: text("source").notNull(),
    key: text("key").notNull(),
    accountId: text("account_id"),
    symbol: text("symbol"),
    strategyId: strategyId(),
    /** What changed: `value`, `hard`, `shadow`; `override` for a whole row that came or went. */
    field: text("field").notNull(),
    oldValue: text("old_value"),
    newValue: text("new_value"),
    reason: text("reason"),
    changedBy: text("changed_by").notNull(),
    changedAt: instant("changed_at").notNull(),
    /** The version of all limits after the change, as decisions store it. */
    limitsVersion: bigint("limits_version", { mode: "number" }).notNull(),
  },
  (t) => [index("config_history_key").on(t.key, t.id)],
);

/** One row: counts every change of configs and overrides. */
export const configVersion = pgTable(
  "config_version",
  {
    onlyRow: boolean("only_row").primaryKey().default(true),
    version: bigint("version", { mode: "number" }).notNull(),
  },
  (t) => [check("config_version_one_row", sql`${t.onlyRow}`)],
);

/** States of one account, one strategy, or both. The state for all is `configs.trading_state`. */
export const tradingStates = pgTable(
  "trading_states",
  {
    accountId: text("account_id"),
    strategyId: strategyId(),
    state: text("state").notNull(),
    reason: text("reason").notNull(),
    updatedBy: text("updated_by").notNull().default("fillstream"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    unique("trading_states_scope").on(t.accountId, t.strategyId).nullsNotDistinct(),
    check("trading_states_state", sql`${t.state} IN ('active', 'reducing', 'halted')`),
    check(
      "trading_states_scope_known",
      sql`${t.accountId} IS NOT NULL OR ${t.strategyId} IS NOT NULL`,
    ),
  ],
);

/** One row: every commit that writes an intent must find the version it was decided with. */
export const tradingVersion = pgTable(
  "trading_version",
  {
    onlyRow: boolean("only_row").primaryKey().default(true),
    version: bigint("version", { mode: "number" }).notNull(),
  },
  (t) => [check("trading_version_one_row", sql`${t.onlyRow}`)],
);
