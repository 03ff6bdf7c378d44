// A look at the broker in its order: names before fills, fills before ends, figures last; and what it leaves alone.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerView } from "../../../src/domain/broker.ts";
import { decide } from "../../../src/domain/decide.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { SAMSUNG } from "../risk/market.ts";
import { World } from "../risk/world.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, only, orderOf, Scene, types } from "./scene.ts";

const ID = orderOf(1);
const X = asId<BrokerOrderId>("X");
const rest = { side: "buy", quantity: "10", limitPrice: "99" } as const;

function begun(): Scene {
  const scene = new Scene();
  scene.view();
  scene.world.now += 10_000;
  return scene;
}

function resting(): Scene {
  const scene = begun();
  scene.working(rest);
  scene.world.now += 60_000;
  scene.world.price(AAPL, "100");
  scene.calls.length = 0;
  return scene;
}

/** A fill as a list of the broker tells it. */
const told = (scene: Scene, brokerOrderId: BrokerOrderId | null, quantity = "4") => ({
  ...scene.execution(quantity, "99", { brokerOrderId }),
  ...{ symbol: AAPL, instrumentId: AAPL, side: "buy" as const },
});

const orderTypes = (scene: Scene, more: Partial<BrokerView>) =>
  types(scene.view(more)).filter((type) => type.startsWith("Order"));

/** It was filled for four under its name there, and cancelled. */
const overThere = (scene: Scene, reference: BrokerReference | null) =>
  scene.snapshot(ID, {
    ...{ brokerOrderId: X, reference, status: "cancelled", filledQuantity: d("4") },
  });

describe("an order whose send has no answer", () => {
  it("and that is over at the broker has its name and its fills before its end", () => {
    const scene = begun();
    scene.signal(rest);
    const { reference } = scene.order(ID);
    const askedOrders = [overThere(scene, reference)];
    const executions = [told(scene, X)];
    expect(orderTypes(scene, { askedOrders, executions })).toEqual([
      "OrderAccepted",
      "OrderExecuted",
      "OrderCancelled",
    ]);
    expect(scene.order(ID).flags).toEqual([]);
  });

  it("and that we gave a cancel since is cancelled as soon as a look tells its name", () => {
    const scene = begun();
    scene.signal(rest);
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.calls.length = 0;
    const { reference } = scene.order(ID);
    scene.view({ openOrders: [scene.snapshot(ID, { brokerOrderId: X, reference })] });
    expect(scene.calls).toMatchObject([{ kind: "cancel", brokerOrderId: X }]);
  });
});

describe("an order of ours that is there under another id", () => {
  it("has its fills from there before its end, by its reference", () => {
    const scene = resting();
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    const reference = asId<BrokerReference>(`${ID}.2`);
    const askedOrders = [overThere(scene, reference)];
    expect(orderTypes(scene, { askedOrders, executions: [told(scene, X)] })).toEqual([
      "OrderReplaced",
      "OrderExecuted",
      "OrderCancelled",
    ]);
  });

  it("since somebody replaced it at the broker has the fills that the new one got", () => {
    const scene = resting();
    const openOrders = [
      scene.snapshot(ID, { brokerOrderId: X, reference: null, replaces: brokerIdOf(ID) }),
    ];
    const events = scene.view({ openOrders, executions: [told(scene, X)] });
    expect(only(events, "OrderExecuted").orderId).toBe(ID);
    expect(types(events)).not.toContain("PositionAdjusted");
  });

  it("is taken whole in one look, also where it is shown before the one whose place it took", () => {
    const scene = resting();
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    const reference = asId<BrokerReference>(`${ID}.2`);
    const look = {
      openOrders: [scene.snapshot(ID, { brokerOrderId: X, reference })],
      askedOrders: [scene.snapshot(ID, { status: "replaced", replacedBy: X })],
    };
    expect(types(scene.view(look))).toContain("ReplacementShown");
    expect(scene.view(look)).toEqual([]);
  });

  it("has the cancel that it was given before", () => {
    const scene = resting();
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.calls.length = 0;
    const reference = asId<BrokerReference>(`${ID}.2`);
    const names = { brokerOrderId: X, reference, status: "partially_filled" } as const;
    const openOrders = [scene.snapshot(ID, { ...names, filledQuantity: d("1") })];
    scene.view({ openOrders });
    expect(scene.calls).toMatchObject([{ kind: "cancel", brokerOrderId: X }]);
  });

  it("without a reference is known by its id, and is no stranger", () => {
    const scene = resting();
    const openOrders = [scene.snapshot(ID, { reference: null })];
    expect(types(scene.view({ openOrders }))).not.toContain("ExternalOrderSeen");
    expect(scene.calls).toEqual([]);
  });
});

