// Loaded before every test file. Decimal hides its value in a private field, so structural equality
// would call any two of them equal; this makes `toEqual` compare their exact text instead.
import { expect } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";

expect.addEqualityTesters([
  (left: unknown, right: unknown) => {
    const both = left instanceof Decimal && right instanceof Decimal;
    if (both) return left.eq(right);
    return left instanceof Decimal || right instanceof Decimal ? false : undefined;
  },
]);

expect.addSnapshotSerializer({
  test: (value: unknown) => value instanceof Decimal,
  serialize: (value: Decimal) => `Decimal(${value.toString()})`,
});
