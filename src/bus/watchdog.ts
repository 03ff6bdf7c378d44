// A blocking read comes back within its wait. One that does not is given up with its connection, which is
// made anew: a peer that is gone without a word, and a client that waits for nothing, look the same here.

/** Three times the longest wait inside one read: a slow link is not a dead one. */
const PATIENCE_IN_WAITS = 3;

/** What a client says of itself, and how its connection is ended so that it connects again. */
export interface Endable {
  readonly status: string;
  disconnect(reconnect: boolean): void;
}

export class Watchdog {
  readonly #client: Endable;
  readonly #patienceMs: number;
  #isDeaf = false;

  constructor(client: Endable, longestWaitMs: number) {
    this.#client = client;
    this.#patienceMs = PATIENCE_IN_WAITS * longestWaitMs;
  }

  /** From a read that was given up until one has been completed, whatever the client says of itself. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  async over<Result>(read: () => Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const bite = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#giveUp()), this.#patienceMs);
    });
    try {
      const result = await Promise.race([read(), bite]);
      this.#isDeaf = false;
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  #giveUp(): Error {
    this.#isDeaf = true;
    // One that is connecting is left to it: ending it now could cancel the attempt for ever.
    if (this.#client.status === "ready") this.#client.disconnect(true);
    return new Error(`no read was completed within ${this.#patienceMs} ms`);
  }
}
