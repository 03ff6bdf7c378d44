// The ledger of an account: net and per strategy, totals per currency, what it keeps and what it asks for.
import { describe, expect, it } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId, StrategyId } from "../../../src/domain/ids.ts";
import { averageCost, cashOf, unrealized } from "../../../src/domain/position/fold.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import type { PositionState } from "../../../src/domain/position/state.ts";
import { TRACK_SIZES } from "../../../src/domain/position/track.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { ACCOUNT, executionId, INSTRUMENT } from "../../support/orders.ts";
import { describePosition, factOf } from "./script.ts";
import { rebuild } from "../../support/position-history.ts";

const TREND = asId<StrategyId>("trend");
const REVERT = asId<StrategyId>("revert");
const SAMSUNG = asId<InstrumentId>("XKRX:005930");
const net = { instrumentId: INSTRUMENT, strategyId: null };
const trend = { instrumentId: INSTRUMENT, strategyId: TREND };
const revert = { instrumentId: INSTRUMENT, strategyId: REVERT };
const sizes = (segmentFacts = TRACK_SIZES.segmentFacts) => ({ ...TRACK_SIZES, segmentFacts });
const fact = (text: string, line = 1) => factOf(text.split(" "), line);
const shown = (ledger: PositionLedger): readonly string[] =>
  [...ledger.of(INSTRUMENT)].map(
    (state) => `${state.strategyId ?? "net"} ${describePosition(state)}`,
  );

const named = (state: PositionState): string =>
  `${state.accountId} ${state.instrumentId} ${state.strategyId ?? "net"}: ${describePosition(state)}`;

describe("strategies", () => {
  it("share one net position and each have their own", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100", 1), trend);
    ledger.apply(fact("sell 4@110", 2), revert);
    expect(shown(ledger)).toEqual([
      "net 6 cost 600 gain 40 avg 100",
      "trend 10 cost 1000 avg 100",
      "revert -4 cost -440 avg 110",
    ]);
  });

  it("have every share that they ever held, before a restart and after it", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100", 1), trend);
    ledger.apply(fact("sell 10@110", 2), trend);
    ledger.apply(fact("buy 2@70000", 3), { instrumentId: SAMSUNG, strategyId: TREND });
    ledger.apply(fact("buy 1@100", 4), revert);
    const restored = PositionLedger.restore(ACCOUNT, ledger.all());
    for (const each of [ledger, restored]) {
      expect([...each.strategies()]).toEqual([TREND, REVERT]);
      expect([...each.sharesOf(TREND)].map(named)).toEqual([
        `${ACCOUNT} ${INSTRUMENT} trend: 0 gain 100`,
        `${ACCOUNT} ${SAMSUNG} trend: 2 cost 140000 avg 70000`,
      ]);
    }
  });

  it("what belongs to none counts in the net alone", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("opening +5@90", 1), net);
    expect(shown(ledger)).toEqual(["net 5 cost 450 avg 90"]);
    expect(ledger.ofStrategy(INSTRUMENT, TREND)).toBeUndefined();
  });
});

