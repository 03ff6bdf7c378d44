// Every operation on generated numbers, of ordinary size and far beyond a safe integer, gives what
// big.js gives for the same text: another hand's work, so that a mistake would have to be made twice.
import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal, type Rounding } from "../../src/domain/decimal.ts";

const ROUNDINGS: readonly Rounding[] = ["down", "half_up", "half_even", "up"];
const MODES = { down: 0, half_up: 1, half_even: 2, up: 3 } as const;
const RUNS = { numRuns: 2_000 };

const EDGES = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 10n ** 15n, 10n ** 16n, 5n, 0n];
const units = fc.oneof(
  fc.bigInt({ min: -1_000n, max: 1_000n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }),
  fc.constantFrom(...EDGES, ...EDGES.map((edge) => -edge)),
);
/** With zeros at the end as often as not: databases and brokers write them. */
const text = fc
  .tuple(units, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 6 }))
  .map(([whole, scale, zeros]) => written(whole * 10n ** BigInt(zeros), scale + zeros));
const scale = fc.integer({ min: 0, max: 24 });
const rounding = fc.constantFrom(...ROUNDINGS);

function written(value: bigint, digits: number): string {
  const sign = value < 0n ? "-" : "";
  const all = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  const point = all.length - digits;
  return digits === 0 ? sign + all : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

const shown = (value: Big): string => value.toFixed().replace(/^-0$/, "0");

function quotient(over: string, under: string, digits: number, mode: Rounding): string {
  Big.DP = digits;
  Big.RM = MODES[mode];
  return shown(new Big(over).div(new Big(under)));
}

describe("against big.js", () => {
  it("reading, showing, turning and counting digits", () => {
    fc.assert(
      fc.property(text, (a) => {
        const [ours, theirs] = [Decimal.of(a), new Big(a)];
        expect(ours.toString()).toBe(shown(theirs));
        expect(ours.negated().toString()).toBe(shown(theirs.neg()));
        expect(ours.abs().toString()).toBe(shown(theirs.abs()));
        expect(ours.scale()).toBe(shown(theirs).split(".")[1]?.length ?? 0);
        expect(ours.sign()).toBe(theirs.cmp(0));
        expect([ours.isZero(), ours.isPositive(), ours.isNegative()]).toEqual([
          theirs.eq(0),
          theirs.gt(0),
          theirs.lt(0),
        ]);
      }),
      RUNS,
    );
  });

  it("sums, differences, products and the order of two numbers", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [ours, others] = [Decimal.of(a), Decimal.of(b)];
        const [theirs, other] = [new Big(a), new Big(b)];
        expect(ours.plus(others).toString()).toBe(shown(theirs.plus(other)));
        expect(ours.minus(others).toString()).toBe(shown(theirs.minus(other)));
        expect(ours.times(others).toString()).toBe(shown(theirs.times(other)));
        expect(ours.compare(others)).toBe(theirs.cmp(other));
        expect(ours.minus(others).eq(Decimal.ZERO)).toBe(theirs.eq(other));
      }),
      RUNS,
    );
  });

  it("quotients, rounded once, in each direction", () => {
    fc.assert(
      fc.property(text, text, scale, rounding, (a, b, digits, mode) => {
        fc.pre(!Decimal.of(b).isZero());
        const ours = Decimal.of(a).dividedBy(Decimal.of(b), digits, mode);
        expect(ours.toString()).toBe(quotient(a, b, digits, mode));
      }),
      RUNS,
    );
  });

  it("roundings, on a tie and beside it", () => {
    const near = fc
      .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: -1, max: 1 }))
      .map(([half, beside]) => written(half * 5_000n + BigInt(beside), 6));
    fc.assert(
      fc.property(fc.oneof(text, near), scale, rounding, (a, digits, mode) => {
        const theirs = new Big(a).round(digits, MODES[mode]);
        expect(Decimal.of(a).round(digits, mode).toString()).toBe(shown(theirs));
      }),
      RUNS,
    );
  });

  it("multiples, and steps", () => {
    fc.assert(
      fc.property(text, text, fc.maxSafeInteger(), rounding, (a, b, count, mode) => {
        fc.pre(!Decimal.of(b).isZero());
        const [ours, step] = [Decimal.of(a), Decimal.of(b)];
        expect(ours.isMultipleOf(step)).toBe(new Big(a).mod(new Big(b)).eq(0));
        expect(Decimal.ofInteger(count).times(step).isMultipleOf(step)).toBe(true);
        const steps = new Big(quotient(a, b, 0, mode));
        expect(ours.toStep(step, mode).toString()).toBe(shown(steps.times(new Big(b))));
      }),
      RUNS,
    );
  });

  it("a long chain of sums and products keeps every digit", () => {
    const step = fc.tuple(fc.constantFrom("plus", "minus", "times"), text);
    fc.assert(
      fc.property(text, fc.array(step, { minLength: 1, maxLength: 8 }), (start, steps) => {
        let ours = Decimal.of(start);
        let theirs = new Big(start);
        for (const [name, operand] of steps) {
          ours = ours[name](Decimal.of(operand));
          theirs = theirs[name](new Big(operand));
        }
        expect(ours.toString()).toBe(shown(theirs));
      }),
      RUNS,
    );
  });

  it("nothing divides by zero, and nothing is its multiple", () => {
    expect(() => Decimal.ONE.dividedBy(Decimal.ZERO, 2, "down")).toThrow(RangeError);
    expect(() => Decimal.ONE.isMultipleOf(Decimal.of("0.00"))).toThrow(RangeError);
  });
});
