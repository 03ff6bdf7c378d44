// A look at the broker: which of its words are new, how each is told, and what is asked for afterwards.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerView } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { FRESH_MS } from "../../../src/domain/order/reconcile.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, MSFT, only, orderOf, Scene, types } from "./scene.ts";

const ID = orderOf(1);
const X = asId<BrokerOrderId>("X");

/** A broker that was looked at before, and an order of ours that works there. */
function resting(): Scene {
  const scene = new Scene();
  scene.view();
  scene.world.now += 10_000;
  scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
  scene.world.now += 10_000;
  return scene;
}

const told = (scene: Scene, executedAt: number, brokerOrderId = brokerIdOf(ID)) => ({
  ...scene.execution("4", "99", { brokerOrderId, executedAt }),
  symbol: "AAPL",
  instrumentId: AAPL,
  side: "buy" as const,
});
const mine = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) => scene.snapshot(ID, more);

describe("a fill that only the look tells", () => {
  it("is booked with a word about it when the stream should have told it", () => {
    const scene = resting();
    const execution = told(scene, scene.now - FRESH_MS - 1);
    const events = scene.view({ openOrders: [mine(scene)], executions: [execution] });
    expect(events[0]).toEqual({
      type: "DifferenceFound",
      kind: "execution",
      subject: execution.id,
      ours: null,
      theirs: "buy 4 AAPL at 99",
      action: "booked: the stream had not told it",
    });
    expect(scene.log.find(({ event }) => event.type === "OrderExecuted")).toMatchObject({
      actor: "reconciler",
      causationId: null,
      correlationId: scene.order(ID).signalId,
    });
    expect(scene.position()).toBe("4");
  });

  it("is booked without a word while the stream may still tell it", () => {
    const scene = resting();
    const execution = told(scene, scene.now - FRESH_MS);
    const events = scene.view({ openOrders: [mine(scene)], executions: [execution] });
    expect(types(events).filter((type) => type === "DifferenceFound")).toEqual([]);
    expect(scene.position()).toBe("4");
  });

  it("is booked on an order that only its name tells", () => {
    const scene = new Scene();
    scene.view();
    scene.world.now += 10_000;
    scene.signal({ side: "buy", quantity: "10", limitPrice: "99" });
    const reference = scene.order(ID).reference;
    const shown = mine(scene, { brokerOrderId: X, reference, status: "partially_filled" });
    const events = scene.view({ openOrders: [shown], executions: [told(scene, scene.now, X)] });
    expect(types(events)).toContain("OrderAccepted");
    expect(scene.order(ID).brokerOrderId).toBe(X);
    expect(scene.position()).toBe("4");
  });
});

describe("an order that the look shows otherwise", () => {
  const changed = { status: "cancelled" } as const;

  it("is told with both states when the stream should have told it", () => {
    const scene = resting();
    const updatedAt = scene.now - FRESH_MS - 1;
    const events = scene.view({ askedOrders: [mine(scene, { ...changed, updatedAt })] });
    expect(only(events, "DifferenceFound")).toEqual({
      type: "DifferenceFound",
      kind: "order",
      subject: ID,
      ours: "accepted",
      theirs: "cancelled",
      action: "recorded: the stream had not told it",
    });
    expect(scene.order(ID).status).toBe("cancelled");
  });

  it("is recorded without a word while the stream may still tell it", () => {
    const scene = resting();
    const updatedAt = scene.now - FRESH_MS;
    const events = scene.view({ askedOrders: [mine(scene, { ...changed, updatedAt })] });
    expect(types(events)).not.toContain("DifferenceFound");
    expect(scene.order(ID).status).toBe("cancelled");
  });

  it("is not told where nothing is new", () => {
    const scene = resting();
    const updatedAt = scene.now - 60_000;
    expect(types(scene.view({ openOrders: [mine(scene, { updatedAt })] }))).not.toContain(
      "DifferenceFound",
    );
  });

  it("with more filled than its fills tell is an alarm about that order", () => {
    const scene = resting();
    const more = { filledQuantity: d("3"), status: "partially_filled" } as const;
    scene.view({ openOrders: [mine(scene, more)] });
    expect(scene.last?.effects).toContainEqual({
      kind: "alarm",
      code: "missing_executions",
      message: `Order ${ID} has filled more than its executions tell so far.`,
      orderId: ID,
    });
  });

  it.each([
    ["cancelled", 15, "cancelled"],
    ["filled", 15, "filled"],
    ["cancelled", 14, "accepted"],
    ["partially_filled", 15, "accepted"],
  ] as const)(
    "as %s for %i minutes with fills that were never told is %s",
    (status, minutes, is) => {
      const scene = resting();
      const more = { filledQuantity: d("3"), averagePrice: d("99"), status } as const;
      const updatedAt = scene.now - minutes * 60_000;
      scene.view({ openOrders: [mine(scene, { ...more, updatedAt })] });
      expect(scene.order(ID).status).toBe(is);
      const isOver = is !== "accepted";
      expect(scene.alarms.includes("needs_a_person")).toBe(isOver);
      // What is told after all counts.
      scene.filled(ID, "3");
      expect(scene.order(ID).filledQuantity.toString()).toBe("3");
    },
  );

  it("is not over for long because our clock is ahead", () => {
    const scene = resting();
    const brokerAt = scene.now;
    scene.world.now += 3_600_000;
    const more = { filledQuantity: d("3"), status: "cancelled", updatedAt: brokerAt - 1 } as const;
    scene.view({ brokerAt, openOrders: [mine(scene, more)] });
    expect(scene.order(ID).status).toBe("accepted");
  });

  it("with a word that nobody knows freezes its symbol", () => {
    const scene = resting();
    scene.view({ openOrders: [mine(scene, { status: "unknown" })] });
    expect([...scene.account.frozen.keys()]).toEqual([AAPL]);
  });
});

