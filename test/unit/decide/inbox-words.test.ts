// The inbox, word for word: what adopting and ignoring an order says, and how a difference is told.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId } from "../../../src/domain/ids.ts";
import { answer, done, refused } from "./answers.ts";
import { AAPL, ACCOUNT_ID, commandId, d, only, orderOfCommand, Scene, types } from "./scene.ts";

const X = asId<BrokerOrderId>("X");
const adopt = { kind: "adopt_order", brokerOrderId: X } as const;
const ignore = { kind: "ignore_order", brokerOrderId: X } as const;

/** An order of somebody else's in the inbox. */
function inbox(more: Partial<BrokerOrderSnapshot> = {}): Scene {
  const scene = new Scene();
  scene.world.foreign(AAPL, { side: "buy", quantity: "5", limitPrice: "90" });
  const [known] = scene.account.external.values();
  if (known === undefined) throw new Error("no stranger");
  scene.account.external.clear();
  const snapshot = { ...known.snapshot, brokerOrderId: X, ...more };
  scene.world.apply({ type: "ExternalOrderSeen", snapshot });
  return scene;
}

describe("adopting an order", () => {
  it("makes it ours with the broker's terms, and says so", () => {
    const scene = inbox();
    const events = scene.command(adopt);
    const orderId = orderOfCommand(1);
    expect(types(events)).toEqual([
      "OrderPlaced",
      "OrderAccepted",
      "OrderFlagged",
      "ExternalOrderClosed",
      "CommandDecided",
    ]);
    expect(only(events, "OrderPlaced").order).toMatchObject({
      id: orderId,
      accountId: ACCOUNT_ID,
      instrumentId: AAPL,
      strategyId: null,
      signalId: null,
      commandId: commandId(1),
      parentId: null,
      role: "entry",
      linkGroup: null,
      reducesPosition: false,
      waitsFor: [],
      validUntil: null,
      terms: {
        side: "buy",
        type: "limit",
        timeInForce: "day",
        quantity: d("5"),
        notional: null,
        limitPrice: d("90"),
        stopPrice: null,
        trailPrice: null,
        trailPercent: null,
        extendedHours: false,
        postOnly: false,
        exits: null,
      },
    });
    expect(only(events, "OrderFlagged").detail).toBe("adopted from the broker's order X");
    expect(only(events, "CommandDecided").outcome).toEqual(
      done("adopted", "The broker's order X is ours now.", [orderId]),
    );
  });

  it.each([
    ["no side", { side: null }],
    ["no type", { type: null }],
    ["no time in force", { timeInForce: null }],
    ["no instrument", { instrumentId: null }],
    ["no size", { quantity: null, notional: null }],
  ] as const)("with %s that we know is refused", (_what, more) => {
    const message = "The broker's order X has terms that are not known here.";
    expect(answer(inbox(more), adopt)).toEqual(refused("unsupported_by_broker", message));
  });

  it.each([
    [{ quantity: null, notional: d("500") }, null, "500"],
    [{ quantity: d("5"), notional: d("500") }, "5", null],
  ])("takes the quantity before the amount: %o", (more, quantity, notional) => {
    const { terms } = only(inbox(more).command(adopt), "OrderPlaced").order;
    expect(terms.quantity?.toString() ?? null).toBe(quantity);
    expect(terms.notional?.toString() ?? null).toBe(notional);
  });

  it("whose fills are counted already is refused; with its fills parked they count", () => {
    const message =
      "The broker's order X is partly filled, and those fills are in the position already: ignore it, or cancel it at the broker.";
    const scene = inbox({ filledQuantity: d("2") });
    expect(answer(scene, adopt)).toEqual(refused("already_filled", message));
    for (const [quantity, brokerOrderId] of [
      ["2", X],
      ["7", asId<BrokerOrderId>("Y")],
    ] as const) {
      const execution = scene.execution(quantity, "90", { brokerOrderId });
      const parked = { brokerOrderId, reference: null, instrumentId: AAPL, side: null, execution };
      const told = { type: "BrokerFactParked", description: "early", raw: "{}", parked } as const;
      scene.world.apply(told);
    }
    expect(answer(scene, adopt).result).toBe("done");
    expect(scene.position()).toBe("2");
  });
});

