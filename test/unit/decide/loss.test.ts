// The trading day and the loss limits: judged on prices and fills as well as on signals.
import { describe, expect, it } from "vitest";
import { AAPL, d, only, orderOfCommand, Scene, types } from "./scene.ts";

const losing = (): Scene => {
  const scene = new Scene();
  scene.world.set("max_order_qty_stock", "10000");
  scene.bought("500");
  scene.world.price(AAPL, "89");
  return scene;
};

describe("a loss limit", () => {
  it("is crossed by a price alone, and stays crossed when the price comes back", () => {
    const scene = losing();
    const events = scene.tick();
    expect(only(events, "LossLimitCrossed")).toMatchObject({ limit: "max_daily_loss_percent" });
    expect(only(events, "LossLimitCrossed").loss.toString()).toBe("5500");
    scene.world.price(AAPL, "100");
    expect(scene.tick()).toEqual([]);
    const entry = scene.signal({ side: "buy", quantity: "1" });
    expect(only(entry, "SignalDecided").refusal?.code).toBe("max_daily_loss_percent");
  });

  it("is crossed by the signal that it refuses, when no tick came before", () => {
    const scene = losing();
    const events = scene.signal({ side: "buy", quantity: "1" });
    expect(types(events)).toEqual(["SignalDecided", "LossLimitCrossed"]);
  });

  it("never blocks the exit", () => {
    const scene = losing();
    scene.tick();
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    expect(scene.order(orderOfCommand(1)).status).toBe("submitted");
  });

  it("is crossed by a fill", () => {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "10000");
    scene.bought("500");
    const exit = scene.working({ side: "sell", quantity: "500", limitPrice: "80" });
    expect(types(scene.filled(exit, "500", "80"))).toContain("LossLimitCrossed");
  });

  it("reset by a person lets entries pass again, and counts losses from then on", () => {
    const scene = losing();
    scene.tick();
    const events = scene.command({ kind: "reset_loss_limit", reason: "seen" });
    expect(only(events, "CommandDecided").outcome.result).toBe("done");
    expect(scene.tick()).toEqual([]);
    const entry = scene.signal({ side: "buy", quantity: "1" });
    expect(only(entry, "SignalDecided").outcome).toBe("ordered");
    scene.world.price(AAPL, "78");
    expect(types(scene.tick())).toContain("LossLimitCrossed");
  });

  it("that is not crossed has nothing to reset", () => {
    const scene = new Scene();
    const events = scene.command({ kind: "reset_loss_limit", reason: "seen" });
    expect(only(events, "CommandDecided").outcome.code).toBe("nothing_to_do");
  });
});

describe("the trading day", () => {
  it("rolls at midnight in New York, at the instant that was named, and forgets the crossing", () => {
    const scene = losing();
    scene.tick();
    const midnight = Date.parse("2026-06-10T04:00:00Z");
    scene.world.now = midnight - 10_000;
    expect(scene.deadline).toBe(midnight);
    scene.world.now = midnight;
    const events = scene.tick();
    expect(only(events, "TradingDayStarted")).toMatchObject({ date: "2026-06-10" });
    expect(scene.account.day).toMatchObject({ lossLimitCrossed: false, ordersPlaced: 0 });
    scene.world.price(AAPL, "89");
    const entry = scene.signal({ side: "buy", quantity: "1" });
    expect(only(entry, "SignalDecided").outcome).toBe("ordered");
  });

  it("counts the orders placed in it", () => {
    const scene = new Scene();
    scene.signal({ side: "buy", quantity: "1" });
    scene.signal({ side: "buy", quantity: "1" });
    expect(scene.account.day?.ordersPlaced).toBe(2);
  });

  it("does not start on a guess while a price of a holding is missing", () => {
    const scene = new Scene();
    scene.bought("1");
    scene.account.day = null;
    scene.world.marks.put({
      instrumentId: AAPL,
      bid: null,
      ask: null,
      last: null,
      at: scene.now + 1,
    });
    expect(types(scene.tick())).toEqual([]);
    scene.world.now += 2;
    scene.world.marks.put({
      instrumentId: AAPL,
      bid: null,
      ask: null,
      last: d("100"),
      at: scene.now,
    });
    expect(types(scene.tick())).toEqual(["TradingDayStarted"]);
  });
});
