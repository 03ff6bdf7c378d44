// Puts one lane of a partition back into order. Entries come from the stream in any order, twice, or
// not at all; the record has them all by number. Two modes: in step (the next number is here) and
// behind a gap (a later number is here, so the missing ones are read from the record).

export interface Numbered {
  readonly number: number;
}

/** Entries kept from beyond a gap; more are dropped, since the record has them. */
const MAX_AHEAD = 2_000;

export class LaneQueue<Item extends Numbered> {
  readonly #waiting: Item[] = [];
  readonly #ahead = new Map<number, Item>();
  readonly #capacity: number;
  #next: number;

  /** `decided` is the number of the last item that has been decided. */
  constructor(decided: number, capacity: number) {
    this.#next = decided + 1;
    this.#capacity = capacity;
  }

  /** The number that would be queued next. */
  get next(): number {
    return this.#next;
  }

  get size(): number {
    return this.#waiting.length;
  }

  get free(): number {
    return Math.max(0, this.#capacity - this.#waiting.length);
  }

  /** True while something later is here than what is missing. */
  get hasGap(): boolean {
    return this.#ahead.size > 0;
  }

  /** Queues the item, or keeps it for later; what was seen before is ignored. */
  offer(item: Item): void {
    if (item.number < this.#next) return;
    if (item.number > this.#next) {
      if (this.#ahead.size < MAX_AHEAD) this.#ahead.set(item.number, item);
      return;
    }
    this.#push(item);
    this.#drainAhead();
  }

  /** The item that would be taken next. */
  get first(): Item | undefined {
    return this.#waiting[0];
  }

  /** From the front up to the first that does not fit: none overtakes another. */
  take(count: number, fits: (item: Item) => boolean = () => true): Item[] {
    const end = this.#waiting.slice(0, count).findIndex((item) => !fits(item));
    return this.#waiting.splice(0, end === -1 ? count : end);
  }

  /** Nothing of what came is believed: all behind what is decided is missing. */
  reset(decided: number): void {
    this.#waiting.length = 0;
    this.#ahead.clear();
    this.#next = decided + 1;
  }

  /** Back to the front, in their order: a batch whose commit did not happen. */
  putBack(items: readonly Item[]): void {
    this.#waiting.unshift(...items);
  }

  #push(item: Item): void {
    this.#waiting.push(item);
    this.#next = item.number + 1;
  }

  #drainAhead(): void {
    for (let found = this.#ahead.get(this.#next); found; found = this.#ahead.get(this.#next)) {
      this.#ahead.delete(found.number);
      this.#push(found);
    }
    for (const number of this.#ahead.keys()) if (number < this.#next) this.#ahead.delete(number);
  }
}
