// Whose a fill or an order is: of ours by the name that it bears, or of somebody else's.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerReport } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, orderOf, Scene, types } from "./scene.ts";

const ID = orderOf(1);
const LOST = { result: "unresolved", cause: "timeout", alarm: false } as const;
const rest = { side: "buy", quantity: "10", limitPrice: "99" } as const;

function working(): Scene {
  const scene = new Scene();
  scene.working(rest);
  return scene;
}

const lost = (scene: Scene) =>
  scene.outcome({ kind: "submit", orderId: ID, generation: 1, outcome: LOST });

describe("a fill that came before anybody knew whose it is", () => {
  const parked = (scene: Scene, names: Partial<BrokerReport>) => {
    const head = { accountId: ACCOUNT_ID, brokerOrderId: null, reference: null, at: scene.now };
    const execution = scene.execution("2", "99");
    const report = { kind: "executed", ...head, snapshot: null, execution, ...names } as const;
    // The names are of a report of this kind.
    scene.when({ kind: "report", report: report as BrokerReport });
    expect(scene.account.parked.size).toBe(1);
  };

  it("counts when its order takes the name that it bears", () => {
    const scene = working();
    const reference = asId<BrokerReference>(`${ID}.2`);
    parked(scene, { reference });
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    scene.report(ID, { kind: "replaced", newBrokerOrderId: "B-2", newReference: reference });
    expect([scene.position(), scene.account.parked.size]).toEqual(["2", 0]);
  });

  it("and bears another id than its order is an alarm, for a person", () => {
    const scene = working();
    const reference = asId<BrokerReference>(`${ID}.2`);
    parked(scene, { reference, brokerOrderId: asId<BrokerOrderId>("other") });
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    scene.report(ID, { kind: "replaced", newBrokerOrderId: "B-2", newReference: reference });
    expect(scene.alarms).toContain("unknown_broker_order");
  });

  it("and bears no name at all is not of an order that has none either", () => {
    const scene = new Scene();
    parked(scene, {});
    scene.signal(rest);
    lost(scene);
    expect([scene.position(), scene.account.parked.size]).toEqual(["0", 1]);
  });
});

describe("a stranger", () => {
  const seen = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) => {
    const brokerOrderId = asId<BrokerOrderId>("X");
    const base = new World();
    const known = base.account.external.get(base.foreign(AAPL, rest))?.snapshot;
    if (known === undefined) throw new Error("not seen");
    const snapshot = { ...known, brokerOrderId, submittedAt: scene.now, ...more };
    const head = { accountId: ACCOUNT_ID, brokerOrderId, reference: snapshot.reference, at: 0 };
    return types(scene.when({ kind: "report", report: { kind: "seen", ...head, snapshot } }));
  };
  const recognises = { recognises: () => true };

  it("is one although an order of ours has no name yet: that one has not left", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal(rest);
    expect(seen(scene)).toEqual(["ExternalOrderSeen"]);
  });

  it("is one although a change was asked for on an order in something else that is over", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    const orderId = scene.working({ ...rest, of: MSFT });
    scene.command({ kind: "replace_order", orderId, change: { limitPrice: d("98") } });
    scene.cancelled(orderId);
    expect(scene.order(orderId).pendingReplace).not.toBeNull();
    expect(seen(scene)).toEqual(["ExternalOrderSeen"]);
  });

  it("is no leg of an entry that has not left: that one is not asked", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "10", takeProfit: "108", stopLoss: "92" });
    expect(seen(scene, { side: "sell" })).toEqual(["ExternalOrderSeen"]);
    expect(scene.calls).toEqual([]);
  });

  it("without a name bears none of ours", () => {
    const scene = new Scene();
    scene.traits = recognises;
    expect(seen(scene)).toEqual(["ExternalOrderSeen"]);
    expect(scene.alarms).toEqual([]);
  });

  it("under a name of ours freezes its symbol once, and none where it names none", () => {
    const reference = asId<BrokerReference>("ours");
    const frozen = new Scene();
    frozen.traits = recognises;
    frozen.world.apply({ type: "SymbolFrozen", instrumentId: AAPL, reason: "before" });
    expect(seen(frozen, { reference })).toEqual(["ExternalOrderSeen"]);
    const nowhere = new Scene();
    nowhere.traits = recognises;
    expect(seen(nowhere, { reference, instrumentId: null })).toEqual(["ExternalOrderSeen"]);
    expect([frozen.alarms, nowhere.alarms]).toEqual([["broker_ahead"], ["broker_ahead"]]);
  });

  it("in words that nobody knows freezes its symbol, and a person is told by that code", () => {
    const scene = new Scene();
    expect(seen(scene, { status: "unknown" })).toEqual(["ExternalOrderSeen", "SymbolFrozen"]);
    expect(scene.alarms).toEqual(["symbol_frozen"]);
  });
});
