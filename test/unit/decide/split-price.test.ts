// A split and the price from before it: that price is of another share, and values nothing any more.
import { describe, expect, it } from "vitest";
import { dayLoss } from "../../../src/domain/risk/day-result.ts";
import { strategyLoss } from "../../../src/domain/risk/strategy-result.ts";
import { asId } from "../../../src/domain/ids.ts";
import { AAPL, d, MSFT, only, Scene, types } from "./scene.ts";

const STRATEGY = "swing";

/** 500 shares at 100, marked at 100, and a split of one for four booked after the mark. */
function split(change = "-375"): Scene {
  const scene = new Scene();
  scene.world.set("max_order_qty_stock", "10000");
  scene.bought("500", { strategy: STRATEGY });
  scene.view({ positions: shown(scene) });
  scene.world.now += 10_000;
  scene.view({ positions: shown(scene, change), activities: [entry(scene, change)] });
  return scene;
}

function entry(scene: Scene, change: string) {
  return {
    ...({
      id: "A-1",
      type: "SPLIT",
      status: "executed",
      symbol: "AAPL",
      instrumentId: AAPL,
    } as const),
    ...{ quantity: d(change), price: null, netAmount: null, at: scene.now - 1_000 },
  };
}

function shown(scene: Scene, change = "0") {
  const quantity = scene.account.positions.quantity(AAPL).plus(d(change));
  return [{ symbol: "AAPL", instrumentId: AAPL, quantity, averagePrice: null }];
}

const isMissing = (value: object) => "kind" in value && value.kind === "missing";

describe("a price from before a split", () => {
  it("makes no loss: it is as if no price were known, and no limit is crossed", () => {
    const scene = split();
    expect(scene.position()).toBe("125");
    expect(scene.tick()).toEqual([]);
    expect(isMissing(dayLoss(scene.account, scene.context))).toBe(true);
    const strategy = asId<never>(STRATEGY);
    expect(isMissing(strategyLoss(strategy, scene.account, scene.context))).toBe(true);
  });

  it("makes no gain either, which would hide a loss", () => {
    const scene = split("1500");
    expect(scene.position()).toBe("2000");
    expect(isMissing(dayLoss(scene.account, scene.context))).toBe(true);
  });

  it("prices no entry: the order waits for a new one", () => {
    const scene = split();
    const events = scene.signal({ side: "buy", quantity: "1" });
    expect(only(events, "SignalDecided")).toMatchObject({ outcome: "held", mark: null });
    expect(scene.last?.effects).toContainEqual({ kind: "want_mark", instrumentId: AAPL });
    expect(types(scene.tick(60_000))).toContain("OrderRejected");
  });

  it("makes another instrument's entry wait as well, since the day's loss is not known", () => {
    const scene = split();
    const events = scene.signal({ of: MSFT, side: "buy", quantity: "1" });
    expect(only(events, "SignalDecided")).toMatchObject({ outcome: "held", refusal: null });
    expect(scene.last?.effects).toContainEqual({ kind: "want_mark", instrumentId: AAPL });
  });

  it("blocks no exit", () => {
    const scene = split();
    const events = scene.signal({ side: "sell", quantity: "125" });
    expect(only(events, "SignalDecided").outcome).toBe("ordered");
  });

  it("is over with the first price after it, at the cost as it was", () => {
    const scene = split();
    scene.world.price(AAPL, "400");
    expect(String(dayLoss(scene.account, scene.context))).toBe("0");
    scene.world.price(AAPL, "300");
    expect(types(scene.tick())).toContain("LossLimitCrossed");
  });

  it("is the same where no entry told the split and the position was corrected at its cost", () => {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "10000");
    scene.bought("500");
    scene.view({ positions: shown(scene) });
    const positions = [
      { symbol: "AAPL", instrumentId: AAPL, quantity: d("125"), averagePrice: d("400") },
    ];
    for (let look = 0; look < 4; look += 1) {
      scene.world.now += 60_000;
      expect(types(scene.view({ positions }))).not.toContain("LossLimitCrossed");
    }
    expect(scene.position()).toBe("125");
    expect(isMissing(dayLoss(scene.account, scene.context))).toBe(true);
    scene.world.price(AAPL, "400");
    expect(String(dayLoss(scene.account, scene.context))).toBe("0");
  });

  it("is none where the position was corrected by shares that were bought", () => {
    const scene = new Scene();
    scene.bought("100");
    scene.view({ positions: shown(scene) });
    const positions = [
      { symbol: "AAPL", instrumentId: AAPL, quantity: d("120"), averagePrice: d("101") },
    ];
    for (let look = 0; look < 4; look += 1) {
      scene.world.now += 60_000;
      scene.view({ positions });
    }
    expect(scene.position()).toBe("120");
    expect(isMissing(dayLoss(scene.account, scene.context))).toBe(false);
  });

  it("is none where a person corrected the position without a price", () => {
    const scene = new Scene();
    scene.bought("100");
    scene.world.now += 10_000;
    const gift = { instrumentId: AAPL, quantity: d("-1"), price: null, reason: "a gift" };
    scene.command({ kind: "adjust_position", ...gift });
    expect(scene.position()).toBe("99");
    expect(isMissing(dayLoss(scene.account, scene.context))).toBe(false);
  });

  it("is not one when the price came after the split and was heard before its entry", () => {
    const scene = new Scene();
    scene.bought("100");
    scene.view({ positions: shown(scene) });
    scene.world.now += 10_000;
    const told = entry(scene, "-75");
    scene.world.price(AAPL, "400");
    scene.view({ positions: shown(scene, "-75"), activities: [told] });
    expect(String(dayLoss(scene.account, scene.context))).toBe("0");
  });
});
