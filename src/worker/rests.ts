// Long work in parts, with rests between them: a part takes a quarter of the time, and the rest is others',
// however slow the machine is.
import type { Clock } from "../ports/clock.ts";

const RESTS = 3;
const LONGEST_REST_MS = 100;

/** Each call rests for three times as long as it took since the last one, within bounds. */
export function restsOf(
  clock: Pick<Clock, "monotonic" | "sleep">,
  signal: AbortSignal,
): () => Promise<void> {
  let begun = clock.monotonic();
  return async () => {
    const tookMs = clock.monotonic() - begun;
    await clock.sleep(Math.min(LONGEST_REST_MS, RESTS * tookMs), signal);
    begun = clock.monotonic();
  };
}
