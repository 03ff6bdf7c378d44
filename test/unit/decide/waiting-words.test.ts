// Orders that wait: why each of them ended, what it had waited for, and when it is looked at again.
import { describe, expect, it } from "vitest";
import { AAPL, d, MSFT, NYSE_AAPL, only, orderOf, orderOfCommand, Scene, types } from "./scene.ts";
import { World } from "../risk/world.ts";

const buy = { side: "buy", quantity: "1" } as const;
const rejected = (scene: Scene, afterMs = 0) => {
  const { by, code, message } = only(scene.tick(afterMs), "OrderRejected");
  return { by, code, message };
};

function starved(): Scene {
  const scene = new Scene();
  scene.tokens = 0;
  scene.signal(buy);
  return scene;
}

describe("a held order that ends", () => {
  it("of age says how old its signal is and what it waited for", () => {
    const scene = starved();
    expect(scene.tick(60_000)).toEqual([]);
    expect(rejected(scene, 1_500)).toEqual({
      by: "risk",
      code: "stale_signal",
      message: "The order was still held (rate_budget) when its signal was 61.5 s old.",
    });
  });

  it("because the broker is away says so", () => {
    const scene = starved();
    scene.up = false;
    expect(scene.tick()).toEqual([]);
    scene.world.set("on_broker_down", "reject");
    expect(rejected(scene)).toEqual({
      by: "engine",
      code: "broker_down",
      message: "alpaca cannot be reached, and on_broker_down = reject.",
    });
  });

  it("because no price came says so, at the instant that was named", () => {
    const scene = new Scene();
    scene.world.set("max_position_size_usd", "100000");
    scene.world.marks.put({
      instrumentId: AAPL,
      bid: null,
      ask: null,
      last: null,
      at: 0,
    });
    scene.world.now += 40_000;
    scene.signal(buy);
    expect(scene.order(orderOf(1)).hold?.reason).toBe("price");
    expect(scene.tick(1_999).filter(({ type }) => type === "OrderRejected")).toEqual([]);
    expect(scene.tick(1).map(({ type }) => type)).toEqual(["OrderRejected"]);
  });

  it("because its other half failed says so", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15" });
    scene.accepted(orderOf(2, 1));
    const { by, code, message } = only(scene.cancelled(orderOf(2, 1)), "OrderRejected");
    expect({ by, code, message }).toEqual({
      by: "engine",
      code: "predecessor_failed",
      message: "The order that closes the old position first did not fill.",
    });
  });

  it("because nothing is left to close says so", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    const events = scene.filled(exit, "10");
    const { by, code, message } = only(events, "OrderRejected");
    expect({ by, code, message }).toEqual({
      by: "engine",
      code: "nothing_to_close",
      message: "Nothing is left to close.",
    });
  });

  it("by its own expiry is not judged any more, and the others are in the same moment", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ ...buy, validUntil: scene.now + 1_000 });
    scene.signal({ ...buy, of: MSFT });
    scene.tokens = 5;
    expect(types(scene.tick(1_000))).toEqual(["OrderExpired", "OrderSubmitted"]);
    expect(scene.calls.map(({ orderId }) => orderId)).toEqual([orderOf(2)]);
  });
});

describe("held orders that may go", () => {
  it("go as far as the tokens reach", () => {
    const scene = new Scene();
    scene.tokens = 0;
    for (let n = 1; n <= 3; n += 1) scene.signal(buy);
    scene.tokens = 2;
    expect(types(scene.tick())).toEqual(["OrderSubmitted", "OrderSubmitted"]);
    expect(scene.order(orderOf(3)).status).toBe("pending");
  });

  it("stay while the broker is away", () => {
    const scene = starved();
    scene.up = false;
    scene.tokens = 5;
    expect(scene.tick(1)).toEqual([]);
  });

  it("of one symbol wait for each other, of another they do not", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15" });
    scene.signal({ side: "sell", quantity: "1" });
    scene.signal({ ...buy, of: MSFT });
    scene.tick();
    expect(scene.calls.map(({ orderId }) => orderId)).toEqual([
      orderOf(1),
      orderOf(2, 1),
      orderOf(4),
    ]);
  });

  it("leave with what they were judged by", () => {
    const scene = starved();
    scene.tokens = 1;
    const sent = only(scene.tick(), "OrderSubmitted");
    expect(sent).toMatchObject({
      orderId: orderOf(1),
      generation: 1,
      reference: `${orderOf(1)}.1`,
    });
    expect(sent.verdicts?.length).toBeGreaterThan(10);
    expect(sent.mark?.last).toEqual(d("100"));
  });

  it("that meet a closed market wait for the open under the hold of its own", () => {
    const world = World.ready();
    const scene = new Scene(world);
    world.set("market_closed_policy", "queue");
    world.now = Date.parse("2026-06-09T19:59:40Z");
    world.price(NYSE_AAPL, "100");
    scene.tokens = 0;
    scene.signal({ ...buy, of: NYSE_AAPL });
    expect(scene.order(orderOf(1)).hold?.reason).toBe("rate_budget");
    const placedAt = scene.now;
    scene.tokens = 5;
    const held = only(scene.tick(30_000), "OrderHeld");
    expect(held).toMatchObject({ reason: "market_closed", until: placedAt + 432_000_000 });
    expect(scene.tick(1_000)).toEqual([]);
    expect(scene.calls).toEqual([]);
  });
});

