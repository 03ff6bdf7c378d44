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
