// Readers stay for hours, and what let them in may end meanwhile: a key is revoked, a token runs out.
// Each is asked about again every few seconds; keys are remembered, so that all readers of one key cost one
// lookup.
import type { Clock } from "../../ports/clock.ts";
import type { Subscriber } from "./subscriber.ts";

const EVERY_MS = 2_000;

export interface WatchDeps {
  readonly hub: { readonly readers: ReadonlySet<Subscriber> };
  readonly clock: Clock;
}

export async function watchReaders({ hub, clock }: WatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
    const now = clock.now();
    await Promise.all([...hub.readers].map((reader) => endUnlessAllowed(reader, now)));
  }
}

async function endUnlessAllowed(reader: Subscriber, now: number): Promise<void> {
  if (!(await reader.isAllowedAt(now))) reader.hangUp();
}
