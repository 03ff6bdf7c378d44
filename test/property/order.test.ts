// Orders on random broker histories: reports may be shuffled, repeated and come from several sources;
// the filled quantity and the position are the broker's own, and nothing late undoes anything.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BrokerReport } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { evolve } from "../../src/domain/order/evolve.ts";
import { factsFromReport } from "../../src/domain/order/report.ts";
import { ORDER_STATUSES } from "../../src/domain/order/spec.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import { isTerminal } from "../../src/domain/order/status.ts";
import type { OrderEvent } from "../../src/domain/order/status.ts";
import { positionChanges } from "../../src/domain/position/change.ts";
import { PositionLedger } from "../../src/domain/position/ledger.ts";
import { TRACK_SIZES } from "../../src/domain/position/track.ts";
import {
  ACCOUNT,
  executionId,
  executionOf,
  fillReport,
  headOf,
  INSTRUMENT,
  orderOf,
  referenceOf,
  snapshotOf,
  specOf,
} from "../support/orders.ts";
import { positionHistory, rebuild } from "../support/position-history.ts";

const KEYS = { instrumentId: INSTRUMENT, strategyId: null };
const QUANTITY = "100";
const SUBMITTED: OrderEvent = {
  type: "OrderSubmitted",
  orderId: orderOf().id,
  generation: 1,
  reference: referenceOf(1),
  verdicts: null,
  mark: null,
};
const submitted = (): OrderState =>
  evolve(orderOf({ quantity: Decimal.of(QUANTITY) }), SUBMITTED, 1_500);

interface Fill {
  readonly quantity: number;
  readonly price: number;
}

type End = "cancelled" | "expired" | "filled";
interface Told {
  readonly fills: readonly Fill[];
  readonly end: End;
}

/** What truly happened at the broker: fills, and an end. */
const story: fc.Arbitrary<Told> = fc
  .record({
    fills: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 30 }),
        price: fc.integer({ min: 90, max: 110 }),
      }),
      { maxLength: 8 },
    ),
    end: fc.constantFrom("cancelled", "expired"),
  })
  .map(({ fills, end }) => {
    let left = Number(QUANTITY);
    const real = fills.map((fill) => {
      const quantity = Math.min(fill.quantity, left);
      left -= quantity;
      return { ...fill, quantity };
    });
    return { fills: real.filter(({ quantity }) => quantity > 0), end: left === 0 ? "filled" : end };
  });

const cumulativeOf = (fills: readonly Fill[], index: number): number =>
  fills.slice(0, index + 1).reduce((sum, { quantity }) => sum + quantity, 0);

function fillOf(fills: readonly Fill[], index: number, source: "stream" | "activity") {
  const fill = fills[index];
  if (fill === undefined) throw new Error("no such fill");
  return {
    id: `${source}-${index}`,
    quantity: String(fill.quantity),
    price: String(fill.price),
    cumulative: String(cumulativeOf(fills, index)),
    at: 3_000 + index,
    source,
  };
}

/** Everything that anybody could tell of it: the stream, the activities, and looks from time to time. */
function reportsOf({ fills, end }: Told): readonly BrokerReport[] {
  const order = submitted();
  const looks = fills.map((_fill, index): BrokerReport => {
    const filledQuantity = Decimal.ofInteger(cumulativeOf(fills, index));
    const snapshot = snapshotOf(order, { status: "partially_filled", filledQuantity });
    return { ...headOf(), kind: "seen", snapshot };
  });
  const ended: readonly BrokerReport[] = end === "filled" ? [] : [{ ...headOf(), kind: end }];
  return [
    { ...headOf(), kind: "accepted" },
    ...fills.map((_fill, index) => fillReport(fillOf(fills, index, "stream"))),
    ...fills.map((_fill, index) => fillReport(fillOf(fills, index, "activity"))),
    ...looks,
    ...ended,
  ];
}

interface Run {
  readonly state: OrderState;
  readonly events: readonly OrderEvent[];
  readonly ledger: PositionLedger;
  readonly statuses: readonly OrderState[];
}

function run(reports: readonly BrokerReport[]): Run {
  let state = submitted();
  const events: OrderEvent[] = [];
  const statuses: OrderState[] = [];
  const ledger = new PositionLedger(ACCOUNT, { ...TRACK_SIZES, segmentFacts: Infinity });
  for (const [index, report] of reports.entries()) {
    for (const event of factsFromReport(state, report, 5_000 + index).events) {
      ledger.change(positionChanges(state, event), KEYS);
      state = evolve(state, event, 5_000 + index);
      events.push(event);
    }
    statuses.push(state);
  }
  return { state, events, ledger, statuses };
}

/** Shuffled, each one to three times. */
const told: fc.Arbitrary<readonly [Told, readonly BrokerReport[]]> = story.chain((truth) => {
  const reports = reportsOf(truth);
  return fc
    .tuple(
      fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
      fc.subarray([...reports]),
    )
    .map(([all, again]) => [truth, [...all, ...again]] as const);
});

