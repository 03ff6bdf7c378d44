// The names of all keys there are, read once a second at most, and only while strangers use up what is left
// for them: whoever comes with a name that is ours is looked up all the same.
import type { Clock } from "../../ports/clock.ts";
import type { KeyStore } from "../../ports/operations.ts";
import { TokenBucket } from "../http/token-bucket.ts";

const READ_EVERY_MS = 1_000;
/** A name is no secret: who shows it takes from that key's own share, which no other key needs. */
const LOOKUPS_PER_SECOND = 5;

export class KeyNames {
  readonly #store: Pick<KeyStore, "keys">;
  readonly #clock: Clock;
  #shares: ReadonlyMap<string, TokenBucket> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(store: Pick<KeyStore, "keys">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async mayAsk(name: string): Promise<boolean> {
    if (this.#clock.monotonic() - this.#readAt >= READ_EVERY_MS) {
      this.#reading ??= this.#read().finally(() => (this.#reading = null));
      await this.#reading;
    }
    return this.#shares.get(name)?.take(1, this.#clock.monotonic()) ?? false;
  }

  async #read(): Promise<void> {
    const keys = await this.#store.keys();
    this.#readAt = this.#clock.monotonic();
    const fresh = (): TokenBucket =>
      new TokenBucket(LOOKUPS_PER_SECOND, LOOKUPS_PER_SECOND, this.#readAt);
    this.#shares = new Map(
      keys.map(({ prefix }) => [prefix, this.#shares.get(prefix) ?? fresh()] as const),
    );
  }
}
