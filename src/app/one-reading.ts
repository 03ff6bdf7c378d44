// One reading at a time. Whoever asks during one gets the next: what they changed is in it, and an older
// reading that ends later never replaces a newer one.
export class OneReading {
  readonly #read: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  again(): Promise<void> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#start();
    const begin = (): Promise<void> => {
      this.#next = null;
      return this.#start();
    };
    this.#next = this.#running.then(begin, begin);
    return this.#next;
  }

  #start(): Promise<void> {
    this.#running = this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }
}
