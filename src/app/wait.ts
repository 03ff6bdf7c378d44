// Waits for a row to be decided: short pauses first, since most decisions take milliseconds.
import type { Clock } from "../ports/clock.ts";

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;

/** The first answer of `read` that `done` accepts, or the last one when the time is up. */
export async function waitUntil<Row>(
  clock: Clock,
  waitMs: number,
  read: () => Promise<Row>,
  done: (row: Row) => boolean,
): Promise<Row> {
  const end = clock.monotonic() + waitMs;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const row = await read();
    const left = end - clock.monotonic();
    if (done(row) || left <= 0) return row;
    await clock.sleep(Math.min(pause, left));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
