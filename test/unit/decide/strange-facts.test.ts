// Facts that find no order: parked, kept as text, put into the inbox, or left until an answer names them.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerReport } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, MSFT, only, orderOf, Scene, types } from "./scene.ts";

const X = asId<BrokerOrderId>("X");
const theirs = asId<BrokerReference>("theirs");

function strangerOf(scene: Scene, more: Partial<BrokerOrderSnapshot> = {}): BrokerOrderSnapshot {
  return {
    brokerOrderId: X,
    reference: theirs,
    symbol: "AAPL",
    instrumentId: AAPL,
    side: "buy",
    type: "limit",
    timeInForce: "day",
    quantity: d("5"),
    notional: null,
    limitPrice: d("90"),
    stopPrice: null,
    status: "accepted",
    filledQuantity: d("0"),
    averagePrice: null,
    replacedBy: null,
    replaces: null,
    legs: [],
    submittedAt: scene.now,
    updatedAt: scene.now,
    message: null,
    ...more,
  };
}

function told(scene: Scene, report: object) {
  const head = { accountId: ACCOUNT_ID, brokerOrderId: X, reference: theirs, at: scene.now };
  const kind = "accepted";
  // A report of any kind: what differs came in as it is.
  const whole = { kind, snapshot: null, ...head, ...report } as unknown as BrokerReport;
  return { report: whole, events: scene.when({ kind: "report", report: whole }) };
}

const asksToReconcile = (scene: Scene): boolean =>
  scene.last?.effects.some(({ kind }) => kind === "reconcile") ?? false;

describe("a fill of nobody's", () => {
  it("is parked with all that is known of it, and the account is compared", () => {
    const scene = new Scene();
    const execution = scene.execution("3", "100");
    const { report, events } = told(scene, { kind: "executed", execution });
    expect(events).toEqual([
      {
        type: "BrokerFactParked",
        description: "an execution of broker order X, which is not known here",
        raw: JSON.stringify(report),
        parked: {
          brokerOrderId: X,
          reference: theirs,
          instrumentId: null,
          side: null,
          execution,
        },
      },
    ]);
    expect(asksToReconcile(scene)).toBe(true);
    expect(scene.log.at(-1)).toMatchObject({
      accountId: ACCOUNT_ID,
      at: scene.now,
      actor: "broker",
      correlationId: null,
      causationId: X,
    });
  });

  it("is parked once", () => {
    const scene = new Scene();
    const execution = scene.execution("3", "100");
    told(scene, { kind: "executed", execution });
    expect(told(scene, { kind: "executed", execution }).events).toEqual([]);
    expect(scene.account.parked.size).toBe(1);
  });

  it.each([
    ["its own name of the order", null, X, "X"],
    ["the name of the report, which comes first", X, asId<BrokerOrderId>("Y"), "X"],
    ["no name at all", null, null, "unknown"],
  ])("goes by %s", (_which, ofReport, ofExecution, said) => {
    const scene = new Scene();
    const execution = scene.execution("3", "100", { brokerOrderId: ofExecution });
    const { events } = told(scene, { kind: "executed", execution, brokerOrderId: ofReport });
    const fact = only(events, "BrokerFactParked");
    expect(fact.description).toContain(`of broker order ${said},`);
    expect(fact.parked?.brokerOrderId).toBe(ofReport ?? ofExecution);
  });

  it("says whose side it took where its order came with it, and shows that order", () => {
    const scene = new Scene();
    const execution = scene.execution("3", "100");
    const snapshot = strangerOf(scene, { side: "sell" });
    const { events } = told(scene, { kind: "executed", execution, snapshot });
    expect(types(events)).toEqual(["BrokerFactParked", "ExternalOrderSeen"]);
    expect(only(events, "BrokerFactParked").parked).toMatchObject({
      instrumentId: AAPL,
      side: "sell",
    });
    expect(asksToReconcile(scene)).toBe(true);
  });

  it.each(["busted", "corrected"] as const)("that is %s is kept as text for a person", (kind) => {
    const scene = new Scene();
    const executionId = asId<ExecutionId>("E-9");
    const { report, events } = told(scene, { kind, executionId, by: scene.execution("1", "1") });
    expect(events).toEqual([
      {
        type: "BrokerFactParked",
        description: `${kind} for an order that is not known here`,
        raw: JSON.stringify(report),
        parked: null,
      },
    ]);
    expect(scene.alarms).toEqual(["unknown_execution"]);
    expect(scene.told).toEqual([`The broker reports ${kind} for an unknown order.`]);
    expect(asksToReconcile(scene)).toBe(true);
  });

  it("counts as soon as its order is known, by any name that the order ever had", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    scene.signal({ side: "buy", quantity: "10" });
    const id = orderOf(1);
    const brokerOrderId = brokerIdOf(id);
    told(scene, { kind: "executed", execution: scene.execution("4", "99"), brokerOrderId });
    const elsewhere = scene.execution("1", "99", { brokerOrderId: X });
    told(scene, { kind: "executed", execution: elsewhere });
    const nameless = scene.execution("1", "99");
    told(scene, { kind: "executed", execution: nameless, brokerOrderId: null });
    expect(scene.account.parked.size).toBe(3);
    scene.accepted(id);
    expect(scene.position()).toBe("4");
    expect(scene.account.parked.size).toBe(2);
  });
});

