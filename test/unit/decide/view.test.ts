// Reconciliation: what is found, what is done about it, and that doing it twice does nothing.
import { describe, expect, it } from "vitest";
import type {
  BrokerActivity,
  BrokerOrderSnapshot,
  BrokerPosition,
} from "../../../src/domain/broker.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import {
  AAPL,
  brokerIdOf,
  d,
  MSFT,
  only,
  orderOf,
  orderOfCommand,
  replay,
  Scene,
  types,
} from "./scene.ts";

const held = (quantity: string, averagePrice = "90"): BrokerPosition => ({
  symbol: AAPL,
  instrumentId: AAPL,
  quantity: d(quantity),
  averagePrice: d(averagePrice),
});

describe("first contact", () => {
  const fresh = (): Scene => {
    const world = new World();
    for (const id of [AAPL, MSFT]) world.price(id, "100");
    return new Scene(world);
  };

  it("records what is there as opening balance, so that it can be closed at once", () => {
    const scene = fresh();
    const events = scene.view({ positions: [held("7")] });
    expect(only(events, "PositionAdjusted").adjustment).toMatchObject({ kind: "opening_balance" });
    expect(types(events)).toContain("AccountObserved");
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    expect(scene.order(orderOfCommand(1)).terms.quantity?.toString()).toBe("7");
    expect(scene.order(orderOfCommand(1)).status).toBe("submitted");
  });

  it("starts the trading day with the equity of that moment", () => {
    const scene = fresh();
    scene.view({ positions: [held("7")] });
    scene.tick();
    expect(scene.account.day).toMatchObject({ date: "2026-06-09", lossLimitCrossed: false });
    expect(scene.account.day?.equityBaseline?.toString()).toBe("100000");
    expect(scene.account.day?.unrealizedBaseline.toString()).toBe("70");
  });

  it("counts no fill twice that is older than it", () => {
    const scene = fresh();
    const old = { ...scene.execution("7", "90"), executedAt: scene.now - 60_000 };
    const execution = { ...old, brokerOrderId: asId<BrokerOrderId>("X"), symbol: AAPL };
    scene.view({ positions: [held("7")], executions: [{ ...execution, side: "buy" }] });
    scene.world.now += 10_000;
    scene.view({ positions: [held("7")], executions: [{ ...execution, side: "buy" }] });
    expect(scene.position()).toBe("7");
  });
});

const known = (): Scene => {
  const scene = new Scene();
  scene.view();
  scene.world.now += 10_000;
  scene.world.price(AAPL, "100");
  return scene;
};

describe("a later difference", () => {
  it("of a position is noted first and corrected when a second look still finds it", () => {
    const scene = known();
    const first = scene.view({ positions: [held("3")] });
    expect(types(first)).toContain("DifferenceFound");
    expect(scene.position()).toBe("0");
    scene.world.now += 10_000;
    const second = scene.view({ positions: [held("3")] });
    expect(only(second, "PositionAdjusted").adjustment.kind).toBe("correction");
    expect(scene.position()).toBe("3");
  });

  it("that was gone at the second look is left alone", () => {
    const scene = known();
    scene.view({ positions: [held("3")] });
    scene.world.now += 10_000;
    scene.view();
    expect(scene.position()).toBe("0");
  });

  it.each([
    { clock: "goes on", byMs: 1_000 },
    { clock: "jumps ahead", byMs: 600_000 },
    { clock: "is set back", byMs: -600_000 },
  ])(
    "is not believed from a view begun before the last fill, when the clock $clock",
    ({ byMs }) => {
      const scene = known();
      const begun = { at: scene.now, logSeq: scene.book.seq };
      scene.world.now += byMs;
      scene.bought("5");
      const events = scene.view({ ...begun, positions: [] });
      expect(types(events)).not.toContain("DifferenceFound");
      expect(scene.position()).toBe("5");
    },
  );

  it.each([-600_000, 10_000, 600_000])(
    "is a new one when something was filled since, whatever the clock did (%d ms)",
    (byMs) => {
      const scene = known();
      scene.view({ positions: [held("3")] });
      scene.world.now += byMs;
      scene.bought("5");
      scene.world.now -= byMs;
      scene.world.now += 10_000;
      const events = scene.view({ positions: [held("8")] });
      expect(types(events)).not.toContain("PositionAdjusted");
    },
  );

  it("is not judged while a send on its symbol is unanswered", () => {
    const scene = known();
    scene.signal({ side: "buy", quantity: "5" });
    expect(types(scene.view({ positions: [held("5")] }))).not.toContain("DifferenceFound");
  });
});

