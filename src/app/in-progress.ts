// Requests with a key that are on their way to the store: a second one with the same key waits for the
// first a moment, and is told to come again when that is not enough.
import type { Clock } from "../ports/clock.ts";
import type { Acceptance } from "../ports/store.ts";
import { Problem } from "./problem.ts";

/**
 * A commit takes some milliseconds, so a retry that overtakes its own first attempt nearly always gets
 * the first answer. Beyond this something is slow, and a sender that waits longer learns nothing.
 */
export const PATIENCE_MS = 250;

export class InProgress {
  readonly #clock: Clock;
  readonly #firsts = new Map<string, First>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the work with the keys held; those of which the first request does not end get a problem. */
  async run<Answer>(
    batch: readonly Acceptance[],
    work: (free: readonly Acceptance[]) => Promise<readonly Answer[]>,
  ): Promise<readonly (Answer | Problem)[]> {
    const inTheWay = this.#inTheWayOf(batch);
    // Without a detour when nobody is: requests reach the store in the order they came.
    if (inTheWay.size > 0) await this.#waitFor(inTheWay);
    const free = batch.filter((item) => !isBusy(inTheWay.get(item)));
    const release = this.#hold(free);
    try {
      const answers = free.length === 0 ? [] : await work(free);
      const byItem = new Map(free.map((item, index) => [item, answers[index]]));
      return batch.map((item) => byItem.get(item) ?? stillInProgress());
    } finally {
      release();
    }
  }

  #inTheWayOf(batch: readonly Acceptance[]): ReadonlyMap<Acceptance, First> {
    const found = new Map<Acceptance, First>();
    if (this.#firsts.size === 0) return found;
    for (const item of batch) {
      const first = this.#firsts.get(nameOf(item) ?? "");
      if (first !== undefined) found.set(item, first);
    }
    return found;
  }

  async #waitFor(inTheWay: ReadonlyMap<Acceptance, First>): Promise<void> {
    let disarm: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      disarm = this.#clock.after(PATIENCE_MS, resolve);
    });
    await Promise.race([over, Promise.all([...inTheWay.values()].map(({ ended }) => ended))]);
    disarm();
  }

  /** All who waited for one go on together when it ends: the store answers them from its key. */
  #hold(batch: readonly Acceptance[]): () => void {
    const names = batch.flatMap((item) => nameOf(item) ?? []);
    const ours = names.filter((name) => !this.#firsts.has(name));
    if (ours.length === 0) return () => undefined;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const first = { ended, isOver: false };
    for (const name of ours) this.#firsts.set(name, first);
    return () => {
      for (const name of ours) this.#firsts.delete(name);
      first.isOver = true;
      end();
    };
  }
}

/** The request that came first with its keys. */
interface First {
  readonly ended: Promise<void>;
  isOver: boolean;
}

function isBusy(first: First | undefined): boolean {
  return first !== undefined && !first.isOver;
}

/** No scope has a line break in it, so no two pairs share a name. */
function nameOf({ idempotency }: Acceptance): string | null {
  return idempotency === null ? null : `${idempotency.scope}\n${idempotency.key}`;
}

function stillInProgress(): Problem {
  return new Problem(
    "in_progress",
    "The first request with this key is still being stored: send it again to learn its answer.",
    { retryAfterSeconds: 1 },
  );
}
