// What became of a signal as its row.
import type { EventOf, RecordedEvent } from "../../domain/event.ts";
import { rowShape } from "./row.ts";

export interface DecisionEntry {
  readonly recorded: RecordedEvent;
  readonly event: EventOf<"SignalDecided">;
  readonly partition: number;
  readonly seq: number;
}

export const DECISION_ROW = rowShape<DecisionEntry>("decisions", [
  ["signal_id", "plain", ({ event }) => event.signalId],
  ["partition", "plain", ({ partition }) => partition],
  ["seq", "plain", ({ seq }) => seq],
  ["number", "plain", ({ event }) => event.number],
  ["account_id", "text", ({ recorded }) => recorded.accountId],
  ["instrument_id", "text", ({ event }) => event.instrumentId],
  ["strategy_id", "text", ({ event }) => event.strategyId],
  ["outcome", "plain", ({ event }) => event.outcome],
  ["rejected_by", "plain", ({ event }) => event.refusal?.by],
  ["reject_code", "plain", ({ event }) => event.refusal?.code],
  ["error_message", "text", ({ event }) => event.refusal?.message],
  ["limits_version", "plain", ({ event }) => event.limitsVersion],
  ["mark_bid", "numeric", ({ event }) => event.mark?.bid],
  ["mark_ask", "numeric", ({ event }) => event.mark?.ask],
  ["mark_last", "numeric", ({ event }) => event.mark?.last],
  ["mark_age_ms", "plain", ({ event }) => event.mark?.ageMs],
  ["order_ids", "list", ({ event }) => event.orderIds],
  ["decided_at", "instant", ({ recorded }) => recorded.at],
]);
