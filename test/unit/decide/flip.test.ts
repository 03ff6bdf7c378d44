// Orders through zero, and signals that say what should be held instead of what should be traded.
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../../src/domain/ids.ts";
import { AAPL, only, orderOf, Scene, types } from "./scene.ts";

const shortable = (): Scene => {
  const scene = new Scene();
  scene.world.set("allow_short", "true");
  return scene;
};

describe("a trade through zero", () => {
  it("closes first and opens when the close has filled", () => {
    const scene = shortable();
    scene.bought("10");
    const events = scene.signal({ side: "sell", quantity: "15" });
    expect(only(events, "SignalDecided").orderIds).toEqual([orderOf(2, 1), orderOf(2, 2)]);
    expect(scene.order(orderOf(2, 1))).toMatchObject({ role: "flip_close", status: "submitted" });
    expect(scene.order(orderOf(2, 1)).terms.quantity?.toString()).toBe("10");
    expect(scene.order(orderOf(2, 2)).hold?.reason).toBe("predecessor");
    scene.accepted(orderOf(2, 1));
    const filled = scene.filled(orderOf(2, 1), "10");
    expect(types(filled)).toContain("OrderSubmitted");
    scene.accepted(orderOf(2, 2));
    scene.filled(orderOf(2, 2), "5");
    expect(scene.position()).toBe("-5");
  });

  it("opens nothing when the close did not fill", () => {
    const scene = shortable();
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15" });
    scene.accepted(orderOf(2, 1));
    // A look at what is held, of which nothing has ended yet.
    scene.tick(1_000);
    const events = scene.cancelled(orderOf(2, 1));
    expect(only(events, "OrderRejected")).toMatchObject({
      orderId: orderOf(2, 2),
      code: "predecessor_failed",
    });
  });

  it("is refused whole where shorts are not allowed: its first half would not be what was asked", () => {
    const scene = new Scene();
    scene.bought("10");
    const events = scene.signal({ side: "sell", quantity: "15" });
    expect(only(events, "SignalDecided").refusal?.code).toBe("short_not_allowed");
    expect(types(events)).toEqual(["SignalDecided"]);
  });

  it("is refused whole when its second half breaks a limit", () => {
    const scene = shortable();
    scene.bought("10");
    scene.world.set("max_position_qty", "12");
    const events = scene.signal({ side: "sell", quantity: "25" });
    expect(only(events, "SignalDecided").refusal?.code).toBe("max_position_qty");
  });

  it("keeps a later signal of its symbol behind its second half", () => {
    const scene = shortable();
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15" });
    scene.signal({ side: "sell", quantity: "1" });
    expect(scene.order(orderOf(3)).status).toBe("pending");
    scene.accepted(orderOf(2, 1));
    scene.filled(orderOf(2, 1), "10");
    expect(scene.calls.map(({ orderId }) => orderId)).toEqual([
      orderOf(1),
      orderOf(2, 1),
      orderOf(2, 2),
      orderOf(3),
    ]);
  });
});

describe("an order through zero", () => {
  it.each([
    ["max_order_qty_stock", "100"],
    ["max_order_notional", "10000"],
  ] as const)("is checked as one against %s, then in its halves", (key, most) => {
    const ask = (quantity: string) => {
      const scene = shortable();
      scene.world.set("max_order_qty_stock", null);
      scene.world.set(key, most);
      scene.world.hold(AAPL, "80", "100");
      return only(scene.signal({ side: "sell", quantity }), "SignalDecided");
    };
    expect(ask("100")).toMatchObject({ outcome: "ordered", orderIds: [orderOf(1), orderOf(1, 2)] });
    expect(ask("101")).toMatchObject({ outcome: "rejected", refusal: { code: key } });
  });
});

