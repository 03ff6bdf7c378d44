// Whether the API is up, and what must end with it.

export class Lifecycle {
  readonly #abort = new AbortController();
  readonly #endings: (() => void | Promise<void>)[] = [];

  /** Aborted when the API closes: open streams and waits end with it. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isClosing(): boolean {
    return this.#abort.signal.aborted;
  }

  onClose(ending: () => void | Promise<void>): void {
    this.#endings.push(ending);
  }

  /** Readiness goes first, so that a balancer sends no more; what is under way is finished. */
  beginClosing(): void {
    this.#abort.abort();
  }

  async close(): Promise<void> {
    this.beginClosing();
    for (const ending of this.#endings.toReversed()) await ending();
  }
}
