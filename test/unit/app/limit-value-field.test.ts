// A limit's value as JSON gives it goes to the database in the digits that were sent.
import { expect, it } from "vitest";
import { limitValue } from "../../../src/app/limit-value-field.ts";
import { NumberText } from "../../../src/app/number-text.ts";
import { validateLimit } from "../../../src/domain/risk/limit-value.ts";

it.each([
  [null, null],
  [true, "true"],
  ["AAPL,BTC/USD", "AAPL,BTC/USD"],
  [new NumberText("20000.50"), "20000.5"],
  [new NumberText("007"), "7"],
])("%j is %j", (given, text) => {
  expect(limitValue.parse(given)).toBe(text);
});

it.each(["1e5", "1E-7"])("an exponent is refused as a number as it is as a text: %s", (digits) => {
  const text = limitValue.parse(new NumberText(digits));
  expect(text).toBe(digits);
  expect(validateLimit("max_order_notional", text)).toMatch(
    /^max_order_notional must be an amount/,
  );
});
