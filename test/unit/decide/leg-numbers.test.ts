// Exits that the broker makes: which are registered, under which numbers, and whom a stranger belongs to.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { recoveryEffects } from "../../../src/domain/decide.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, only, orderOf, Scene, signalId, types } from "./scene.ts";

const ID = orderOf(1);
const bracket = { side: "buy", quantity: "10", takeProfit: "108", stopLoss: "92" } as const;

const leg = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}): BrokerOrderSnapshot => ({
  ...scene.snapshot(ID),
  brokerOrderId: asId<BrokerOrderId>("L-1"),
  reference: null,
  side: "sell",
  type: "limit",
  limitPrice: d("108"),
  status: "held",
  legs: [],
  ...more,
});

function sent(more: object = {}): Scene {
  const scene = new Scene();
  scene.signal({ ...bracket, ...more });
  return scene;
}

describe("a leg", () => {
  it("becomes an order of ours with the terms that the broker gave it", () => {
    const scene = sent({ strategy: "a" });
    scene.accepted(ID, { legs: [leg(scene, { quantity: d("9"), timeInForce: "gtc" })] });
    expect(scene.order(orderOf(1, 16))).toMatchObject({
      accountId: ACCOUNT_ID,
      instrumentId: AAPL,
      strategyId: "a",
      signalId: signalId(1),
      commandId: null,
      parentId: ID,
      role: "take_profit",
      linkGroup: ID,
      reducesPosition: true,
      waitsFor: [],
      validUntil: null,
      brokerOrderId: "L-1",
      terms: {
        side: "sell",
        type: "limit",
        timeInForce: "gtc",
        quantity: d("9"),
        notional: null,
        limitPrice: d("108"),
        extendedHours: false,
        postOnly: false,
        exits: null,
      },
    });
  });

  it("takes from its entry what the broker does not say", () => {
    const scene = sent();
    const bare = { quantity: null, timeInForce: null, type: "stop", limitPrice: null } as const;
    scene.accepted(ID, { legs: [leg(scene, { ...bare, stopPrice: d("92") })] });
    const made = scene.order(orderOf(1, 16));
    expect(made).toMatchObject({ role: "stop_loss", terms: { timeInForce: "day" } });
    expect(made.terms.quantity).toEqual(d("10"));
    expect(made.terms.stopPrice).toEqual(d("92"));
  });

  it.each([
    ["no side", { side: null }],
    ["no type", { type: null }],
  ])("with %s that we know is none of ours", (_what, more) => {
    const scene = sent();
    const events = scene.accepted(ID, { legs: [leg(scene, more)] });
    expect(types(events)).not.toContain("OrderPlaced");
  });

  it("that is known under its name is not registered twice", () => {
    const scene = sent();
    const named = leg(scene, { reference: scene.order(ID).reference });
    expect(types(scene.accepted(ID, { legs: [named] }))).not.toContain("OrderPlaced");
  });

  it("leaves the inbox where it was taken for a stranger", () => {
    const scene = sent();
    scene.world.apply({ type: "ExternalOrderSeen", snapshot: leg(scene) });
    const events = scene.accepted(ID, { legs: [leg(scene)] });
    expect(only(events, "ExternalOrderClosed").brokerOrderId).toBe("L-1");
    const clean = sent();
    expect(types(clean.accepted(ID, { legs: [leg(clean)] }))).not.toContain("ExternalOrderClosed");
  });

  it("that a look shows before its entry is no stranger, and the next look finds none", () => {
    const scene = sent();
    scene.accepted(ID);
    const entry = scene.snapshot(ID, { status: "filled", legs: [leg(scene)] });
    const events = scene.view({ openOrders: [leg(scene)], askedOrders: [entry] });
    expect(types(events)).not.toContain("ExternalOrderSeen");
    expect(scene.order(orderOf(1, 16))).toMatchObject({ brokerOrderId: "L-1" });
    expect(scene.account.external.size).toBe(0);
  });

  it("that stayed in the inbox although it is ours leaves it with the next look", () => {
    const scene = sent();
    scene.accepted(ID, { legs: [leg(scene)] });
    scene.world.apply({ type: "ExternalOrderSeen", snapshot: leg(scene) });
    const events = scene.view({ openOrders: [leg(scene)] });
    expect(only(events, "ExternalOrderClosed").brokerOrderId).toBe("L-1");
  });

  it("tells at once what became of it", () => {
    const scene = sent();
    scene.accepted(ID, { legs: [leg(scene, { status: "cancelled" })] });
    expect(scene.order(orderOf(1, 16)).status).toBe("cancelled");
  });

  it("that filled before the answer named it counts with the answer, and once", () => {
    const scene = sent();
    scene.filled(ID, "10");
    const { brokerOrderId, ...names } = leg(scene, { reference: asId("of the broker") });
    const told = { brokerOrderId, cumulativeQuantity: d("10"), executedAt: scene.now };
    const execution = scene.execution("10", "108", told);
    const done = leg(scene, { ...names, status: "filled", filledQuantity: d("10") });
    const { reference } = done;
    const fill = { kind: "executed", accountId: ACCOUNT_ID, brokerOrderId, reference } as const;
    scene.when({
      kind: "report",
      report: { ...fill, at: scene.now, snapshot: done, execution },
    });
    expect(scene.position()).toBe("10");
    scene.accepted(ID, { legs: [leg(scene, { reference })] });
    expect(scene.position()).toBe("0");
    expect(scene.order(orderOf(1, 16)).status).toBe("filled");
    expect(scene.account.parked.size).toBe(0);
    const listed = { ...execution, id: asId<ExecutionId>("A-1"), source: "activity" as const };
    scene.view({ executions: [{ ...listed, symbol: "AAPL", side: "sell" }] });
    expect(scene.position()).toBe("0");
  });

  it("has one of sixteen numbers: a seventeenth is none of ours", () => {
    const scene = sent();
    const legs = Array.from({ length: 17 }, (_, n) =>
      leg(scene, { brokerOrderId: asId<BrokerOrderId>(`L-${n}`) }),
    );
    const events = scene.accepted(ID, { legs });
    const ids = events.flatMap((event) => (event.type === "OrderPlaced" ? [event.orderId] : []));
    expect(ids).toEqual(Array.from({ length: 16 }, (_, n) => orderOf(1, 16 + n)));
  });
});