describe("what no strategy did", () => {
  const FIRST = asId<StrategyId>("a");
  const SECOND = asId<StrategyId>("b");
  const THIRD = asId<StrategyId>("c");
  /** `a buy 10@100`: whose fact it is (`-`: nobody's), and the fact. The quantities of all that is held. */
  function play(...lines: readonly string[]): PositionLedger {
    const ledger = new PositionLedger(ACCOUNT);
    for (const [index, line] of lines.entries()) {
      const [who = "", ...words] = line.split(" ");
      const strategyId = who === "-" ? null : asId<StrategyId>(who);
      ledger.apply(factOf(words, index + 1), { instrumentId: INSTRUMENT, strategyId });
    }
    return ledger;
  }
  const held = (ledger: PositionLedger): string =>
    [...ledger.of(INSTRUMENT)]
      .map(({ strategyId, quantity }) => `${strategyId ?? "net"} ${quantity}`)
      .join(", ");

  it("takes from the strategy what is gone, at its price", () => {
    const ledger = play("trend buy 10@100", "- sell 10@110 fee 1");
    expect(shown(ledger)).toEqual(["net 0 gain 100 fees 1", "trend 0 gain 100"]);
  });

  it("takes what is nobody's first", () => {
    const ledger = play("trend buy 10@100", "- buy 5@100", "- sell 4@100");
    expect(held(ledger)).toBe("net 11, trend 10");
    ledger.apply(fact("sell 3@100", 4), net);
    expect(held(ledger)).toBe("net 8, trend 8");
  });

  it("takes the rest in proportion, and what rounding leaves from the largest", () => {
    expect(held(play("a buy 6@1", "b buy 4@1", "- sell 5@1"))).toBe("net 5, a 3, b 2");
    expect(held(play("a buy 3@1", "b buy 4@1", "- sell 3@1"))).toBe("net 4, a 2, b 2");
    expect(held(play("a buy 0.3@1", "b buy 0.4@1", "- sell 0.3@1"))).toBe("net 0.4, a 0.2, b 0.2");
  });

  it("counts in the finest step of those that hold or trade it", () => {
    expect(held(play("a buy 1.5@1", "b buy 1.5@1", "- sell 1@1"))).toBe("net 2, a 1, b 1");
    expect(held(play("a buy 3@1", "b buy 1@1", "- sell 0.2@1"))).toBe("net 3.8, a 2.8, b 1");
  });

  it("takes from equals by their names, whoever was first to hold", () => {
    expect(held(play("b buy 1@1", "a buy 1@1", "- sell 1@1"))).toBe("net 1, b 1, a 0");
    expect(held(play("a buy 1@1", "b buy 1@1", "- sell 1@1"))).toBe("net 1, a 0, b 1");
  });

  it("takes from nobody more than it holds, and from equals by their names", () => {
    expect(held(play("c buy 1@1", "a buy 1@1", "b buy 1@1", "- sell 2@1"))).toBe(
      "net 1, c 1, a 0, b 0",
    );
  });

  it("leaves alone whoever stands on the other side", () => {
    expect(held(play("a buy 15@1", "b sell 5@1", "- sell 4@1"))).toBe("net 6, a 11, b -5");
  });

  it("opens nothing for a strategy: not what is added, not what goes through zero", () => {
    expect(held(play("a buy 10@1", "- buy 5@1"))).toBe("net 15, a 10");
    expect(held(play("a buy 10@1", "- sell 15@1"))).toBe("net -5, a 0");
    expect(held(play("a buy 10@1", "a sell 10@1", "- sell 5@1"))).toBe("net -5, a 0");
  });

  it("covers a short in the same way", () => {
    const ledger = play("trend sell 10@100", "- buy 4@90");
    expect(shown(ledger)).toEqual([
      "net -6 cost -600 gain 40 avg 100",
      "trend -6 cost -600 gain 40 avg 100",
    ]);
  });

  it("counts a fee in the asset as gone too", () => {
    expect(held(play("a buy 10@1", "- sell 4@1 infee 1"))).toBe("net 5, a 5");
    expect(held(play("a buy 10@1", "- feecoin -0.5"))).toBe("net 9.5, a 9.5");
  });

  it("is a correction or a transfer as well as a fill, and never the rest of a split", () => {
    expect(shown(play("a buy 10@100", "- correction -4@110"))).toEqual([
      "net 6 cost 600 gain 40 avg 100",
      "a 6 cost 600 gain 40 avg 100",
    ]);
    expect(held(play("a buy 10@100", "- transfer -10"))).toBe("net 0, a 0");
    expect(held(play("a buy 10@100", "- split -5"))).toBe("net 5, a 10");
  });

  it("is given back when it is busted", () => {
    const ledger = play("a buy 6@1", "b buy 4@1", "- sell 5@1");
    ledger.bust(factOf(["sell", "5@1"], 3), net);
    expect(held(ledger)).toBe("net 10, a 6, b 4");
  });

  it("comes to the same in whatever order it is told", () => {
    const lines = ["a buy 6@1 at 1", "- sell 5@1 at 3", "b buy 4@1 at 2"];
    expect(held(play(...lines))).toBe("net 5, a 3, b 2");
  });

  it("is known after a restart", () => {
    const before = play("a buy 6@1", "b buy 4@1");
    const ledger = PositionLedger.restore(ACCOUNT, [...before.all()].toReversed());
    ledger.apply(factOf(["sell", "5@1"], 3), net);
    const quantities = [FIRST, SECOND, THIRD].map((id) => ledger.ofStrategy(INSTRUMENT, id));
    expect(quantities.map((state) => state?.quantity.toString())).toEqual(["3", "2", undefined]);
  });
});

