// A replacement that the broker rejects never took the old order's place, whoever asked for it and however far
// it was believed: the old order works on, and has its own terms.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { ACCOUNT_ID, brokerIdOf, d, orderOf, replay, Scene } from "./scene.ts";

const ID = orderOf(1);
const OLD = brokerIdOf(ID);
const NEW = asId<BrokerOrderId>("B-2");
const THEIRS = asId<BrokerReference>("theirs");

interface Shown {
  readonly scene: Scene;
  readonly old: BrokerOrderSnapshot;
  readonly next: BrokerOrderSnapshot;
}

/** Ours, working, and what somebody else wants in its place. */
function theirs(): Shown {
  const scene = new Scene();
  scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
  const old = scene.snapshot(ID);
  const names = { brokerOrderId: NEW, reference: THEIRS, replaces: OLD };
  return { scene, old, next: { ...old, ...names, quantity: d("12"), limitPrice: d("98") } };
}

/** Ours, and a change of it whose answer was lost, and that was found by its reference. */
function ours(): Shown {
  const { scene, old, next } = theirs();
  const change = { quantity: d("12"), limitPrice: d("98") };
  scene.command({ kind: "replace_order", orderId: ID, change });
  const lost = { result: "unresolved", cause: "timeout", alarm: false } as const;
  scene.outcome({ kind: "replace", orderId: ID, generation: 2, outcome: lost });
  const snapshot = { ...next, reference: scene.order(ID).pendingReplace?.reference ?? null };
  found(scene, snapshot);
  return { scene, old, next: snapshot };
}

const found = (scene: Scene, snapshot: BrokerOrderSnapshot) =>
  scene.outcome({ kind: "lookup", orderId: ID, outcome: { result: "found", snapshot } });

function rejected(scene: Scene, snapshot: BrokerOrderSnapshot) {
  const { brokerOrderId, reference } = snapshot;
  const shown = { ...snapshot, status: "rejected" } as const;
  const head = { accountId: ACCOUNT_ID, brokerOrderId, reference, at: scene.now, snapshot: shown };
  const why = { code: "", message: "the venue refused it" };
  return scene.when({ kind: "report", report: { kind: "rejected", ...head, ...why } });
}

const WORKS = { status: "accepted", brokerOrderId: OLD, unresolved: null, pendingReplace: null };

describe("a replacement that is rejected", () => {
  it("of somebody else's and never seen before leaves the order as it is", () => {
    const { scene, old, next } = theirs();
    expect(rejected(scene, next)).toEqual([]);
    const pastOrders = [{ ...next, status: "rejected" } as const];
    scene.view({ openOrders: [old], pastOrders });
    expect(scene.order(ID)).toMatchObject({ ...WORKS, brokerOrderChain: [] });
  });

  it.each([
    ["somebody else's", theirs],
    ["our own", ours],
  ] as const)("of %s that was believed already gives the order back as it was", (_whose, begin) => {
    const { scene, old, next } = begin();
    scene.view({ openOrders: [old, next] });
    expect(scene.order(ID).brokerOrderId).toBe(NEW);
    rejected(scene, next);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "lookup", brokerOrderId: OLD });
    found(scene, old);
    const { quantity, limitPrice } = scene.order(ID).terms;
    expect(scene.order(ID)).toMatchObject(WORKS);
    expect([quantity, limitPrice]).toEqual([d("10"), d("99")]);
    expect(scene.view({ openOrders: [old] })).toEqual([]);
    expect(replay(scene).accounts.get(ACCOUNT_ID)?.orders.get(ID)).toEqual(scene.order(ID));
  });

  it("is heard of in a look just as well", () => {
    const { scene, old, next } = ours();
    scene.view({ openOrders: [old], pastOrders: [{ ...next, status: "rejected" }] });
    scene.view({ openOrders: [old] });
    expect(scene.order(ID)).toMatchObject(WORKS);
    expect(scene.order(ID).terms.limitPrice).toEqual(d("99"));
  });

  it("lets the order be filled, changed and cancelled as before", () => {
    const { scene, old, next } = ours();
    rejected(scene, next);
    found(scene, old);
    scene.filled(ID, "4");
    const change = { limitPrice: d("97") };
    scene.command({ kind: "replace_order", orderId: ID, change });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "replace", brokerOrderId: OLD, change });
    const newBrokerOrderId = asId<BrokerOrderId>("B-3");
    scene.report(ID, { kind: "replaced", newBrokerOrderId, newReference: null });
    expect(scene.order(ID).brokerOrderChain).toEqual([OLD, NEW]);
    const third = scene.snapshot(ID, { quantity: d("6"), filledQuantity: d("0") });
    scene.view({ openOrders: [third], positions: [] });
    expect(scene.order(ID).counting).toBe("rest");
    scene.filled(ID, "6");
    expect(scene.order(ID)).toMatchObject({ status: "filled", filledQuantity: d("10") });
  });

  it("because the old order filled first is an order that filled", () => {
    const { scene, old, next } = ours();
    rejected(scene, next);
    scene.report(ID, { kind: "executed", execution: scene.execution("10", "99") });
    found(scene, { ...old, status: "filled", filledQuantity: d("10") });
    expect(scene.order(ID)).toMatchObject({ status: "filled", terms: { quantity: d("10") } });
  });

  it("when the old order is gone as well ends it", () => {
    const { scene, old, next } = ours();
    rejected(scene, next);
    found(scene, { ...old, status: "replaced", replacedBy: NEW });
    expect(scene.order(ID)).toMatchObject({ status: "rejected", closedBy: "broker" });
  });

  it("when a cancel was wanted meanwhile has the old order cancelled", () => {
    const { scene, next } = ours();
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.calls.length = 0;
    rejected(scene, next);
    expect(scene.calls).toContainEqual(
      expect.objectContaining({ kind: "cancel", brokerOrderId: OLD }),
    );
  });

  it("after something filled on it is the end of the order", () => {
    const { scene, next } = ours();
    scene.report(ID, { kind: "executed", execution: scene.execution("4", "98") });
    rejected(scene, { ...next, filledQuantity: d("4") });
    expect(scene.order(ID)).toMatchObject({ status: "rejected", brokerOrderId: NEW });
  });
});

describe("what somebody else made of an order", () => {
  it("is its price as well, although the stream shows the old order only", () => {
    const { scene, old, next } = theirs();
    const snapshot = { ...old, status: "replaced", replacedBy: NEW } as const;
    scene.report(ID, { kind: "replaced", newBrokerOrderId: NEW, newReference: null, snapshot });
    found(scene, { ...next, quantity: d("10") });
    expect(scene.order(ID).terms.limitPrice).toEqual(d("98"));
    expect(scene.view({ openOrders: [{ ...next, quantity: d("10") }] })).toEqual([]);
  });
});