describe("an order that the look does not show", () => {
  it("is asked for by itself, five at a time", () => {
    const scene = new Scene();
    scene.view();
    for (let n = 1; n <= 7; n += 1) {
      scene.working({ side: "buy", quantity: "1", limitPrice: `${80 + n}` });
    }
    scene.world.now += 60_000;
    scene.calls.length = 0;
    scene.view({ openOrders: [] });
    expect(scene.calls.map(({ kind }) => kind)).toEqual(Array(5).fill("lookup"));
  });

  it("and has ended by this very look is not asked for", () => {
    const scene = resting();
    scene.world.now += 60_000;
    scene.calls.length = 0;
    scene.view({ askedOrders: [mine(scene, { status: "cancelled" })] });
    expect(scene.calls).toEqual([]);
  });
});

describe("an order of somebody else's", () => {
  const theirs = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) =>
    mine(scene, {
      brokerOrderId: X,
      reference: asId<BrokerReference>("theirs"),
      instrumentId: MSFT,
      symbol: "MSFT",
      ...more,
    });
  const look = (scene: Scene, more: Partial<BrokerView> = {}) =>
    types(scene.view({ openOrders: [mine(scene)], at: scene.now, ...more })).filter((type) =>
      type.startsWith("External"),
    );

  it("is seen, and gone when a later look does not list it", () => {
    const scene = resting();
    expect(look(scene, { openOrders: [mine(scene), theirs(scene)] })).toEqual([
      "ExternalOrderSeen",
    ]);
    expect(look(scene)).toEqual([]);
    scene.world.now += 1;
    expect(look(scene)).toEqual(["ExternalOrderClosed"]);
    expect(look(scene)).toEqual([]);
  });

  it("is gone when it is listed as over", () => {
    const scene = resting();
    look(scene, { openOrders: [mine(scene), theirs(scene)] });
    const over = theirs(scene, { status: "filled" });
    expect(look(scene, { askedOrders: [over] })).toEqual(["ExternalOrderClosed"]);
  });

  it("is nothing when first listed as over", () => {
    const scene = resting();
    expect(look(scene, { askedOrders: [theirs(scene, { status: "filled" })] })).toEqual([]);
  });

  it("may be ours while a send is out", () => {
    const scene = resting();
    scene.traits = { findsByReference: false };
    scene.signal({ side: "buy", quantity: "1", of: MSFT });
    expect(look(scene, { openOrders: [mine(scene), theirs(scene)] })).toEqual([]);
  });
});

