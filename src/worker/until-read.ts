// Reads the book of a partition: again while the record is away, and never again when it is the book that
// cannot be read.
import type { Clock } from "../ports/clock.ts";
import { isPassing, type PartitionHolder } from "../ports/store.ts";

const RETRY_LONGEST_MS = 1_000;

export interface Reading {
  readonly holder: PartitionHolder;
  readonly shell: {
    readonly clock: Clock;
    fault(holder: PartitionHolder, reason: string, error: unknown): void;
    retrying(partition: number, cause: unknown): void;
  };
  readonly firstPauseMs: number;
  isWanted(): boolean;
}

/** Null when nobody wants it any more. */
export async function untilRead<Book>(
  read: () => Promise<Book>,
  { holder, shell, firstPauseMs, isWanted }: Reading,
): Promise<Book | "faulted" | null> {
  for (let pauseMs = firstPauseMs; isWanted(); pauseMs *= 2) {
    try {
      return await read();
    } catch (error: unknown) {
      if (!isPassing(error)) {
        shell.fault(holder, "the book cannot be loaded", error);
        return "faulted";
      }
      shell.retrying(holder.partition, error);
      await shell.clock.sleep(Math.min(pauseMs, RETRY_LONGEST_MS));
    }
  }
  return null;
}
