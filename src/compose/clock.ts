// The real clock. In mock mode it may start at a chosen instant, the same distance ahead in every
// process; durations are always real.
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../ports/clock.ts";

export function systemClock(offsetMs = 0): Clock {
  return {
    now: () => Date.now() + offsetMs,
    monotonic: () => performance.now(),
    sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
    after(ms, callback) {
      // Timers beyond 2^31 ms would fire at once.
      const timer = setTimeout(callback, Math.min(ms, 2_147_483_647));
      return () => clearTimeout(timer);
    },
  };
}
