// All prices together: walks them, remembers each symbol's last trade and quote, and tells listeners.
import type { Decimal } from "../../domain/decimal.ts";
import type { Quote } from "../core/world.ts";
import type { Mishaps } from "../mishaps.ts";
import { randomStream } from "../random.ts";
import { allShapes } from "./shapes.ts";
import { Walk } from "./walk.ts";

export interface Print {
  readonly symbol: string;
  readonly quote: Quote;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly tradeId: number;
  readonly tradeSize: Decimal;
}

export interface Stepping {
  readonly moves: (symbol: string) => boolean;
  readonly mishaps: Mishaps;
}

export type PriceListener = (print: Print) => void;

export class Feed {
  readonly #walks = new Map<string, Walk>();
  readonly #prints = new Map<string, Print>();
  readonly #listeners = new Set<PriceListener>();
  #tradeId = 0;

  constructor(seed: string, stepMs: number, now: number) {
    for (const shape of allShapes()) {
      const walk = new Walk(shape, randomStream(seed, `walk/${shape.symbol}`), stepMs);
      this.#walks.set(shape.symbol, walk);
      this.#prints.set(shape.symbol, this.#print(walk, now));
    }
  }

  symbols(): Iterable<string> {
    return this.#walks.keys();
  }

  latest(symbol: string): Print | undefined {
    return this.#prints.get(symbol);
  }

  listen(listener: PriceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  walk(symbol: string): Walk | undefined {
    return this.#walks.get(symbol);
  }

  /** One step of every price that may move now, each on its own: one that fails stops no other. */
  step(now: number, { moves, mishaps }: Stepping): void {
    for (const [symbol, walk] of this.#walks) {
      if (!moves(symbol)) continue;
      mishaps.survive(`a tick of ${symbol}`, () => {
        walk.step();
        this.publish(symbol, now);
      });
    }
  }

  /** Makes a walk's present quote the latest one. */
  publish(symbol: string, now: number): void {
    const walk = this.#walks.get(symbol);
    if (walk === undefined) return;
    const print = this.#print(walk, now);
    this.#prints.set(symbol, print);
    for (const listener of this.#listeners) listener(print);
  }

  #print(walk: Walk, now: number): Print {
    this.#tradeId += 1;
    return {
      symbol: walk.shape.symbol,
      quote: walk.quote,
      at: now,
      tradeId: this.#tradeId,
      tradeSize: walk.shape.sizeStep,
    };
  }
}
