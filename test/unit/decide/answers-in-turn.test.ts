// What an answer or a fact asks for next, and what it must not ask for: looks, cancels, legs, fills of before.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, only, orderOf, Scene, types } from "./scene.ts";

const ID = orderOf(1);
const LOST = { result: "unresolved", cause: "timeout", alarm: false } as const;
const rest = { side: "buy", quantity: "10", limitPrice: "99" } as const;
const bracket = { side: "buy", quantity: "10", takeProfit: "108", stopLoss: "92" } as const;

const kinds = (scene: Scene) => scene.calls.map(({ kind }) => kind);
const asksToReconcile = (scene: Scene) =>
  scene.last?.effects.some(({ kind }) => kind === "reconcile") ?? false;

function working(wish: object = rest): Scene {
  const scene = new Scene();
  scene.working(wish);
  scene.calls.length = 0;
  return scene;
}

function cancelling(): Scene {
  const scene = working();
  scene.command({ kind: "cancel_order", orderId: ID });
  scene.calls.length = 0;
  return scene;
}

const cancelEnds = (scene: Scene, outcome: object) =>
  // An end of any kind: what differs came in as it is.
  scene.outcome({ kind: "cancel", orderId: ID, outcome } as never);

const lost = (scene: Scene, orderId = ID) =>
  scene.outcome({ kind: "submit", orderId, generation: 1, outcome: LOST });

const lookedUp = (scene: Scene, more: Partial<BrokerOrderSnapshot> | null) =>
  scene.outcome({
    ...{ kind: "lookup", orderId: ID },
    outcome:
      more === null
        ? { result: "not_found" }
        : { result: "found", snapshot: scene.snapshot(ID, more) },
  });

function leg(scene: Scene, more: Partial<BrokerOrderSnapshot> = {}): BrokerOrderSnapshot {
  const names = { brokerOrderId: asId<BrokerOrderId>("L-1"), reference: null };
  const parent = { ...scene.snapshot(ID), ...names, status: "held" } as const;
  return { ...parent, side: "sell", type: "limit", limitPrice: d("108"), legs: [], ...more };
}

describe("a cancel that did not leave", () => {
  it("goes again at once when the time to wait is over already", () => {
    const scene = cancelling();
    cancelEnds(scene, { result: "rate_limited", retryAt: scene.now });
    expect(kinds(scene)).toEqual(["cancel"]);
  });

  it("waits where it has to, and is asked by a later tick", () => {
    const scene = cancelling();
    cancelEnds(scene, { result: "rate_limited", retryAt: scene.now + 1 });
    expect(kinds(scene)).toEqual([]);
  });

  it("leaves a change alone that is asked for beside it", () => {
    const scene = working();
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    scene.command({ kind: "cancel_order", orderId: ID });
    expect(types(cancelEnds(scene, { result: "not_sent", cause: "x" }))).toEqual([]);
    expect(scene.order(ID).pendingReplace).not.toBeNull();
  });

  it("of which nothing is known is looked up, and goes again when the order is found open", () => {
    const scene = cancelling();
    cancelEnds(scene, LOST);
    scene.tick(250);
    expect(kinds(scene)).toEqual(["lookup"]);
    lookedUp(scene, {});
    expect(kinds(scene)).toEqual(["lookup", "cancel"]);
  });

  it("is looked up by the broker's own id, where it finds nothing by a reference", () => {
    const scene = cancelling();
    scene.traits = { findsByReference: false };
    cancelEnds(scene, LOST);
    expect(scene.deadline).toBe(scene.now + 250);
  });

  it("is looked up a second after what was heard of the order meanwhile", () => {
    const scene = cancelling();
    cancelEnds(scene, LOST);
    scene.world.now += 100;
    scene.filled(ID, "1", "99");
    expect(scene.deadline).toBe(scene.now + 1_000);
  });

  it("of an order without a name is not asked again: there is nothing to ask for", () => {
    const scene = new Scene();
    scene.signal(rest);
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.calls.length = 0;
    expect(scene.deadline).toBe(scene.now + 60_000);
    expect([scene.tick(5_000), kinds(scene)]).toEqual([[], []]);
  });

  it("is told to a person half a minute after the broker had the order, not after we placed it", () => {
    const scene = new Scene();
    scene.signal(rest);
    scene.world.now += 28_000;
    scene.accepted(ID);
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.tick(5_000);
    expect([kinds(scene).at(-1), scene.alarms]).toEqual(["cancel", []]);
  });
});

