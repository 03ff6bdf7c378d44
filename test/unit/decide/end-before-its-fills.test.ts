// The stream tells the end of an order, and with it more filled than it told before: a fill was lost on the
// way. What the order holds is free only when those fills are booked, and until then it counts as open.
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../../src/domain/ids.ts";
import { AAPL, brokerIdOf, d, orderOf, Scene } from "./scene.ts";

const ENDS = ["cancelled", "expired"] as const;

/** Ended by the stream, which never told the fills that are in it. */
function ended(scene: Scene, id: OrderId, end: (typeof ENDS)[number], filled: string): void {
  const averagePrice = scene.order(id).terms.limitPrice;
  const figures = { status: end, filledQuantity: d(filled), averagePrice } as const;
  scene.report(id, { kind: end, snapshot: scene.snapshot(id, figures) });
}

/** The look that was asked for brings the fill, and the order as it is. */
function told(scene: Scene, id: OrderId, filled: string): void {
  const { side, limitPrice } = scene.order(id).terms;
  const held = d(scene.position()).plus(side === "buy" ? d(filled) : d(filled).negated());
  scene.world.now += 2_000;
  const fill = scene.execution(filled, limitPrice?.toString() ?? "100", {
    brokerOrderId: brokerIdOf(id),
    cumulativeQuantity: d(filled),
    source: "activity",
  });
  scene.view({
    executions: [{ ...fill, symbol: "AAPL", side }],
    askedOrders: [
      scene.snapshot(id, {
        status: "cancelled",
        filledQuantity: d(filled),
        averagePrice: limitPrice,
      }),
    ],
    positions: [{ symbol: "AAPL", instrumentId: AAPL, quantity: held, averagePrice: d("100") }],
  });
}

const submits = (scene: Scene) => scene.calls.filter(({ kind }) => kind === "submit");

describe.each(ENDS)("an order that was %s with fills that nobody told", (end) => {
  it("asks for them, keeps its quantity, and ends when they are booked", () => {
    const scene = new Scene();
    scene.view();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    ended(scene, id, end, "6");
    expect(scene.order(id).status).toBe("accepted");
    expect(scene.last?.effects.map(({ kind }) => kind)).toContain("reconcile");
    told(scene, id, "6");
    expect(scene.order(id).status).toBe("cancelled");
    expect(scene.position()).toBe("6");
  });

  it("ends at once where all of them are known", () => {
    const scene = new Scene();
    scene.view();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.filled(id, "6");
    ended(scene, id, end, "6");
    expect(scene.order(id).status).toBe(end);
  });

  it("makes no room for another: a limit counts it as open", () => {
    const scene = new Scene();
    scene.view();
    scene.world.set("max_position_qty", "10");
    scene.world.set("duplicate_window_seconds", null);
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    ended(scene, id, end, "6");
    scene.signal({ side: "buy", quantity: "10", limitPrice: "99" });
    expect(submits(scene)).toHaveLength(1);
  });

  it("keeps a close waiting, which then sells what is left", () => {
    const scene = new Scene();
    scene.view();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    const before = submits(scene).length;
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    ended(scene, exit, end, "4");
    expect(submits(scene)).toHaveLength(before);
    told(scene, exit, "4");
    expect(submits(scene).at(-1)).toMatchObject({ terms: { side: "sell", quantity: d("6") } });
  });

  it("keeps what waits behind a target waiting, which then asks for that much less", () => {
    const scene = new Scene();
    scene.view();
    const goneTooFar = scene.working({ side: "buy", quantity: "12", limitPrice: "99" });
    scene.signal({ target: "10" });
    ended(scene, goneTooFar, end, "3");
    expect(scene.order(orderOf(2)).status).toBe("pending");
    told(scene, goneTooFar, "3");
    expect(scene.order(orderOf(2)).status).toBe("submitted");
    expect(scene.order(orderOf(2)).terms.quantity?.toString()).toBe("7");
  });

  it("rejects what waits behind a target that the fills have reached", () => {
    const scene = new Scene();
    scene.view();
    const goneTooFar = scene.working({ side: "buy", quantity: "12", limitPrice: "99" });
    scene.signal({ target: "10" });
    ended(scene, goneTooFar, end, "12");
    told(scene, goneTooFar, "12");
    expect(scene.order(orderOf(2))).toMatchObject({
      status: "rejected",
      rejectCode: "nothing_to_do",
    });
  });
});