describe("what the stream did not tell", () => {
  const missed = (scene: Scene, ago = 60_000) => {
    const id = scene.working({ side: "buy", quantity: "5", limitPrice: "99" });
    const executedAt = scene.now;
    scene.world.now += ago;
    const fill = scene.execution("5", "99", {
      id: asId<ExecutionId>("activity-1"),
      brokerOrderId: brokerIdOf(id),
      cumulativeQuantity: d("5"),
      executedAt,
      source: "activity",
    });
    const execution = { ...fill, symbol: AAPL, side: "buy" } as const;
    const closed = scene.snapshot(id, {
      status: "filled",
      filledQuantity: d("5"),
      updatedAt: executedAt,
    });
    return { id, view: { executions: [execution], askedOrders: [closed], positions: [held("5")] } };
  };

  it("is booked, with what was found and what was done", () => {
    const scene = known();
    const { id, view } = missed(scene);
    const events = scene.view(view);
    expect(scene.position()).toBe("5");
    expect(scene.order(id).status).toBe("filled");
    expect(only(events, "DifferenceFound")).toMatchObject({ kind: "execution" });
  });

  it("is no difference where it fell between the reading of the positions and that of the fills", () => {
    const scene = known();
    scene.bought("3");
    const { view } = missed(scene, 100);
    const readBefore = { ...view, positions: [held("3")] };
    expect(types(scene.view(readBefore))).not.toContain("DifferenceFound");
    expect(scene.position()).toBe("8");
    scene.world.now += 10_000;
    expect(types(scene.view(readBefore))).toContain("DifferenceFound");
  });

  it("begins a doubt about the position anew: what was noted before it is not corrected by that look", () => {
    const scene = known();
    scene.bought("3");
    scene.view({ positions: [held("1")] });
    scene.world.now += 10_000;
    const { view } = missed(scene);
    const look = { ...view, positions: [held("6")] };
    expect(types(scene.view(look))).not.toContain("PositionAdjusted");
    expect(scene.position()).toBe("8");
    scene.world.now += 10_000;
    expect(types(scene.view(look))).toContain("PositionAdjusted");
    expect(scene.position()).toBe("6");
  });

  it("is booked once, although the stream tells it afterwards under another id", () => {
    const scene = known();
    const { id, view } = missed(scene);
    scene.view(view);
    const execution = scene.execution("5", "99", {
      brokerOrderId: brokerIdOf(id),
      cumulativeQuantity: d("5"),
    });
    scene.report(id, { kind: "executed", execution });
    expect(scene.position()).toBe("5");
  });

  it("is found once: the same view again changes nothing", () => {
    const scene = known();
    const { view } = missed(scene);
    scene.view(view);
    expect(scene.view(view)).toEqual([]);
  });

  it("a cancel done at the broker's desk is recorded", () => {
    const scene = known();
    const id = scene.working({ side: "buy", quantity: "5", limitPrice: "99" });
    const updatedAt = scene.now;
    scene.world.now += 60_000;
    const askedOrders = [scene.snapshot(id, { status: "cancelled", updatedAt })];
    const events = scene.view({ askedOrders });
    expect(types(events)).toEqual(expect.arrayContaining(["DifferenceFound", "OrderCancelled"]));
  });

  it("an order that the broker does not show is asked for by itself", () => {
    const scene = known();
    const id = scene.working({ side: "buy", quantity: "5", limitPrice: "99" });
    scene.world.now += 60_000;
    scene.view();
    expect(scene.calls.at(-1)).toMatchObject({ kind: "lookup", orderId: id });
    expect(scene.order(id).status).toBe("accepted");
  });

  it("a lost send is found among the open orders, and a cancel that waited for it goes out", () => {
    const scene = known();
    scene.signal({ side: "buy", quantity: "5" });
    const id = scene.log.at(-1)?.event;
    if (id?.type !== "OrderSubmitted") throw new Error("no intent");
    scene.command({ kind: "cancel_order", orderId: id.orderId });
    scene.view({ openOrders: [scene.snapshot(id.orderId)] });
    expect(scene.order(id.orderId).status).toBe("accepted");
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", orderId: id.orderId });
  });
});

