// Natural batching of acceptances: while one commit is under way everything that arrives joins the
// next, so the batch grows with the load and is one item when idle. Nothing waits for company but behind a commit
// that took long, and a command never.
import type { Clock } from "../ports/clock.ts";
import { COMPANY, restBehind } from "../ports/company.ts";
import {
  AcceptQueueFull,
  isPassing,
  type Acceptance,
  type Accepted,
  type AcceptanceStore,
} from "../ports/store.ts";

/** Beyond this a batch only adds delay: 500 rows are at the flat end of the rate's curve. */
const MAX_BATCH = 500;
/** More than this waiting is refused at the door: 20 batches, well below a second of work. */
const MAX_WAITING = 10_000;

interface Waiting {
  readonly items: readonly Acceptance[];
  readonly resolve: (answers: readonly Accepted[]) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit implements AcceptanceStore {
  readonly #store: AcceptanceStore;
  readonly #clock: Pick<Clock, "after" | "monotonic">;
  readonly #maxWaiting: number;
  readonly #queue: Waiting[] = [];
  #waiting = 0;
  #scheduled = false;
  #inFlight = false;
  #onRested: (() => void) | null = null;

  constructor(
    store: AcceptanceStore,
    clock: Pick<Clock, "after" | "monotonic">,
    maxWaiting: number = MAX_WAITING,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#maxWaiting = maxWaiting;
  }

  /** Items that wait for their commit. */
  get waiting(): number {
    return this.#waiting;
  }

  accept(items: readonly Acceptance[]): Promise<readonly Accepted[]> {
    if (items.length === 0) return Promise.resolve([]);
    if (this.#waiting + items.length > this.#maxWaiting) {
      return Promise.reject(new AcceptQueueFull(`${this.#waiting} acceptances are waiting`));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, resolve, reject });
      this.#waiting += items.length;
      if (this.#onRested !== null && this.#cannotRest) this.#onRested();
      this.#schedule();
    });
  }

  /** At the end of the turn, so that requests read from one packet share the first commit too. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const group = this.#take();
    if (group.length === 0) return;
    this.#inFlight = true;
    const began = this.#clock.monotonic();
    await this.#commit(group);
    this.#waiting -= group.reduce((count, { items }) => count + items.length, 0);
    await this.#rest(restBehind(this.#clock.monotonic() - began));
    this.#inFlight = false;
    if (this.#queue.length > 0) void this.#flush();
  }

  async #rest(ms: number): Promise<void> {
    if (ms === 0 || this.#cannotRest) return;
    const disarm = this.#clock.after(ms, () => this.#onRested?.());
    // At the end of the turn, as above.
    await new Promise<void>((resolve) => (this.#onRested = () => setImmediate(resolve)));
    this.#onRested = null;
    disarm();
  }

  get #cannotRest(): boolean {
    const isCommand = ({ lane }: Acceptance) => lane === "control";
    return this.#waiting >= COMPANY || this.#queue.some(({ items }) => items.some(isCommand));
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      deliver(group, await this.#store.accept(group.flatMap((waiting) => waiting.items)));
    } catch (error: unknown) {
      if (group.length > 1 && !isPassing(error)) {
        // One request that the database refuses must not take the others down with it.
        for (const waiting of group) await this.#commit([waiting]);
        return;
      }
      for (const waiting of group) waiting.reject(error);
    }
  }

  /** Whole requests up to the maximum; a request larger than that goes alone. */
  #take(): readonly Waiting[] {
    let count = 0;
    let taken = 0;
    for (const { items } of this.#queue) {
      if (taken > 0 && count + items.length > MAX_BATCH) break;
      count += items.length;
      taken += 1;
    }
    return this.#queue.splice(0, taken);
  }
}

function deliver(group: readonly Waiting[], answers: readonly Accepted[]): void {
  let from = 0;
  for (const { items, resolve } of group) {
    resolve(answers.slice(from, from + items.length));
    from += items.length;
  }
}
