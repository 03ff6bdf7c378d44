// Virtual time. Events fire one by one in the order of their instants; after each, every promise that
// can settle does so, so the same seed gives the same run to the last step.

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  /** Taken back: it is passed over. */
  dead: boolean;
}

export class Scheduler {
  #now = 0;
  #order = 0;
  #fired = 0;
  readonly #heap: Scheduled[] = [];

  get now(): number {
    return this.#now;
  }

  get fired(): number {
    return this.#fired;
  }

  /** Runs the callback at the instant, or now when that has passed; the result takes it back. */
  at(instant: number, fire: () => void): () => void {
    const at = Math.max(instant, this.#now);
    const entry: Scheduled = { at, order: this.#order++, fire, dead: false };
    this.#push(entry);
    return () => {
      entry.dead = true;
    };
  }

  after(delayMs: number, fire: () => void): () => void {
    return this.at(this.#now + delayMs, fire);
  }

  /** The next event, whenever it is due; false when there is none. */
  async step(): Promise<boolean> {
    await settle();
    const next = this.#next();
    if (next === undefined) return false;
    this.#pop();
    this.#now = Math.max(this.#now, next.at);
    this.#fired += 1;
    next.fire();
    await settle();
    return true;
  }

  /**
   * Until the instant is reached or `done` says so; `onStep` looks at the world after each event.
   * `rest` is awaited before each: by default until every promise that can settle has done so.
   */
  async run(
    until: number,
    onStep: () => void,
    done: () => boolean = () => false,
    rest: () => Promise<void> = settle,
  ): Promise<void> {
    await rest();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > until || done()) break;
      this.#pop();
      // Somebody who steps may have gone further meanwhile.
      this.#now = Math.max(this.#now, next.at);
      this.#fired += 1;
      next.fire();
      await rest();
      onStep();
    }
    if (!done()) this.#now = Math.max(this.#now, until);
  }

  #next(): Scheduled | undefined {
    while (this.#heap[0]?.dead === true) this.#pop();
    return this.#heap[0];
  }

  #push(entry: Scheduled): void {
    const heap = this.#heap;
    heap.push(entry);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!earlier(heap, index, parent)) break;
      swap(heap, index, parent);
      index = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      let first = index;
      if (left < heap.length && earlier(heap, left, first)) first = left;
      if (left + 1 < heap.length && earlier(heap, left + 1, first)) first = left + 1;
      if (first === index) return;
      swap(heap, index, first);
      index = first;
    }
  }
}

function earlier(heap: readonly Scheduled[], first: number, second: number): boolean {
  const a = heap[first];
  const b = heap[second];
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Scheduled[], first: number, second: number): void {
  const a = heap[first];
  const b = heap[second];
  if (a === undefined || b === undefined) return;
  heap[first] = b;
  heap[second] = a;
}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
