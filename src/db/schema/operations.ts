// Keys, webhooks and the trail of who did what.
import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  json,
  pgTable,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { exact, instant } from "./columns.ts";

export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    /** SHA-256 of the key, in hex: the key itself has 256 random bits, so no slow hash is needed. */
    hash: text("hash").notNull().unique("api_keys_hash"),
    /** The first characters, so that a person can tell keys apart. */
    prefix: text("prefix").notNull(),
    role: text("role").notNull(),
    /** Null is all. */
    accountIds: text("account_ids").array(),
    strategyIds: text("strategy_ids").array(),
    symbols: text("symbols").array(),
    maxNotional: exact("max_notional"),
    requireIdempotency: boolean("require_idempotency").notNull().default(false),
    expiresAt: instant("expires_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    check("api_keys_role", sql`${t.role} IN ('viewer', 'trader', 'admin')`),
    check("api_keys_hash_form", sql`${t.hash} ~ '^[0-9a-f]{64}$'`),
  ],
);

export const webhookEndpoints = pgTable("webhook_endpoints", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  url: text("url").notNull(),
  secret: text("secret").notNull(),
  /** Names of notices; empty takes the default ones. */
  events: text("events").array().notNull(),
  /** `json`, or a text for `slack`, `discord`, `telegram`. */
  template: text("template").notNull().default("json"),
  enabled: boolean("enabled").notNull().default(true),
  disabledReason: text("disabled_reason"),
  failures: integer("failures").notNull().default(0),
  createdBy: text("created_by").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    endpointId: uuid("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: "cascade" }),
    partition: smallint("partition"),
    seq: bigint("seq", { mode: "number" }),
    notice: text("notice").notNull(),
    attempt: integer("attempt").notNull(),
    /** HTTP status, or null when there was no answer. */
    status: integer("status"),
    error: text("error"),
    at: instant("at").notNull(),
    nextAttemptAt: instant("next_attempt_at"),
  },
  (t) => [index("webhook_deliveries_endpoint").on(t.endpointId, t.id)],
);

/** Changes that are no events of the log: keys, webhooks, requeued letters, resumed partitions. */
export const auditTrail = pgTable(
  "audit_trail",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: instant("at").notNull().defaultNow(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    subject: text("subject").notNull(),
    detail: json("detail"),
  },
  (t) => [index("audit_trail_at").on(t.at)],
);

/** When the trail of a webhook's notice ends: the newest notice that was sent for a subject. */
export const noticesSent = pgTable(
  "notices_sent",
  {
    endpointId: uuid("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: "cascade" }),
    subject: text("subject").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [unique("notices_sent_key").on(t.endpointId, t.subject)],
);
