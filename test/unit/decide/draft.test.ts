// A decision in the making: orders as its own events leave them, names learned on the way, the ticks it asks for.
import { describe, expect, it } from "vitest";
import type { BrokerReport, CallOutcome } from "../../../src/domain/broker.ts";
import { decide } from "../../../src/domain/decide.ts";
import { Draft } from "../../../src/domain/decide/draft.ts";
import type { EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, OrderId } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, only, orderOf, Scene, types } from "./scene.ts";

const ID = orderOf(1);
const NOBODY = { actor: "test", correlationId: null, causationId: null, traceParent: null };
const buy = { side: "buy", quantity: "10", limitPrice: "99" } as const;

function working() {
  const scene = new Scene();
  scene.working(buy);
  const draft = new Draft(scene.book, scene.account, scene.context, NOBODY);
  return { scene, draft };
}

const fill = (scene: Scene, quantity: string, name: string | null): EventOf<"OrderExecuted"> => ({
  type: "OrderExecuted",
  orderId: ID,
  execution: {
    ...scene.execution(quantity, "99"),
    orderId: ID,
    brokerOrderId: name === null ? null : asId<BrokerOrderId>(name),
  },
});

describe("an order in a decision", () => {
  it("is as the events so far leave it, each counted once however often somebody looks", () => {
    const { scene, draft } = working();
    draft.record(fill(scene, "3", null));
    expect(draft.order(ID)?.filledQuantity).toEqual(d("3"));
    draft.record(fill(scene, "4", null));
    expect(draft.order(ID)?.filledQuantity).toEqual(d("7"));
    expect(draft.order(ID)?.filledQuantity).toEqual(d("7"));
    expect(draft.held(AAPL)).toEqual(d("7"));
    // The book itself stays as it is.
    expect(scene.order(ID).filledQuantity).toEqual(d("0"));
  });

  it("is found at once under every name that it gets", () => {
    const { scene, draft } = working();
    const placed = orderOf(9);
    const spec = { ...scene.order(ID), id: placed };
    draft.record({ type: "OrderPlaced", orderId: placed, order: spec });
    const named = (id: string) => draft.orderByBrokerId(asId<BrokerOrderId>(id))?.id;
    expect(named("B-1")).toBeUndefined();
    const brokerOrderId = asId<BrokerOrderId>("B-1");
    draft.record({ type: "OrderAccepted", orderId: placed, brokerOrderId, brokerAt: scene.now });
    draft.record(fill(scene, "1", "B-2"));
    draft.record({
      ...{ type: "OrderReplaced", orderId: ID, generation: 2, reference: null },
      ...{ brokerOrderId: asId<BrokerOrderId>("B-3"), change: {} },
    });
    expect(["B-1", "B-2", "B-3"].map((id) => named(id))).toEqual([placed, ID, ID]);
  });

  it("that nobody placed takes no event: the log would be no book", () => {
    const { scene, draft } = working();
    const orderId = asId<OrderId>("nobody's");
    expect(() => {
      draft.record({ ...fill(scene, "1", null), orderId });
    }).toThrow("OrderExecuted before order nobody's");
    draft.record({ type: "CancelRequested", orderId, reason: "test" });
    expect(() => draft.order(orderId)).toThrow("the book does not know order nobody's");
  });
});