describe("an order that may be a leg of ours", () => {
  const stranger = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) => {
    const snapshot = leg(scene, { reference: asId<BrokerReference>("theirs"), ...more });
    const { brokerOrderId, reference } = snapshot;
    scene.calls.length = 0;
    scene.when({
      kind: "report",
      report: { kind: "seen", accountId: ACCOUNT_ID, brokerOrderId, reference, at: 0, snapshot },
    });
    return scene.calls.map(({ kind, orderId }) => `${kind} ${orderId}`);
  };
  const accepted = (more: object = {}): Scene => {
    const scene = sent(more);
    scene.accepted(ID);
    return scene;
  };

  it("makes us ask the entry that has no legs yet", () => {
    expect(stranger(accepted())).toEqual([`lookup ${ID}`]);
  });

  it.each([
    ["on the entry's own side", { side: "buy" }],
    ["in something else", { instrumentId: MSFT }],
  ] as const)("is no leg %s", (_what, more) => {
    expect(stranger(accepted(), more)).toEqual([]);
  });

  it("is no leg of an entry without exits, or whose legs are known", () => {
    expect(stranger(accepted({ takeProfit: undefined, stopLoss: undefined }))).toEqual([]);
    const scene = sent();
    scene.accepted(ID, { legs: [leg(scene)] });
    const other = { brokerOrderId: asId<BrokerOrderId>("L-9") };
    expect(stranger(scene, other)).toEqual([]);
  });
});

describe("a fresh start", () => {
  const effects = (scene: Scene) =>
    recoveryEffects(scene.book, scene.context).map((effect) =>
      effect.kind === "call" ? effect.call.kind : effect.kind,
    );

  it("asks about what is open and owed, and compares in the end", () => {
    const held = new Scene();
    held.tokens = 0;
    held.signal({ side: "buy", quantity: "1" });
    expect(effects(held)).toEqual(["reconcile"]);
    const working = new Scene();
    const id = working.working({ side: "buy", quantity: "1", limitPrice: "99" });
    expect(effects(working)).toEqual(["reconcile"]);
    working.command({ kind: "replace_order", orderId: id, change: { limitPrice: d("98") } });
    expect(effects(working)).toEqual(["lookup", "reconcile"]);
  });

  it("asks about a cancel whose answer was lost, and sends one again that was not", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.command({ kind: "cancel_order", orderId: id });
    expect(effects(scene)).toEqual(["cancel", "reconcile"]);
    const lost = { result: "unresolved", cause: "timeout", alarm: false } as const;
    scene.outcome({ kind: "cancel", orderId: id, outcome: lost });
    expect(effects(scene)).toEqual(["lookup", "reconcile"]);
  });
});
