// One symbol's price: a seeded random walk in whole ticks around an anchor, with a spread and a
// displayed size. Whole ticks, so that a price is exact however long it walks.
import { Decimal } from "../../domain/decimal.ts";
import type { Quote } from "../core/world.ts";
import type { RandomStream } from "../random.ts";

export interface WalkShape {
  readonly symbol: string;
  readonly tick: Decimal;
  /** Where the price starts, in ticks. */
  readonly startTicks: number;
  readonly dailyBasisPoints: number;
  readonly spreadTicks: number;
  /** Displayed on each side, around this; in units of `sizeStep`. */
  readonly sizeUnits: number;
  readonly sizeStep: Decimal;
}

/** How strongly the price is drawn back to its anchor in one step: it strays about a percent. */
const PULL = 0.00002;
const DAY_SECONDS = 23_400;
const BASIS = 10_000;
/** Of any price; a step on top of it is still counted exactly. */
const MAX_TICKS = 1_000_000_000_000;

export class Walk {
  readonly shape: WalkShape;
  readonly #random: RandomStream;
  readonly #stepDeviation: number;
  #ticks: number;
  #anchor: number;
  #sequence = 0;
  frozen = false;
  #quote: Quote;
  /** Prices shown by hand, for as long as the symbol stays frozen. */
  #held: Pick<Quote, "bid" | "ask" | "last"> | null = null;

  constructor(shape: WalkShape, random: RandomStream, stepMs: number) {
    this.shape = shape;
    this.#random = random;
    this.#ticks = shape.startTicks;
    this.#anchor = shape.startTicks;
    const stepsPerDay = (DAY_SECONDS * 1000) / stepMs;
    this.#stepDeviation = shape.dailyBasisPoints / BASIS / Math.sqrt(stepsPerDay);
    this.#quote = this.#makeQuote();
  }

  get quote(): Quote {
    return this.#quote;
  }

  /** One step of the walk; a frozen price only shows its size anew. */
  step(): Quote {
    if (!this.frozen) {
      this.#held = null;
      const drift = (this.#anchor - this.#ticks) * PULL;
      const noise = this.#noise() * this.#stepDeviation * this.#ticks;
      this.#ticks = this.#within(Math.round(this.#ticks + drift + noise));
    }
    this.#quote = { ...this.#makeQuote(), ...this.#held };
    return this.#quote;
  }

  /** The highest price that can be set. */
  get highest(): Decimal {
    return Decimal.ofInteger(MAX_TICKS).times(this.shape.tick);
  }

  /**
   * Sets the price, in whole ticks, and the place it walks around from now on. It walks no lower than
   * where a bid is left below it.
   */
  moveTo(price: Decimal): Quote {
    this.#walkFrom(price, "half_up");
    this.#held = null;
    const last = Decimal.ofInteger(this.#ticks).times(this.shape.tick);
    this.#quote = { ...this.#makeQuote(), last };
    return this.#quote;
  }

  /** Shows exactly this price for as long as it is frozen, with the spread around it. */
  holdAt(price: Decimal): Quote {
    this.#walkFrom(price, "down");
    const { bid, ask, ...rest } = this.#makeQuote();
    // What is too low for a bid below it is bid and asked as it is: a quote of nothing is none.
    const isAround = bid.lte(price) && ask.gte(price);
    this.#held = isAround ? { bid, ask, last: price } : { bid: price, ask: price, last: price };
    this.#quote = { ...rest, ...this.#held };
    return this.#quote;
  }

  /** Shows exactly this quote, and its prices while frozen; the walk goes on from its last price. */
  show(shown: Omit<Quote, "sequence">): Quote {
    this.moveTo(shown.last);
    const { bid, ask, last } = shown;
    this.#held = { bid, ask, last };
    this.#quote = { ...shown, sequence: this.#nextSequence() };
    return this.#quote;
  }

  /** Its prices are counted anew, as after a split; what was shown by hand still is, at its new price. */
  rescale(scale: (price: Decimal) => Decimal): void {
    const { bid, ask, last, bidSize, askSize } = this.#quote;
    if (this.#held === null) this.moveTo(scale(last));
    else this.show({ bid: scale(bid), ask: scale(ask), last: scale(last), bidSize, askSize });
  }

  #walkFrom(price: Decimal, rounding: "half_up" | "down"): void {
    const ticks = price.dividedBy(this.shape.tick, 0, rounding);
    this.#ticks = this.#within(Number(ticks.toString()));
    this.#anchor = this.#ticks;
  }

  #within(ticks: number): number {
    return Math.min(Math.max(ticks, this.shape.spreadTicks + 1), MAX_TICKS);
  }

  /** Three uniform draws make a bell of standard deviation one. */
  #noise(): number {
    const draw = (): number => this.#random.fraction() * 2 - 1;
    return draw() + draw() + draw();
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #size(): Decimal {
    const units = Math.max(
      1,
      Math.round((this.shape.sizeUnits * this.#random.between(50, 200)) / 100),
    );
    return Decimal.ofInteger(units).times(this.shape.sizeStep);
  }

  #makeQuote(): Quote {
    const { tick, spreadTicks } = this.shape;
    const bidTicks = this.#ticks - Math.floor(spreadTicks / 2);
    const bid = Decimal.ofInteger(bidTicks).times(tick);
    const ask = Decimal.ofInteger(bidTicks + spreadTicks).times(tick);
    const isAsk = (this.#random.next() & 1) === 0;
    const last = this.frozen ? Decimal.ofInteger(this.#ticks).times(tick) : isAsk ? ask : bid;
    const sequence = this.#nextSequence();
    return { bid, ask, bidSize: this.#size(), askSize: this.#size(), last, sequence };
  }
}
