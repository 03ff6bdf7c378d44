// Long work in parts, with rests between them in which others have their turn.
import type { Clock } from "../ports/clock.ts";

/** A part that waits for others itself, as a slow broker's page, needs no longer one. */
const LONGEST_REST_MS = 50;

/** Each call rests for as long as it took since the last one, within bounds. */
export function restsOf(
  clock: Pick<Clock, "monotonic" | "sleep">,
  signal: AbortSignal,
): () => Promise<void> {
  let begun = clock.monotonic();
  return async () => {
    await clock.sleep(Math.min(LONGEST_REST_MS, clock.monotonic() - begun), signal);
    begun = clock.monotonic();
  };
}
