// What the broker says, in whatever order it says it, and what happens when it says nothing.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { recoveryEffects } from "../../../src/domain/decide.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, MSFT, only, orderOf, Scene, types } from "./scene.ts";

const sent = (scene: Scene) => {
  scene.signal({ side: "buy", quantity: "10" });
  return orderOf(1);
};

const unresolved = (scene: Scene, id = sent(scene)) => {
  scene.outcome({
    kind: "submit",
    orderId: id,
    generation: 1,
    outcome: { result: "unresolved", cause: "timeout", alarm: false },
  });
  return id;
};

const lookedUp = (scene: Scene, id = orderOf(1)) =>
  scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "not_found" } });

describe("a fill", () => {
  it("that overtakes the answer counts", () => {
    const scene = new Scene();
    const id = sent(scene);
    scene.filled(id, "10");
    expect(scene.position()).toBe("10");
    scene.accepted(id);
    expect(scene.order(id).status).toBe("filled");
  });

  it("after the cancel counts and is flagged", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.cancelled(id);
    const events = scene.filled(id, "3");
    expect(only(events, "OrderFlagged").flag).toBe("fill_after_close");
    expect(scene.position()).toBe("3");
  });

  it("told three times counts once", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    const execution = scene.execution("4", "99");
    for (let time = 0; time < 3; time += 1) scene.report(id, { kind: "executed", execution });
    expect(scene.position()).toBe("4");
  });

  it("that is busted is taken out of the position again", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    const execution = scene.execution("4", "99");
    scene.report(id, { kind: "executed", execution });
    scene.report(id, { kind: "busted", executionId: execution.id });
    expect(scene.position()).toBe("0");
  });

  it("without a name that is known is parked, and counts when the answer names its order", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    const id = sent(scene);
    const brokerOrderId = brokerIdOf(id);
    const execution = scene.execution("10", "100", { brokerOrderId });
    const parked = scene.report(id, { kind: "executed", execution, reference: null });
    expect(types(parked)).toEqual(["BrokerFactParked"]);
    expect(scene.position()).toBe("0");
    scene.accepted(id);
    expect(scene.position()).toBe("10");
    expect(scene.account.parked.size).toBe(0);
  });
});

describe("an order that is not ours", () => {
  const stranger = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) => {
    const brokerOrderId = asId<BrokerOrderId>("X-1");
    const mine = scene.working({ side: "buy", quantity: "5", limitPrice: "90" });
    const reference = asId<BrokerReference>("somebody");
    const snapshot = { ...scene.snapshot(mine), brokerOrderId, reference, ...more };
    const report = { accountId: ACCOUNT_ID, brokerOrderId, reference, at: scene.now, snapshot };
    return { report: { ...report, kind: "accepted" } as const, snapshot, brokerOrderId };
  };

  it("goes to the inbox, once", () => {
    const scene = new Scene();
    const { report } = stranger(scene);
    expect(types(scene.when({ kind: "report", report }))).toEqual(["ExternalOrderSeen"]);
    expect(scene.when({ kind: "report", report })).toEqual([]);
  });

  it("is adopted by a person and is ours from then on, fills included", () => {
    const scene = new Scene();
    const { report, brokerOrderId } = stranger(scene);
    scene.when({ kind: "report", report });
    const events = scene.command({ kind: "adopt_order", brokerOrderId });
    const { orderId } = only(events, "OrderPlaced");
    expect(scene.order(orderId)).toMatchObject({ status: "accepted", flags: ["adopted"] });
    expect(scene.account.external.size).toBe(0);
    scene.filled(orderId, "5");
    expect(scene.position()).toBe("5");
  });

  it("that is ignored no longer counts as exposure", () => {
    const scene = new Scene();
    const { report, brokerOrderId } = stranger(scene);
    scene.when({ kind: "report", report });
    scene.command({ kind: "ignore_order", brokerOrderId });
    expect(scene.account.external.get(brokerOrderId)?.ignored).toBe(true);
  });

  it("under a reference of ours that the record never gave freezes its symbol: the record is too old", () => {
    const scene = new Scene();
    scene.traits = { recognises: (reference) => reference.startsWith("some") };
    const { report } = stranger(scene);
    const events = scene.when({ kind: "report", report });
    expect(types(events)).toEqual(["ExternalOrderSeen", "SymbolFrozen"]);
    expect(scene.alarms).toEqual(["broker_ahead"]);
  });

  it("with a word that is not known freezes its symbol, and exits still pass", () => {
    const scene = new Scene();
    scene.bought("10");
    const { report, snapshot } = stranger(scene, { type: null });
    const events = scene.when({ kind: "report", report: { ...report, snapshot } });
    expect(only(events, "SymbolFrozen").instrumentId).toBe(AAPL);
    const entry = scene.signal({ side: "buy", quantity: "1" });
    expect(only(entry, "SignalDecided").refusal?.code).toBe("symbol_frozen");
    const exit = scene.signal({ side: "sell", quantity: "1" });
    expect(only(exit, "SignalDecided").outcome).toBe("ordered");
    scene.command({ kind: "unfreeze_symbol", instrumentId: AAPL, reason: "looked" });
    const again = scene.signal({ side: "buy", quantity: "1", of: MSFT });
    expect(only(again, "SignalDecided").outcome).toBe("ordered");
  });
});

