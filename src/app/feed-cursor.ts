// How far a reader of the log has come, as text: `partition.seq` of each partition that has events. It
// is the id of every streamed event, so that a reader goes on exactly behind the last one it saw.
import type { FeedCursor } from "../ports/store.ts";

const CURSOR = /^(?:\d{1,4}\.\d{1,15}(?:,\d{1,4}\.\d{1,15})*)?$/;
/** 1024 partitions, the most there can be, with room for their numbers. */
const MAX_LENGTH = 24_000;

export function cursorText(cursor: FeedCursor): string {
  return [...cursor]
    .filter(([, seq]) => seq > 0)
    .toSorted(([one], [other]) => one - other)
    .map(([partition, seq]) => `${partition}.${seq}`)
    .join(",");
}

/** Null when it is none of ours. */
export function parseCursor(text: string): FeedCursor | null {
  if (text.length > MAX_LENGTH || !CURSOR.test(text)) return null;
  const cursor = new Map<number, number>();
  if (text === "") return cursor;
  for (const place of text.split(",")) {
    const [partition, seq] = place.split(".").map(Number);
    if (partition === undefined || seq === undefined || cursor.has(partition)) return null;
    cursor.set(partition, seq);
  }
  return cursor;
}

/** True when it names events that are not there: the database is younger than the reader. */
export function isAhead(cursor: FeedCursor, head: FeedCursor): boolean {
  return [...cursor].some(([partition, seq]) => seq > (head.get(partition) ?? 0));
}
