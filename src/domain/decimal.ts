// Exact decimal numbers. The only door to arithmetic on money, prices and quantities: there is no
// way from here to a binary float, and every rounding names its scale and its direction.
import Big from "big.js";

/** A private constructor of big.js: strict refuses numbers, so no float can slip in. */
const Exact = Big();
Exact.strict = true;
const ZERO = new Exact("0");

export type Rounding = "down" | "half_up" | "half_even" | "up";

const MODES: Readonly<Record<Rounding, 0 | 1 | 2 | 3>> = {
  down: Exact.roundDown,
  half_up: Exact.roundHalfUp,
  half_even: Exact.roundHalfEven,
  up: Exact.roundUp,
} as Readonly<Record<Rounding, 0 | 1 | 2 | 3>>; // big.js types its own constants as plain numbers

/** Plain decimal notation only: no exponent, no infinity, no leading plus, no bare dot. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** Longer text is refused before it is parsed, so that hostile input costs nothing. */
const MAX_LENGTH = 60;

export class Decimal {
  static readonly ZERO = new Decimal(new Exact("0"));
  static readonly ONE = new Decimal(new Exact("1"));
  static readonly HUNDRED = new Decimal(new Exact("100"));

  readonly #value: Big;

  private constructor(value: Big) {
    this.#value = value;
  }

  /** Parses plain decimal text; throws on anything else. Edges that must answer use `tryParse`. */
  static of(text: string): Decimal {
    const parsed = Decimal.tryParse(text);
    if (parsed === null) throw new RangeError(`not a plain decimal: ${text.slice(0, MAX_LENGTH)}`);
    return parsed;
  }

  static tryParse(text: string): Decimal | null {
    if (text.length > MAX_LENGTH || !PLAIN.test(text)) return null;
    return new Decimal(new Exact(text));
  }

  /** Whole numbers only: counts, lots, minutes. A fraction throws. */
  static ofInteger(value: number): Decimal {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
    return new Decimal(new Exact(String(value)));
  }

  static max(first: Decimal, ...rest: readonly Decimal[]): Decimal {
    return rest.reduce((best, next) => (next.gt(best) ? next : best), first);
  }

  static min(first: Decimal, ...rest: readonly Decimal[]): Decimal {
    return rest.reduce((best, next) => (next.lt(best) ? next : best), first);
  }

  static sum(values: Iterable<Decimal>): Decimal {
    let total = Decimal.ZERO;
    for (const value of values) total = total.plus(value);
    return total;
  }

  plus(other: Decimal): Decimal {
    return new Decimal(this.#value.plus(other.#value));
  }

  minus(other: Decimal): Decimal {
    return new Decimal(this.#value.minus(other.#value));
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.#value.times(other.#value));
  }

  /** The only division: its scale and direction are part of the call. Dividing by zero throws. */
  dividedBy(other: Decimal, scale: number, rounding: Rounding): Decimal {
    // Set for each division: big.js then rounds once, knowing the remainder, and computes no digit
    // beyond the scale. A finer quotient rounded a second time is wrong next to a tie, and 3 times slower.
    Exact.DP = scale;
    Exact.RM = MODES[rounding];
    return new Decimal(this.#value.div(other.#value));
  }

  /** The remainder with the sign of the dividend: `isMultipleOf` is what most callers want. */
  isMultipleOf(step: Decimal): boolean {
    return this.#value.mod(step.#value).eq(ZERO);
  }

  round(scale: number, rounding: Rounding): Decimal {
    return new Decimal(this.#value.round(scale, MODES[rounding]));
  }

  /** To a whole number of `step`s, toward zero or away from it. */
  toStep(step: Decimal, rounding: Rounding): Decimal {
    return this.dividedBy(step, 0, rounding).times(step);
  }

  negated(): Decimal {
    const value = new Exact(this.#value);
    value.s = -value.s;
    return new Decimal(value);
  }

  abs(): Decimal {
    return this.isNegative() ? this.negated() : this;
  }

  compare(other: Decimal): -1 | 0 | 1 {
    return this.#value.cmp(other.#value) as -1 | 0 | 1; // big.js declares number, documents these three
  }

  eq(other: Decimal): boolean {
    return this.#value.eq(other.#value);
  }

  gt(other: Decimal): boolean {
    return this.#value.gt(other.#value);
  }

  gte(other: Decimal): boolean {
    return this.#value.gte(other.#value);
  }

  lt(other: Decimal): boolean {
    return this.#value.lt(other.#value);
  }

  lte(other: Decimal): boolean {
    return this.#value.lte(other.#value);
  }

  isZero(): boolean {
    return this.#value.eq(ZERO);
  }

  isPositive(): boolean {
    return this.#value.gt(ZERO);
  }

  isNegative(): boolean {
    return this.#value.lt(ZERO);
  }

  /** 1, 0 or -1 as a decimal, for signed arithmetic. */
  sign(): -1 | 0 | 1 {
    return this.compare(Decimal.ZERO);
  }

  /** How many digits stand after the point in the shortest notation. */
  scale(): number {
    const text = this.toString();
    const dot = text.indexOf(".");
    return dot < 0 ? 0 : text.length - dot - 1;
  }

  /** Shortest plain notation, never an exponent: what JSON, SQL and every wire get. */
  toString(): string {
    return this.#value.toFixed();
  }

  toJSON(): string {
    return this.toString();
  }

  /** Arithmetic on a Decimal by accident (`a + b`, `a < b`) is a bug, so it throws. */
  valueOf(): never {
    throw new TypeError("a Decimal has no number value: use plus, compare, toString");
  }
}
