// A hundred seeds: no invariant breaks, everything comes to rest, every kind of trouble was met. Two files
// of a hundred, so that two cores share them; `npm run sim -- --seeds 10000` for more.
import { describe, it } from "vitest";
import { expectAllMet, expectSound, seedsFrom, type Counts } from "./judged.ts";

const counts: Counts = new Map();

describe("under faults of every kind", () => {
  for (let first = 1; first < 1 + 100; first += 20) {
    // Its expectations are in expectSound.
    // oxlint-disable-next-line vitest/expect-expect
    it(`seeds ${first} to ${first + 19} keep every invariant and come to rest`, () =>
      expectSound(seedsFrom(first, 20), counts));
  }

  // oxlint-disable-next-line vitest/expect-expect
  it("each fault and each way of recovering was met", () =>
    expectAllMet(counts, seedsFrom(201, 100)));
});
