// What a person who watches the house is told, a few times a minute: is all of it alive, what waits,
// how much of each limit is used.
import { z } from "zod";
import { TRADING_STATES } from "../../domain/trading-state.ts";
import { exactText, instantText } from "./words.ts";

const ageMs = z.int().nullable();

export const venueSessionAnswer = z.strictObject({
  venue: z.string(),
  at: instantText,
  phase: z.string(),
  takes_regular_orders: z.boolean(),
  takes_extended_orders: z.boolean(),
  session: z.string().nullable().describe("The day of the session that this instant belongs to."),
  phase_ends_at: instantText.nullable(),
  next_open: instantText.nullable(),
  next_close: instantText.nullable(),
  known: z.boolean().describe("False where the calendar is only projected: entries are refused."),
});

export const statusAnswer = z.strictObject({
  at: instantText,
  mode: z.enum(["mock", "paper", "live"]),
  version: z.string(),
  sender: z.strictObject({ actor: z.string(), role: z.enum(["viewer", "trader", "admin"]) }),
  needs_key: z.boolean(),
  trading_state: z.enum(TRADING_STATES).describe("The strictest of all rows."),
  trading_state_version: z.int(),
  limits_version: z.int(),
  redis: z.enum(["connected", "disconnected", "none"]),
  workers: z.array(z.strictObject({ owner: z.string(), seen_ms: z.int() })),
  partitions: z.int(),
  partitions_without_worker: z.int(),
  faults: z.array(z.strictObject({ partition: z.int(), reason: z.string() })),
  waiting_signals: z.int(),
  waiting_commands: z.int(),
  oldest_waiting_ms: ageMs,
  unresolved_orders: z.int(),
  oldest_unresolved_ms: ageMs,
  dead_letters: z.int(),
  frozen_symbols: z.int(),
  external_orders: z.int().describe("Orders at the broker that are not ours, and not ignored."),
  external_positions: z.int().describe("Positions that differ, neither corrected nor ignored."),
  cash_differences: z.int().describe("Accounts whose cash nothing explains, not accepted."),
  links: z
    .array(
      z.strictObject({
        account: z.string(),
        told_ms: z.int().describe("How long ago its worker said so."),
        is_up: z.boolean().describe("The broker answers requests."),
        is_streaming: z.boolean().describe("Its stream of trade updates is connected."),
        stream_heard_ms: ageMs,
        reconciled_ms: ageMs,
        order_budget: z.int().describe("Requests that new orders may still use in this window."),
        calls_waiting: z.int(),
        reconnects: z.int().describe("How often the stream came back after it was lost."),
      }),
    )
    .describe("The way to each broker account."),
  newest_price_ms: ageMs.describe("Age of the newest price."),
  oldest_held_price_ms: ageMs.describe("Age of the oldest price of what is held."),
  feed_lag: z.array(z.strictObject({ feed: z.string(), events: z.int() })),
  sessions: z.array(venueSessionAnswer).describe("Of the venues that the accounts trade on."),
});

export const limitUsageAnswer = z.strictObject({
  account: z.string(),
  key: z.string(),
  limit: exactText,
  used: exactText.nullable().describe("Null when it cannot be told, for want of a price."),
  used_percent: exactText.nullable(),
  subject: z.string().nullable().describe("The symbol that uses most of it."),
});
