// The sums that a book keeps for the risk chain: what a fresh count gives, after every step.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregateOf, knownSide, RiskAggregate } from "../../src/domain/risk/aggregate.ts";
import type { ChangeListener } from "../../src/domain/risk/changes.ts";
import { evaluateRisk } from "../../src/domain/risk/chain.ts";
import { sideTotal, type SideTotal } from "../../src/domain/risk/exposure.ts";
import { ofStrategy, workingOn } from "../../src/domain/risk/working.ts";
import type { AskedSide } from "../../src/domain/risk/working-memory.ts";
import { AAPL, MSFT, type Wish } from "../unit/risk/market.ts";
import { World, type Asked } from "../unit/risk/world.ts";
import { history, plain, STRATEGIES, take, wish } from "./risk-steps.ts";

const RUNS = { numRuns: 400 };

describe("the sums that the book keeps", () => {
  test("are those that a fresh count gives, after every step", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = World.bare();
        for (const one of steps) {
          take(world, one);
          const kept = world.account.aggregate;
          if (!(kept instanceof RiskAggregate)) throw new Error("the book keeps no sums");
          expect(sumsOf(world, kept)).toEqual(sumsOf(world, new RiskAggregate()));
        }
      }),
      RUNS,
    );
  });
});

describe("what works on one side of an instrument", () => {
  test("is known without listing it, after every step", () => {
    fc.assert(
      fc.property(fc.oneof(history, plain), (steps) => {
        const world = summed();
        for (const one of steps) {
          take(world, one);
          expectAsListed(world);
        }
      }),
      RUNS,
    );
  });

  test("is the same where nobody asked for a while", () => {
    fc.assert(
      fc.property(fc.oneof(history, plain), fc.oneof(history, plain), (before, after) => {
        const world = summed();
        for (const one of before) take(world, one);
        for (const asked of questions(world)) knownSide(world.account, asked);
        for (const one of after) take(world, one);
        expectAsListed(world);
      }),
      RUNS,
    );
  });

  test("has not to be listed where orders bound themselves, but for what leaves alone from the top", () => {
    fc.assert(
      fc.property(plain, (steps) => {
        const world = summed();
        for (const one of steps) take(world, one);
        for (const asked of questions(world)) {
          const without = listed(world, asked);
          const all = listed(world, { ...asked, without: null });
          const isTopGone = String(all.topPrice) !== String(without.topPrice);
          const isPriced = [all.quantity, all.value, all.topPrice].every((one) => one !== null);
          if (asked.without === null || (isPriced && !isTopGone)) {
            expect(knownSide(world.account, asked)).not.toBeNull();
          }
        }
      }),
      RUNS,
    );
  });
});

describe("the chain", () => {
  const LIMITS = [
    "max_position_qty",
    "max_position_size_usd",
    "max_open_orders",
    "max_positions",
  ] as const;

  test("says the same with the sums that are kept and without them", () => {
    fc.assert(
      fc.property(fc.oneof(history, plain), wish, (steps, fresh) => {
        const world = World.bare();
        for (const key of LIMITS) {
          world.set(key, "20");
          for (const strategyId of STRATEGIES) world.override({ key, strategyId, value: "5" });
        }
        aggregateOf(world.account, world.context);
        for (const one of steps) take(world, one);
        for (const asked of candidates(world, fresh)) {
          const candidate = world.candidate(asked);
          const account = { ...world.account, aggregate: NO_SUMS };
          const told = evaluateRisk(candidate);
          expect(JSON.stringify(told)).toBe(
            JSON.stringify(evaluateRisk({ ...candidate, account })),
          );
        }
      }),
      RUNS,
    );
  });
});

/** A listener that keeps nothing: whoever asks has to list. */
const NO_SUMS: ChangeListener = { touch: () => undefined, touchOrder: () => undefined };

/** Every open order as it is judged again when it is released or changed, and a new one of each strategy. */
function candidates({ account }: World, fresh: Wish): readonly Asked[] {
  const placed = [...account.open].flatMap((id) => account.orders.get(id) ?? []);
  return [
    ...[null, ...STRATEGIES].map((strategyId) => ({ ...fresh, strategyId })),
    ...placed.map(({ id, instrumentId, strategyId, terms }) => ({
      ...{ of: instrumentId, placedOrderId: id, strategyId, side: terms.side, type: terms.type },
      quantity: terms.quantity?.toString() ?? null,
      notional: terms.notional?.toString() ?? null,
      limitPrice: terms.limitPrice?.toString() ?? null,
      stopPrice: terms.stopPrice?.toString() ?? null,
    })),
  ];
}

/** Before the first question of an account as a whole nothing is known ahead. */
function summed(): World {
  const world = World.bare();
  aggregateOf(world.account, world.context);
  return world;
}

function expectAsListed(world: World): void {
  for (const asked of questions(world)) {
    const known = knownSide(world.account, asked);
    if (known !== null) expect(textOf(known)).toEqual(textOf(listed(world, asked)));
  }
}

/** Each side of each instrument, of all and of each strategy, as it is and without each of the orders. */
function questions({ account, context }: World): readonly AskedSide[] {
  return [AAPL, MSFT].flatMap((instrumentId) => {
    const mark = context.marks.get(instrumentId) ?? null;
    return (["buy", "sell"] as const).flatMap((side) =>
      [null, ...account.open].flatMap((without) => {
        const asked = { instrumentId, side, mark, without };
        return [asked, ...STRATEGIES.map((strategyId) => ({ ...asked, strategyId }))];
      }),
    );
  });
}

function listed({ account }: World, { instrumentId, side, mark, ...of }: AskedSide): SideTotal {
  const all = workingOn(account, instrumentId, new Set(of.without ? [of.without] : []));
  const own = of.strategyId === undefined ? all : ofStrategy(all, of.strategyId);
  return sideTotal(own, side, mark);
}

describe("the open orders of each strategy", () => {
  test("are counted as a walk through all of them would, after every step", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = World.bare();
        const { account } = world;
        for (const one of steps) {
          take(world, one);
          for (const strategy of STRATEGIES) {
            const orders = [...account.open].map((id) => account.orders.get(id));
            const own = orders.filter((order) => order?.strategyId === strategy);
            expect(account.openByStrategy.count(strategy)).toBe(own.length);
            const instruments = new Set(own.map((order) => order?.instrumentId));
            expect(new Set(account.openByStrategy.instruments(strategy))).toEqual(instruments);
          }
        }
      }),
      RUNS,
    );
  });
});

const textOf = ({ quantity, value, topPrice }: SideTotal): readonly string[] =>
  [quantity, value, topPrice].map(String);

function sumsOf(world: World, aggregate: RiskAggregate): readonly unknown[] {
  const { context, account, now } = world;
  aggregate.refresh(account, context);
  const sums = [aggregate.gross, aggregate.unrealized, aggregate.reserved];
  return [
    ...sums.map((one) => String(one.in("USD", context.rates, now))),
    aggregate.instrumentCount,
    [...aggregate.unpriced].toSorted(),
    [...aggregate.uncosted.keys()].toSorted(),
  ];
}
