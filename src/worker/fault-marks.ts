// Marks partitions as faulted in the record, so that no worker takes them until a person resumes them.
// A mark that cannot be made is tried again for a while: what is not marked is taken again.
import type { Clock } from "../ports/clock.ts";
import { isPassing, type EngineStore, type PartitionHolder } from "../ports/store.ts";

const RETRY_MS = 200;
const LONGEST_MS = 10_000;

export class FaultMarks {
  readonly #store: Pick<EngineStore, "setPartitionFault">;
  readonly #clock: Clock;
  readonly #onError: (partition: number, error: unknown) => void;
  readonly #marking = new Map<number, Promise<void>>();

  constructor(
    store: Pick<EngineStore, "setPartitionFault">,
    clock: Clock,
    onError: (partition: number, error: unknown) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#onError = onError;
  }

  mark(holder: PartitionHolder, reason: string): void {
    this.#marking.set(holder.partition, this.#mark(holder, reason));
  }

  /** Resolves when the partition is marked, or when it has been tried for long enough. */
  async marked(partition: number): Promise<void> {
    const marking = this.#marking.get(partition);
    this.#marking.delete(partition);
    if (marking === undefined) return;
    const done = new AbortController();
    const enough = this.#clock.sleep(LONGEST_MS, done.signal).catch(() => undefined);
    await Promise.race([marking, enough]);
    done.abort();
  }

  async #mark(holder: PartitionHolder, reason: string): Promise<void> {
    const deadline = this.#clock.monotonic() + LONGEST_MS;
    for (;;) {
      try {
        await this.#store.setPartitionFault(holder, reason);
        return;
      } catch (error: unknown) {
        this.#onError(holder.partition, error);
        if (!isPassing(error) || this.#clock.monotonic() >= deadline) return;
        await this.#clock.sleep(RETRY_MS);
      }
    }
  }
}
