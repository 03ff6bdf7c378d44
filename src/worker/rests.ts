// Long work in parts, with rests between them in which others have their turn.
import type { Clock } from "../ports/clock.ts";

export interface Leisure {
  /** A rest is so many times as long as the work before it. */
  readonly times: number;
  /** A part that waits for others itself, as a slow broker's page, needs no longer one. */
  readonly longestMs: number;
}

/** Half of the time at most. */
export const EVEN: Leisure = { times: 1, longestMs: 50 };
/** A fifth of it: for work that nobody waits for. */
export const LEISURELY: Leisure = { times: 4, longestMs: 200 };

/** Each call rests by how long it took since the last one. */
export function restsOf(
  clock: Pick<Clock, "monotonic" | "sleep">,
  signal: AbortSignal,
  { times, longestMs }: Leisure = EVEN,
): () => Promise<void> {
  let begun = clock.monotonic();
  return async () => {
    const rest = times * (clock.monotonic() - begun);
    await clock.sleep(Math.min(longestMs, rest), signal);
    begun = clock.monotonic();
  };
}
