// What a person decides by hand and what a stop does, word for word: these sentences are acted on.
import { describe, expect, it } from "vitest";
import type { CommandRequest } from "../../../src/domain/command.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId } from "../../../src/domain/ids.ts";
import { answer, done, refused } from "./answers.ts";
import { AAPL, d, MSFT, only, orderOf, orderOfCommand, Scene, types } from "./scene.ts";

const resting = { side: "buy", quantity: "1", limitPrice: "99" } as const;

describe("a person", () => {
  const adjust = (quantity: string): CommandRequest => ({
    kind: "adjust_position",
    instrumentId: AAPL,
    quantity: d(quantity),
    price: d("90"),
    reason: "a gift",
  });

  it("corrects a position, but not by nothing", () => {
    const scene = new Scene();
    const events = scene.command(adjust("3"));
    expect(only(events, "PositionAdjusted").adjustment).toMatchObject({
      kind: "correction",
      strategyId: null,
      source: "person: a gift",
      at: scene.now,
    });
    expect(only(events, "CommandDecided").outcome).toEqual(
      done("adjusted", `The position in ${AAPL} changed by 3.`),
    );
    expect(answer(scene, adjust("0"))).toEqual(
      refused("nothing_to_do", "An adjustment by zero changes nothing."),
    );
  });

  it("settles what was never answered, and nothing else", () => {
    const scene = new Scene();
    const settle = (orderId = orderOf(1)): CommandRequest => ({
      kind: "settle_order",
      orderId,
      as: "never_arrived",
      reason: "I looked",
    });
    expect(answer(scene, settle())).toEqual(
      refused("order_not_found", "There is no such order in this account.", [orderOf(1)]),
    );
    scene.tokens = 0;
    scene.signal(resting);
    const notSent = "The order is pending and not waiting for an answer to its send.";
    expect(answer(scene, settle())).toEqual(refused("nothing_to_settle", notSent, [orderOf(1)]));
    scene.tokens = 5;
    scene.tick();
    const events = scene.command(settle());
    expect(only(events, "OrderRejected")).toMatchObject({
      by: "engine",
      code: "never_arrived",
      message: "Settled by a person as never arrived: I looked",
    });
    expect(only(events, "CommandDecided").outcome).toEqual(
      done("settled", "The order counts as never arrived; a later fact still counts.", [
        orderOf(1),
      ]),
    );
    const over = "The order is rejected and not waiting for an answer to its send.";
    expect(answer(scene, settle())).toEqual(refused("nothing_to_settle", over, [orderOf(1)]));
    const there = scene.working(resting);
    expect(answer(scene, settle(there)).code).toBe("nothing_to_settle");
  });

  it("lets a symbol trade again that was frozen, and no other", () => {
    const scene = new Scene();
    const unfreeze = {
      kind: "unfreeze_symbol",
      instrumentId: AAPL,
      reason: "I looked",
    } as const;
    expect(answer(scene, unfreeze)).toEqual(
      refused("nothing_to_do", `${AAPL} is not frozen by an event.`),
    );
    scene.world.apply({ type: "SymbolFrozen", instrumentId: AAPL, reason: "odd" });
    const events = scene.command(unfreeze);
    expect(only(events, "SymbolUnfrozen")).toMatchObject({
      instrumentId: AAPL,
      reason: "I looked",
    });
    expect(only(events, "CommandDecided").outcome).toEqual(
      done("unfrozen", `${AAPL} may be traded again.`),
    );
    expect(scene.account.frozen.size).toBe(0);
  });

  it("resets a loss limit only where one is crossed", () => {
    const scene = new Scene();
    expect(answer(scene, { kind: "reset_loss_limit", reason: "calm" })).toEqual(
      refused("nothing_to_do", "No loss limit of this account is crossed."),
    );
  });

  it("asks the broker for everything", () => {
    const scene = new Scene();
    const message = "The broker is being asked for orders, fills and positions.";
    expect(answer(scene, { kind: "reconcile" })).toEqual(done("reconciling", message));
    expect(scene.last?.effects).toEqual([
      { kind: "reconcile", accountId: scene.account.account.id },
    ]);
  });

  it("finds no stranger in an empty inbox", () => {
    const scene = new Scene();
    const brokerOrderId = asId<BrokerOrderId>("X-1");
    for (const kind of ["adopt_order", "ignore_order"] as const) {
      expect(answer(scene, { kind, brokerOrderId })).toEqual(
        refused("order_not_found", "No order X-1 is in the inbox."),
      );
    }
    expect(types(scene.log.map(({ event }) => event))).toEqual([
      "CommandDecided",
      "CommandDecided",
    ]);
  });
});

describe("a changed trading state", () => {
  const stop = (more: object = {}): CommandRequest => ({
    kind: "trading_state_changed",
    state: "reducing",
    strategyId: null,
    cancelEntries: true,
    flatten: false,
    reason: "red button",
    ...more,
  });
  const busy = () => {
    const scene = new Scene();
    scene.bought("10", { strategy: "a" });
    scene.working({ ...resting, strategy: "a" });
    scene.working({ ...resting, strategy: "b", of: MSFT });
    scene.working({ side: "sell", quantity: "10", limitPrice: "120", strategy: "a" });
    return scene;
  };

  it("cancels entries, keeps exits, and says so", () => {
    const scene = busy();
    const events = scene.command(stop());
    expect(only(events, "CommandDecided").outcome).toEqual(
      done(
        "reducing",
        "Trading is reducing: 2 entries are cancelled or being cancelled, 1 exits stay, 0 orders were already on their way.",
        [orderOf(2), orderOf(3)],
      ),
    );
    expect(only(events, "TradingStateChanged")).toMatchObject({ reason: "red button" });
    const reasons = events.flatMap((event) =>
      event.type === "CancelRequested" ? [event.reason] : [],
    );
    expect(new Set(reasons)).toEqual(new Set(["trading is reducing: red button"]));
  });

  it("of one strategy leaves the others", () => {
    expect(answer(busy(), stop({ strategyId: asId("b") })).orderIds).toEqual([orderOf(3)]);
  });

  it("may leave the entries, and may close everything", () => {
    expect(answer(busy(), stop({ cancelEntries: false })).orderIds).toEqual([]);
    const scene = busy();
    scene.world.stop({ state: "reducing" });
    const said = answer(scene, stop({ flatten: true }));
    expect(said.message).toMatch(/on their way\. 1 positions are being closed and 1 other/);
    expect(said.orderIds).toEqual([orderOf(2), orderOf(3), orderOfCommand(1)]);
  });
});
