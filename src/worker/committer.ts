// Brings the batches of all partitions of this worker into as few commits as possible. Natural
// batching: while one commit is under way everything that becomes ready joins the next. Parts of one
// commit are independent: one that is fenced or stopped does not hurt the others, and when the record
// refuses a commit each part is tried alone, so that a refusal is of the part that it is told of.
import {
  isPassing,
  StoreUnavailable,
  type CommitResult,
  type EngineStore,
  type PartitionCommit,
} from "../ports/store.ts";

/** Commits under way at once; a second one hides the round trip of the first. */
const MAX_IN_FLIGHT = 2;
const MAX_PARTS = 64;

interface Waiting {
  readonly part: PartitionCommit;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

export class Committer {
  readonly #store: Pick<EngineStore, "commit">;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(store: Pick<EngineStore, "commit">) {
    this.#store = store;
  }

  commit(part: PartitionCommit): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ part, resolve, reject });
      this.#schedule();
    });
  }

  /** One turn of the event loop later, so that partitions that woke together commit together. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const group = this.#waiting.splice(0, MAX_PARTS);
    if (group.length === 0) return;
    this.#inFlight += 1;
    await this.#commit(group);
    this.#inFlight -= 1;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      deliver(group, await this.#store.commit(group.map((waiting) => waiting.part)));
    } catch (error: unknown) {
      if (group.length > 1 && !isPassing(error)) {
        for (const waiting of group) await this.#commit([waiting]);
        return;
      }
      for (const waiting of group) waiting.reject(error);
    }
  }
}

function deliver(group: readonly Waiting[], results: readonly CommitResult[]): void {
  group.forEach((waiting, index) => {
    const result = results[index];
    if (result === undefined) waiting.reject(new StoreUnavailable("a commit without an answer"));
    else waiting.resolve(result);
  });
}
