// What waits for a commit gains by company. A commit that took long found the processors or the disk taken, and
// several small ones behind it would take as long each: its writer rests, and what comes meanwhile shares the next.
// A database whose commits always take longer pays for it with as much again, where nothing would be short.

/** So many share a commit well enough. */
export const COMPANY = 25;
/** What a commit takes, and what belongs to it, where nothing is short. */
const QUICK_MS = 4;
const LONGEST_REST_MS = 25;

/** How long the writer of a commit rests behind it, unless company is there already. */
export function restBehind(tookMs: number): number {
  return Math.min(LONGEST_REST_MS, Math.max(0, tookMs - QUICK_MS));
}
