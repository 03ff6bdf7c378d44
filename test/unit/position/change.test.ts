// From the events of an order to facts of a position, and the history that they make.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId, StrategyId } from "../../../src/domain/ids.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { adjustmentFact, positionChanges } from "../../../src/domain/position/change.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import {
  ACCOUNT,
  executionId,
  executionOf,
  INSTRUMENT,
  ORDER,
  orderOf,
  specOf,
} from "../../support/orders.ts";
import { describePosition } from "./script.ts";
import { positionHistory } from "../../support/position-history.ts";

const TREND = asId<StrategyId>("trend");
const SAMSUNG = asId<InstrumentId>("XKRX:005930");
const trend = { instrumentId: INSTRUMENT, strategyId: TREND };
const shown = (ledger: PositionLedger): readonly string[] =>
  [...ledger.of(INSTRUMENT)].map(
    (state) => `${state.strategyId ?? "net"} ${describePosition(state)}`,
  );

describe("events of an order", () => {
  const execution = executionOf({ id: "x", quantity: "4", price: "100", cumulative: null });
  const by = executionOf({ id: "y", quantity: "3", price: "99", cumulative: null });
  const orderId = ORDER;
  const executed = { type: "OrderExecuted", orderId, execution } as const;
  const busted = { type: "ExecutionBusted", orderId, executionId: executionId("x") } as const;
  const corrected = {
    type: "ExecutionCorrected",
    orderId,
    executionId: executionId("x"),
    by,
  } as const;
  const placed = {
    type: "OrderPlaced",
    orderId,
    order: specOf({}, { strategyId: TREND }),
  } as const;
  const adjustment = {
    id: "a1",
    kind: "opening_balance",
    instrumentId: INSTRUMENT,
    strategyId: null,
    quantity: Decimal.of("5"),
    price: Decimal.of("90"),
    amount: Decimal.ZERO,
    source: "first contact",
    at: 1,
  } as const;

  it("an execution adds a fact of the order's side", () => {
    expect(positionChanges(orderOf({ side: "sell" }), executed)).toMatchObject([
      { kind: "add", fact: { id: "x", side: "sell" } },
    ]);
  });

  it("a bust of what is not known changes nothing", () => {
    expect(positionChanges(orderOf(), busted)).toEqual([]);
  });

  it("other events change nothing", () => {
    const cancelled = { type: "OrderCancelled", orderId, by: "broker", message: null } as const;
    expect(positionChanges(orderOf(), cancelled)).toEqual([]);
  });

  it.each([
    ["executed", [placed, executed], ["x 4 trend"]],
    ["busted", [placed, executed, busted], []],
    ["busted before it came", [placed, busted, executed], []],
    ["corrected", [placed, executed, corrected], ["y 3 trend"]],
    ["corrected before it came", [placed, corrected, executed], ["y 3 trend"]],
  ] as const)("the history of what was %s", (_name, events, expected) => {
    const facts = positionHistory(INSTRUMENT, events);
    expect(
      facts.map(({ fact: each, strategyId }) =>
        each.kind === "execution" ? `${each.id} ${each.quantity} ${strategyId}` : each.id,
      ),
    ).toEqual(expected);
  });

  it("a bust takes its own execution and leaves the others", () => {
    const second = executionOf({ id: "z", quantity: "2", price: "101", cumulative: null });
    const both = [executed, { ...executed, execution: second }] as const;
    const order = both.reduce((state, event) => evolve(state, event, 0), orderOf());
    expect(positionChanges(order, busted)).toMatchObject([{ kind: "remove", fact: { id: "x" } }]);
    expect(positionChanges(order, corrected)).toMatchObject([
      { kind: "remove", fact: { id: "x" } },
      { kind: "add", fact: { id: "y" } },
    ]);
    expect(positionChanges(evolve(order, busted, 0), busted)).toEqual([]);
  });

  it("a correction of a correction takes the place of it, also under the same id", () => {
    const first = evolve(evolve(orderOf(), executed, 0), corrected, 0);
    const again = { ...corrected, by: { ...by, quantity: Decimal.of("1") } };
    expect(positionChanges(first, again)).toMatchObject([
      { kind: "remove", fact: { id: "y", quantity: by.quantity } },
      { kind: "add", fact: { id: "y", quantity: Decimal.of("1") } },
    ]);
  });

  it("move the net and the share alike, both ways", () => {
    const ledger = new PositionLedger(ACCOUNT);
    const order = evolve(orderOf(), executed, 0);
    ledger.change(positionChanges(orderOf(), executed), trend);
    expect(shown(ledger)).toEqual(["net 4 cost 400 avg 100", "trend 4 cost 400 avg 100"]);
    ledger.change(positionChanges(order, busted), trend);
    expect(shown(ledger)).toEqual(["net 0", "trend 0"]);
  });

  it("of other instruments are no part of its history", () => {
    const elsewhere = { ...placed, order: { ...placed.order, instrumentId: SAMSUNG } };
    expect(positionHistory(INSTRUMENT, [elsewhere, executed])).toEqual([]);
  });

  it("two adjustments are two facts of its history", () => {
    const one = { type: "PositionAdjusted", adjustment } as const;
    const other = { ...one, adjustment: { ...adjustment, id: "a2" } };
    expect(positionHistory(INSTRUMENT, [one, other])).toHaveLength(2);
  });

  it("adjustments of the instrument are part of its history", () => {
    const adjusted = { type: "PositionAdjusted", adjustment } as const;
    const other = { ...adjusted, adjustment: { ...adjustment, id: "a2", instrumentId: SAMSUNG } };
    const facts = positionHistory(INSTRUMENT, [adjusted, other]);
    expect(facts).toEqual([{ fact: adjustmentFact(adjustment), strategyId: null }]);
  });

  it("what belongs to no order that was placed is no part of it", () => {
    expect(positionHistory(INSTRUMENT, [executed])).toEqual([]);
  });
});
