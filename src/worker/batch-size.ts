// How many inputs the next batch may have. A batch shares one commit, so a larger one costs less per
// input; but a cancel that comes meanwhile waits for its end, for the end of one that is decided behind it, and
// for the end of the one it is in.

/** More amortise nothing. */
export const MAX_BATCH = 500;
/** Fewer cost more than the wait is worth: the commit itself takes the time then. */
const MIN_BATCH = 25;
/** How long a turn should take: three of them, and the way to the broker, stay well below a second. */
const TURN_MS = 200;

/** From what the last one took, so that a busy or slow machine makes smaller ones. */
export function nextBatchSize(inputs: number, elapsedMs: number, most = MAX_BATCH): number {
  const fitting = Math.floor((inputs * TURN_MS) / elapsedMs);
  return Math.min(most, Math.max(MIN_BATCH, Number.isNaN(fitting) ? most : fitting));
}
