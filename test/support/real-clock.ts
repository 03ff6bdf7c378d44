// The clock of the machine, for tests whose counterpart is a real process or socket.
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../src/ports/clock.ts";

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits until something holds; a test that needs longer than this has failed. */
export async function eventually(holds: () => boolean, what: string, withinMs = 5_000) {
  const until = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`still not: ${what}`);
    await sleep(5);
  }
}