describe("an order of nobody's", () => {
  it("without a picture of it makes us compare", () => {
    const scene = new Scene();
    expect(told(scene, {}).events).toEqual([]);
    expect(asksToReconcile(scene)).toBe(true);
  });

  it("with a picture of it goes to the inbox and asks for nothing", () => {
    const scene = new Scene();
    const { events } = told(scene, { snapshot: strangerOf(scene) });
    expect(types(events)).toEqual(["ExternalOrderSeen"]);
    expect(scene.last?.effects).toEqual([]);
  });

  it.each([
    ["its status changed", { status: "held" }, ["ExternalOrderSeen"]],
    ["more of it is filled", { filledQuantity: d("1") }, ["ExternalOrderSeen"]],
    ["nothing about it changed", {}, []],
    ["it is over", { status: "filled" }, ["ExternalOrderClosed"]],
    ["it is cancelled", { status: "cancelled" }, ["ExternalOrderClosed"]],
    ["it is rejected", { status: "rejected" }, ["ExternalOrderClosed"]],
    ["it has expired", { status: "expired" }, ["ExternalOrderClosed"]],
    ["it is replaced", { status: "replaced" }, ["ExternalOrderClosed"]],
  ] as const)("is told again when %s", (_what, change, expected) => {
    const scene = new Scene();
    told(scene, { snapshot: strangerOf(scene) });
    const { events } = told(scene, { snapshot: strangerOf(scene, change) });
    expect(types(events)).toEqual(expected);
  });

  it("that is over when first heard of is nothing", () => {
    const scene = new Scene();
    expect(told(scene, { snapshot: strangerOf(scene, { status: "filled" }) }).events).toEqual([]);
  });

  it.each([
    ["a status", { status: "unknown" }],
    ["a type", { type: null }],
    ["a side", { side: null }],
  ] as const)("with %s that nobody knows freezes its symbol, once", (_what, more) => {
    const scene = new Scene();
    const { events } = told(scene, { snapshot: strangerOf(scene, more) });
    const reason = "the broker's order X has a status, type or side that is not known here";
    expect(only(events, "SymbolFrozen")).toMatchObject({ instrumentId: AAPL, reason });
    expect(scene.told).toEqual([`AAPL is frozen: ${reason}.`]);
    const again = strangerOf(scene, { ...more, filledQuantity: d("1") });
    expect(types(told(scene, { snapshot: again }).events)).toEqual(["ExternalOrderSeen"]);
  });

  it("in something that nobody knows freezes nothing", () => {
    const scene = new Scene();
    const snapshot = strangerOf(scene, { instrumentId: null, type: null });
    expect(types(told(scene, { snapshot }).events)).toEqual(["ExternalOrderSeen"]);
    expect(scene.alarms).toEqual([]);
  });

  it("under a name that could be ours says that the record is older than the broker, once", () => {
    const scene = new Scene();
    scene.traits = { recognises: (reference) => reference === theirs };
    const { events } = told(scene, { snapshot: strangerOf(scene) });
    const reason = "the broker's order X bears the reference theirs, which this record never gave";
    expect(only(events, "SymbolFrozen")).toMatchObject({ instrumentId: AAPL, reason });
    expect(scene.told).toEqual([`Account ${ACCOUNT_ID}: ${reason}.`]);
    const more = strangerOf(scene, { filledQuantity: d("1") });
    expect(types(told(scene, { snapshot: more }).events)).toEqual(["ExternalOrderSeen"]);
    const other = strangerOf(scene, {
      brokerOrderId: asId<BrokerOrderId>("Y"),
      reference: asId<BrokerReference>("x"),
    });
    const second = told(scene, { snapshot: other, brokerOrderId: other.brokerOrderId });
    expect(types(second.events)).toEqual(["ExternalOrderSeen"]);
    expect(scene.alarms).toHaveLength(1);
  });
});

