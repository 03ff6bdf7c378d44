// A batch on its way to the record: taken, then decided, then committed.
import type { Book, Input } from "../domain/book.ts";
import type { PartitionCommit, PartitionHolder } from "../ports/store.ts";
import type { PreparedBatch } from "./batch.ts";
import { touchedRows } from "./touched.ts";

export interface Turn {
  inputs: readonly Input[];
  readonly takenAt: number;
  /** Null until it is decided. */
  decided: Decided | null;
  /** Why it could not be, though its turn had not come: the book is worth nothing since. */
  failure: Error | null;
}

/** How far a book has come. */
export interface Progress {
  readonly seq: number;
  readonly signals: number;
  readonly commands: number;
}

export interface Decided {
  readonly prepared: PreparedBatch;
  /** Of the book then: it may have gone on since. */
  readonly progress: Progress;
}

export function turnOf(inputs: readonly Input[], takenAt: number): Turn {
  return { inputs, takenAt, decided: null, failure: null };
}

export function progressOf({ seq, decidedSignals, decidedCommands }: Book): Progress {
  return { seq, signals: decidedSignals, commands: decidedCommands };
}

/** What fails before the turn has come is kept until then. */
export function attempt(turn: Turn, work: () => void): void {
  if (turn.failure !== null) return;
  try {
    work();
  } catch (error: unknown) {
    turn.failure = error instanceof Error ? error : new Error("undecided", { cause: error });
  }
}

/** What is committed of it, while the book is as it left it. */
export function partOf(
  { partition, epoch }: PartitionHolder,
  { prepared, progress }: Decided,
  book: Book,
): PartitionCommit {
  const { events, afterSeq, tradingVersion } = prepared;
  const { signals: decidedSignals, commands: decidedCommands } = progress;
  return {
    ...{ partition, epoch, afterSeq, events, decidedSignals, decidedCommands, tradingVersion },
    ...touchedRows(book, events),
  };
}
