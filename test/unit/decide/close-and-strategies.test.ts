// What a person closes is gone for the strategies that held it: their targets, their gains and the log
// say so alike.
import { describe, expect, it } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import { AAPL, d, only, orderOfCommand, replay, Scene } from "./scene.ts";
import type { Sent } from "./scene.ts";

const shareOf = (scene: Scene, strategy: string) =>
  scene.account.positions.ofStrategy(AAPL, asId<StrategyId>(strategy));
const held = (scene: Scene, strategy: string): string | undefined =>
  shareOf(scene, strategy)?.quantity.toString();

/** A person closes, and the close is filled. */
function close(scene: Scene, quantity: string, price = "100"): void {
  scene.command({ kind: "close_position", instrumentId: AAPL, quantity: d(quantity) });
  scene.accepted(orderOfCommand(1));
  scene.filled(orderOfCommand(1), quantity, price);
}

function decided(scene: Scene, sent: Sent): string {
  const { outcome, refusal } = only(scene.signal(sent), "SignalDecided");
  return refusal === null ? outcome : refusal.code;
}

describe("a close by a person", () => {
  const closed = (): Scene => {
    const scene = new Scene();
    scene.bought("10", { strategy: "trend" });
    close(scene, "10", "110");
    return scene;
  };

  it("takes the strategy's share with it, at the price of the close", () => {
    const scene = closed();
    expect(scene.position()).toBe("0");
    expect(held(scene, "trend")).toBe("0");
    expect(shareOf(scene, "trend")?.realizedGross.toString()).toBe("100");
  });

  it("lets the strategy's targets start from what it holds then", () => {
    expect(decided(closed(), { target: "10", strategy: "trend" })).toBe("ordered");
    expect(decided(closed(), { target: "0", strategy: "trend" })).toBe("nothing_to_do");
  });

  it("is the same when the log is replayed", () => {
    const scene = closed();
    const again = [...replay(scene).accounts.values()][0]?.positions;
    expect(again?.ofStrategy(AAPL, asId<StrategyId>("trend"))).toEqual(shareOf(scene, "trend"));
  });

  it("of a part takes it from each in proportion", () => {
    const scene = new Scene();
    scene.bought("6", { strategy: "trend" });
    scene.bought("4", { strategy: "revert" });
    close(scene, "5");
    expect([held(scene, "trend"), held(scene, "revert")]).toEqual(["3", "2"]);
  });
});

describe("a signal without a strategy that sells", () => {
  it("takes from the strategies what it sells of theirs", () => {
    const scene = new Scene();
    scene.bought("10", { strategy: "trend" });
    const id = scene.working({ side: "sell", quantity: "4" });
    scene.filled(id, "4");
    expect(held(scene, "trend")).toBe("6");
  });
});