describe("legs that the broker makes", () => {
  const bracket = { side: "buy", quantity: "10", takeProfit: "108", stopLoss: "92" } as const;
  const legs = (scene: Scene, id: ReturnType<typeof orderOf>): BrokerOrderSnapshot[] => {
    const parent = scene.snapshot(id);
    const leg = { ...parent, side: "sell", reference: null, status: "held", legs: [] } as const;
    return [
      { ...leg, brokerOrderId: asId("L-1"), type: "limit", limitPrice: d("108") },
      { ...leg, brokerOrderId: asId("L-2"), type: "stop", limitPrice: null, stopPrice: d("92") },
    ];
  };

  it("are registered as ours, under ids derived from the entry's", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    scene.accepted(id, { legs: legs(scene, id) });
    expect(scene.order(orderOf(1, 0x10))).toMatchObject({
      role: "take_profit",
      parentId: id,
      linkGroup: id,
      status: "accepted",
    });
    expect(scene.order(orderOf(1, 0x11))).toMatchObject({ role: "stop_loss" });
  });

  it("are registered once, however often they are shown", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    const shown = legs(scene, id);
    scene.accepted(id, { legs: shown });
    scene.report(id, { kind: "seen", snapshot: scene.snapshot(id, { legs: shown }) });
    expect(scene.account.open.size).toBe(3);
  });

  it("close the position when one of them fills", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    scene.accepted(id, { legs: legs(scene, id) });
    scene.filled(id, "10");
    scene.filled(orderOf(1, 0x10), "10", "108");
    scene.cancelled(orderOf(1, 0x11));
    expect(scene.position()).toBe("0");
    expect(scene.account.open.size).toBe(0);
  });

  it("of an entry whose answer was lost are asked for when the stream tells of it", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    unresolved(scene, id);
    scene.calls.length = 0;
    scene.report(id, { kind: "accepted", snapshot: scene.snapshot(id) });
    expect(scene.calls).toMatchObject([{ kind: "lookup", orderId: id }]);
  });

  it("of an entry that the stream told of before its answer was lost are asked for too", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    scene.report(id, { kind: "accepted", snapshot: scene.snapshot(id) });
    scene.calls.length = 0;
    unresolved(scene, id);
    expect(scene.order(id)).toMatchObject({ status: "accepted", unresolved: null });
    expect(scene.calls).toMatchObject([{ kind: "lookup", orderId: id }]);
  });

  it("that are told before their entry's are strangers only until the entry is looked up", () => {
    const scene = new Scene();
    scene.signal(bracket);
    const id = orderOf(1);
    scene.accepted(id);
    scene.filled(id, "10");
    const [profit] = legs(scene, id);
    if (profit === undefined) throw new Error("no legs");
    const snapshot = { ...profit, reference: asId<BrokerReference>("the broker's own") };
    const { brokerOrderId, reference } = snapshot;
    scene.calls.length = 0;
    scene.when({
      kind: "report",
      report: {
        kind: "accepted",
        accountId: ACCOUNT_ID,
        brokerOrderId,
        reference,
        at: scene.now,
        snapshot,
      },
    });
    expect(scene.account.external.size).toBe(1);
    expect(scene.calls).toMatchObject([{ kind: "lookup", orderId: id }]);
    const entry = scene.snapshot(id, { status: "filled", legs: [snapshot] });
    const outcome = { result: "found", snapshot: entry } as const;
    scene.outcome({ kind: "lookup", orderId: id, outcome });
    expect(scene.account.external.size).toBe(0);
    expect(scene.order(orderOf(1, 0x10))).toMatchObject({ role: "take_profit", parentId: id });
  });

  it("are refused where the broker makes none", () => {
    const scene = new Scene();
    scene.traits = { makesExitLegs: false };
    const events = scene.signal(bracket);
    expect(only(events, "SignalDecided").refusal?.code).toBe("unsupported_by_broker");
  });
});