describe("an order in an ordinary look", () => {
  it("alarms nobody", () => {
    const scene = resting();
    scene.view({ openOrders: [scene.snapshot(ID)] });
    expect([scene.alarms, scene.last?.tick]).toEqual([[], false]);
  });

  it("in a status that nobody knows is an alarm about that order", () => {
    const scene = resting();
    scene.view({ openOrders: [scene.snapshot(ID, { status: "unknown" })] });
    expect(scene.alarms).toContain("unknown_broker_status");
  });

  it("that this look fills is not asked for by itself, although it is not listed", () => {
    const scene = resting();
    scene.view({ executions: [told(scene, brokerIdOf(ID), "10")] });
    expect(scene.order(ID).status).toBe("filled");
    expect(scene.calls).toEqual([]);
  });
});

describe("a stranger", () => {
  const stranger = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) =>
    scene.snapshot(ID, { brokerOrderId: X, reference: asId<BrokerReference>("theirs"), ...more });

  it("that turns out to be a leg of ours leaves the inbox once", () => {
    const scene = begun();
    scene.working({ side: "buy", quantity: "10", takeProfit: "108", stopLoss: "92" });
    const leg = stranger(scene, { side: "sell", type: "limit", limitPrice: d("108") });
    scene.view({ openOrders: [scene.snapshot(ID), leg] });
    expect(scene.account.external.size).toBe(1);
    scene.world.now += 10_000;
    const over = { ...leg, status: "cancelled" } as const;
    const events = scene.view({ openOrders: [scene.snapshot(ID, { legs: [over] })] });
    expect(types(events).filter((type) => type === "ExternalOrderClosed")).toHaveLength(1);
  });

  it("that came and went is in the record with all that was shown of it", () => {
    const scene = resting();
    const gone = stranger(scene, { status: "filled", filledQuantity: d("10") });
    const events = scene.view({ openOrders: [scene.snapshot(ID)], pastOrders: [gone] });
    expect(only(events, "ExternalOrderSeen").snapshot).toEqual(gone);
  });

  it("that came and went before the first look is in what that look finds", () => {
    const scene = new Scene(new World());
    const orderId = scene.world.work(AAPL, rest);
    const names = { brokerOrderId: X, reference: asId<BrokerReference>("theirs") };
    const gone = scene.snapshot(orderId, { ...names, status: "filled" });
    const events = scene.view({ openOrders: [scene.snapshot(orderId)], pastOrders: [gone] });
    expect(types(events)).not.toContain("ExternalOrderSeen");
  });
});

