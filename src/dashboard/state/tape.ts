// The last events of the log as they came in: what the page shows of "what is going on".
import { signal } from "@preact/signals";
import type { LoggedEvent } from "../api/answers.ts";

export interface TapeEntry extends LoggedEvent {
  readonly topic: string;
}

const KEPT = 300;
export const tape = signal<readonly TapeEntry[]>([]);

export function addToTape(entry: TapeEntry): void {
  // After a reconnect the log is read on from the last event: nothing comes twice, and if it did, it
  // would be shown once.
  if (tape.peek().some(({ id }) => id === entry.id)) return;
  tape.value = [entry, ...tape.peek()].slice(0, KEPT);
}

/** What had happened before the page was opened, the oldest first. */
export function putBehindTape(entries: readonly TapeEntry[]): void {
  const known = new Set(tape.peek().map(({ id }) => id));
  const older = entries.filter(({ id }) => !known.has(id)).toReversed();
  tape.value = [...tape.peek(), ...older].slice(0, KEPT);
}

const BEFORE = 40;

/** A place in the log a few events before the one given, in the form of the API's own cursor. */
export function placeBefore(cursor: string): string {
  const places = cursor.split(",").map((place) => {
    const [partition = "", seq = "0"] = place.split(".");
    return `${partition}.${Math.max(0, Number(seq) - BEFORE)}`;
  });
  return places.join(",");
}
