// A long history folded again: what is kept of it on the way goes into one commit, and is bounded.
import { expect, it } from "vitest";
import type { PositionFact } from "../../../src/domain/position/state.ts";
import { flatHolding } from "../../../src/domain/position/holding.ts";
import { MAX_REACHED, Refolding } from "../../../src/domain/position/refolding.ts";
import { ACCOUNT, INSTRUMENT } from "../../support/orders.ts";
import { factOf } from "./script.ts";

const NOTHING = flatHolding({ accountId: ACCOUNT, instrumentId: INSTRUMENT });
const SIZES = { segmentFacts: 1, checkpointFacts: 2 };
const buy = (line: number): PositionFact => factOf(["buy", "1@100"], line);

function reachedOf(refolding: Refolding, lines: readonly [first: number, last: number]) {
  const [first, last] = lines;
  for (let line = first; line <= last; line += 1)
    refolding.add({ fact: buy(line), strategyId: null });
  return refolding.reached;
}
const fresh = (): Refolding => new Refolding(NOTHING, null, SIZES);

it("keeps every checkpoint of a short history", () => {
  const versions = reachedOf(fresh(), [1, 2 * MAX_REACHED + 2]).map(
    ({ state }) => state.net.version,
  );
  expect(versions).toEqual(Array.from({ length: MAX_REACHED }, (_, index) => 2 * (index + 1)));
});

it.each([2 * MAX_REACHED + 4, 500, 5_000, 20_000])(
  "keeps no more of %i facts, the newest among them, each at its place",
  (facts) => {
    const reached = reachedOf(fresh(), [1, facts]);
    expect(reached).toHaveLength(MAX_REACHED);
    // The newest two facts are the tail.
    expect(reached.at(-1)?.state.net.version).toBe(facts - 2);
    for (const { place, state } of reached) expect(place.at).toBe(buy(state.net.version).at);
  },
);

it("has less to fold again between two of them than stands behind them", () => {
  const facts = 20_000;
  let before = 0;
  for (const { state } of reachedOf(fresh(), [1, facts])) {
    const { version } = state.net;
    expect(version - before).toBeLessThanOrEqual(Math.max(SIZES.checkpointFacts, facts - version));
    before = version;
  }
});

it("measures from the checkpoint that it began with", () => {
  const from = reachedOf(fresh(), [1, 4_000]).at(-1) ?? null;
  const begun = from?.state.net.version ?? 0;
  const reached = reachedOf(new Refolding(NOTHING, from, SIZES), [begun + 1, begun + 400]);
  expect(reached).toHaveLength(MAX_REACHED);
  // Sixty of two hundred are not left out in one piece.
  expect((reached[0]?.state.net.version ?? 0) - begun).toBeLessThanOrEqual(120);
});