describe("what others do with the account", () => {
  const foreignTo = (
    scene: Scene,
    more: Partial<BrokerOrderSnapshot> = {},
  ): BrokerOrderSnapshot => ({
    ...scene.snapshot(scene.working({ side: "buy", quantity: "4", limitPrice: "99" })),
    ...{ brokerOrderId: asId<BrokerOrderId>("X"), reference: null },
    ...more,
  });

  it("an order of somebody else's goes to the inbox and leaves it when it is gone", () => {
    const scene = known();
    const mine = scene.working({ side: "buy", quantity: "5", limitPrice: "99" });
    const theirs = {
      ...scene.snapshot(mine),
      brokerOrderId: asId<BrokerOrderId>("X"),
      reference: null,
    };
    scene.view({ openOrders: [scene.snapshot(mine), theirs] });
    expect(scene.account.external.size).toBe(1);
    scene.world.now += 10_000;
    scene.view({ openOrders: [scene.snapshot(mine)] });
    expect(scene.account.external.size).toBe(0);
  });

  const inTheGap = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) => {
    const snapshot = foreignTo(scene, { status: "filled", filledQuantity: d("4"), ...more });
    scene.world.now += 60_000;
    return snapshot;
  };

  it("an order that came and went in a gap is noted once, and is never in the inbox", () => {
    const scene = known();
    const pastOrders = [inTheGap(scene, { averagePrice: d("100") })];
    const events = scene.view({ pastOrders });
    expect(only(events, "DifferenceFound")).toMatchObject({
      kind: "order",
      subject: "X",
      ours: null,
      theirs: "buy 4 SIM:AAPL: filled, 4 filled at 100",
    });
    expect(scene.account.external.size).toBe(0);
    expect(types(scene.view({ pastOrders }))).toEqual([]);
    expect(replay(scene).accounts).toEqual(scene.book.accounts);
  });

  it("what was bought and sold again in a gap counts, also where nothing of it is left", () => {
    const scene = known();
    const bought = inTheGap(scene);
    const sold = { ...bought, brokerOrderId: asId<BrokerOrderId>("Y"), side: "sell" as const };
    const at = scene.now - 30_000;
    const fill = (order: BrokerOrderSnapshot, price: string) => ({
      ...scene.execution("4", price, { brokerOrderId: order.brokerOrderId, executedAt: at }),
      symbol: order.symbol,
      side: order.side ?? "buy",
    });
    const view = {
      pastOrders: [bought, sold],
      executions: [fill(bought, "100"), fill(sold, "103")],
    };
    scene.view(view);
    expect(scene.position()).toBe("0");
    expect(scene.account.positions.net(AAPL)?.realizedGross.toString()).toBe("12");
    expect(scene.view(view)).toEqual([]);
  });

  it.each(["cancelled", "expired", "rejected"] as const)(
    "one that was %s is noted too",
    (status) => {
      const scene = known();
      const pastOrders = [inTheGap(scene, { status, filledQuantity: d("0") })];
      expect(only(scene.view({ pastOrders }), "DifferenceFound").theirs).toContain(status);
    },
  );

  it("an order that was in the inbox leaves it once when the gap shows its end", () => {
    const scene = known();
    scene.view({ openOrders: [foreignTo(scene)] });
    const pastOrders = [inTheGap(scene)];
    const isClosing = (type: string) => type === "ExternalOrderClosed";
    expect(types(scene.view({ pastOrders })).filter(isClosing)).toHaveLength(1);
    expect(scene.view({ pastOrders })).toEqual([]);
  });

  it("one that may still be ours is left to the next look", () => {
    const scene = known();
    scene.traits = { findsByReference: false };
    scene.signal({ side: "buy", quantity: "4" });
    const pastOrders = [inTheGap(scene)];
    expect(types(scene.view({ pastOrders }))).not.toContain("DifferenceFound");
  });

  it("one under a reference of ours that the record never gave is an alarm, also when it is over", () => {
    const scene = known();
    scene.traits = { recognises: () => true };
    const pastOrders = [inTheGap(scene, { reference: asId<BrokerReference>("ours-1") })];
    expect(types(scene.view({ pastOrders }))).toContain("SymbolFrozen");
    expect(scene.alarms).toContain("broker_ahead");
  });

  it("a send whose answer was lost is found where it ended in the gap", () => {
    const scene = known();
    scene.signal({ side: "buy", quantity: "5" });
    const id = orderOf(1);
    const executedAt = scene.now;
    scene.world.now += 60_000;
    const brokerOrderId = brokerIdOf(id);
    const fill = scene.execution("5", "100", {
      ...{ brokerOrderId, executedAt, cumulativeQuantity: d("5") },
    });
    scene.view({
      pastOrders: [scene.snapshot(id, { status: "filled", filledQuantity: d("5") })],
      executions: [{ ...fill, symbol: AAPL, side: "buy" }],
      positions: [held("5")],
    });
    expect(scene.order(id).status).toBe("filled");
    expect(scene.position()).toBe("5");
  });

  it("a fill of somebody else's moves the position once, by its own id", () => {
    const scene = known();
    const fill = scene.execution("4", "100", { brokerOrderId: asId<BrokerOrderId>("X") });
    const executions = [{ ...fill, symbol: AAPL, side: "buy" }] as const;
    scene.world.now += 1_000;
    const events = scene.view({ executions, positions: [held("4")] });
    expect(only(events, "PositionAdjusted").adjustment).toMatchObject({
      kind: "adopted",
      id: fill.id,
    });
    scene.world.now += 10_000;
    expect(types(scene.view({ executions, positions: [held("4")] }))).not.toContain(
      "PositionAdjusted",
    );
    expect(scene.position()).toBe("4");
  });

  it("a split changes the quantity and leaves the cost, once", () => {
    const scene = known();
    scene.bought("10");
    const cost = scene.account.positions.net(AAPL)?.costBasis.toString();
    scene.world.now += 1_000;
    const activities = [
      {
        id: "split-1",
        type: "SPLIT",
        status: "executed" as const,
        symbol: AAPL,
        instrumentId: AAPL,
        quantity: d("10"),
        netAmount: null,
        price: null,
        at: scene.now,
      },
    ];
    scene.world.now += 1_000;
    scene.view({ activities, positions: [held("20")] });
    scene.view({ activities, positions: [held("20")] });
    expect(scene.position()).toBe("20");
    expect(scene.account.positions.net(AAPL)?.costBasis.toString()).toBe(cost);
  });

  it("a split splits what each strategy holds, and taken back it is as before", () => {
    const scene = known();
    scene.bought("10", { strategy: "slow" });
    scene.bought("6", { strategy: "quick" });
    scene.bought("1");
    scene.world.now += 1_000;
    const told = (status: BrokerActivity["status"]) => [
      entry({ id: "split-1", type: "SPLIT", status, quantity: d("51"), netAmount: null, at }),
    ];
    const at = scene.now;
    const shares = () =>
      ["slow", "quick"].map((strategy) =>
        scene.account.positions.ofStrategy(AAPL, asId(strategy))?.quantity.toString(),
      );
    scene.world.now += 1_000;
    scene.view({ activities: told("executed"), positions: [held("68")] });
    scene.view({ activities: told("executed"), positions: [held("68")] });
    expect([scene.position(), ...shares()]).toEqual(["68", "40", "24"]);
    scene.view({ activities: told("cancelled"), positions: [held("17")] });
    expect([scene.position(), ...shares()]).toEqual(["17", "10", "6"]);
  });

  const entry = (more: Partial<BrokerActivity> = {}): BrokerActivity => ({
    ...{ id: "div-1", type: "DIV", status: "executed", symbol: AAPL, instrumentId: AAPL },
    ...{ quantity: null, netAmount: d("2.5"), price: null, at: 0 },
    ...more,
  });
  const holding = (): { scene: Scene; look: (entry: BrokerActivity) => readonly DomainEvent[] } => {
    const scene = known();
    scene.bought("10");
    const at = scene.now + 500;
    scene.world.now += 1_000;
    return {
      scene,
      look: (told) => scene.view({ activities: [{ ...told, at }], positions: [held("10")] }),
    };
  };
  const gained = (scene: Scene) => scene.account.positions.net(AAPL)?.realizedGross.toString();

  it("an entry that the broker takes back is taken back here, once, and told", () => {
    const { scene, look } = holding();
    look(entry());
    expect(gained(scene)).toBe("2.5");
    const events = look(entry({ status: "cancelled" }));
    expect(gained(scene)).toBe("0");
    expect(only(events, "DifferenceFound").subject).toBe("div-1");
    expect(scene.alarms).toContain("activity_changed");
    expect(look(entry({ status: "cancelled" }))).toEqual([]);
    expect(look(entry())).toEqual([]);
  });

  it("an entry that was taken back before it was seen never counts", () => {
    const { scene, look } = holding();
    look(entry({ status: "cancelled" }));
    expect(gained(scene)).toBe("0");
    expect(scene.alarms).not.toContain("activity_changed");
  });

  it("a corrected entry counts as it is, once, and is told", () => {
    const { scene, look } = holding();
    look(entry({ status: "corrected", netAmount: d("2.4") }));
    expect(gained(scene)).toBe("2.4");
    expect(scene.alarms).toEqual(["activity_changed"]);
    expect(look(entry({ status: "corrected", netAmount: d("2.4") }))).toEqual([]);
  });

  it("an entry that is taken back after a correction that nobody booked is told, and stays counted", () => {
    const { scene, look } = holding();
    look(entry());
    look(entry({ status: "corrected", netAmount: d("2.4") }));
    const events = look(entry({ status: "cancelled", netAmount: d("2.4") }));
    expect(gained(scene)).toBe("2.5");
    expect(only(events, "DifferenceFound").action).toContain("stays counted");
    expect(look(entry({ status: "cancelled", netAmount: d("2.4") }))).toEqual([]);
  });

  it("a correction of what was counted is told once, and booked by nobody", () => {
    const { scene, look } = holding();
    look(entry());
    look(entry({ status: "corrected", netAmount: d("2.4") }));
    expect(gained(scene)).toBe("2.5");
    expect(scene.alarms).toEqual(["activity_changed"]);
    expect(look(entry({ status: "corrected", netAmount: d("2.4") }))).toEqual([]);
  });
});