describe("more filled than its fills tell", () => {
  it("makes us ask for the fills, and an ordinary answer does not", () => {
    const scene = working();
    expect(asksToReconcile(scene)).toBe(false);
    lookedUp(scene, { status: "partially_filled", filledQuantity: d("3") });
    expect(asksToReconcile(scene)).toBe(true);
  });
});

describe("a look that finds nothing", () => {
  it("is told of an order that the broker had, and makes nothing unknown of it", () => {
    const scene = working();
    expect(lookedUp(scene, null)).toEqual([]);
    expect(scene.alarms).toEqual(["order_not_found"]);
  });

  it("that comes when the order waits again makes nothing unknown of it", () => {
    const scene = new Scene();
    scene.signal(rest);
    scene.up = false;
    const outcome = { result: "not_sent", cause: "x" } as const;
    scene.outcome({ kind: "submit", orderId: ID, generation: 1, outcome });
    expect(lookedUp(scene, null)).toEqual([]);
    expect(scene.order(ID)).toMatchObject({ status: "pending", unresolved: null });
  });

  it("often enough and at the very age of the signal sends it again, and not a moment later", () => {
    for (const [last, ends] of [[20_000, null] as const, [20_001, "never_arrived"] as const]) {
      const scene = new Scene();
      scene.signal(rest);
      lost(scene);
      for (const wait of [20_000, 20_000, last]) {
        scene.world.now += wait;
        scene.world.price(AAPL, "100");
        lookedUp(scene, null);
      }
      expect(scene.order(ID).rejectCode).toBe(ends);
    }
  });
});

