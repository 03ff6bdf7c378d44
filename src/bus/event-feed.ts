// Copies committed events, as the log has them, to the stream `order_events`, for readers that live on
// Redis. It is trimmed: nobody's truth, and whoever resumes from a cursor reads PostgreSQL.
import { packEvent } from "../domain/codec/verdict.ts";
import type { LoggedEvent } from "../domain/event.ts";
import { connect, hangUp, sent } from "./connect.ts";
import { ORDER_EVENTS } from "./keys.ts";

const KEPT_ENTRIES = 100_000;

export interface EventFeed {
  deliver(events: readonly LoggedEvent[]): Promise<void>;
  close(): Promise<void>;
}

export function createEventFeed(url: string): EventFeed {
  const { redis } = connect(url, "commands");
  return {
    async deliver(events) {
      const pipeline = redis.pipeline();
      for (const event of events)
        pipeline.xadd(ORDER_EVENTS, "MAXLEN", "~", KEPT_ENTRIES, "*", ...fieldsOf(event));
      await sent(pipeline);
    },
    async close() {
      hangUp(redis);
    },
  };
}

function fieldsOf(event: LoggedEvent): string[] {
  return [
    "partition",
    String(event.partition),
    "seq",
    String(event.seq),
    "type",
    event.event.type,
    "account",
    event.accountId,
    "at",
    String(event.at),
    "event",
    JSON.stringify(packEvent(event.event)),
  ];
}