describe("a fact that is taken out when its place in the fold is not known any more", () => {
  const old = (): PositionLedger => {
    const ledger = new PositionLedger(ACCOUNT, sizes(1));
    ["buy 10@100", "buy 5@100", "buy 1@100", "buy 2@100"].forEach((text, index) => {
      ledger.apply(fact(text, index + 1), index === 1 ? net : trend);
    });
    return ledger;
  };
  const versions = (ledger: PositionLedger) => [
    ledger.net(INSTRUMENT)?.version,
    ledger.ofStrategy(INSTRUMENT, TREND)?.version,
  ];

  it("leaves quantities and counts as if it had never been: a strategy's", () => {
    const ledger = old();
    expect(versions(ledger)).toEqual([4, 3]);
    ledger.bust(fact("buy 10@100", 1), trend);
    expect(shown(ledger)).toEqual(["net 8 cost 800 avg 100", "trend 3 cost 300 avg 100"]);
    expect(versions(ledger)).toEqual([3, 2]);
  });

  it("and nobody's", () => {
    const ledger = old();
    ledger.bust(fact("buy 5@100", 2), net);
    expect(shown(ledger)).toEqual(["net 13 cost 1300 avg 100", "trend 13 cost 1300 avg 100"]);
    expect(versions(ledger)).toEqual([3, 3]);
  });
});

describe("what was held at an instant", () => {
  const at = (ledger: PositionLedger, instant: number): string | null => {
    const then = ledger.heldAt(INSTRUMENT, instant);
    if (then === null) return null;
    const shares = [...then.shares].map(([name, share]) => `${name} ${share.quantity}`);
    return [`net ${then.net.quantity}`, ...shares].join(", ");
  };
  /** Buys of the strategy at the instants 10, 20, 30 and so on. */
  const bought = (count: number, segment?: number): PositionLedger => {
    const ledger = new PositionLedger(ACCOUNT, sizes(segment));
    for (let line = 1; line <= count; line += 1) {
      ledger.apply(fact(`buy ${line}@100 at ${line * 10}`, line), trend);
    }
    return ledger;
  };

  it("is the fold of what had happened by then", () => {
    const ledger = bought(3);
    expect([0, 9, 10, 19, 20, 30, 99].map((instant) => at(ledger, instant))).toEqual([
      ...["net 0", "net 0", "net 1, trend 1", "net 1, trend 1", "net 3, trend 3"],
      ...["net 6, trend 6", "net 6, trend 6"],
    ]);
    expect(at(new PositionLedger(ACCOUNT), 5)).toBe("net 0");
  });

  it("is not known where it lies behind what is at hand", () => {
    const ledger = bought(6, 1);
    expect([10, 30, 40, 49, 50, 60].map((instant) => at(ledger, instant))).toEqual([
      ...[null, null, "net 10, trend 10", "net 10, trend 10"],
      ...["net 15, trend 15", "net 21, trend 21"],
    ]);
  });

  it("of a position from a table is known from its newest fact on", () => {
    const restored = PositionLedger.restore(ACCOUNT, bought(3).all());
    expect([29, 30].map((instant) => at(restored, instant))).toEqual([null, "net 6, trend 6"]);
    const empty = PositionLedger.restore(ACCOUNT, []);
    expect(at(empty, 1)).toBe("net 0");
  });

  it("and each of the newest facts is found by its id, the last of that name", () => {
    const ledger = bought(2, 1);
    const newest = fact("buy 2@100 at 20", 2);
    expect(ledger.recent(INSTRUMENT, newest.id)).toEqual(newest);
    expect(ledger.recent(INSTRUMENT, "nobody's")).toBeUndefined();
    expect(ledger.recent(SAMSUNG, newest.id)).toBeUndefined();
  });
});

describe("a strategy of which a bust left nothing", () => {
  it("still has a share, which is flat: its row has to say so", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100", 1), trend);
    ledger.bust(fact("buy 10@100", 1), trend);
    expect(shown(ledger)).toEqual(["net 0", "trend 0"]);
    expect(ledger.ofStrategy(INSTRUMENT, TREND)?.quantity.toString()).toBe("0");
  });
});

