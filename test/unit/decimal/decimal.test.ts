// The edges of exact numbers: what is refused, what rounds which way, what is never shown.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { Rounding } from "../../../src/domain/decimal.ts";

const of = (text: string): Decimal => Decimal.of(text);

describe("reading", () => {
  it.each([
    "NaN",
    "Infinity",
    "-Infinity",
    "1e5",
    "1E5",
    "+1",
    "1.",
    ".5",
    "-.5",
    "01",
    "-01",
    "1,000",
    "1_000",
    "0x10",
    " 1",
    "1 ",
    "",
    "-",
    "--1",
    "1.2.3",
    "1n",
    "١",
    "½",
    "1\n",
  ])("%j is refused", (text) => {
    expect(Decimal.tryParse(text)).toBeNull();
    expect(() => Decimal.of(text)).toThrow(RangeError);
  });

  it.each(["0", "-0", "0.0", "1", "-1", "0.1", "10", "100.50", "0.00000001", "1000000000"])(
    "%j is a number",
    (text) => {
      expect(Decimal.tryParse(text)).not.toBeNull();
    },
  );

  it("text longer than 60 characters is refused unread", () => {
    expect(Decimal.tryParse("1".repeat(60))?.toString()).toBe("1".repeat(60));
    expect(Decimal.tryParse("1".repeat(61))).toBeNull();
  });

  it("whole numbers are taken, fractions and the unsafe are not", () => {
    expect(Decimal.ofInteger(42).toString()).toBe("42");
    expect(Decimal.ofInteger(-1).toString()).toBe("-1");
    for (const value of [0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => Decimal.ofInteger(value)).toThrow(RangeError);
    }
  });
});

describe("showing", () => {
  it.each([
    ["100.50", "100.5"],
    ["0.10", "0.1"],
    ["-0", "0"],
    ["-0.00", "0"],
    ["1000000000000", "1000000000000"],
    ["0.00000001", "0.00000001"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
  ])("%s is shown as %s", (text, shown) => {
    expect(of(text).toString()).toBe(shown);
    expect(JSON.stringify({ value: of(text) })).toBe(`{"value":"${shown}"}`);
  });

  it("a negative nothing shows no sign", () => {
    expect(of("0").negated().toString()).toBe("0");
    expect(of("-1").times(of("0")).toString()).toBe("0");
  });

  it.each(["-0.5", "-0.05", "-12.25", "-1", "-123456789012345678901234567890.5"])(
    "%s keeps its sign and its zeros before the point",
    (text) => {
      expect(of(text).toString()).toBe(text);
    },
  );

  it("what is no number is named in the refusal, as far as it is short", () => {
    expect(() => of("lots")).toThrow(new RangeError("not a plain decimal: lots"));
    expect(() => of("x".repeat(61))).toThrow(
      new RangeError(`not a plain decimal: ${"x".repeat(60)}`),
    );
    expect(() => Decimal.ofInteger(0.5)).toThrow(new RangeError("not a whole number: 0.5"));
  });

  it("a sum of fractions that makes a whole number needs no digits behind the point", () => {
    const one = of("0.5").plus(of("0.5"));
    expect([one.toString(), one.scale()]).toEqual(["1", 0]);
  });

  it("scale counts the digits that are needed", () => {
    expect([of("1.50").scale(), of("100").scale(), of("0.001").scale()]).toEqual([1, 0, 3]);
  });

  it("arithmetic by accident throws", () => {
    expect(() => Number(of("1"))).toThrow(
      new TypeError("a Decimal has no number value: use plus, compare, toString"),
    );
    expect(() => `${of("1") as unknown as number}`).not.toThrow();
  });
});

describe("arithmetic", () => {
  it("a tenth and two tenths are three tenths", () => {
    expect(of("0.1").plus(of("0.2")).eq(of("0.3"))).toBe(true);
  });

  it.each<readonly [string, number, Rounding, string]>([
    ["2.5", 0, "half_even", "2"],
    ["3.5", 0, "half_even", "4"],
    ["-2.5", 0, "half_even", "-2"],
    ["2.5", 0, "half_up", "3"],
    ["-2.5", 0, "half_up", "-3"],
    ["2.4", 0, "half_up", "2"],
    ["2.1", 0, "up", "3"],
    ["-2.1", 0, "up", "-3"],
    ["2.9", 0, "down", "2"],
    ["-2.9", 0, "down", "-2"],
    ["2.345", 2, "half_even", "2.34"],
    ["2.355", 2, "half_even", "2.36"],
    ["1", 5, "up", "1"],
  ])("%s to %i digits, %s, is %s", (text, scale, rounding, expected) => {
    expect(of(text).round(scale, rounding).toString()).toBe(expected);
    expect(of(text).dividedBy(Decimal.ONE, scale, rounding).toString()).toBe(expected);
  });

  it("a quotient a hair above the tie is not rounded to even", () => {
    const hair = of(`0.5${"0".repeat(45)}1`);
    expect(hair.dividedBy(Decimal.ONE, 0, "half_even").toString()).toBe("1");
  });

  it("a quotient a hair below the next number is not rounded up to it", () => {
    const hair = of(`0.${"9".repeat(50)}`);
    expect(hair.dividedBy(Decimal.ONE, 0, "down").toString()).toBe("0");
  });

  it("dividing by nothing throws", () => {
    expect(() => of("1").dividedBy(Decimal.ZERO, 2, "down")).toThrow(/zero/i);
    expect(() => of("1").isMultipleOf(Decimal.ZERO)).toThrow(
      new RangeError("nothing is a multiple of zero"),
    );
  });

  it("the rounding of one division does not leak into the next", () => {
    of("1").dividedBy(of("3"), 2, "up");
    expect(of("2").dividedBy(of("3"), 4, "down").toString()).toBe("0.6666");
  });

  it.each([
    ["150.27", "0.05", "down", "150.25"],
    ["150.27", "0.05", "up", "150.3"],
    ["71540", "100", "half_up", "71500"],
    ["0.00000013", "0.0000001", "down", "0.0000001"],
  ] as const)("%s in steps of %s, %s, is %s", (text, step, rounding, expected) => {
    expect(of(text).toStep(of(step), rounding).toString()).toBe(expected);
  });

  it.each([
    ["0.3", "0.1", true],
    ["0.35", "0.1", false],
    ["-0.3", "0.1", true],
    ["0", "0.1", true],
    ["100", "7", false],
  ] as const)("%s is a multiple of %s: %s", (text, step, expected) => {
    expect(of(text).isMultipleOf(of(step))).toBe(expected);
  });

  it("comparisons read like words", () => {
    const [one, two] = [of("1"), of("2")];
    expect([one.lt(two), one.lte(one), two.gt(one), two.gte(two), one.eq(of("1.0"))]).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect([two.lt(one), two.lte(one), one.gt(two), one.gte(two), one.eq(two)]).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(Decimal.max(one, two, of("1.5")).toString()).toBe("2");
    expect(Decimal.min(two, one, of("1.5")).toString()).toBe("1");
    expect(Decimal.sum([one, two, of("0.5")]).toString()).toBe("3.5");
    expect(Decimal.sum([]).toString()).toBe("0");
  });
});
