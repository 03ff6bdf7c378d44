// Plays recorded prices: rows of a CSV, each at its distance in time from the first.
import type { Feed } from "./feed.ts";
import type { RecordedPrice } from "./recorded-prices.ts";
import { readRecordedPrices } from "./recorded-prices.ts";

export class Replay {
  readonly #feed: Feed;
  #rows: readonly RecordedPrice[] = [];
  #next = 0;
  #startedAt = 0;
  #speed = 1;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get remaining(): number {
    return this.#rows.length - this.#next;
  }

  /** Null when it started; else a sentence about the first line that cannot be played. */
  start(csv: string, speed: number, now: number): string | null {
    const rows = readRecordedPrices(csv, (symbol) => this.#feed.walk(symbol) !== undefined);
    if (typeof rows === "string") return rows;
    for (const { symbol } of rows) {
      const walk = this.#feed.walk(symbol);
      if (walk !== undefined) walk.frozen = true;
    }
    this.#rows = rows;
    this.#next = 0;
    this.#startedAt = now;
    this.#speed = speed;
    return null;
  }

  stop(): void {
    this.#rows = [];
    this.#next = 0;
  }

  /** Shows every row whose time has come. */
  step(now: number): void {
    const elapsed = (now - this.#startedAt) * this.#speed;
    for (;;) {
      const row = this.#rows[this.#next];
      if (row === undefined || row.afterMs > elapsed) return;
      this.#next += 1;
      const walk = this.#feed.walk(row.symbol);
      if (walk === undefined) continue;
      const { bidSize, askSize } = walk.quote;
      const { bid, ask, last } = row;
      walk.show({
        bid,
        ask,
        last,
        bidSize: row.bidSize ?? bidSize,
        askSize: row.askSize ?? askSize,
      });
      this.#feed.publish(row.symbol, now);
    }
  }
}
