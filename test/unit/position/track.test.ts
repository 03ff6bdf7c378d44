// What a position keeps of its facts: how far back one may come late, and what is taken out again.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { inverseFact } from "../../../src/domain/position/fold.ts";
import { flatHolding } from "../../../src/domain/position/holding.ts";
import type { PositionFact, PositionState } from "../../../src/domain/position/state.ts";
import type { Checkpoint } from "../../../src/domain/position/checkpoints.ts";
import { PositionTrack, TRACK_SIZES } from "../../../src/domain/position/track.ts";
import type { TrackSizes } from "../../../src/domain/position/track.ts";
import { ACCOUNT, executionId, INSTRUMENT } from "../../support/orders.ts";
import { describePosition, factOf } from "./script.ts";

const NOTHING = flatHolding({ accountId: ACCOUNT, instrumentId: INSTRUMENT });
/** A track of facts that belong to no strategy. */
class Track {
  readonly #track: PositionTrack;
  readonly reached: Checkpoint[] = [];
  constructor(sizes: Partial<TrackSizes>, from: Checkpoint | null = null) {
    const start = from ?? { state: NOTHING, place: null };
    this.#track = new PositionTrack(start, { ...TRACK_SIZES, ...sizes }, (checkpoint) =>
      this.reached.push(checkpoint),
    );
  }
  get state(): PositionState {
    return this.#track.state.net;
  }
  add = (of: PositionFact) => this.#track.add({ fact: of, strategyId: null });
  remove = (of: PositionFact) => this.#track.remove({ fact: of, strategyId: null });
}
const D = Decimal.of;
const fact = (text: string, line = 1) => factOf(text.split(" "), line);
const empty = (segmentFacts = TRACK_SIZES.segmentFacts) => new Track({ segmentFacts });
/** Buys of one share at 100, one a line. */
const buys = (...lines: readonly number[]) => lines.map((line) => fact("buy 1@100", line));
function trackOf(facts: readonly PositionFact[], segmentMax?: number): Track {
  const track = empty(segmentMax);
  for (const each of facts) track.add(each);
  return track;
}
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("how late a fact may come", () => {
  it("the very first has its place whatever its instant", () => {
    expect(empty().add(fact("buy 1@100 at 0"))).toBe("applied");
  });

  it("before all others, while those fit into the tail", () => {
    const track = trackOf(buys(...range(11, 10 + 2 * TRACK_SIZES.segmentFacts - 1)));
    expect(track.add(fact("buy 1@100", 2))).toBe("applied");
    expect(track.add(fact("buy 1@100", 1))).toBe("applied");
  });

  it("and still after one came late", () => {
    const track = trackOf(buys(...range(11, 20)));
    for (const line of [3, 2, 1]) expect(track.add(fact("buy 1@100", line))).toBe("applied");
    expect(describePosition(track.state)).toBe("13 cost 1300 avg 100");
  });

  it("behind the segment that was folded, when both segments were full", () => {
    // With two a segment: 1 and 3 are folded, 5 and 7 are old, 9 is young.
    const full = () => trackOf(buys(1, 3, 5, 7, 9), 2);
    expect(full().add(fact("buy 1@100", 4))).toBe("applied");
    expect(full().add(fact("buy 1@100", 2))).toBe("needs_history");
  });

  it("a late one that finds the tail full pushes the oldest out of it, and all count once", () => {
    const track = trackOf(
      [10, 20, 40].map((line) => fact("buy 1@100 at 7", line)),
      1,
    );
    expect(track.add(fact("buy 1@100 at 7", 30))).toBe("applied");
    // The tail has room for two, so that the second is folded as well: what stands before it is too late.
    expect(track.add(fact("buy 1@100 at 7", 15))).toBe("needs_history");
    expect(describePosition(track.state)).toBe("5 cost 500 avg 100");
  });

  it("one between the last two stands there, also when another came late before it", () => {
    const track = trackOf([
      fact("buy 10@100", 2),
      fact("buy 10@100", 3),
      fact("buy 10@100", 4),
      fact("sell 10@130", 6),
    ]);
    track.add(fact("buy 10@100", 1));
    track.add(fact("buy 10@150", 5));
    // 50 cost 5500 when ten were sold at 130.
    expect(describePosition(track.state)).toBe("40 cost 4400 gain 200 avg 110");
  });
});

describe("cash that comes late", () => {
  const full = () => trackOf(buys(1, 3, 5, 7, 9), 2);
  it.each(["dividend 2.5 at 1", "cost -0.5 at 1"])(
    "counts at once, %s: no history is asked for",
    (text) => {
      const track = full();
      expect(track.add(fact(text, 2))).toBe("counted");
      const inOrder = trackOf([...buys(1), fact(text, 2), ...buys(3, 5, 7, 9)], 2);
      expect(track.state).toEqual(inOrder.state);
    },
  );

  it("is taken out again at once, where something newer is there", () => {
    const track = full();
    const paid = fact("dividend 2.5 at 1", 2);
    track.add(paid);
    expect(track.remove(paid)).toBe("counted");
    expect(track.state).toEqual(full().state);
  });

  it.each(["unpaid 2.5 at 1", "split +5 at 1", "transfer +5@90 at 1"])(
    "but not what moves shares or their cost: %s",
    (text) => {
      expect(full().add(fact(text, 2))).toBe("needs_history");
    },
  );
});