describe("a send without an answer", () => {
  it("is unresolved: entries on its symbol are refused, exits and other symbols pass", () => {
    const scene = new Scene();
    scene.bought("5");
    scene.signal({ side: "buy", quantity: "1" });
    unresolved(scene, orderOf(2));
    const entry = scene.signal({ side: "buy", quantity: "1" });
    expect(only(entry, "SignalDecided").refusal?.code).toBe("symbol_frozen");
    expect(only(scene.signal({ side: "sell", quantity: "1" }), "SignalDecided").outcome).toBe(
      "ordered",
    );
    expect(
      only(scene.signal({ side: "buy", quantity: "1", of: MSFT }), "SignalDecided").outcome,
    ).toBe("ordered");
  });

  it("is looked up at the instant that was named", () => {
    const scene = new Scene();
    unresolved(scene);
    expect(scene.deadline).toBe(scene.now + 250);
    scene.tick(250);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "lookup", reference: `${orderOf(1)}.1` });
  });

  it("is settled when it is found", () => {
    const scene = new Scene();
    const id = unresolved(scene);
    const snapshot = scene.snapshot(id);
    scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "found", snapshot } });
    expect(scene.order(id)).toMatchObject({ status: "accepted", unresolved: null });
  });

  it("goes out again under the same reference while its signal is fresh, after the longest flight", () => {
    const scene = new Scene();
    const id = unresolved(scene);
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += 10_000;
      scene.world.price(AAPL, "100");
      lookedUp(scene);
    }
    const submits = scene.calls.filter(({ kind }) => kind === "submit");
    expect(submits).toHaveLength(2);
    expect(submits[1]).toMatchObject({ reference: `${id}.1`, generation: 1 });
  });

  it("is not sent again once its signal is too old", () => {
    const scene = new Scene();
    const id = unresolved(scene);
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += 30_000;
      lookedUp(scene);
    }
    expect(scene.order(id)).toMatchObject({ status: "rejected", rejectCode: "never_arrived" });
  });

  it("is not sent again after a stop", () => {
    const scene = new Scene();
    const id = unresolved(scene);
    scene.world.stop({ state: "reducing" });
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += 10_000;
      lookedUp(scene);
    }
    expect(scene.order(id).rejectCode).toBe("never_arrived");
    expect(scene.calls.filter(({ kind }) => kind === "submit")).toHaveLength(1);
  });

  it("that the broker turned away for its rate goes back to waiting and out again", () => {
    const scene = new Scene();
    const id = sent(scene);
    scene.tokens = 0;
    scene.outcome({
      kind: "submit",
      orderId: id,
      generation: 1,
      outcome: { result: "rate_limited", retryAt: scene.now + 1_000 },
    });
    expect(scene.order(id)).toMatchObject({ status: "pending", reference: `${id}.1` });
    scene.tokens = 5;
    scene.tick(1_000);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "submit", reference: `${id}.1` });
    expect(scene.account.referenceCounter).toBe(1);
  });
});

describe("a fresh start", () => {
  const kinds = (scene: Scene) =>
    recoveryEffects(scene.book, scene.context).map((effect) =>
      effect.kind === "call" ? `${effect.call.kind} ${effect.call.orderId}` : effect.kind,
    );

  it("looks up every send without an answer, sends cancels again and reconciles", () => {
    const scene = new Scene();
    const unanswered = sent(scene);
    const resting = scene.working({ side: "buy", quantity: "1", limitPrice: "90", of: MSFT });
    scene.command({ kind: "cancel_order", orderId: resting });
    expect(kinds(scene)).toEqual([`lookup ${unanswered}`, `cancel ${resting}`, "reconcile"]);
  });

  it("calls a send unresolved when its lookup finds nothing, and counts the flight from then", () => {
    const scene = new Scene();
    const id = sent(scene);
    scene.world.now += 3_600_000;
    lookedUp(scene);
    expect(scene.order(id).unresolved).toMatchObject({ since: scene.now, lookups: 1 });
    expect(scene.order(id).status).toBe("submitted");
  });
});

describe("quiet orders", () => {
  it("lead to one reconciliation for all, and the next only when no other came for half as long again", () => {
    const scene = new Scene();
    scene.working({ side: "buy", quantity: "1", limitPrice: "90" });
    scene.working({ side: "buy", quantity: "1", limitPrice: "90", of: MSFT });
    expect(scene.deadline).toBe(scene.now + 90_000);
    scene.tick(90_000);
    const asked = scene.last?.effects.filter(({ kind }) => kind === "reconcile");
    expect(asked).toHaveLength(1);
    scene.view({ openOrders: [scene.snapshot(orderOf(1)), scene.snapshot(orderOf(2))] });
    scene.tick(1_000);
    expect(scene.last?.effects).toEqual([]);
    // A look has its turn once in the quiet time; only one that stays away is asked for.
    expect(scene.deadline).toBe(scene.now + 89_000);
    scene.tick(88_000);
    expect(scene.last?.effects).toEqual([]);
    scene.tick(1_000);
    expect(scene.last?.effects).toContainEqual(expect.objectContaining({ kind: "reconcile" }));
  });
});
