// The sums that a book keeps for the risk chain: what a fresh count gives, after every step.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregateOf, RiskAggregate, workingSide } from "../../src/domain/risk/aggregate.ts";
import { sideTotal, type SideTotal } from "../../src/domain/risk/exposure.ts";
import { workingOn } from "../../src/domain/risk/working.ts";
import { AAPL, MSFT } from "../unit/risk/market.ts";
import { World } from "../unit/risk/world.ts";
import { history, plain, take } from "./risk-steps.ts";

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
        const world = World.bare();
        const { account } = world;
        // Before the first question of an account as a whole nothing is known ahead.
        aggregateOf(account, world.context);
        for (const one of steps) {
          take(world, one);
          for (const id of [AAPL, MSFT]) {
            for (const at of ["buy", "sell"] as const) {
              const mark = world.context.marks.get(id) ?? null;
              const listed = sideTotal(workingOn(account, id), at, mark);
              expect(textOf(workingSide(account, id, at, mark))).toEqual(textOf(listed));
            }
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
