// The last believable price of each instrument, in memory. A crossed quote or one without a price marks
// nothing; an older one never replaces a newer.
import type { InstrumentId } from "../domain/ids.ts";
import { isCrossed, valuationPrice, type Mark, type MarkSource } from "../domain/market.ts";

export class MarkCache implements MarkSource {
  readonly #marks = new Map<InstrumentId, Mark>();

  get(instrumentId: InstrumentId): Mark | undefined {
    return this.#marks.get(instrumentId);
  }

  /** Returns whether the mark was taken. */
  put(mark: Mark): boolean {
    if (isCrossed(mark) || valuationPrice(mark) === null) return false;
    const known = this.#marks.get(mark.instrumentId);
    if (known !== undefined && known.at > mark.at) return false;
    this.#marks.set(mark.instrumentId, mark);
    return true;
  }

  all(): IterableIterator<Mark> {
    return this.#marks.values();
  }
}
