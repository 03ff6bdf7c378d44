// Ends a blocking read that is under way: another connection asks the server to let the reader go.
import type { Redis } from "ioredis";

/** A read that was just begun is not yet waiting over there: it is asked to end again, this often. */
const AGAIN_AFTER_MS = 2;
const TRIES = 100;

export class WaitEnder {
  readonly #reader: Redis;
  readonly #commands: Redis;
  /** The reader's name at the server; every connection has another. */
  #readerId: number | null = null;
  #reads = 0;
  #isReading = false;

  constructor(reader: Redis, commands: Redis) {
    this.#reader = reader;
    this.#commands = commands;
    reader.on("ready", () => {
      this.#readerId = null;
    });
  }

  /** Does the read: while it lasts, `end` reaches it. */
  async during<Result>(prepare: () => Promise<void>, read: () => Promise<Result>): Promise<Result> {
    this.#reads += 1;
    this.#isReading = true;
    try {
      await prepare();
      this.#readerId ??= await this.#reader.client("ID");
      return await read();
    } finally {
      this.#isReading = false;
    }
  }

  /** A server that does not answer lets the read wait its time. */
  end(): void {
    if (this.#isReading) void this.#end(this.#reads).catch(() => undefined);
  }

  async #end(read: number): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (!this.#isReading || this.#reads !== read) return;
      const id = this.#readerId;
      if (id !== null && (await this.#commands.client("UNBLOCK", id)) === 1) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}
