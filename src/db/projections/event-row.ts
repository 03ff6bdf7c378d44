// An event's row, without its payload: that travels beside it, since a document inside a composite
// inside an array would have every quote in it escaped twice.
import { EVENT_VERSION, type RecordedEvent } from "../../domain/event.ts";
import { rowShape } from "./row.ts";

export interface EventEntry {
  readonly recorded: RecordedEvent;
  readonly partition: number;
  readonly seq: number;
}

export const EVENT_ROW = rowShape<EventEntry>("order_events", [
  ["partition", "plain", ({ partition }) => partition],
  ["seq", "plain", ({ seq }) => seq],
  ["version", "plain", () => EVENT_VERSION],
  ["type", "plain", ({ recorded }) => recorded.event.type],
  ["account_id", "text", ({ recorded }) => recorded.accountId],
  ["order_id", "plain", ({ recorded: { event } }) => ("orderId" in event ? event.orderId : null)],
  ["at", "instant", ({ recorded }) => recorded.at],
  ["actor", "text", ({ recorded }) => recorded.actor],
  ["correlation_id", "text", ({ recorded }) => recorded.correlationId],
  ["causation_id", "text", ({ recorded }) => recorded.causationId],
]);
