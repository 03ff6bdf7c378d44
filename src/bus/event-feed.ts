// Copies committed events, as the log has them, to the stream `order_events`, for readers that live on
// Redis. It is trimmed: nobody's truth, and whoever resumes from a cursor reads PostgreSQL.
import type { LoggedText } from "../ports/store.ts";
import { connect, hangUp, sent } from "./connect.ts";
import { ORDER_EVENTS } from "./keys.ts";

const KEPT_ENTRIES = 100_000;

export interface EventFeed {
  deliver(events: readonly LoggedText[]): Promise<void>;
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

function fieldsOf(event: LoggedText): string[] {
  return [
    "partition",
    String(event.partition),
    "seq",
    String(event.seq),
    "type",
    event.type,
    "account",
    event.accountId,
    "at",
    String(event.at),
    "event",
    event.payload,
  ];
}
