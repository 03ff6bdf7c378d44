// Natural batching of acceptances: while one commit is under way everything that arrives joins the
// next, so the batch grows with the load and is one item when idle. No timer, nothing waits for company.
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
  readonly #maxWaiting: number;
  readonly #queue: Waiting[] = [];
  #waiting = 0;
  #scheduled = false;
  #inFlight = false;

  constructor(store: AcceptanceStore, maxWaiting: number = MAX_WAITING) {
    this.#store = store;
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
    await this.#commit(group);
    this.#inFlight = false;
    this.#waiting -= group.reduce((count, { items }) => count + items.length, 0);
    if (this.#queue.length > 0) void this.#flush();
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
