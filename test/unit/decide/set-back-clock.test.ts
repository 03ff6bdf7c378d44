// Another worker's clock ran an hour ahead, or ours was set back: the book holds instants that lie in
// the future. Nothing may wait for them.
import { describe, expect, it } from "vitest";
import { dueAfter, isAhead } from "../../../src/domain/elapsed.ts";
import { AAPL, d, orderOf, Scene } from "./scene.ts";

const HOUR = 3_600_000;

const setBack = (scene: Scene) => {
  scene.world.now -= HOUR;
};
const calls = (scene: Scene) =>
  (scene.last?.effects ?? []).flatMap((effect) =>
    effect.kind === "call" ? [effect.call.kind] : [],
  );

function unanswered(scene: Scene) {
  scene.signal({ side: "buy", quantity: "10" });
  const id = orderOf(1);
  scene.outcome({
    kind: "submit",
    orderId: id,
    generation: 1,
    outcome: { result: "unresolved", cause: "timeout", alarm: false },
  });
  return id;
}

describe("instants that lie in the future", () => {
  it("are told from clocks that merely differ", () => {
    expect(isAhead(2_000, 0)).toBe(false);
    expect(isAhead(2_001, 0)).toBe(true);
    expect(dueAfter(1_000, 5_000, 0)).toBe(6_000);
    expect(dueAfter(HOUR, 5_000, 7)).toBe(7);
  });

  it("do not keep an unresolved order from being looked up, and looked up until it is settled", () => {
    const scene = new Scene();
    const id = unanswered(scene);
    setBack(scene);
    expect(scene.deadline).toBe(scene.now + 1_000);
    scene.tick(1_000);
    expect(calls(scene)).toEqual(["lookup"]);
    scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "not_found" } });
    expect(scene.order(id).unresolved).toMatchObject({ since: scene.now, lookups: 1 });
    expect(scene.deadline).toBe(scene.now + 1_000);
  });

  it("do not keep a cancel without an answer from being asked for again", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "90" });
    scene.command({ kind: "cancel_order", orderId: id });
    setBack(scene);
    scene.tick(1_000);
    expect(calls(scene)).toEqual(["cancel"]);
    scene.tick(1_000);
    expect(calls(scene)).toEqual([]);
  });

  it("do not hide a quiet order, nor ask for it without end", () => {
    const scene = new Scene();
    scene.isLookedAt = false;
    scene.view();
    scene.working({ side: "buy", quantity: "1", limitPrice: "90" });
    setBack(scene);
    scene.tick(1_000);
    expect(scene.last?.effects).toContainEqual(expect.objectContaining({ kind: "reconcile" }));
    scene.view({ openOrders: [scene.snapshot(orderOf(1))] });
    scene.tick(1_000);
    expect(scene.last?.effects).toEqual([]);
  });

  it("do not keep the balance from being told anew", () => {
    const scene = new Scene();
    scene.view();
    setBack(scene);
    scene.view();
    expect(scene.account.equity?.at).toBe(scene.now);
  });

  it("do not keep a position from being compared", () => {
    const scene = new Scene();
    scene.view();
    scene.bought("10");
    setBack(scene);
    const positions = [
      { symbol: "AAPL", instrumentId: AAPL, quantity: d("7"), averagePrice: d("100") },
    ];
    scene.view({ positions });
    scene.world.now += 3_000;
    scene.view({ positions });
    expect(scene.position()).toBe("7");
  });
});