describe("the legs of an order", () => {
  it("that come with a word of the stream are registered", () => {
    const scene = new Scene();
    scene.signal(bracket);
    scene.report(ID, { kind: "accepted", snapshot: scene.snapshot(ID, { legs: [leg(scene)] }) });
    expect(scene.order(orderOf(1, 16)).parentId).toBe(ID);
  });

  it("that come with an order which a person adopts are registered", () => {
    const scene = new Scene();
    const brokerOrderId = scene.world.foreign(AAPL, rest);
    const snapshot = scene.account.external.get(brokerOrderId)?.snapshot;
    if (snapshot === undefined) throw new Error("not seen");
    const ours = { ...snapshot, brokerOrderId: asId<BrokerOrderId>("L-1"), side: "sell" } as const;
    const shown = { ...snapshot, legs: [ours] };
    scene.world.apply({ type: "ExternalOrderSeen", snapshot: shown });
    const events = scene.command({ kind: "adopt_order", brokerOrderId });
    expect(types(events).filter((type) => type === "OrderPlaced")).toHaveLength(2);
  });

  it.each([
    ["whose answer names none", bracket],
    ["that has none", rest],
  ])("of an order %s are not asked for", (_what, wish) => {
    const scene = new Scene();
    scene.signal(wish);
    scene.accepted(ID);
    scene.report(ID, { kind: "accepted", snapshot: scene.snapshot(ID) });
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("of an order without exits are not asked for when its lost answer turns up", () => {
    const scene = new Scene();
    scene.signal(rest);
    lost(scene);
    scene.report(ID, { kind: "accepted", snapshot: scene.snapshot(ID) });
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("of a send without an answer cannot be asked for, and are not", () => {
    const scene = new Scene();
    scene.signal(bracket);
    lost(scene);
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("are asked for no more once they are known", () => {
    const scene = new Scene();
    scene.signal(bracket);
    scene.report(ID, { kind: "accepted", snapshot: scene.snapshot(ID, { legs: [leg(scene)] }) });
    scene.calls.length = 0;
    lost(scene);
    expect(kinds(scene)).toEqual([]);
  });

  it("of an exit that stands alone are on its own side", () => {
    const ask = (side: "buy" | "sell") => {
      const scene = new Scene();
      scene.world.hold(AAPL, "10", "100");
      const wish = { side: "sell", quantity: "10", limitPrice: "108", stopLoss: "92" } as const;
      const orderId = scene.world.work(AAPL, wish, {});
      const order = scene.order(orderId);
      const exits = { takeProfit: null, stopLoss: null, alone: true } as never;
      scene.account.orders.set(orderId, { ...order, terms: { ...order.terms, exits } });
      const brokerOrderId = asId<BrokerOrderId>("X");
      const reference = asId<BrokerReference>("theirs");
      const names = { brokerOrderId, reference };
      const snapshot = { ...scene.snapshot(orderId), ...names, side };
      const head = { accountId: ACCOUNT_ID, ...names, at: scene.now, snapshot };
      scene.when({ kind: "report", report: { kind: "seen", ...head } });
      return kinds(scene);
    };
    expect([ask("sell"), ask("buy")]).toEqual([["lookup"], []]);
  });

  it("have numbers behind those of the source, and an order with a high number has fewer or none", () => {
    const placed = (n: number) => {
      const scene = working();
      const orderId = orderOf(1, n);
      const order = { ...scene.order(ID), id: orderId };
      scene.world.apply({ type: "OrderPlaced", orderId, order });
      scene.world.accept(orderId);
      const legs = Array.from({ length: 17 }, (_, index) =>
        leg(scene, { brokerOrderId: asId<BrokerOrderId>(`L-${index}`) }),
      );
      const snapshot = scene.snapshot(orderId, { legs });
      const events = scene.report(orderId, { kind: "seen", snapshot });
      return events.flatMap((event) => (event.type === "OrderPlaced" ? [event.orderId] : []));
    };
    expect(placed(15).at(-1)).toBe(orderOf(1, 255));
    expect(placed(15)).toHaveLength(16);
    expect(placed(16)).toEqual([]);
  });
});

describe("an order of which nothing is heard", () => {
  it("and whose send has no answer is looked up by itself", () => {
    const scene = new Scene();
    scene.signal(rest);
    scene.calls.length = 0;
    // Looking at the account does not help: the send itself is owed a word.
    scene.world.now += 30_000;
    scene.world.observe("100001");
    expect(scene.deadline).toBe(scene.now + 30_000);
    scene.tick(30_000);
    expect(kinds(scene)).toEqual(["lookup"]);
  });

  it("and that only a person can find wakes nobody", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    scene.signal(rest);
    lost(scene);
    scene.world.now += 120_000;
    const midnight = Date.parse("2026-06-10T04:00:00Z");
    expect(scene.deadline).toBe(midnight);
    expect(scene.tick()).toEqual([]);
  });

  it("makes us compare, also when the account's figures were never seen", () => {
    const scene = new Scene(new World());
    const orderId = scene.world.work(AAPL, rest);
    expect(scene.order(orderId).status).toBe("accepted");
    expect(scene.deadline).toBe(scene.now + 60_000);
    expect(scene.tick(60_000)).toEqual([]);
    expect(asksToReconcile(scene)).toBe(true);
  });
});

describe("a person settles", () => {
  const settle = (scene: Scene) =>
    only(
      scene.command({ kind: "settle_order", orderId: ID, as: "never_arrived", reason: "lost" }),
      "CommandDecided",
    ).outcome.code;

  it("an order of which nothing is known, and none that the broker gave any word of", () => {
    const silent = new Scene();
    silent.signal(rest);
    const filled = new Scene();
    filled.signal(rest);
    const execution = filled.execution("1", "99", { brokerOrderId: brokerIdOf(ID) });
    filled.report(ID, { kind: "executed", execution });
    const nameless = new Scene();
    nameless.signal(rest);
    nameless.report(ID, { kind: "accepted", brokerOrderId: null });
    expect([settle(silent), settle(filled), settle(nameless)]).toEqual([
      "settled",
      "nothing_to_settle",
      "nothing_to_settle",
    ]);
  });
});
