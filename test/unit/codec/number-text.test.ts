// Numbers of a request stay the digits that were sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainNotation } from "../../../src/domain/number-text.ts";
import { Decimal } from "../../../src/domain/decimal.ts";

describe("plain notation", () => {
  it.each([
    ["10", "10"],
    ["10.0", "10"],
    ["0.10", "0.1"],
    ["1e-7", "0.0000001"],
    ["1.5E3", "1500"],
    ["12.34e1", "123.4"],
    ["12.34e-3", "0.01234"],
    ["-0", "0"],
    ["-0.0", "0"],
    ["-2.50", "-2.5"],
    ["007", "7"],
    ["9007199254740993", "9007199254740993"],
    ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
  ])("%s is %s", (text, plain) => {
    expect(plainNotation(text)).toBe(plain);
  });

  it.each(["", ".", "1.", ".5", "+1", "1e", "1e999", "NaN", "Infinity", "0x10", "1_000", "1,5"])(
    "%s is no number",
    (text) => {
      expect(plainNotation(text)).toBeNull();
    },
  );

  it("means the same number as JSON does", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
        (n) => {
          const plain = plainNotation(JSON.stringify(n));
          if (plain === null) return Math.abs(n) < 1e-20;
          return Object.is(Number(plain), n === 0 ? 0 : n) && Decimal.tryParse(plain) !== null;
        },
      ),
    );
  });
});
