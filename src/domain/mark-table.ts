// The newest price of each instrument, with a memory of which ones changed, so that sums over thousands
// of holdings can follow the market without being added up again for every order.
import type { InstrumentId } from "./ids.ts";
import { isOfTheFuture, replacesMark, type Mark, type MarkSource } from "./market.ts";

/** Changes remembered: a reader further behind looks at everything again. */
const MAX_CHANGES_KEPT = 65_536;

export class MarkTable implements MarkSource {
  readonly #marks = new Map<InstrumentId, Mark>();
  /** A ring: the change with number n stands at n modulo its size. */
  readonly #changes: InstrumentId[] = [];
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get(instrumentId: InstrumentId): Mark | undefined {
    return this.#marks.get(instrumentId);
  }

  /**
   * Keeps the newer of two marks; one that comes late says nothing, nor does one side of a quote where
   * there is a price. Where `now` is told, a mark of the
   * future gives way: a clock was set back since, and it would be the newest for as long as that.
   */
  put(mark: Mark, now = Number.POSITIVE_INFINITY): void {
    const known = this.#marks.get(mark.instrumentId);
    if (known !== undefined && !replacesMark(mark, known) && !isOfTheFuture(known.at, now)) return;
    this.#marks.set(mark.instrumentId, mark);
    this.#changes[this.#version % MAX_CHANGES_KEPT] = mark.instrumentId;
    this.#version += 1;
  }

  changedSince(version: number): ReadonlySet<InstrumentId> | null {
    if (version < 0 || version > this.#version) return null;
    if (this.#version - version > MAX_CHANGES_KEPT) return null;
    const changed = new Set<InstrumentId>();
    for (let number = version; number < this.#version; number += 1) {
      const id = this.#changes[number % MAX_CHANGES_KEPT];
      if (id !== undefined) changed.add(id);
    }
    return changed;
  }

  values(): IterableIterator<Mark> {
    return this.#marks.values();
  }
}
