// Whole numbers on both sides of what a plain number holds exactly, and across that border.
import { describe, expect, it } from "vitest";
import {
  add,
  divide,
  isDivisible,
  multiply,
  negate,
  timesPowerOfTen,
  trailingZeros,
  wholeOf,
} from "../../../src/domain/whole.ts";
import type { Rounding, Whole } from "../../../src/domain/whole.ts";

/** The largest plain number that is exact, and the first odd number beyond: no plain number holds it. */
const MAX = 9_007_199_254_740_991;
const BEYOND = 9_007_199_254_740_993n;

describe("a whole number", () => {
  it.each([
    ["0", 0],
    ["-0", 0],
    ["-12", -12],
    ["999999999999999", 999_999_999_999_999],
    ["9007199254740991", MAX],
    ["-9007199254740991", -MAX],
    ["9007199254740993", BEYOND],
    ["-9007199254740993", -BEYOND],
  ])("of the text %s is exact, and has one form only", (text, value) => {
    expect(wholeOf(text)).toBe(value);
  });
});

describe("sums", () => {
  it.each<readonly [Whole, Whole, Whole]>([
    [1, 2, 3],
    [1, -1, 0],
    [MAX, 1, 9_007_199_254_740_992n],
    [MAX, 2, BEYOND],
    [-MAX, -2, -BEYOND],
    [BEYOND, 1, 9_007_199_254_740_994n],
    [BEYOND, BEYOND, 18_014_398_509_481_986n],
    // Back over the border the sum is a plain number again.
    [BEYOND, -2, MAX],
    [BEYOND, -BEYOND, 0],
  ])("%s + %s = %s, either way round", (first, second, sum) => {
    expect(add(first, second)).toBe(sum);
    expect(add(second, first)).toBe(sum);
  });

  it.each<readonly [Whole, Whole]>([
    [0, 0],
    [5, -5],
    [BEYOND, -BEYOND],
  ])("the opposite of %s is %s, and the other way round", (value, opposite) => {
    expect(negate(value)).toBe(opposite);
    expect(negate(opposite)).toBe(value);
  });
});

describe("products", () => {
  it.each<readonly [Whole, Whole, Whole]>([
    [6, -7, -42],
    [0, -7, 0],
    [0, BEYOND, 0],
    [MAX, 3, 27_021_597_764_222_973n],
    [-MAX, 3, -27_021_597_764_222_973n],
    [BEYOND, -1, -BEYOND],
    [BEYOND, 2, 18_014_398_509_481_986n],
    [10n ** 20n, 10n ** 20n, 10n ** 40n],
  ])("%s times %s is %s, either way round", (first, second, product) => {
    expect(multiply(first, second)).toBe(product);
    expect(multiply(second, first)).toBe(product);
  });

  it.each<readonly [Whole, number, Whole]>([
    [7, 0, 7],
    [7, 3, 7_000],
    [7, 16, 70_000_000_000_000_000n],
    [BEYOND, 20, 900_719_925_474_099_300_000_000_000_000_000_000n],
  ])("%s with %i zeros is %s", (value, power, product) => {
    expect(timesPowerOfTen(value, power)).toBe(product);
  });
});

describe("quotients", () => {
  const ROWS: readonly (readonly [number, number, Readonly<Record<Rounding, number>>])[] = [
    [30, 10, { down: 3, up: 3, half_up: 3, half_even: 3 }],
    [24, 10, { down: 2, up: 3, half_up: 2, half_even: 2 }],
    [25, 10, { down: 2, up: 3, half_up: 3, half_even: 2 }],
    [26, 10, { down: 2, up: 3, half_up: 3, half_even: 3 }],
    [35, 10, { down: 3, up: 4, half_up: 4, half_even: 4 }],
    [-24, 10, { down: -2, up: -3, half_up: -2, half_even: -2 }],
    [-25, 10, { down: -2, up: -3, half_up: -3, half_even: -2 }],
    [-26, 10, { down: -2, up: -3, half_up: -3, half_even: -3 }],
    [-35, 10, { down: -3, up: -4, half_up: -4, half_even: -4 }],
    [25, -10, { down: -2, up: -3, half_up: -3, half_even: -2 }],
    [-35, -10, { down: 3, up: 4, half_up: 4, half_even: 4 }],
    [1, 10, { down: 0, up: 1, half_up: 0, half_even: 0 }],
    [-1, 10, { down: 0, up: -1, half_up: 0, half_even: 0 }],
    [0, 10, { down: 0, up: 0, half_up: 0, half_even: 0 }],
  ];
  const HUGE = 10n ** 25n;

  it.each(ROWS)("%i over %i is the same for numbers of every size", (over, under, expected) => {
    for (const [rounding, quotient] of Object.entries(expected) as [Rounding, number][]) {
      expect(divide(over, under, rounding)).toBe(quotient);
      expect(divide(BigInt(over) * HUGE, BigInt(under) * HUGE, rounding)).toBe(quotient);
    }
  });

  it("of a small and a huge number are exact too, whichever is the divisor", () => {
    expect(divide(1, HUGE, "down")).toBe(0);
    expect(divide(1, HUGE, "up")).toBe(1);
    expect(divide(-1, HUGE, "up")).toBe(-1);
    expect(divide(HUGE, 2, "down")).toBe(5n * 10n ** 24n);
    expect(divide(BEYOND, 2, "half_even")).toBe(4_503_599_627_370_496);
    expect(divide(BEYOND, -2, "up")).toBe(-4_503_599_627_370_497);
  });

  it.each<readonly [Whole, Whole, boolean]>([
    [30, 10, true],
    [35, 10, false],
    [0, 10, true],
    [-30, 10, true],
    [10n ** 20n, 10, true],
    [10n ** 20n + 1n, 10, false],
    [7, 10n ** 20n, false],
    [10n ** 21n, 10n ** 20n, true],
  ])("%s can be divided by %s: %s", (value, divisor, expected) => {
    expect(isDivisible(value, divisor)).toBe(expected);
  });
});

describe("zeros at the end", () => {
  it.each<readonly [Whole, number, number]>([
    [1_200, 9, 2],
    [12_345, 9, 0],
    [10_000, 3, 3],
    [10_000, 4, 4],
    [10_000, 5, 4],
    [1_000_000_000, 20, 9],
    [0, 7, 7],
    [10n ** 25n, 30, 25],
    [10n ** 25n, 17, 17],
    [10n ** 25n + 10n, 30, 1],
  ])("%s has, of at most %i, %i", (value, most, zeros) => {
    expect(trailingZeros(value, most)).toBe(zeros);
  });
});
