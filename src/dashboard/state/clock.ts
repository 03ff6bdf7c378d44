// The time as the server sees it, moving once a second for everything that shows an age.
import { signal } from "@preact/signals";

const offsetMs = signal(0);
export const now = signal(Date.now());

/** What a clock that is a little off on this side does not turn into a wrong age. */
export function learnServerTime(at: string): void {
  offsetMs.value = Date.parse(at) - Date.now();
}

export function serverNow(): number {
  return Date.now() + offsetMs.value;
}

export function startClock(): void {
  window.setInterval(() => {
    now.value = serverNow();
  }, 1_000);
}