describe("what is open", () => {
  it("is the net that is not flat", () => {
    const ledger = new PositionLedger(ACCOUNT);
    expect(ledger.openCount).toBe(0);
    ledger.apply(fact("buy 10@100", 1), trend);
    expect([...ledger.open()].map((state) => state.quantity.toString())).toEqual(["10"]);
    ledger.apply(fact("sell 10@100", 2), revert);
    expect(ledger.openCount).toBe(0);
    expect([...ledger.open()]).toEqual([]);
    expect(ledger.quantity(INSTRUMENT).isZero()).toBe(true);
    expect(ledger.ofStrategy(INSTRUMENT, TREND)?.quantity.toString()).toBe("10");
  });

  it("of what was never held is nothing", () => {
    const ledger = new PositionLedger(ACCOUNT);
    expect(ledger.net(INSTRUMENT)).toBeUndefined();
    expect(ledger.quantity(INSTRUMENT).isZero()).toBe(true);
    expect([...ledger.of(INSTRUMENT)]).toEqual([]);
    expect(ledger.ofStrategy(INSTRUMENT, TREND)).toBeUndefined();
    expect([...ledger.sharesOf(TREND)]).toEqual([]);
  });
});

describe("totals", () => {
  const currencyOf = (id: InstrumentId): string => (id === SAMSUNG ? "KRW" : "USD");
  const read = (ledger: PositionLedger): readonly string[] =>
    [...ledger.totals(currencyOf)].map(
      ([currency, { realizedGross, fees }]) => `${currency} ${realizedGross} ${fees}`,
    );

  it("stand per currency and follow every change", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100 fee 1", 1), trend);
    ledger.apply(fact("sell 10@110 fee 1", 2), trend);
    ledger.apply(fact("buy 1@70000", 3), { instrumentId: SAMSUNG, strategyId: null });
    ledger.apply(fact("sell 1@71000", 4), { instrumentId: SAMSUNG, strategyId: null });
    expect(read(ledger)).toEqual(["USD 100 2", "KRW 1000 0"]);
    expect(read(ledger)).toEqual(["USD 100 2", "KRW 1000 0"]);
    ledger.bust(fact("sell 10@110 fee 1", 2), trend);
    expect(read(ledger)).toEqual(["USD 0 1", "KRW 1000 0"]);
  });

  it("are the same after a restart, in whatever order the rows come", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100 fee 1", 1), trend);
    ledger.apply(fact("sell 10@110 fee 1", 2), trend);
    ledger.apply(fact("buy 1@100", 3), net);
    for (const rows of [[...ledger.all()], [...ledger.all()].toReversed()]) {
      const restored = PositionLedger.restore(ACCOUNT, rows);
      expect(read(restored)).toEqual(["USD 100 2"]);
      expect(shown(restored)).toEqual(shown(ledger));
    }
  });

  it("of cash are what was paid and received, of what is held and what is flat", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const cash = () => [...ledger.cash(currencyOf)].map(([currency, sum]) => `${currency} ${sum}`);
    expect(cash()).toEqual([]);
    ledger.apply(fact("buy 10@100 fee 1", 1), trend);
    ledger.apply(fact("sell 4@110 fee 1", 2), trend);
    const state = ledger.net(INSTRUMENT);
    // 1001 went and 439 came.
    expect(cash()).toEqual(["USD -562"]);
    expect(state && cashOf(state).toString()).toBe("-562");
    ledger.apply(fact("sell 6@110", 3), trend);
    ledger.apply(fact("buy 1@70000", 4), { instrumentId: SAMSUNG, strategyId: null });
    expect(cash()).toEqual(["USD 98", "KRW -70000"]);
  });
});

describe("a rebuild", () => {
  it("shows in what is open, in the totals and in the shares", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100", 1), net);
    expect(
      ledger
        .totals(() => "USD")
        .get("USD")
        ?.realizedGross.toString(),
    ).toBe("0");
    rebuild(ledger, INSTRUMENT, [
      { fact: fact("buy 10@100", 1), strategyId: TREND },
      { fact: fact("sell 10@110", 2), strategyId: TREND },
    ]);
    expect(ledger.openCount).toBe(0);
    expect(
      ledger
        .totals(() => "USD")
        .get("USD")
        ?.realizedGross.toString(),
    ).toBe("100");
    expect(shown(ledger)).toEqual(["net 0 gain 100", "trend 0 gain 100"]);
  });
});

