// Waits counted from an instant that another clock may have written. Clocks of workers differ, and one
// that ran ahead leaves instants behind that lie in the future of the next: how long ago they were
// nobody knows, so what waits for them is due at once instead of an hour later.

/** Clocks that are kept by NTP differ by far less. */
const CLOCKS_DIFFER_MS = 2_000;

/** True when no honest clock can have written the instant. */
export function isAhead(at: number, now: number): boolean {
  return at - now > CLOCKS_DIFFER_MS;
}

/** When a wait that began at the instant is over. */
export function dueAfter(at: number, waitMs: number, now: number): number {
  return isAhead(at, now) ? now : at + waitMs;
}
