// Exact decimal numbers. The only door to arithmetic on money, prices and quantities: there is no
// way from here to a binary float, and every rounding names its scale and its direction.
import {
  add,
  divide,
  isDivisible,
  multiply,
  negate,
  timesPowerOfTen,
  trailingZeros,
  wholeOf,
  type Rounding,
  type Whole,
} from "./whole.ts";

export type { Rounding } from "./whole.ts";

/** Plain decimal notation only: no exponent, no infinity, no leading plus, no bare dot. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** Longer text is refused before it is parsed, so that hostile input costs nothing. */
const MAX_LENGTH = 60;
/** Products with more digits after the point than this lose their zeros, so that digits do not pile up. */
const ROOMY_SCALE = 9;
const ZERO_DIGIT = 48;

export class Decimal {
  static readonly ZERO = new Decimal(0, 0);
  static readonly ONE = new Decimal(1, 0);
  static readonly HUNDRED = new Decimal(100, 0);

  /** The number is `units` divided by ten to the power of `scale`; zeros at the end may be left. */
  readonly #units: Whole;
  readonly #scale: number;

  private constructor(units: Whole, scale: number) {
    this.#units = units;
    this.#scale = scale;
  }

  /** Parses plain decimal text; throws on anything else. Edges that must answer use `tryParse`. */
  static of(text: string): Decimal {
    const parsed = Decimal.tryParse(text);
    if (parsed === null) throw new RangeError(`not a plain decimal: ${text.slice(0, MAX_LENGTH)}`);
    return parsed;
  }

  static tryParse(text: string): Decimal | null {
    if (text.length > MAX_LENGTH || !PLAIN.test(text)) return null;
    const dot = text.indexOf(".");
    if (dot < 0) return new Decimal(wholeOf(text), 0);
    let end = text.length;
    while (text.charCodeAt(end - 1) === ZERO_DIGIT) end -= 1;
    const scale = end - dot - 1;
    return new Decimal(wholeOf(text.slice(0, dot) + text.slice(dot + 1, end)), scale);
  }

  /** Whole numbers only: counts, lots, minutes. A fraction throws. */
  static ofInteger(value: number): Decimal {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
    return new Decimal(value + 0, 0);
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
    const scale = Math.max(this.#scale, other.#scale);
    return new Decimal(add(this.#unitsAt(scale), other.#unitsAt(scale)), scale);
  }

  minus(other: Decimal): Decimal {
    const scale = Math.max(this.#scale, other.#scale);
    return new Decimal(add(this.#unitsAt(scale), negate(other.#unitsAt(scale))), scale);
  }

  times(other: Decimal): Decimal {
    const units = multiply(this.#units, other.#units);
    const scale = this.#scale + other.#scale;
    return scale > ROOMY_SCALE ? Decimal.#shortest(units, scale) : new Decimal(units, scale);
  }

  /** The only division: its scale and direction are part of the call. Dividing by zero throws. */
  dividedBy(other: Decimal, scale: number, rounding: Rounding): Decimal {
    if (other.isZero()) throw new RangeError("division by zero");
    const power = scale + other.#scale - this.#scale;
    const dividend = power > 0 ? timesPowerOfTen(this.#units, power) : this.#units;
    const divisor = power < 0 ? timesPowerOfTen(other.#units, -power) : other.#units;
    return Decimal.#shortest(divide(dividend, divisor, rounding), scale);
  }

  /** The remainder with the sign of the dividend: `isMultipleOf` is what most callers want. */
  isMultipleOf(step: Decimal): boolean {
    if (step.isZero()) throw new RangeError("nothing is a multiple of zero");
    const scale = Math.max(this.#scale, step.#scale);
    return isDivisible(this.#unitsAt(scale), step.#unitsAt(scale));
  }

  round(scale: number, rounding: Rounding): Decimal {
    if (this.#scale <= scale) return this;
    const divisor = timesPowerOfTen(1, this.#scale - scale);
    return new Decimal(divide(this.#units, divisor, rounding), scale);
  }

  /** To a whole number of `step`s, toward zero or away from it. */
  toStep(step: Decimal, rounding: Rounding): Decimal {
    return this.dividedBy(step, 0, rounding).times(step);
  }

  negated(): Decimal {
    return new Decimal(negate(this.#units), this.#scale);
  }

  abs(): Decimal {
    return this.isNegative() ? this.negated() : this;
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.#scale, other.#scale);
    const mine = this.#unitsAt(scale);
    const others = other.#unitsAt(scale);
    if (mine < others) return -1;
    return mine > others ? 1 : 0;
  }

  eq(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  gt(other: Decimal): boolean {
    return this.compare(other) > 0;
  }

  gte(other: Decimal): boolean {
    return this.compare(other) >= 0;
  }

  lt(other: Decimal): boolean {
    return this.compare(other) < 0;
  }

  lte(other: Decimal): boolean {
    return this.compare(other) <= 0;
  }

  isZero(): boolean {
    return this.#units === 0;
  }

  isPositive(): boolean {
    return this.#units > 0;
  }

  isNegative(): boolean {
    return this.#units < 0;
  }

  /** 1, 0 or -1, for signed arithmetic. */
  sign(): -1 | 0 | 1 {
    if (this.isZero()) return 0;
    return this.isNegative() ? -1 : 1;
  }

  /** How many digits stand after the point in the shortest notation. */
  scale(): number {
    return this.#scale - trailingZeros(this.#units, this.#scale);
  }

  /** Shortest plain notation, never an exponent: what JSON, SQL and every wire get. */
  toString(): string {
    if (this.#scale === 0) return String(this.#units);
    const sign = this.isNegative() ? "-" : "";
    const digits = String(this.#units)
      .slice(sign.length)
      .padStart(this.#scale + 1, "0");
    const point = digits.length - this.#scale;
    let end = digits.length;
    while (end > point && digits.charCodeAt(end - 1) === ZERO_DIGIT) end -= 1;
    const whole = sign + digits.slice(0, point);
    return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  /** Arithmetic on a Decimal by accident (`a + b`, `a < b`) is a bug, so it throws. */
  valueOf(): never {
    throw new TypeError("a Decimal has no number value: use plus, compare, toString");
  }

  #unitsAt(scale: number): Whole {
    return timesPowerOfTen(this.#units, scale - this.#scale);
  }

  static #shortest(units: Whole, scale: number): Decimal {
    const zeros = trailingZeros(units, scale);
    if (zeros === 0) return new Decimal(units, scale);
    return new Decimal(divide(units, timesPowerOfTen(1, zeros), "down"), scale - zeros);
  }
}

/** The same number, or none in both. */
export function isSameNumber(one: Decimal | null, other: Decimal | null): boolean {
  return one === other || (one !== null && other !== null && one.eq(other));
}
