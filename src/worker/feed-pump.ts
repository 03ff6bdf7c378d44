// Carries the log to one reader outside, at least once and in order within each partition. How far it
// has come is the feed's own cursor; what wakes it only makes it fast.
import type { LoggedEvent } from "../domain/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { FeedCursor, FeedStore } from "../ports/store.ts";
import type { DeploymentJob } from "./job-host.ts";

const READ_COUNT = 500;
/** A lost wake-up costs no more than this. */
const LOOK_EVERY_MS = 250;

type Place = Pick<LoggedEvent, "partition" | "seq">;

export interface FeedPumpOptions<Logged extends Place> {
  readonly feed: string;
  readonly store: Pick<FeedStore, "loadCursor" | "saveCursor">;
  readonly clock: Clock;
  /** Events behind the cursor, in the form that the reader takes. */
  read(cursor: FeedCursor, limit: number): Promise<readonly Logged[]>;
  /** Throws when the reader did not take them: they are read again. */
  deliver(events: readonly Logged[]): Promise<void>;
}

export function feedPump<Logged extends Place>({
  feed,
  store,
  clock,
  read,
  deliver,
}: FeedPumpOptions<Logged>): DeploymentJob {
  return {
    name: `feed:${feed}`,
    async run(signal) {
      const cursor = new Map(await store.loadCursor(feed));
      while (!signal.aborted) {
        const events = await read(cursor, READ_COUNT);
        if (events.length > 0) {
          await deliver(events);
          for (const { partition, seq } of events) cursor.set(partition, seq);
          await store.saveCursor(feed, cursor);
        }
        if (events.length < READ_COUNT) await clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}
