// Positions on random facts: the order of arrival, the checkpoint, busts, strategies and restarts change
// nothing, and the total is always cash plus what is held.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId } from "../../src/domain/ids.ts";
import type { ExecutionId, StrategyId } from "../../src/domain/ids.ts";
import type { AttributedFact } from "../../src/domain/position/change.ts";
import { adjustmentFact } from "../../src/domain/position/change.ts";
import { totalProfit, unrealized } from "../../src/domain/position/fold.ts";
import { PositionLedger } from "../../src/domain/position/ledger.ts";
import type { PositionFact, PositionState } from "../../src/domain/position/state.ts";
import { ADJUSTMENT_KINDS } from "../../src/domain/position/state.ts";
import { TRACK_SIZES } from "../../src/domain/position/track.ts";
import { ACCOUNT, INSTRUMENT } from "../support/orders.ts";
import { cashOf, quantityOf } from "../unit/position/script.ts";
import { rebuild } from "../support/position-history.ts";

const ZERO = Decimal.ZERO;
const units = (max: number, scale: number): fc.Arbitrary<Decimal> =>
  fc
    .integer({ min: 1, max })
    .map((value) =>
      Decimal.ofInteger(value).dividedBy(Decimal.ofInteger(10 ** scale), scale, "down"),
    );
const money = units(10_000_000, 4);
const quantity = fc.oneof(units(100, 0), units(1_000_000_000, 9));
const instant = fc.integer({ min: 1, max: 30 });
const fee = fc.oneof(fc.constant(Decimal.ZERO), units(1_000, 3));

const execution = fc
  .record({
    side: fc.constantFrom("buy", "sell"),
    quantity,
    price: money,
    fee,
    feeInAsset: fee,
    at: instant,
  })
  .map((parts) => ({ kind: "execution", ...parts }) as const);
const adjustment = fc
  .record({
    kind: fc.constantFrom(...ADJUSTMENT_KINDS),
    quantity: fc.oneof(
      quantity,
      quantity.map((value) => value.negated()),
    ),
    price: fc.option(money),
    amount: fc.oneof(
      fee,
      fee.map((value) => value.negated()),
    ),
    at: instant,
  })
  .map((parts) => ({ is: "adjustment", ...parts }) as const);
const strategy = fc.constantFrom<string | null>(null, "trend", "revert");

/** Facts with ids of their own, some for a strategy. */
const history: fc.Arbitrary<readonly AttributedFact[]> = fc
  .array(fc.tuple(fc.oneof({ weight: 4, arbitrary: execution }, adjustment), strategy), {
    minLength: 1,
    maxLength: 60,
  })
  .map((pairs) =>
    pairs.map(([parts, name], index) => ({
      fact: factOf(parts, index),
      strategyId: name === null ? null : asId<StrategyId>(name),
    })),
  );

type ExecutionParts = typeof execution extends fc.Arbitrary<infer Value> ? Value : never;
type AdjustmentParts = typeof adjustment extends fc.Arbitrary<infer Value> ? Value : never;

function factOf(parts: ExecutionParts | AdjustmentParts, index: number): PositionFact {
  if (!("is" in parts)) return { ...parts, id: asId<ExecutionId>(`e${index}`) };
  const { kind, at, quantity: size, price, amount } = parts;
  const id = `a${index}`;
  const common = { instrumentId: INSTRUMENT, strategyId: null, source: "test" };
  return adjustmentFact({ id, kind, quantity: size, price, amount, at, ...common });
}

const keysOf = ({ strategyId }: AttributedFact) => ({ instrumentId: INSTRUMENT, strategyId });

const sizes = (segmentFacts = TRACK_SIZES.segmentFacts) => ({ ...TRACK_SIZES, segmentFacts });

/** As live: facts one by one, and where one is too old, all facts so far once more. */
function live(facts: readonly AttributedFact[], segmentMax?: number): PositionLedger {
  const ledger = new PositionLedger(ACCOUNT, sizes(segmentMax));
  for (const [index, each] of facts.entries()) {
    ledger.apply(each.fact, keysOf(each));
    if (ledger.incomplete.size > 0) rebuild(ledger, INSTRUMENT, facts.slice(0, index + 1));
  }
  return ledger;
}

const rows = (ledger: PositionLedger): string =>
  JSON.stringify([...ledger.all()].map((row) => [row.strategyId ?? "", row]).toSorted());
const shuffled = history.chain((facts) =>
  fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
);
const netOf = (ledger: PositionLedger): PositionState => {
  const state = ledger.net(INSTRUMENT);
  if (state === undefined) throw new Error("nothing was applied");
  return state;
};

