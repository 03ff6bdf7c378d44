// Plays recorded prices: rows of a CSV, each at its distance in time from the first.
import { Decimal } from "../../domain/decimal.ts";
import type { Feed } from "./feed.ts";

interface Row {
  /** Milliseconds after the first row. */
  readonly afterMs: number;
  readonly symbol: string;
  readonly last: Decimal;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
}

const MAX_ROWS = 5_000_000;

export class Replay {
  readonly #feed: Feed;
  #rows: readonly Row[] = [];
  #next = 0;
  #startedAt = 0;
  #speed = 1;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get remaining(): number {
    return this.#rows.length - this.#next;
  }

  /** Null when it started; else a sentence about the first row that cannot be played. */
  start(csv: string, speed: number, now: number): string | null {
    const rows = parse(csv, this.#feed);
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

function parse(csv: string, feed: Feed): readonly Row[] | string {
  const rows: Row[] = [];
  let first: number | null = null;
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && /^time\b/i.test(line))) continue;
    if (rows.length >= MAX_ROWS) return `more than ${MAX_ROWS} rows`;
    const [time = "", symbol = "", ...numbers] = line.split(",").map((cell) => cell.trim());
    const at = /^\d+$/.test(time) ? Number(time) : Date.parse(time);
    if (Number.isNaN(at)) return `row ${index + 1}: ${time} is not a time`;
    if (feed.walk(symbol) === undefined) return `row ${index + 1}: ${symbol} is not listed`;
    first ??= at;
    const [last, bid, ask, bidSize, askSize] = numbers.map((text) => Decimal.tryParse(text));
    if (!last?.isPositive()) return `row ${index + 1}: it has no price`;
    rows.push({
      afterMs: at - first,
      symbol,
      last,
      bid: bid ?? last,
      ask: ask ?? last,
      bidSize: bidSize ?? null,
      askSize: askSize ?? null,
    });
  }
  return rows.sort((left, right) => left.afterMs - right.afterMs);
}