describe("the broker's figures", () => {
  const unexplained = (scene: Scene, more: Partial<BrokerView> = {}) => {
    const events = scene.view(more);
    return only(events, "AccountObserved").unexplainedCash?.toString() ?? null;
  };

  it("of the first look start the day, and those of a later one ask for nothing", () => {
    const scene = new Scene(new World());
    const view = { kind: "view", accountId: ACCOUNT_ID, view: scene.viewOf() } as const;
    expect(decide(scene.book, view, scene.context).tick).toBe(true);
    scene.view();
    expect(scene.account.day).not.toBeNull();
    scene.world.now += 60_000;
    const later = { kind: "view", accountId: ACCOUNT_ID, view: scene.viewOf() } as const;
    const decision = decide(scene.book, later, scene.context);
    expect([types(decision.events.map(({ event }) => event)), decision.tick]).toEqual([
      ["CashAdjusted", "AccountObserved"],
      false,
    ]);
  });

  it("that are the same a moment later are not recorded again, unless more is unexplained", () => {
    const scene = resting();
    for (const wait of [40_000, 40_000, 1_000]) {
      scene.view();
      scene.world.now += wait;
    }
    expect(types(scene.view())).not.toContain("AccountObserved");
    scene.filled(ID, "10", "99");
    scene.world.now += 1_000;
    // The fill is ours to pay, and the broker's cash has not moved: that is new.
    expect(unexplained(scene, { logSeq: scene.book.seq })).toBe("990");
  });

  it("that say nothing of cash are no news where all else is the same", () => {
    const scene = resting();
    scene.view();
    scene.world.now += 1_000;
    scene.view();
    scene.world.now += 1_000;
    const account = { ...scene.viewOf().account, currency: "EUR" };
    expect(types(scene.view({ account }))).not.toContain("AccountObserved");
  });

  it("that an account has none of are none a second time", () => {
    const scene = new Scene();
    const account = { ...scene.viewOf().account, nonMarginableBuyingPower: null };
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += 1_000;
      scene.view({ account });
    }
    expect(scene.account.equity?.nonMarginableBuyingPower).toBeNull();
  });

  it("of an account that may not trade are an alarm of that name", () => {
    const scene = new Scene();
    scene.world.now += 1_000;
    scene.view({ account: { ...scene.viewOf().account, tradingBlocked: true } });
    expect(scene.alarms).toEqual(["trading_blocked"]);
  });

  it("tell of cash in the account's currency, whatever is listed besides", () => {
    const scene = resting();
    expect(unexplained(scene, { openOrders: [scene.snapshot(ID)] })).not.toBeNull();
  });

  it.each<readonly [string, (scene: Scene) => Partial<BrokerView>]>([
    [
      "they are in another currency",
      (scene) => ({ account: { ...scene.viewOf().account, currency: "EUR" } }),
    ],
    [
      "an order shows more filled than its fills tell",
      (scene) => ({ openOrders: [scene.snapshot(ID, { filledQuantity: d("3") })] }),
    ],
    [
      "something was paid for in another currency",
      (scene) => {
        scene.world.hold(SAMSUNG, "1", "70000");
        return {};
      },
    ],
    [
      "a fill may still be ours",
      (scene) => {
        scene.signal({ ...rest, limitPrice: "98" });
        const positions = [
          { symbol: AAPL, instrumentId: AAPL, quantity: d("0"), averagePrice: d("0") },
        ];
        return { executions: [told(scene, X)], positions };
      },
    ],
  ])("tell nothing of cash while %s", (_why, given) => {
    const scene = resting();
    expect(unexplained(scene, given(scene))).toBeNull();
  });

  it("that differ for long are told with both sums, and booked as the beginning only once", () => {
    const scene = new Scene();
    const look = (cash: string) => {
      scene.world.now += 60_000;
      return scene.view({ account: { ...scene.viewOf().account, cash: d(cash) } });
    };
    look("100000");
    expect(only(look("100000"), "CashAdjusted").adjustment.source).toBe("reconciliation");
    for (let minutes = 0; minutes < 12; minutes += 1) look("99990");
    expect(scene.told).toEqual(["Cash of main: 100000 here, 99990 at the broker."]);
  });
});

describe("an order that shows less than we have booked", () => {
  function filledTwice() {
    const scene = begun();
    scene.traits = { showsWhatCounts: true };
    scene.working(rest);
    const bad = scene.execution("4", "99");
    scene.report(ID, { kind: "executed", execution: bad });
    scene.report(ID, { kind: "executed", execution: scene.execution("3", "98") });
    return { scene, bad };
  }
  const shows = (scene: Scene, filled: string, average: string) =>
    scene
      .view({
        askedOrders: [
          scene.snapshot(ID, {
            ...{ status: "partially_filled", filledQuantity: d(filled), averagePrice: d(average) },
          }),
        ],
      })
      .flatMap((event) =>
        event.type === "DifferenceFound" && event.kind === "execution" ? [event] : [],
      );

  it("says what was done about it, from what still counts", () => {
    const { scene, bad } = filledTwice();
    scene.report(ID, { kind: "executed", execution: scene.execution("2", "97") });
    scene.report(ID, { kind: "busted", executionId: bad.id });
    scene.world.now += 60_000;
    expect(shows(scene, "3", "98")).toEqual([
      {
        ...{ type: "DifferenceFound", kind: "execution", subject: ID, ours: "5 at 97.6" },
        theirs: "3 at 98",
        action: "restated: a bust or a correction had not been told",
      },
    ]);
  });

  it("or as much, is no difference", () => {
    const { scene } = filledTwice();
    scene.world.now += 60_000;
    expect(shows(scene, "7", "98.57142857")).toEqual([]);
  });

  it("is believed once the stream had its time, and not before", () => {
    for (const [after, found] of [
      [5_000, 1],
      [4_999, 0],
    ] as const) {
      const { scene } = filledTwice();
      scene.world.now += after;
      expect(shows(scene, "3", "98")).toHaveLength(found);
    }
  });
});

describe("a holding of the first look", () => {
  it("that came without a price has no cost, and moved no money", () => {
    const scene = new Scene(new World());
    const positions = [
      { symbol: AAPL, instrumentId: AAPL, quantity: d("7"), averagePrice: null },
    ] as never;
    expect(types(scene.view({ positions }))).not.toContain("CashAdjusted");
    expect(scene.position()).toBe("7");
  });
});