describe("a trade through zero where exits rest", () => {
  const resting = (scene: Scene, quantity = "10", strategy?: string): OrderId => {
    const whose = strategy === undefined ? {} : { strategy };
    scene.bought("10", whose);
    return scene.working({ side: "sell", quantity, stopPrice: "90", ...whose });
  };

  it("takes them away first: they hold what its first half sells", () => {
    const scene = shortable();
    const stop = resting(scene, "4");
    const events = scene.signal({ side: "sell", quantity: "15" });
    expect(only(events, "SignalDecided").outcome).toBe("held");
    expect(only(events, "CancelRequested")).toMatchObject({
      orderId: stop,
      reason: "gives way to a trade through zero",
    });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", orderId: stop });
    expect(scene.order(orderOf(3, 1))).toMatchObject({ status: "pending", role: "flip_close" });
    scene.cancelled(stop);
    expect(scene.order(orderOf(3, 1)).status).toBe("submitted");
    expect(scene.order(orderOf(3, 2)).status).toBe("pending");
    scene.accepted(orderOf(3, 1));
    scene.filled(orderOf(3, 1), "10");
    expect(scene.order(orderOf(3, 2)).status).toBe("submitted");
  });

  it("sells less where one of them filled first, and ends where it should", () => {
    const scene = shortable();
    const stop = resting(scene);
    scene.signal({ side: "sell", quantity: "15" });
    scene.filled(stop, "4", "90");
    scene.cancelled(stop);
    expect(scene.order(orderOf(3, 1)).terms.quantity?.toString()).toBe("6");
    scene.accepted(orderOf(3, 1));
    scene.filled(orderOf(3, 1), "6");
    scene.accepted(orderOf(3, 2));
    scene.filled(orderOf(3, 2), "5");
    expect(scene.position()).toBe("-5");
  });

  it("goes on from zero where they closed all of it first: what was asked for is what is held in the end", () => {
    const scene = shortable();
    const stop = resting(scene);
    scene.signal({ side: "sell", quantity: "15" });
    scene.filled(stop, "10", "90");
    expect(scene.order(orderOf(3, 1)).status).toBe("rejected");
    expect(scene.order(orderOf(3, 2)).status).toBe("submitted");
    scene.filled(orderOf(3, 2), "5");
    expect(scene.position()).toBe("-5");
  });

  it("leaves them where they are when it is refused", () => {
    const scene = new Scene();
    const stop = resting(scene);
    expect(types(scene.signal({ side: "sell", quantity: "15" }))).toEqual(["SignalDecided"]);
    expect(scene.order(stop).pendingAction).toBeNull();
  });

  it("takes those of every strategy away: what it closes is what all of them hold", () => {
    const scene = shortable();
    const stop = resting(scene, "10", "trend");
    scene.signal({ side: "sell", quantity: "15", strategy: "revert" });
    expect(scene.order(stop).pendingAction).toBe("cancel");
    scene.cancelled(stop);
    expect(scene.order(orderOf(3, 1)).status).toBe("submitted");
    expect(scene.order(orderOf(3, 1)).terms.quantity?.toString()).toBe("10");
  });

  it("is a target beyond zero as well", () => {
    const scene = shortable();
    const stop = resting(scene, "10", "trend");
    scene.signal({ target: "-15", strategy: "revert" });
    expect(scene.order(stop).pendingAction).toBe("cancel");
    expect(scene.order(orderOf(3, 1)).hold?.reason).toBe("predecessor");
  });

  it("is no trade that only lowers the position: they stay", () => {
    const scene = shortable();
    const stop = resting(scene, "4");
    scene.signal({ side: "sell", quantity: "6" });
    expect(scene.order(stop).pendingAction).toBeNull();
    expect(scene.order(orderOf(3)).status).toBe("submitted");
  });
});

