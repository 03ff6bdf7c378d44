// What becomes of a signal on its way to the broker and back.
import { describe, expect, it } from "vitest";
import { AAPL, only, orderOf, Scene, types } from "./scene.ts";

describe("a signal within its limits", () => {
  it("leaves at once, and the intent stands before the call", () => {
    const scene = new Scene();
    const events = scene.signal({ side: "buy", quantity: "10" });
    expect(types(events)).toEqual(["SignalDecided", "OrderPlaced", "OrderSubmitted"]);
    expect(only(events, "SignalDecided").outcome).toBe("ordered");
    expect(scene.last).toMatchObject({ writesIntent: true, tokensUsed: 1 });
    const [call] = scene.calls;
    expect(call).toMatchObject({ kind: "submit", orderId: orderOf(1), instrumentId: AAPL });
    expect(scene.order(orderOf(1)).reference).toBe(`${orderOf(1)}.1`);
  });

  it("becomes a position when its order is accepted and filled", () => {
    const scene = new Scene();
    scene.signal({ side: "buy", quantity: "10" });
    scene.accepted(orderOf(1));
    scene.filled(orderOf(1), "4");
    expect(scene.order(orderOf(1)).status).toBe("partially_filled");
    scene.filled(orderOf(1), "6");
    expect(scene.order(orderOf(1)).status).toBe("filled");
    expect(scene.position()).toBe("10");
    expect(scene.account.open.size).toBe(0);
  });

  it("is decided once: its number again adds nothing", () => {
    const scene = new Scene();
    const signal = scene.signalOf({ side: "buy", quantity: "10" });
    expect(scene.when({ kind: "signal", signal })).not.toEqual([]);
    expect(scene.when({ kind: "signal", signal })).toEqual([]);
  });
});
