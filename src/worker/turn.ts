// A batch on its way to the record: taken, then decided, then committed.
import type { Book, Input } from "../domain/book.ts";
import type { PartitionCommit, PartitionHolder } from "../ports/store.ts";
import type { PreparedBatch } from "./batch.ts";
import { touchedRows } from "./touched.ts";

export interface Turn {
  readonly inputs: readonly Input[];
  readonly takenAt: number;
  /** Null until it is decided. */
  decided: Decided | null;
  /** Why it could not be, though its turn had not come: the book is worth nothing since. */
  failure: Error | null;
}

export interface Decided {
  readonly prepared: PreparedBatch;
  /** Where the book stood then: it may have gone on since. */
  readonly seq: number;
  readonly decidedSignals: number;
  readonly decidedCommands: number;
}

/** What is committed of it, while the book is as it left it. */
export function partOf(
  { partition, epoch }: PartitionHolder,
  { prepared, decidedSignals, decidedCommands }: Decided,
  book: Book,
): PartitionCommit {
  const { events, afterSeq, tradingVersion } = prepared;
  return {
    ...{ partition, epoch, afterSeq, events, decidedSignals, decidedCommands, tradingVersion },
    ...touchedRows(book, events),
  };
}