describe("while an answer of ours is out", () => {
  const shown = (given: (scene: Scene) => void, more: Partial<BrokerOrderSnapshot> = {}) => {
    const scene = new Scene();
    given(scene);
    const snapshot = strangerOf(scene, more);
    return types(told(scene, { snapshot, reference: snapshot.reference }).events);
  };
  const send = (scene: Scene) => void scene.signal({ side: "buy", quantity: "1" });
  const bracket = (scene: Scene) =>
    void scene.signal({ side: "buy", quantity: "1", takeProfit: "120", stopLoss: "80" });
  const nameless = (given: (scene: Scene) => void) => (scene: Scene) => {
    scene.traits = { findsByReference: false };
    given(scene);
  };
  const replace = (scene: Scene) => {
    const orderId = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.command({ kind: "replace_order", orderId, change: { limitPrice: d("98") } });
  };
  const replaceThenOver = (scene: Scene) => {
    replace(scene);
    scene.cancelled(orderOf(1));
  };

  it.each([
    ["a name that is not ours is a stranger", send, {}, true],
    ["an order without a name may be the one that we sent", send, { reference: null }, false],
    ["any order may be ours where the wire carries no names", nameless(send), {}, false],
    ["any order may be a leg of the bracket that we sent", bracket, {}, false],
    ["an order in something else is a stranger", nameless(send), { instrumentId: MSFT }, true],
    ["an order in something unknown may be ours", nameless(send), { instrumentId: null }, false],
    ["an order may be what our replace made", nameless(replace), {}, false],
    ["also when the replaced order has ended", nameless(replaceThenOver), {}, false],
    ["when nothing is out it is a stranger", nameless(() => undefined), {}, true],
  ] as const)("%s", (_what, given, more, isStranger) => {
    expect(shown(given, more)).toEqual(isStranger ? ["ExternalOrderSeen"] : []);
  });

  it("once the answer has come it is a stranger", () => {
    const answered = nameless((scene) => {
      scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    });
    expect(shown(answered)).toEqual(["ExternalOrderSeen"]);
  });
});

describe("an order that took the place of ours at the broker", () => {
  it("is followed: the order goes on under its new name", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "5", limitPrice: "90" });
    const snapshot = strangerOf(scene, { replaces: brokerIdOf(id), limitPrice: d("91") });
    const { events } = told(scene, { kind: "seen", snapshot });
    expect(types(events)).not.toContain("ExternalOrderSeen");
    expect(scene.order(id)).toMatchObject({ brokerOrderId: X });
    expect(scene.order(id).brokerOrderChain).toContain(brokerIdOf(id));
  });

  it("that we never had is a stranger", () => {
    const scene = new Scene();
    const snapshot = strangerOf(scene, { replaces: asId<BrokerOrderId>("Q") });
    expect(types(told(scene, { snapshot }).events)).toEqual(["ExternalOrderSeen"]);
  });
});