const positionOf = (ledger: PositionLedger): string =>
  JSON.stringify(ledger.net(INSTRUMENT) ?? null);

function expectedPosition(fills: readonly Fill[]): readonly [string, string] {
  const quantity = fills.reduce((sum, fill) => sum + fill.quantity, 0);
  const cost = fills.reduce((sum, fill) => sum + fill.quantity * fill.price, 0);
  return [String(quantity), String(cost)];
}

describe("reports of one order", () => {
  it("make the broker's own filled quantity and position, however they come", () => {
    fc.assert(
      fc.property(told, ([truth, reports]) => {
        const { state, ledger } = run(reports);
        const [quantity, cost] = expectedPosition(truth.fills);
        expect(state.filledQuantity.toString()).toBe(quantity);
        expect(state.filledNotional.toString()).toBe(cost);
        expect(state.status).toBe(truth.end);
        expect(ledger.quantity(INSTRUMENT).toString()).toBe(quantity);
        expect((ledger.net(INSTRUMENT)?.costBasis ?? Decimal.ZERO).toString()).toBe(cost);
        expect(state.flags).not.toContain("overfill");
      }),
    );
  });

  it("add nothing when all of them come again", () => {
    fc.assert(
      fc.property(told, ([, reports]) => {
        const first = run(reports);
        for (const report of reports) {
          expect(factsFromReport(first.state, report, 9_000).events).toEqual([]);
        }
      }),
    );
  });

  it("never take back what was filled, and never reopen what is over", () => {
    fc.assert(
      fc.property(told, ([, reports]) => {
        const { statuses } = run(reports);
        for (const [index, state] of statuses.entries()) {
          const before = statuses[index - 1];
          if (before === undefined) continue;
          expect(state.filledQuantity.gte(before.filledQuantity)).toBe(true);
          const isOver = isTerminal(before.status);
          const allowed = isOver ? [before.status, "filled"] : ORDER_STATUSES;
          expect(allowed).toContain(state.status);
        }
      }),
    );
  });

  it("replayed from the log make the same order and the same position", () => {
    fc.assert(
      fc.property(told, ([, reports]) => {
        const { events, state, ledger } = run(reports);
        const order = specOf({ quantity: Decimal.of(QUANTITY) });
        const log = [
          { type: "OrderPlaced", orderId: order.id, order } as const,
          SUBMITTED,
          ...events,
        ];
        const again = events.reduce((each, event) => evolve(each, event, 1), submitted());
        const timeless = { updatedAt: 1, closedAt: state.closedAt === null ? null : 1 };
        expect(JSON.stringify({ ...again })).toBe(JSON.stringify({ ...state, ...timeless }));
        const replayed = new PositionLedger(ACCOUNT);
        const facts = positionHistory(INSTRUMENT, log);
        if (facts.length > 0) rebuild(replayed, INSTRUMENT, facts);
        expect(positionOf(replayed)).toBe(positionOf(ledger));
      }),
    );
  });

  it("count a corrected and a busted fill as the broker does, in any order", () => {
    const two = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        two,
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        // A correction is no step of the broker's sum, which the stream tells with every fill.
        fc.boolean(),
        ([kept, fixed], seeds, tellsSum) => {
          // No two fills are of one instant; the correction has that of what it corrects.
          const at: Readonly<Record<string, number>> = { keep: 1, busted: 2, wrong: 3, right: 3 };
          const fill = (id: string, quantity: number, sum: number | null = null) => {
            const cumulative = sum === null ? null : String(sum);
            const figures = { quantity: String(quantity), price: "100", cumulative };
            return executionOf({ id, at: at[id] ?? 0, ...figures });
          };
          let sum = 0;
          const executed = (id: string, quantity: number): BrokerReport => {
            sum += quantity;
            const execution = fill(id, quantity, tellsSum ? sum : null);
            return { ...headOf(), kind: "executed", execution };
          };
          const reports: readonly BrokerReport[] = [
            { ...headOf(), kind: "accepted" },
            executed("keep", kept),
            executed("busted", 5),
            executed("wrong", 7),
            { ...headOf(), kind: "busted", executionId: executionId("busted") },
            {
              ...headOf(),
              kind: "corrected",
              executionId: executionId("wrong"),
              by: fill("right", fixed),
            },
          ];
          const order = reports
            .map((report, index) => ({ report, seed: seeds[index] ?? 0 }))
            .toSorted((left, right) => left.seed - right.seed)
            .map(({ report }) => report);
          const { state, ledger } = run([...order, ...order]);
          expect(state.filledQuantity.toString()).toBe(String(kept + fixed));
          expect(ledger.quantity(INSTRUMENT).toString()).toBe(String(kept + fixed));
        },
      ),
    );
  });
});
