// Bars: what has been seen since the exchange started, minute by minute, and a smooth made-up past
// before that, which is the same for the same seed.
import { randomStream } from "../random.ts";
import type { Feed, Print } from "./feed.ts";

/** As market data has it: floating numbers, which nothing but a chart reads. */
export interface Bar {
  /** Start, milliseconds since the epoch. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
  readonly average: number;
}

const MINUTE_MS = 60_000;
const MAX_MINUTES = 600;
/** Periods in minutes and heights in parts of the price: a day's wave, a week's, a quarter's. */
const WAVES = [
  { minutes: 37, height: 0.001 },
  { minutes: 411, height: 0.006 },
  { minutes: 7_300, height: 0.02 },
  { minutes: 131_000, height: 0.08 },
] as const;

interface Past {
  readonly price: number;
  readonly phases: readonly number[];
}

export class Bars {
  readonly #minutes = new Map<string, Bar[]>();
  readonly #past = new Map<string, Past>();
  readonly #startedAt: number;

  constructor(feed: Feed, seed: string, now: number) {
    this.#startedAt = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    for (const symbol of feed.symbols()) {
      const opening = feed.latest(symbol);
      if (opening === undefined) continue;
      const random = randomStream(seed, `past/${symbol}`);
      const price = Number(opening.quote.last.toString());
      this.#past.set(symbol, { price, phases: WAVES.map(() => random.fraction() * 2 * Math.PI) });
      this.#take(opening);
    }
    feed.listen((print) => this.#take(print));
  }

  /** The bar of `[at, at + length)`, or null when it lies in the future. */
  bar(symbol: string, at: number, lengthMs: number, now: number): Bar | null {
    const past = this.#past.get(symbol);
    if (past === undefined || at > now) return null;
    if (at + lengthMs <= this.#startedAt) return this.#madeUp(past, at, lengthMs);
    const minutes = this.#minutes.get(symbol) ?? [];
    const inside = minutes.filter((bar) => bar.at >= at && bar.at < at + lengthMs);
    const before = at < this.#startedAt ? [this.#madeUp(past, at, this.#startedAt - at)] : [];
    return join(at, [...before, ...inside]);
  }

  #take({ symbol, quote, at }: Print): void {
    const price = Number(quote.last.toString());
    let minutes = this.#minutes.get(symbol);
    if (minutes === undefined) this.#minutes.set(symbol, (minutes = []));
    const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const last = minutes.at(-1);
    const tick = { at: start, open: price, high: price, low: price, close: price, average: price };
    if (last?.at === start) {
      const joined = join(start, [last, { ...tick, volume: 100, trades: 1 }]);
      if (joined !== null) minutes[minutes.length - 1] = joined;
      return;
    }
    minutes.push({ ...tick, volume: 100, trades: 1 });
    if (minutes.length > MAX_MINUTES) minutes.shift();
  }

  #madeUp(past: Past, at: number, lengthMs: number): Bar {
    const quarter = lengthMs / 4;
    const [open, second, third, fourth, close] = [0, 1, 2, 3, 4].map((part) =>
      this.#wave(past, at + part * quarter),
    ) as [number, number, number, number, number]; // five parts in, five prices out
    const average = round((open + second + third + fourth + close) / 5);
    const trades = Math.max(1, Math.round(lengthMs / 2_000));
    return {
      at,
      open,
      high: Math.max(open, second, third, fourth, close),
      low: Math.min(open, second, third, fourth, close),
      close,
      volume: trades * 100,
      trades,
      average,
    };
  }

  /** Meets the first live price at the moment the exchange started. */
  #wave(past: Past, at: number): number {
    let factor = 1;
    for (const [index, { minutes, height }] of WAVES.entries()) {
      const phase = past.phases[index] ?? 0;
      const turn = (when: number): number =>
        Math.sin((2 * Math.PI * when) / (minutes * MINUTE_MS) + phase);
      factor += height * (turn(at) - turn(this.#startedAt));
    }
    return round(past.price * factor);
  }
}

function round(price: number): number {
  const digits = price >= 1 ? 2 : 8;
  return Number(price.toFixed(digits));
}

function join(at: number, bars: readonly Bar[]): Bar | null {
  const [first] = bars;
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return null;
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  const turnover = bars.reduce((sum, bar) => sum + bar.average * bar.volume, 0);
  return {
    at,
    open: first.open,
    high: Math.max(...bars.map(({ high }) => high)),
    low: Math.min(...bars.map(({ low }) => low)),
    close: last.close,
    volume,
    trades: bars.reduce((sum, bar) => sum + bar.trades, 0),
    average: Number((turnover / volume).toFixed(6)),
  };
}