describe("an order that came and went between two looks", () => {
  const past = (scene: Scene, more: Partial<BrokerOrderSnapshot> = {}) =>
    mine(scene, {
      brokerOrderId: X,
      reference: asId<BrokerReference>("theirs"),
      status: "filled",
      filledQuantity: d("5"),
      ...more,
    });
  const noted = (more: Partial<BrokerOrderSnapshot> = {}, scene = resting()) =>
    scene
      .view({ openOrders: [mine(scene)], pastOrders: [past(scene, more)] })
      .flatMap((event) =>
        event.type === "DifferenceFound" && event.kind === "order" ? [event] : [],
      );

  it.each([
    [{ averagePrice: d("98.5") }, "buy 10 AAPL: filled, 5 filled at 98.5"],
    [{ side: null, averagePrice: null }, "trade 10 AAPL: filled, 5 filled"],
    [{ quantity: null, notional: d("500") }, "buy 500 worth of AAPL: filled, 5 filled"],
    [{ quantity: null, notional: null }, "buy some worth of AAPL: filled, 5 filled"],
  ])("is noted in words: %o", (more, theirs) => {
    expect(noted({ symbol: "AAPL", ...more })).toEqual([
      {
        type: "DifferenceFound",
        kind: "order",
        subject: X,
        ours: null,
        theirs,
        action: "noted: not ours, and over already; what it filled counts in the position",
      },
    ]);
  });

  it("is not noted while it is open, twice, or from before the first contact", () => {
    expect(noted({ status: "accepted" })).toEqual([]);
    const scene = resting();
    expect(noted({}, scene)).toHaveLength(1);
    expect(noted({}, scene)).toEqual([]);
    const first = scene.account.firstContactAt ?? 0;
    const other = asId<BrokerOrderId>("Y");
    expect(noted({ brokerOrderId: other, updatedAt: first }, scene)).toEqual([]);
    expect(noted({ brokerOrderId: other, updatedAt: first + 1 }, scene)).toHaveLength(1);
  });

  it("is not noted where it is ours, by either name", () => {
    expect(noted({ brokerOrderId: brokerIdOf(ID) })).toEqual([]);
    const scene = resting();
    expect(noted({ reference: scene.order(ID).reference }, scene)).toEqual([]);
  });
});

describe("the broker's own figures", () => {
  const figures = (scene: Scene) => scene.viewOf().account;
  const observed = (scene: Scene, more: Partial<BrokerView> = {}) =>
    types(scene.view(more)).includes("AccountObserved");

  /** Looked at until the account's cash is known: from then on nothing changes by itself. */
  function quiet(): Scene {
    const scene = new Scene();
    for (let look = 0; look < 4; look += 1) {
      scene.view();
      scene.world.now += 20_000;
    }
    scene.view();
    const at = scene.account.equity?.at ?? 0;
    scene.world.now = at + 1_000;
    return scene;
  }

  it("are recorded as they are", () => {
    const scene = new Scene();
    scene.world.now += 1_000;
    const account = { ...figures(scene), equity: d("99000"), cash: d("98000") };
    expect(only(scene.view({ account }), "AccountObserved")).toMatchObject({
      equity: d("99000"),
      cash: d("98000"),
      buyingPower: d("100000"),
      nonMarginableBuyingPower: d("100000"),
      shortingEnabled: true,
      asOf: scene.now,
    });
  });

  it.each([
    ["equity", { equity: d("1") }],
    ["cash", { cash: d("1") }],
    ["buying power", { buyingPower: d("1") }],
    ["what may be spent without margin", { nonMarginableBuyingPower: d("1") }],
    ["the lack of it", { nonMarginableBuyingPower: null }],
    ["whether shorts are allowed", { shortingEnabled: false }],
  ])("are recorded again when there is another %s", (_what, more) => {
    const scene = quiet();
    expect(observed(scene)).toBe(false);
    expect(observed(scene, { account: { ...figures(scene), ...more } })).toBe(true);
  });

  it("are recorded again when half of the quiet time is over", () => {
    const scene = quiet();
    scene.world.now += 28_999;
    expect(observed(scene)).toBe(false);
    scene.world.now += 1;
    expect(observed(scene)).toBe(true);
  });

  it("that are no newer than those we have change nothing", () => {
    const scene = quiet();
    const account = { ...figures(scene), equity: d("1") };
    expect(observed(scene, { account, at: scene.now - 1_000 })).toBe(false);
    expect(observed(scene, { account, at: scene.now - 999 })).toBe(true);
  });

  it("of an account that may not trade are an alarm", () => {
    const scene = quiet();
    scene.view({ account: { ...figures(scene), equity: d("1"), tradingBlocked: true } });
    expect(scene.told).toEqual([`The broker blocks trading of account ${ACCOUNT_ID}.`]);
  });
});
