// The laws of exact numbers, on random ones, against whole numbers of any length as the other opinion.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";
import type { Rounding } from "../../src/domain/decimal.ts";

/** A decimal and the same number as a whole number of 10^-scale. */
interface Both {
  readonly decimal: Decimal;
  readonly units: bigint;
  readonly scale: number;
}

const both: fc.Arbitrary<Both> = fc
  .record({ units: fc.bigInt(-(10n ** 20n), 10n ** 20n), scale: fc.integer({ min: 0, max: 9 }) })
  .map(({ units, scale }) => ({ units, scale, decimal: Decimal.of(textOf(units, scale)) }));
const anyDecimal = both.map(({ decimal }) => decimal);
const nonZero = anyDecimal.filter((value) => !value.isZero());
const roundings: readonly Rounding[] = ["down", "half_up", "half_even", "up"];

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** units / divisor as a whole number, rounded by name. */
function quotient(units: bigint, divisor: bigint, rounding: Rounding): bigint {
  const isNegative = units < 0n !== divisor < 0n;
  const [top, bottom] = [abs(units), abs(divisor)];
  const down = top / bottom;
  const twice = (top % bottom) * 2n;
  const roundsUp: Record<Rounding, boolean> = {
    down: false,
    up: twice > 0n,
    half_up: twice >= bottom,
    half_even: twice > bottom || (twice === bottom && down % 2n === 1n),
  };
  const result = roundsUp[rounding] ? down + 1n : down;
  return isNegative ? -result : result;
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

describe("decimals", () => {
  it("come out of text as they went in", () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(Decimal.of(value.toString())).toEqual(value);
      }),
    );
  });

  it("add, whatever the order", () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        expect(a.plus(b)).toEqual(b.plus(a));
        expect(a.plus(b).plus(c)).toEqual(a.plus(b.plus(c)));
        expect(a.plus(b).minus(b)).toEqual(a);
        expect(a.minus(b)).toEqual(b.minus(a).negated());
        expect(a.plus(Decimal.ZERO)).toEqual(a);
      }),
    );
  });

  it("multiply, whatever the order, and over sums", () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        expect(a.times(b)).toEqual(b.times(a));
        expect(a.times(b).times(c)).toEqual(a.times(b.times(c)));
        expect(a.times(b.plus(c))).toEqual(a.times(b).plus(a.times(c)));
        expect(a.times(Decimal.ONE)).toEqual(a);
        expect(a.times(Decimal.ZERO).isZero()).toBe(true);
      }),
    );
  });

  it("agree with whole numbers of units", () => {
    fc.assert(
      fc.property(both, both, (a, b) => {
        const product = Decimal.of(textOf(a.units * b.units, a.scale + b.scale));
        expect(a.decimal.times(b.decimal)).toEqual(product);
        const [left, right] = [a.units * 10n ** BigInt(b.scale), b.units * 10n ** BigInt(a.scale)];
        expect(a.decimal.plus(b.decimal)).toEqual(
          Decimal.of(textOf(left + right, a.scale + b.scale)),
        );
        expect(a.decimal.compare(b.decimal)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  it("divide once rounded, by every name", () => {
    const scales = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(both, both, scales, fc.constantFrom(...roundings), (a, b, scale, rounding) => {
        fc.pre(b.units !== 0n);
        const top = a.units * 10n ** BigInt(b.scale + scale);
        const expected = quotient(top, b.units * 10n ** BigInt(a.scale), rounding);
        expect(a.decimal.dividedBy(b.decimal, scale, rounding)).toEqual(
          Decimal.of(textOf(expected, scale)),
        );
      }),
    );
  });

  it("round as they divide by one", () => {
    const scales = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(anyDecimal, scales, fc.constantFrom(...roundings), (a, scale, rounding) => {
        expect(a.round(scale, rounding)).toEqual(a.dividedBy(Decimal.ONE, scale, rounding));
      }),
    );
  });

  it("fall on steps, never past them", () => {
    fc.assert(
      fc.property(anyDecimal, nonZero, (value, of) => {
        const step = of.abs();
        const down = value.toStep(step, "down");
        expect(down.isMultipleOf(step)).toBe(true);
        expect(down.abs().lte(value.abs())).toBe(true);
        expect(value.minus(down).abs().lt(step)).toBe(true);
        expect(value.isMultipleOf(step)).toBe(down.eq(value));
      }),
    );
  });

  it("know their sign", () => {
    fc.assert(
      fc.property(anyDecimal, (a) => {
        expect([a.isNegative(), a.isZero(), a.isPositive()].filter(Boolean)).toHaveLength(1);
        expect(a.sign()).toBe(a.isZero() ? 0 : a.isNegative() ? -1 : 1);
        expect(a.abs().isNegative()).toBe(false);
        expect(a.negated().negated()).toEqual(a);
        expect(Decimal.max(a, a.negated())).toEqual(a.abs());
        expect(Decimal.min(a, a.negated())).toEqual(a.abs().negated());
      }),
    );
  });

  it("refuse every text that is not plainly a number", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = Decimal.tryParse(text);
        expect(parsed === null).toBe(!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) || text.length > 60);
      }),
    );
  });
});
