// The fewest that fit: one, else two; of very many no pairs.
import { describe, expect, it } from "vitest";
import { fewest } from "../../../src/domain/order/fewest.ts";

const sum =
  (wanted: number) =>
  (...chosen: readonly number[]) =>
    chosen.reduce((total, each) => total + each, 0) === wanted;

describe("the fewest that fit", () => {
  it.each([
    [[1, 2, 3], 3, [3]],
    [[1, 2, 4], 5, [1, 4]],
    [[1, 2, 4], 6, [2, 4]],
    [[2, 2], 4, [2, 2]],
    [[1, 2, 4], 7, null],
    [[], 0, null],
  ])("of %j for %d", (among, wanted, chosen) => {
    expect(fewest(among, sum(wanted))).toEqual(chosen);
  });

  it("none is taken twice", () => {
    expect(fewest([3, 2], sum(4))).toBeNull();
    expect(fewest([3, 2], sum(6))).toBeNull();
  });

  it("pairs are looked for among forty, and not among more", () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => 2 ** index);
    const firstTwo = sum(2 ** 0 + 2 ** 1);
    expect(fewest(many(40), firstTwo)).toEqual([1, 2]);
    expect(fewest(many(41), firstTwo)).toBeNull();
    expect(fewest(many(41), sum(2))).toEqual([2]);
  });
});
