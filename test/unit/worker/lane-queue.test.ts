import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LaneQueue } from "../../../src/worker/lane-queue.ts";

const item = (number: number) => ({ number });
const numbersOf = (items: readonly { number: number }[]) => items.map(({ number }) => number);

describe("a lane", () => {
  test("starts behind the last decided number and ignores what is older", () => {
    const lane = new LaneQueue(3, 10);
    for (const number of [2, 3, 4]) lane.offer(item(number));
    expect(numbersOf(lane.take(10))).toEqual([4]);
  });

  test("waits for a missing number and then goes on in order", () => {
    const lane = new LaneQueue(0, 10);
    lane.offer(item(1));
    lane.offer(item(3));
    expect(lane.hasGap).toBe(true);
    expect(numbersOf(lane.take(10))).toEqual([1]);
    lane.offer(item(2));
    expect(lane.hasGap).toBe(false);
    expect(numbersOf(lane.take(10))).toEqual([2, 3]);
  });

  test("a batch that was not committed comes first again", () => {
    const lane = new LaneQueue(0, 10);
    for (const number of [1, 2, 3]) lane.offer(item(number));
    const batch = lane.take(2);
    lane.putBack(batch);
    expect(numbersOf(lane.take(10))).toEqual([1, 2, 3]);
  });

  test("what comes in any order, repeated, leaves in order and once", () => {
    const arrivals = fc.integer({ min: 1, max: 60 }).chain((count) =>
      fc.shuffledSubarray(
        Array.from({ length: count * 2 }, (_, index) => (index % count) + 1),
        { minLength: count * 2 },
      ),
    );
    fc.assert(
      fc.property(arrivals, (numbers) => {
        const lane = new LaneQueue(0, 1_000);
        for (const number of numbers) lane.offer(item(number));
        const highest = Math.max(...numbers);
        expect(numbersOf(lane.take(1_000))).toEqual(
          Array.from({ length: highest }, (_, index) => index + 1),
        );
      }),
    );
  });
});