describe("positions", () => {
  it("do not depend on the order in which facts arrive", () => {
    fc.assert(
      fc.property(shuffled, ([facts, arrived]) => {
        expect(rows(live(arrived, 3))).toBe(rows(live(facts, Infinity)));
      }),
    );
  });

  it("do not change when facts arrive twice", () => {
    fc.assert(
      fc.property(history, (facts) => {
        const ledger = live(facts, Infinity);
        const before = rows(ledger);
        for (const each of facts) expect(ledger.apply(each.fact, keysOf(each))).toBe("known");
        expect(rows(ledger)).toBe(before);
      }),
    );
  });

  it("have a total of cash plus what is held, to the last digit", () => {
    fc.assert(
      fc.property(history, money, (facts, mark) => {
        const state = netOf(live(facts));
        const cash = Decimal.sum(facts.map(({ fact }) => cashOf(fact)));
        const held = Decimal.sum(facts.map(({ fact }) => quantityOf(fact)));
        expect(state.quantity.toString()).toBe(held.toString());
        expect(totalProfit(state, mark).toString()).toBe(cash.plus(held.times(mark)).toString());
        const parts = state.realizedGross.plus(unrealized(state, mark)).minus(state.fees);
        expect(totalProfit(state, mark).toString()).toBe(parts.toString());
      }),
    );
  });

  it("have no cost when they are flat, and a cost on their own side otherwise", () => {
    fc.assert(
      fc.property(history, (facts) => {
        for (const state of live(facts).all()) {
          // Without a cost on the side of the holding there is none at all: what came for nothing.
          const sides = [0, state.quantity.sign()];
          expect(sides).toContain(state.costBasis.sign());
          expect(state.openedAt === null).toBe(state.quantity.isZero());
        }
      }),
    );
  });

  it("are as if a busted fact had never been", () => {
    fc.assert(
      fc.property(history, fc.nat(), (facts, pick) => {
        const busted = facts[pick % facts.length];
        if (busted === undefined) return;
        const ledger = live(facts, 4);
        const rest = facts.filter((each) => each !== busted);
        const expected = new PositionLedger(ACCOUNT);
        rebuild(expected, INSTRUMENT, rest);
        const answer = ledger.bust(busted.fact, keysOf(busted));
        const mark = Decimal.of("100");
        // The total at once, the division into realised and unrealised with the history.
        expect(totalProfit(netOf(ledger), mark)).toEqual(totalProfit(netOf(expected), mark));
        if (answer === "needs_history") rebuild(ledger, INSTRUMENT, rest);
        expect(JSON.stringify(netOf(ledger))).toBe(JSON.stringify(netOf(expected)));
      }),
    );
  });

  it("survive a restart from their rows", () => {
    fc.assert(
      fc.property(history, fc.nat(), (facts, cut) => {
        const at = cut % facts.length;
        const first = live(facts.slice(0, at), 3);
        const ledger = PositionLedger.restore(ACCOUNT, [...first.all()]);
        for (const each of facts.slice(at)) ledger.apply(each.fact, keysOf(each));
        if (ledger.incomplete.size > 0) rebuild(ledger, INSTRUMENT, facts);
        expect(rows(ledger)).toBe(rows(live(facts, Infinity)));
      }),
    );
  });

  it("hold the sum of what their strategies hold, when all facts have one", () => {
    fc.assert(
      fc.property(history, (facts) => {
        const owned = facts.filter(({ strategyId }) => strategyId !== null);
        const states = [...live(owned).all()];
        const shares = states.filter(({ strategyId }) => strategyId !== null);
        const sum = Decimal.sum(shares.map((state) => state.quantity));
        const net = states.find(({ strategyId }) => strategyId === null);
        expect((net?.quantity ?? Decimal.ZERO).toString()).toBe(sum.toString());
      }),
    );
  });

  it("leave strategies no more than the net, whatever nobody's strategy sells of it", () => {
    const names = fc.array(fc.tuple(quantity, strategy), { minLength: 1, maxLength: 12 });
    const parts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, parts, money, (bought, percents, price) => {
        const ledger = new PositionLedger(ACCOUNT);
        const owned = Decimal.sum(bought.map(([size, name]) => (name === null ? ZERO : size)));
        let at = 0;
        const trade = (side: "buy" | "sell", size: Decimal, name: string | null): void => {
          at += 1;
          const one = { side, quantity: size, price, fee: ZERO, feeInAsset: ZERO, at } as const;
          ledger.apply(factOf({ kind: "execution", ...one }, at), {
            instrumentId: INSTRUMENT,
            strategyId: name === null ? null : asId<StrategyId>(name),
          });
        };
        for (const [size, name] of bought) trade("buy", size, name);
        for (const percent of percents) {
          const net = ledger.quantity(INSTRUMENT);
          const size = net.times(Decimal.ofInteger(percent)).dividedBy(Decimal.HUNDRED, 9, "up");
          if (size.isPositive()) trade("sell", Decimal.min(size, net), null);
          const left = ledger.quantity(INSTRUMENT);
          const shares = [...ledger.of(INSTRUMENT)].filter(({ strategyId }) => strategyId !== null);
          // Exactly: the strategies lose nothing before what is nobody's is gone, and all of it then.
          const sum = Decimal.sum(shares.map((share) => share.quantity));
          expect(sum.toString()).toBe(Decimal.min(owned, left).toString());
          expect(shares.every((share) => !share.quantity.isNegative())).toBe(true);
        }
      }),
    );
  });
});