describe("a close behind what gives way", () => {
  const closing = (): Scene => {
    const scene = new Scene();
    scene.bought("10");
    scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    return scene;
  };
  const exit = orderOf(2);
  const refuse = (scene: Scene) =>
    scene.outcome({
      kind: "cancel",
      orderId: exit,
      outcome: { result: "refused", message: "being replaced" },
    });

  it("asks again for what the broker would not cancel, five seconds later, and says for whom", () => {
    const scene = closing();
    refuse(scene);
    expect(scene.tick(4_999)).toEqual([]);
    expect(only(scene.tick(1), "CancelRequested")).toMatchObject({
      orderId: exit,
      reason: `still in the way of order ${orderOfCommand(1)}`,
    });
  });

  it("does not ask twice while the broker is asked", () => {
    const scene = closing();
    expect(scene.tick(4_000)).toEqual([]);
    expect(scene.calls.filter(({ kind }) => kind === "cancel")).toHaveLength(1);
  });

  it("takes no more than is left, in one change that names only the quantity", () => {
    const scene = closing();
    scene.filled(exit, "4");
    const events = scene.cancelled(exit);
    expect(only(events, "OrderReplaced")).toMatchObject({
      orderId: orderOfCommand(1),
      reference: null,
      brokerOrderId: null,
      change: { quantity: d("6") },
    });
  });

  it("that still fits is not changed", () => {
    const scene = closing();
    const events = scene.cancelled(exit);
    expect(types(events)).not.toContain("OrderReplaced");
    expect(scene.order(orderOfCommand(1)).terms.quantity?.toString()).toBe("10");
  });
});

describe("the next look at the clock", () => {
  const day = Date.parse("2026-06-10T04:00:00Z");

  it("is the end of the trading day when nothing waits", () => {
    expect(new Scene().deadline).toBe(day);
  });

  it("is never without an account's figures: nothing waits for time", () => {
    expect(new Scene(new World()).deadline).toBeNull();
  });

  it("is a second away when a day should have begun", () => {
    const world = new World();
    world.observe("100000");
    const scene = new Scene(world);
    expect(scene.deadline).toBe(scene.now + 1_000);
  });

  it.each([
    ["the end of a signal's validity", { validUntil: 7_000 }, 7_000],
    ["a millisecond past the age of a signal", {}, 60_001],
  ])("is %s", (_what, { validUntil }: { validUntil?: number }, after) => {
    const scene = new Scene();
    scene.tokens = 0;
    const until = validUntil === undefined ? {} : { validUntil: scene.now + validUntil };
    scene.signal({ ...buy, ...until });
    expect(scene.deadline).toBe(scene.now + after);
  });

  it("is a second away for a call that failed, once the broker is there", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal(buy);
    expect(scene.deadline).toBe(scene.now + 60_001);
    scene.up = true;
    expect(scene.deadline).toBe(scene.now + 1_000);
  });

  it("is the quiet time of a working order, and none for one that waits for its name", () => {
    const scene = new Scene();
    scene.signal(buy);
    expect(scene.deadline).toBe(scene.now + 60_000);
    const other = new Scene();
    other.working({ ...buy, limitPrice: "90" });
    other.world.now += 30_000;
    other.view({ openOrders: [other.snapshot(orderOf(1))] });
    expect(other.deadline).toBe(other.now + 90_000);
  });
});
