// An order that was sent, of which no answer came and no look found a trace: it waits to be sent again under
// its reference. The broker may have it after all, as it was sent then.
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../../src/domain/ids.ts";
import { AAPL, brokerIdOf, d, only, orderOf, orderOfCommand, Scene } from "./scene.ts";

/** 100 at 100, lost on the way; three looks found nothing, and the broker is away since. */
function lost(): { readonly scene: Scene; readonly id: OrderId } {
  const scene = new Scene();
  scene.world.set("max_position_qty", "150");
  scene.world.set("max_signal_age_seconds", "600");
  scene.view();
  scene.signal({ side: "buy", quantity: "100", limitPrice: "100" });
  const id = orderOf(1);
  const unknown = { result: "unresolved", cause: "timeout", alarm: false } as const;
  scene.outcome({ kind: "submit", orderId: id, generation: 1, outcome: unknown });
  for (const isUp of [true, true, true, false]) {
    scene.world.now += 11_000;
    scene.up = isUp;
    scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "not_found" } });
  }
  expect(scene.order(id)).toMatchObject({ status: "pending", reference: expect.anything() });
  return { scene, id };
}

/** The broker answers that it has the reference, and shows an order of so many. */
function foundAs(scene: Scene, id: OrderId, quantity: string) {
  scene.up = true;
  scene.world.price(AAPL, "100");
  scene.tick(1);
  scene.outcome({ kind: "submit", orderId: id, generation: 1, outcome: { result: "duplicate" } });
  const shown = scene.snapshot(id, { brokerOrderId: brokerIdOf(id), quantity: d(quantity) });
  scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "found", snapshot: shown } });
  return shown;
}

describe("an order that waits to be sent again", () => {
  it("takes no other terms: the broker may have it with these", () => {
    const { scene, id } = lost();
    const change = { quantity: d("50") };
    const told = scene.command({ kind: "replace_order", orderId: id, change });
    expect(only(told, "CommandDecided").outcome.code).toBe("order_unresolved");
    foundAs(scene, id, "100");
    expect(scene.order(id).status).toBe("accepted");
  });

  it("can be taken back", () => {
    const { scene, id } = lost();
    scene.command({ kind: "cancel_order", orderId: id });
    expect(scene.order(id).status).toBe("cancelled");
  });
});

describe("a close that is sent again when less is held", () => {
  /** A close of ten, lost on the way and sent again for six: four were sold meanwhile. */
  function sentTwice() {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("max_signal_age_seconds", "600");
    scene.view();
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    const id = orderOfCommand(1);
    const unknown = { result: "unresolved", cause: "timeout", alarm: false } as const;
    scene.outcome({ kind: "submit", orderId: id, generation: 1, outcome: unknown });
    for (const isUp of [true, true, false]) {
      scene.world.now += 11_000;
      scene.up = isUp;
      scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "not_found" } });
    }
    scene.world.hold(AAPL, "-4", "100");
    scene.up = true;
    scene.world.price(AAPL, "100");
    scene.tick(1);
    expect(scene.order(id).terms.quantity?.toString()).toBe("6");
    scene.outcome({ kind: "submit", orderId: id, generation: 1, outcome: { result: "duplicate" } });
    return { scene, id };
  }

  it("is the order of the first send where that arrived after all, and a person is told", () => {
    const { scene, id } = sentTwice();
    const shown = scene.snapshot(id, { quantity: d("10") });
    scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "found", snapshot: shown } });
    expect(scene.order(id).status).toBe("accepted");
    expect(scene.order(id).terms.quantity?.toString()).toBe("10");
    expect(scene.alarms).toContain("broker_duplicate_mismatch");
    scene.filled(id, "10");
    expect(scene.order(id).status).toBe("filled");
    expect(scene.position()).toBe("-4");
  });

  it("is not an order of another side", () => {
    const { scene, id } = sentTwice();
    const shown = scene.snapshot(id, { quantity: d("10"), side: "buy" });
    scene.outcome({ kind: "lookup", orderId: id, outcome: { result: "found", snapshot: shown } });
    expect(scene.order(id).rejectCode).toBe("broker_duplicate_mismatch");
  });
});

describe("another order under its reference", () => {
  it("counts as a stranger's, under whatever name it is told, until it is over", () => {
    const { scene, id } = lost();
    const shown = foundAs(scene, id, "90");
    expect(scene.order(id).rejectCode).toBe("broker_duplicate_mismatch");
    scene.view({ openOrders: [shown] });
    expect(scene.account.external.size).toBe(1);
    const more = scene.signal({ side: "buy", quantity: "90", limitPrice: "100" });
    expect(only(more, "SignalDecided").refusal?.code).toBe("max_position_qty");
    scene.world.now += 2_000;
    scene.view({ pastOrders: [{ ...shown, status: "cancelled", updatedAt: scene.now }] });
    expect(scene.account.external.size).toBe(0);
  });

  it.each(["stream", "view"] as const)("fills as a stranger's too, told by the %s", (by) => {
    const { scene, id } = lost();
    const shown = foundAs(scene, id, "90");
    scene.view({ openOrders: [shown] });
    const filled = { status: "partially_filled", filledQuantity: d("10") } as const;
    const part = { ...shown, ...filled, averagePrice: d("100"), updatedAt: scene.now };
    const { brokerOrderId, reference } = shown;
    const told = { brokerOrderId, cumulativeQuantity: d("10") };
    const execution = scene.execution("10", "100", told);
    if (by === "stream") {
      const names = { brokerOrderId, reference, snapshot: part };
      scene.report(id, { kind: "executed", ...names, execution });
    }
    for (const _look of [1, 2, 3]) {
      scene.world.now += 30_000;
      scene.world.price(AAPL, "100");
      scene.view({
        openOrders: [part],
        executions: [{ ...execution, source: "activity", symbol: "AAPL", side: "buy" }],
        positions: [
          { symbol: "AAPL", instrumentId: AAPL, quantity: d("10"), averagePrice: d("100") },
        ],
      });
    }
    expect([scene.position(), scene.account.external.size]).toEqual(["10", 1]);
    // Ten are held, and eighty still work.
    const more = scene.signal({ side: "buy", quantity: "61", limitPrice: "100" });
    expect(only(more, "SignalDecided").refusal?.code).toBe("max_position_qty");
  });

  it("is no word of a record that is behind its broker", () => {
    const { scene, id } = lost();
    scene.traits = { recognises: () => true };
    scene.view({ openOrders: [foundAs(scene, id, "90")] });
    expect(scene.alarms).not.toContain("broker_ahead");
  });
});