describe("checkpoints", () => {
  const SMALL = { segmentFacts: 2, checkpointFacts: 4 };
  const tracked = (count: number, sizes = SMALL): Track => {
    const track = new Track(sizes);
    for (const each of buys(...range(1, count))) track.add(each);
    return track;
  };
  const shown = ({ reached }: Track) =>
    reached.map(({ place, state }) => `${place.at}: ${describePosition(state.net)}`);

  it("are told when so many facts are folded, at the place of the newest in them", () => {
    expect(shown(tracked(12))).toEqual(["4: 4 cost 400 avg 100", "8: 8 cost 800 avg 100"]);
    expect(tracked(8).reached).toHaveLength(1);
    expect(tracked(12).reached[0]?.place).toEqual({ at: 4, id: "e004", kind: "execution" });
  });

  it("are where a track begins that comes to the same", () => {
    const [, second] = tracked(12).reached;
    const track = new Track(SMALL, second);
    expect(track.add(fact("buy 1@100 at 8", 7))).toBe("needs_history");
    const again = new Track(SMALL, second);
    for (const each of buys(...range(9, 12))) expect(again.add(each)).toBe("applied");
    expect(again.state).toEqual(tracked(12).state);
  });

  it("lack what comes late, and the next is told before its turn", () => {
    const seldom = { ...SMALL, checkpointFacts: 100 };
    const track = tracked(12, seldom);
    expect(track.add(fact("dividend 5 at 3", 99))).toBe("counted");
    for (const each of buys(13, 14, 15)) track.add(each);
    expect(shown(track)).toEqual(["12: 12 cost 1200 gain 5 avg 100"]);
  });

  it("are not told of what waits for its history", () => {
    const removed = tracked(12);
    const before = shown(removed);
    expect(removed.remove(fact("buy 1@100", 2))).toBe("needs_history");
    for (const each of buys(...range(13, 24))) removed.add(each);
    expect(shown(removed)).toEqual(before);
    // All of it was taken out, and what comes is older than that was.
    const alone = fact("buy 1@100", 20);
    const { state } = trackOf([alone]);
    const restored = new Track(SMALL, { state: { net: state, shares: new Map() }, place: alone });
    expect(restored.remove(alone)).toBe("needs_history");
    for (const each of buys(...range(1, 12))) restored.add(each);
    expect(shown(restored)).toEqual([]);
  });

  it("wait for a place: from a table none is known until something is folded behind it", () => {
    const { state } = new Track(SMALL);
    const table = {
      net: { ...state, quantity: D("3"), version: 3, updatedAt: 3 },
      shares: new Map(),
    };
    const reached: Checkpoint[] = [];
    const track = new PositionTrack(
      { state: table, place: null },
      { ...TRACK_SIZES, ...SMALL },
      (each) => reached.push(each),
    );
    for (const each of buys(4, 5, 6, 7)) track.add({ fact: each, strategyId: null });
    expect(reached).toEqual([]);
    track.add({ fact: fact("buy 1@100", 8), strategyId: null });
    expect(reached.map(({ place, state: { net } }) => [place.at, net.version])).toEqual([[5, 5]]);
  });
});

describe("one id for two kinds of facts at one instant", () => {
  const id = executionId("x");
  const bought = fact("buy 10@100", 1);
  const sold = { ...fact("sell 5@100 at 7", 2), id };
  const transferred = { ...fact("transfer +10@50 at 7", 3), id };

  it("the adjustment comes first", () => {
    for (const facts of [
      [bought, sold, transferred],
      [bought, transferred, sold],
    ]) {
      // 20 cost 1500 when five were sold at 100.
      expect(describePosition(trackOf(facts).state)).toBe("15 cost 1125 gain 125 avg 75");
    }
  });

  it("each is taken out by itself", () => {
    const track = trackOf([bought, sold, transferred]);
    expect(track.remove(sold)).toBe("applied");
    expect(describePosition(track.state)).toBe("20 cost 1500 avg 75");
  });
});

describe("what unmakes a fact", () => {
  it("is the other side of an execution, and its fees given back", () => {
    const inverse = inverseFact(fact("buy 10@100 fee 1 infee 0.5"));
    expect(inverse).toMatchObject({ side: "sell" });
    expect(inverseFact(inverse)).toEqual(fact("buy 10@100 fee 1 infee 0.5"));
  });

  it("is the opposite of an adjustment", () => {
    const inverse = inverseFact(fact("transfer +10@50 cash 7"));
    expect(inverse).toEqual(fact("transfer -10@50 cash -7"));
  });

  it("is counted at once for an old adjustment that is taken out", () => {
    const old = fact("transfer +10@50 cash 7", 1);
    const track = trackOf([old, ...buys(...range(2, 3 * TRACK_SIZES.segmentFacts))]);
    expect(track.remove(old)).toBe("needs_history");
    expect(track.state.quantity.toString()).toBe(String(3 * TRACK_SIZES.segmentFacts - 1));
    const { realizedGross, costBasis } = track.state;
    expect(realizedGross.minus(costBasis).toString()).toBe(
      String(-100 * (3 * TRACK_SIZES.segmentFacts - 1)),
    );
  });
});