describe("a target position", () => {
  it("buys what is missing", () => {
    const scene = new Scene();
    scene.bought("4");
    scene.signal({ target: "10" });
    expect(scene.order(orderOf(2)).terms).toMatchObject({ side: "buy" });
    expect(scene.order(orderOf(2)).terms.quantity?.toString()).toBe("6");
  });

  it("does nothing when it is there, and says so", () => {
    const scene = new Scene();
    scene.bought("10");
    const events = scene.signal({ target: "10" });
    expect(types(events)).toEqual(["SignalDecided"]);
    expect(only(events, "SignalDecided").outcome).toBe("nothing_to_do");
  });

  it("counts what is on its way already: two signals for 10 buy 10", () => {
    const scene = new Scene();
    scene.signal({ target: "10" });
    const events = scene.signal({ target: "10" });
    expect(only(events, "SignalDecided").outcome).toBe("nothing_to_do");
    expect(scene.calls).toHaveLength(1);
  });

  it("cancels an order on its way that would miss it", () => {
    const scene = new Scene();
    scene.working({ target: "10", limitPrice: "99" });
    const events = scene.signal({ target: "0" });
    expect(only(events, "CancelRequested").orderId).toBe(orderOf(1));
    expect(only(events, "SignalDecided").outcome).toBe("nothing_to_do");
  });

  it("of zero takes the resting exits away first and then sells all", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    expect(scene.order(exit).reducesPosition).toBe(true);
    scene.signal({ target: "0" });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", orderId: exit });
    expect(scene.order(orderOf(3)).hold?.reason).toBe("predecessor");
    scene.cancelled(exit);
    expect(scene.order(orderOf(3)).status).toBe("submitted");
  });

  it("of a strategy looks at the strategy's own share", () => {
    const scene = new Scene();
    scene.bought("10", { strategy: "one" });
    scene.signal({ target: "5", strategy: "two" });
    expect(scene.order(orderOf(2)).terms).toMatchObject({ side: "buy" });
    expect(scene.order(orderOf(2)).terms.quantity?.toString()).toBe("5");
  });

  it("on the other side of zero closes and then opens", () => {
    const scene = shortable();
    scene.bought("10");
    scene.signal({ target: "-5" });
    expect(scene.order(orderOf(2, 1)).terms.quantity?.toString()).toBe("10");
    expect(scene.order(orderOf(2, 2)).terms.quantity?.toString()).toBe("5");
  });
});

describe("what gives way to a target position and fills before its cancel comes", () => {
  const quantityOf = (scene: Scene, number: number, n = 1) =>
    scene.order(orderOf(number, n)).terms.quantity?.toString();

  it("leaves that much less to do", () => {
    const scene = new Scene();
    const goneTooFar = scene.working({ side: "buy", quantity: "12", limitPrice: "99" });
    scene.signal({ target: "10" });
    scene.filled(goneTooFar, "3");
    scene.cancelled(goneTooFar);
    expect(scene.order(orderOf(2)).status).toBe("submitted");
    expect(quantityOf(scene, 2)).toBe("7");
  });

  it("leaves more to do when it traded the other way", () => {
    const scene = new Scene();
    scene.bought("10");
    const against = scene.working({ side: "sell", quantity: "2", limitPrice: "105" });
    scene.signal({ target: "12" });
    scene.filled(against, "2");
    expect(scene.order(orderOf(3)).status).toBe("submitted");
    expect(quantityOf(scene, 3)).toBe("4");
  });

  it("leaves nothing to do when it went all the way, and the order says so", () => {
    const scene = new Scene();
    const goneTooFar = scene.working({ side: "buy", quantity: "12", limitPrice: "99" });
    scene.signal({ target: "10" });
    scene.filled(goneTooFar, "12");
    expect(scene.order(orderOf(2))).toMatchObject({
      status: "rejected",
      rejectCode: "nothing_to_do",
    });
  });

  it("is closed with the rest on the way through zero", () => {
    const scene = shortable();
    scene.bought("10");
    const more = scene.working({ side: "buy", quantity: "5", limitPrice: "99" });
    scene.signal({ target: "-5" });
    scene.filled(more, "3");
    scene.cancelled(more);
    expect([quantityOf(scene, 3, 1), quantityOf(scene, 3, 2)]).toEqual(["13", "5"]);
  });

  it("may close the position and more: the rest goes on from there", () => {
    const scene = shortable();
    scene.bought("10");
    const through = scene.signal({ side: "sell", quantity: "20" });
    scene.accepted(orderOf(2, 1));
    scene.signal({ target: "-5" });
    scene.filled(orderOf(2, 1), "10");
    expect(types(through)).toContain("OrderSubmitted");
    expect(scene.order(orderOf(3, 1)).rejectCode).toBe("nothing_to_do");
    expect(scene.order(orderOf(3, 2)).status).toBe("submitted");
    expect(quantityOf(scene, 3, 2)).toBe("5");
  });

  it("is what an order for a notional does: how much it brings is not known", () => {
    const scene = new Scene();
    const notional = scene.working({ side: "buy", quantity: null, notional: "500" });
    scene.signal({ target: "5" });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", orderId: notional });
    scene.filled(notional, "2");
    scene.cancelled(notional);
    expect(quantityOf(scene, 2)).toBe("3");
  });
});