describe("a rebuild of several shares", () => {
  it("gives each its own facts, in their own order, under its own name", () => {
    const ledger = new PositionLedger(ACCOUNT);
    rebuild(ledger, INSTRUMENT, [
      { fact: fact("sell 5@120", 3), strategyId: TREND },
      { fact: fact("buy 2@90", 2), strategyId: REVERT },
      { fact: fact("buy 10@100", 1), strategyId: TREND },
    ]);
    expect([...ledger.all()].map(named)).toEqual([
      // 12 cost 1180, of which 5 are sold for 600.
      `${ACCOUNT} ${INSTRUMENT} net: 7 cost 688.333333333333333333 gain 108.333333333333333333 avg 98.333333333333`,
      `${ACCOUNT} ${INSTRUMENT} trend: 5 cost 500 gain 100 avg 100`,
      `${ACCOUNT} ${INSTRUMENT} revert: 2 cost 180 avg 90`,
    ]);
  });
});

describe("late facts", () => {
  it("inside the tail are folded in their place", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("buy 10@100", 1), net);
    ledger.apply(fact("sell 5@120", 3), net);
    expect(ledger.apply(fact("buy 10@110", 2), net)).toBe("applied");
    expect(shown(ledger)).toEqual(["net 15 cost 1575 gain 75 avg 105"]);
    expect(ledger.incomplete.size).toBe(0);
  });

  it("older than what is kept count at once, and ask for the history", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const count = 3 * TRACK_SIZES.segmentFacts;
    const facts = Array.from({ length: count }, (_, index) => fact("buy 1@100", index + 10));
    for (const each of facts) ledger.apply(each, net);
    const late = fact("sell 4@90", 1);
    expect(ledger.apply(late, net)).toBe("needs_history");
    expect([...ledger.incomplete]).toEqual([INSTRUMENT]);
    expect(ledger.changedSince(INSTRUMENT)).toEqual(late);
    expect(ledger.quantity(INSTRUMENT).toString()).toBe(String(count - 4));
    const all = [...facts, late].map((each) => ({ fact: each, strategyId: null }));
    rebuild(ledger, INSTRUMENT, all);
    expect(ledger.incomplete.size).toBe(0);
    // Short 4 at 90, covered at 100, then long.
    expect(shown(ledger)).toEqual([`net ${count - 4} cost ${(count - 4) * 100} gain -40 avg 100`]);
  });

  it("leave one checkpoint at a place that was reached before and is reached again", () => {
    const ledger = new PositionLedger(ACCOUNT, { segmentFacts: 2, checkpointFacts: 4 });
    const facts = Array.from({ length: 14 }, (_, index) => fact("buy 1@100", index + 1));
    for (const each of facts) ledger.apply(each, net);
    const late = fact("buy 1@100 at 6", 99);
    expect(ledger.apply(late, net)).toBe("needs_history");
    const since = ledger.changedSince(INSTRUMENT);
    const refolding = ledger.refold(INSTRUMENT, null);
    for (const each of facts.toSpliced(6, 0, late)) refolding.add({ fact: each, strategyId: null });
    ledger.adopt(INSTRUMENT, refolding, since);
    const [change] = ledger.takeCheckpoints();
    const told = change?.reached.map(
      ({ place, state }) => `${place.at}: ${describePosition(state.net)}`,
    );
    expect(told).toEqual([
      "4: 4 cost 400 avg 100",
      "7: 8 cost 800 avg 100",
      "11: 12 cost 1200 avg 100",
    ]);
  });

  it("leave a position that goes on to keep checkpoints", () => {
    const ledger = new PositionLedger(ACCOUNT, { segmentFacts: 2, checkpointFacts: 4 });
    const facts = Array.from({ length: 8 }, (_, index) => fact("buy 1@100", index + 10));
    for (const each of facts) ledger.apply(each, net);
    const late = fact("buy 1@100", 1);
    expect(ledger.apply(late, net)).toBe("needs_history");
    const all = [late, ...facts].map((each) => ({ fact: each, strategyId: null }));
    rebuild(ledger, INSTRUMENT, all);
    ledger.takeCheckpoints();
    for (let line = 20; line < 30; line += 1) ledger.apply(fact("buy 1@100", line), net);
    const reached = ledger.takeCheckpoints().flatMap((change) => change.reached);
    expect(reached.map(({ state }) => state.net.version)).toEqual([8, 12, 16]);
  });

  it("of the instant of the checkpoint have their place by id", () => {
    const ledger = new PositionLedger(ACCOUNT, sizes(1));
    for (const line of [1, 2, 4, 5]) ledger.apply(fact("buy 1@100 at 7", line), net);
    // With one fact a segment, the fourth and fifth are the tail and the second is folded.
    expect(ledger.apply(fact("buy 1@100 at 7", 3), net)).toBe("applied");
    expect(ledger.apply(fact("buy 1@100 at 7", 0), net)).toBe("needs_history");
  });

  it("told again are known", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const [first, second] = [fact("buy 10@100", 1), fact("buy 5@110", 2)];
    for (const each of [first, second]) ledger.apply(each, net);
    expect(ledger.apply(first, net)).toBe("known");
    expect(ledger.apply(second, net)).toBe("known");
    expect(shown(ledger)).toEqual(["net 15 cost 1550 avg 103.333333333333"]);
  });

  it("with the id of another kind of fact are not that fact", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply({ ...fact("buy 10@100 at 7"), id: executionId("x") }, net);
    const split = { ...fact("split +10 at 7", 2), id: executionId("x") };
    // The adjustment comes first by its kind: there is nothing to split yet.
    expect(ledger.apply(split, net)).toBe("applied");
    expect(shown(ledger)).toEqual(["net 20 cost 1000 avg 50"]);
    expect(ledger.bust(split, net)).toBe("applied");
    expect(shown(ledger)).toEqual(["net 10 cost 1000 avg 100"]);
  });

  it("of the instant at which the rows end ask for the history after a restart", () => {
    const before = new PositionLedger(ACCOUNT);
    before.apply(fact("buy 10@100", 5), net);
    const ledger = PositionLedger.restore(ACCOUNT, before.all());
    expect(ledger.apply(fact("buy 10@100 at 5", 6), net)).toBe("needs_history");
    expect(ledger.quantity(INSTRUMENT).toString()).toBe("20");
  });

  it("after that instant just go on", () => {
    const before = new PositionLedger(ACCOUNT);
    before.apply(fact("buy 10@100", 5), net);
    const ledger = PositionLedger.restore(ACCOUNT, before.all());
    expect(ledger.apply(fact("sell 10@110", 6), net)).toBe("applied");
    expect(shown(ledger)).toEqual(["net 0 gain 100"]);
  });

  it("a bust of what is long folded away is right in quantity and money at once", () => {
    const ledger = PositionLedger.restore(ACCOUNT, []);
    const facts = Array.from({ length: 3 * TRACK_SIZES.segmentFacts }, (_, index) =>
      fact(`buy 1@${100 + index}`, index + 1),
    );
    for (const each of facts) ledger.apply(each, net);
    const [first] = facts;
    if (first === undefined) throw new Error("no facts");
    expect(ledger.bust(first, net)).toBe("needs_history");
    const state = ledger.net(INSTRUMENT);
    expect(state?.quantity.toString()).toBe(String(facts.length - 1));
    expect(state?.version).toBe(facts.length - 1);
  });

  it("so is the bust of an old sale", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const sales = Array.from({ length: 3 * TRACK_SIZES.segmentFacts }, (_, index) =>
      fact("sell 1@100", index + 1),
    );
    for (const each of sales) ledger.apply(each, net);
    const [first] = sales;
    if (first === undefined) throw new Error("no facts");
    ledger.bust(first, net);
    expect(ledger.quantity(INSTRUMENT).toString()).toBe(String(1 - sales.length));
  });
});

describe("what is read off a position", () => {
  it("its average and what it would gain at a mark", () => {
    const ledger = new PositionLedger(ACCOUNT);
    ledger.apply(fact("sell 3@100", 1), net);
    const state = ledger.net(INSTRUMENT);
    if (state === undefined) throw new Error("nothing was applied");
    expect(averageCost(state)?.toString()).toBe("100");
    expect(unrealized(state, Decimal.of("90")).toString()).toBe("30");
  });

  it("since when its side is held", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const since = (): number | null | undefined => ledger.net(INSTRUMENT)?.openedAt;
    ledger.apply(fact("buy 10@100", 1), net);
    ledger.apply(fact("buy 10@100", 2), net);
    expect(since()).toBe(1);
    ledger.apply(fact("sell 25@100", 3), net);
    expect(since()).toBe(3);
    ledger.apply(fact("buy 5@100", 4), net);
    expect(since()).toBeNull();
  });
});
