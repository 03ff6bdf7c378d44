import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exact, money, percent, price } from "../../../src/dashboard/format/exact.ts";
import { Decimal } from "../../../src/domain/decimal.ts";

describe("exact decimals as people read them", () => {
  test.each([
    ["0", "0.00"],
    ["1234567.005", "1,234,567.01"],
    ["-14.652", "−14.65"],
    ["999.995", "1,000.00"],
    ["-0.004", "0.00"],
    ["0.1", "0.10"],
  ])("%s as money is %s", (text, shown) => expect(money(text)).toBe(shown));

  test("a gain has its sign, nothing has none", () => {
    expect(money("5", { signed: true })).toBe("+5.00");
    expect(money("0.001", { signed: true })).toBe("0.00");
    expect(percent("-0.02", { signed: true })).toBe("−0.02 %");
  });

  test("quantities keep their digits up to a bound, without zeros behind", () => {
    expect(exact("0.123456789", { most: 6 })).toBe("0.123457");
    expect(exact("12.500", { most: 6 })).toBe("12.5");
    expect(exact("1000")).toBe("1,000");
  });

  test("small prices keep four digits", () => {
    expect(price("0.5")).toBe("0.5000");
    expect(price("232.5")).toBe("232.50");
  });

  test("what is not known is a dash, never a zero", () => {
    expect([money(null), price(null), percent(undefined), exact("")]).toEqual(Array(4).fill("–"));
  });

  test("it rounds as exact arithmetic does, half away from zero", () => {
    const digits = fc.integer({ min: 0, max: 4 });
    const text = fc
      .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 9 }))
      .map(([whole, scale]) => decimalText(whole, scale));
    fc.assert(
      fc.property(text, digits, (given, kept) => {
        const shown = exact(given, { digits: kept }).replaceAll(",", "").replace("−", "-");
        const right = Decimal.of(given).round(kept, "half_up");
        expect(Decimal.of(shown).toString()).toBe(right.toString());
      }),
    );
  });
});

function decimalText(whole: bigint, scale: number): string {
  const sign = whole < 0n ? "-" : "";
  const figures = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  const point = figures.length - scale;
  return `${sign}${figures.slice(0, point)}${scale === 0 ? "" : `.${figures.slice(point)}`}`;
}