describe("a decision asks for a tick", () => {
  /** Decides one report without applying it, with another order held or not. */
  function tickAfter(report: object, isHeld: boolean): boolean {
    const scene = new Scene();
    scene.working(buy);
    scene.filled(ID, "1", "99");
    if (isHeld) {
      scene.tokens = 0;
      scene.signal({ side: "buy", quantity: "1", of: MSFT });
    }
    const { brokerOrderId, reference } = scene.order(ID);
    const head = { accountId: ACCOUNT_ID, brokerOrderId, reference, at: scene.now, snapshot: null };
    // A report of any kind: what differs came in as it is.
    const whole = { ...head, ...report } as unknown as BrokerReport;
    return decide(scene.book, { kind: "report", report: whole }, scene.context).tick;
  }
  const by = new Scene().execution("2", "99", { id: asId("E-2") });

  it.each([
    ["an end that a held order may wait for", { kind: "cancelled" }, [true, false]],
    ["an expiry that it may wait for", { kind: "expired" }, [true, false]],
    [
      "a fill, that loss limits are judged on too",
      { kind: "executed", execution: by },
      [true, true],
    ],
    ["a bust", { kind: "busted", executionId: "E-1" }, [true, true]],
    ["a correction", { kind: "corrected", executionId: "E-1", by }, [true, true]],
    ["not for a word that moves nothing", { kind: "cancel_refused", message: "" }, [false, false]],
  ])("for %s", (_what, report, [held, alone]) => {
    expect([tickAfter(report, true), tickAfter(report, false)]).toEqual([held, alone]);
  });

  it("for the rejection of an order that others may wait for, and for one that is complete", () => {
    const ask = (isHeld: boolean, notional: boolean) => {
      const scene = new Scene();
      scene.signal(notional ? { side: "buy", quantity: null, notional: "500" } : buy);
      if (notional) scene.accepted(ID);
      if (isHeld) {
        scene.tokens = 0;
        scene.signal({ side: "buy", quantity: "1", of: MSFT });
      }
      const found = {
        result: "found",
        snapshot: scene.snapshot(ID, { status: "filled" }),
      } as const;
      const no = { result: "rejected", code: "x", message: "no" } as const;
      const outcome: CallOutcome = notional
        ? { kind: "lookup", orderId: ID, outcome: found }
        : { kind: "submit", orderId: ID, generation: 1, outcome: no };
      const input = { kind: "outcome", accountId: ACCOUNT_ID, outcome, at: scene.now } as const;
      const { events, tick } = decide(scene.book, input, scene.context);
      return [types(events.map(({ event }) => event)).at(-1), tick];
    };
    expect(ask(true, false)).toEqual(["OrderRejected", true]);
    expect(ask(false, false)).toEqual(["OrderRejected", false]);
    expect(ask(true, true)).toEqual(["OrderCompleted", true]);
    expect(ask(false, true)).toEqual(["OrderCompleted", false]);
  });

  it("for a position that a person corrects", () => {
    const { scene, draft } = working();
    expect(draft.decision().tick).toBe(false);
    draft.record({
      type: "PositionAdjusted",
      adjustment: {
        ...{ id: "a", kind: "correction", instrumentId: AAPL, strategyId: null, price: d("100") },
        ...{ quantity: d("5"), amount: d("0"), source: "test", at: scene.now },
      },
    });
    expect(draft.decision().tick).toBe(true);
    expect(draft.held(AAPL)).toEqual(d("5"));
  });
});

describe("what a leg of an order leads to", () => {
  it("is told as the doing of its entry's signal", () => {
    const scene = new Scene();
    scene.signal({ ...buy, takeProfit: "108", stopLoss: "92" });
    const leg = {
      ...scene.snapshot(ID),
      brokerOrderId: asId<BrokerOrderId>("L-1"),
      reference: null,
    };
    const legs = [{ ...leg, side: "sell", limitPrice: d("108"), legs: [] } as const];
    only(scene.accepted(ID, { legs }), "OrderPlaced");
    const placed = scene.log.find(
      ({ event }) => event.type === "OrderPlaced" && event.order.parentId === ID,
    );
    expect(placed?.correlationId).toBe(scene.order(ID).signalId);
  });
});

describe("cash in a decision", () => {
  it("of an instrument that is not known is in no currency that we know", () => {
    const scene = new Scene(World.ready());
    scene.world.hold(AAPL, "1", "100");
    const context = { ...scene.context, instrument: () => undefined };
    const draft = new Draft(scene.book, scene.account, context, NOBODY);
    expect([...draft.cash()]).toEqual([
      ["unknown", d("-100")],
      ["USD", d("0")],
    ]);
  });
});
