// What must never happen and does not end the exchange when it does: the one request, price or timer that
// failed is told in a line, and everything else goes on. Only a ledger that cannot be written ends the
// process, since nothing may be told that is not written down.

/** Told of an error and of where it happened. One that throws is not survived. */
export type OnMishap = (where: string, error: unknown) => void;

export interface Mishaps {
  note(where: string, error: unknown): void;
  /** Runs it; false when it failed. */
  survive(where: string, run: () => void): boolean;
}

export function mishapsTo(onMishap: OnMishap): Mishaps {
  return {
    note: onMishap,
    survive(where, run) {
      try {
        run();
        return true;
      } catch (error: unknown) {
        onMishap(where, error);
        return false;
      }
    },
  };
}

/** What fails at every tick says so once a minute. */
const QUIET_MS = 60_000;
const MAX_REMEMBERED = 1_000;

export function toStandardError(): OnMishap {
  const told = new Map<string, number>();
  return (where, error) => {
    const now = Date.now();
    const key = `${where}: ${String(error)}`;
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (told.size >= MAX_REMEMBERED) told.clear();
    told.set(key, now);
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`The exchange failed at ${where}, and goes on: ${what}\n`);
  };
}