describe("ignoring an order", () => {
  it("says that it no longer counts, once in the record", () => {
    const scene = inbox();
    const said = done("ignored", "The broker's order X no longer counts as exposure.");
    const events = scene.command(ignore);
    expect(types(events)).toEqual(["ExternalOrderIgnored", "CommandDecided"]);
    expect(only(events, "CommandDecided").outcome).toEqual(said);
    const again = scene.command(ignore);
    expect(types(again)).toEqual(["CommandDecided"]);
    expect(only(again, "CommandDecided").outcome).toEqual(said);
  });
});

describe("a position that differs", () => {
  const shown = (quantity: string) => [
    { symbol: "AAPL", instrumentId: AAPL, quantity: d(quantity), averagePrice: d("90") },
  ];
  const looked = (): Scene => {
    const scene = new Scene();
    scene.view();
    scene.world.now += 10_000;
    return scene;
  };

  it("is told with both sizes, and corrected at the second look", () => {
    const scene = looked();
    const noted = only(scene.view({ positions: shown("3") }), "DifferenceFound");
    expect(noted).toMatchObject({
      kind: "position",
      subject: AAPL,
      ours: "0",
      theirs: "3",
      averagePrice: d("90"),
      action:
        "noted: adopt or ignore it; corrected if the next reconciliation still finds it as it is",
    });
    expect(scene.told).toContain(`${AAPL} of ${ACCOUNT_ID}: 0 here, 3 at the broker.`);
    scene.world.now += 10_000;
    const events = scene.view({ positions: shown("3") });
    expect(only(events, "DifferenceFound").action).toBe("corrected to what the broker holds");
    expect(only(events, "PositionAdjusted").adjustment).toMatchObject({
      id: `correction ${AAPL} ${scene.now}`,
      kind: "correction",
      strategyId: null,
      source: "reconciliation",
      price: d("90"),
      at: scene.now,
    });
  });

  it("by a fill of somebody else's counts that fill, with its fee", () => {
    const scene = looked();
    const execution = {
      ...scene.execution("4", "95", {
        brokerOrderId: X,
        fee: d("0.5"),
        feeInAsset: d("0.001"),
      }),
      symbol: "AAPL",
      side: "sell" as const,
    };
    const position = { ...shown("0")[0], quantity: d("-4.001") } as ReturnType<typeof shown>[0];
    const events = scene.view({ executions: [execution], positions: [position] });
    const { adjustment } = only(events, "PositionAdjusted");
    expect(adjustment).toMatchObject({
      id: execution.id,
      kind: "adopted",
      strategyId: null,
      price: d("95"),
      source: "a fill of the broker's order X, which is not ours",
      at: execution.executedAt,
    });
    expect(adjustment.quantity.toString()).toBe("-4.001");
    expect(adjustment.amount.toString()).toBe("-0.5");
    expect(types(events)).not.toContain("DifferenceFound");
  });

  it("by a fill in something that nobody here has a name for is left", () => {
    const scene = looked();
    const execution = {
      ...scene.execution("4", "95", { brokerOrderId: X }),
      symbol: "WHAT",
      side: "buy" as const,
    };
    expect(types(scene.view({ executions: [execution] }))).not.toContain("PositionAdjusted");
  });

  it("by a fill of what we held and hold no more is named by the book", () => {
    const scene = looked();
    scene.world.hold(AAPL, "4", "90");
    scene.world.now += 10_000;
    const execution = {
      ...scene.execution("4", "95", { brokerOrderId: null }),
      symbol: "AAPL",
      side: "sell" as const,
    };
    const events = scene.view({ executions: [execution], positions: [] });
    expect(only(events, "PositionAdjusted").adjustment).toMatchObject({
      instrumentId: AAPL,
      source: "a fill of the broker's order unknown, which is not ours",
    });
    expect(scene.position()).toBe("0");
  });
});
