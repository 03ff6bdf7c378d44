// Saves marks one statement at a time. What comes while one is under way waits for it, the newest of each
// instrument: a store that hangs holds up no price, and makes nothing grow beyond one mark a symbol.
import type { InstrumentId } from "../domain/ids.ts";
import { replacesMark, type Mark } from "../domain/market.ts";
import type { MarkStore } from "../ports/store.ts";

export class MarkSaver {
  readonly #store: Pick<MarkStore, "saveMarks">;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<InstrumentId, Mark>();
  #saving: Promise<void> | null = null;

  constructor(store: Pick<MarkStore, "saveMarks">, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  save(marks: readonly Mark[]): void {
    for (const mark of marks) {
      const waiting = this.#waiting.get(mark.instrumentId);
      if (waiting === undefined || replacesMark(mark, waiting)) {
        this.#waiting.set(mark.instrumentId, mark);
      }
    }
    if (this.#waiting.size > 0) this.#saving ??= this.#run();
  }

  /** Once everything that was given is saved, or has failed to be. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  /** What could not be saved is not tried again: the next price takes its place. */
  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      const marks = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        await this.#store.saveMarks(marks);
      } catch (error: unknown) {
        this.#onError(error);
      }
    }
    this.#saving = null;
  }
}
