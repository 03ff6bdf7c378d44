// The last trades and quotes of every symbol, for those who ask for the past. Kept in memory: what was
// before the exchange started is only there as bars.
import type { Feed, Print } from "./feed.ts";

/** Per symbol: some four minutes at the usual pace. */
export const KEPT_PRINTS = 1_000;

export class Prints {
  readonly #kept = new Map<string, Print[]>();

  constructor(feed: Feed) {
    for (const symbol of feed.symbols()) {
      const first = feed.latest(symbol);
      this.#kept.set(symbol, first === undefined ? [] : [first]);
    }
    feed.listen((print) => this.#take(print));
  }

  /** Oldest first, both bounds included. */
  between(symbol: string, from: number, to: number): readonly Print[] {
    const kept = this.#kept.get(symbol) ?? [];
    return kept.slice(-KEPT_PRINTS).filter(({ at }) => at >= from && at <= to);
  }

  #take(print: Print): void {
    const kept = this.#kept.get(print.symbol);
    if (kept === undefined) return;
    kept.push(print);
    // Cut in blocks: one that shifts each time would move the whole list for every print.
    if (kept.length >= KEPT_PRINTS * 2) kept.splice(0, KEPT_PRINTS);
  }
}
