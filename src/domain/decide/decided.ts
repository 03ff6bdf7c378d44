// Whether a request was answered before: its number says so, also where the commit's reply was lost.
import type { Book } from "../book.ts";

/** A number seen before is a repeat of the stream's: it was answered then. */
export function isSignalDecided(book: Book, number: number): boolean {
  return number <= book.decidedSignals || book.decidedAhead.has(number);
}

export function isCommandDecided(book: Book, number: number): boolean {
  return number <= book.decidedCommands;
}
