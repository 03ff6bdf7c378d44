import { expect, it } from "vitest";
import { LEISURELY, restsOf } from "../../../src/worker/rests.ts";
import { ManualClock } from "../../support/manual-clock.ts";

it.each([
  { what: "that took no time needs none", partMs: 0, restMs: 0 },
  { what: "is as long as the part", partMs: 20, restMs: 20 },
  { what: "is no longer than the longest", partMs: 4_000, restMs: 50 },
  { what: "of leisure is four times as long", partMs: 20, restMs: 80, leisure: LEISURELY },
  { what: "of leisure has a longest one too", partMs: 4_000, restMs: 200, leisure: LEISURELY },
])("a rest behind a part $what", async ({ partMs, restMs, leisure }) => {
  const clock = new ManualClock();
  const rest = restsOf(clock, new AbortController().signal, leisure);
  for (const part of [1, 2]) {
    await clock.advance(partMs);
    let isOver = false;
    const resting = rest().then(() => (isOver = true));
    if (restMs > 0) {
      await clock.advance(restMs - 1);
      expect([part, isOver]).toEqual([part, false]);
    }
    await clock.advance(1);
    await resting;
    expect(isOver).toBe(true);
    // The millisecond that was too much for a rest of none counts as work.
    if (restMs === 0) break;
  }
});
