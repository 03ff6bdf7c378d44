// What one look at held orders decides by itself, before the tick that it asks for: ends alone, or sends.
import { describe, expect, it } from "vitest";
import type { Context, Decision, Input } from "../../../src/domain/book.ts";
import { decide } from "../../../src/domain/decide.ts";
import { asId } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, ACCOUNT_ID, commandId, d, MSFT, NYSE_AAPL, only, orderOf } from "./scene.ts";
import { Scene, types } from "./scene.ts";

const TICK: Input = { kind: "tick", accountId: ACCOUNT_ID };
const buy = { side: "buy", quantity: "1" } as const;
const SUNDAY = Date.parse("2026-06-07T22:00:00Z");
const OPEN = Date.parse("2026-06-08T13:30:00Z");

const look = (scene: Scene, more: Partial<Context> = {}): Decision =>
  decide(scene.book, TICK, { ...scene.context, ...more });
const typesOf = ({ events }: Decision) => types(events.map(({ event }) => event));
const isNothing = ({ events, effects, tick }: Decision) =>
  events.length === 0 && effects.length === 0 && !tick;

function starved(scene = new Scene()): Scene {
  scene.tokens = 0;
  scene.signal(buy);
  return scene;
}

/** An account whose market has not told a single price. */
function priceless(): Scene {
  const world = new World();
  world.observe("100000");
  world.startDay();
  const scene = new Scene(world);
  scene.world.set("max_position_size_usd", "100000");
  return scene;
}

function onSunday(): Scene {
  const world = new World();
  world.now = SUNDAY;
  world.observe("100000");
  world.startDay();
  return new Scene(world);
}

const queued = { ...buy, of: NYSE_AAPL, onMarketClosed: "queue" } as const;

describe("one look at held orders", () => {
  it.each([
    ["the end of its validity", { validUntil: 1_000 }, 1_000, "OrderExpired"],
    ["its age", {}, 60_001, "OrderRejected"],
  ])("ends one by %s and judges no other before it is gone", (_why, wish, after, ended) => {
    const scene = new Scene();
    scene.tokens = 0;
    const { validUntil } = wish as { validUntil?: number };
    scene.signal({
      ...buy,
      ...(validUntil !== undefined && { validUntil: scene.now + validUntil }),
    });
    scene.world.now += after;
    scene.world.price(MSFT, "100");
    scene.signal({ ...buy, of: MSFT });
    scene.tokens = 5;
    const decision = look(scene);
    expect(typesOf(decision)).toEqual([ended]);
    expect(decision).toMatchObject({ tick: true, tokensUsed: 0, writesIntent: false });
  });

  it("ends one whose hold by policy is over, and judges no other before it is gone", () => {
    const scene = onSunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    scene.world.price(NYSE_AAPL, "100");
    scene.tick();
    const retryAt = OPEN + 1_000;
    const sent = { kind: "submit", orderId: orderOf(1), generation: 1 } as const;
    scene.outcome({ ...sent, outcome: { result: "rate_limited", retryAt } });
    scene.tokens = 0;
    scene.world.now = SUNDAY + 432_000_000;
    scene.world.price(AAPL, "100");
    // At its very end it is not over.
    expect(scene.tick().filter(({ type }) => type === "OrderExpired")).toEqual([]);
    scene.signal({ ...buy, of: AAPL });
    scene.tokens = 5;
    scene.world.now += 1;
    expect(typesOf(look(scene))).toEqual(["OrderExpired"]);
  });

  it("ends no more than five hundred, and the next look ends the others", () => {
    const scene = new Scene(World.bare());
    scene.tokens = 0;
    for (let n = 0; n < 501; n += 1) scene.signal(buy);
    scene.world.now += 60_001;
    const decision = look(scene);
    expect(decision.events).toHaveLength(500);
    expect(decision.tick).toBe(true);
    expect(scene.tick()).toHaveLength(501);
  });

  it("stops at one that is refused: the others are judged without it", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ ...buy, quantity: "6" });
    scene.signal({ ...buy, of: MSFT });
    scene.world.set("max_order_qty_stock", "5");
    scene.tokens = 5;
    const decision = look(scene);
    expect(typesOf(decision)).toEqual(["OrderRejected"]);
    expect(decision.tick).toBe(true);
  });

  it("goes on behind one that waits for a price", () => {
    const scene = new Scene(World.bare());
    scene.world.set("quote_age_max_ms", "30000");
    scene.world.set("reference_price_wait_ms", "2000");
    scene.world.now += 40_000;
    scene.world.price(MSFT, "100");
    scene.tokens = 0;
    for (const of of [AAPL, MSFT]) scene.signal({ ...buy, of });
    scene.tokens = 5;
    scene.tick();
    expect(scene.order(orderOf(1)).hold?.reason).toBe("price");
    expect(scene.order(orderOf(2)).status).toBe("submitted");
  });

  it("goes on behind one whose market has closed again", () => {
    const scene = onSunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    scene.world.price(NYSE_AAPL, "100");
    scene.tick();
    const sent = { kind: "submit", orderId: orderOf(1), generation: 1 } as const;
    scene.outcome({ ...sent, outcome: { result: "rate_limited", retryAt: OPEN + 1_000 } });
    scene.tokens = 0;
    scene.world.now = OPEN + 7 * 3_600_000;
    for (const id of [AAPL, NYSE_AAPL]) scene.world.price(id, "100");
    scene.signal(buy);
    scene.tokens = 5;
    scene.tick();
    expect(scene.order(orderOf(1)).hold).toEqual({
      reason: "market_closed",
      until: SUNDAY + 432_000_000,
    });
    expect(scene.order(orderOf(2)).status).toBe("submitted");
  });

  it("refuses nothing for a broker that is there", () => {
    const scene = starved();
    scene.world.set("on_broker_down", "reject");
    expect(isNothing(look(scene))).toBe(true);
  });

  it("sends each order under a number of its own, where the broker takes numbers", () => {
    const scene = new Scene();
    scene.traits = { reference: (_order, _generation, counter) => asId(`no-${counter}`) };
    scene.tokens = 0;
    for (const of of [AAPL, MSFT, AAPL]) scene.signal({ ...buy, of });
    scene.tokens = 2;
    scene.tick();
    scene.tokens = 5;
    scene.tick();
    expect(scene.calls).toMatchObject([1, 2, 3].map((n) => ({ reference: `no-${n}` })));
  });
});

describe("an order whose instrument is not known any more", () => {
  const unknown = { instrument: () => undefined };

  it("waits on, and has no open to wait for", () => {
    const scene = onSunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    expect(typesOf(look(scene, unknown))).toEqual(["TradingDayStarted"]);
  });

  it("needs its broker, where that is away and policy refuses", () => {
    const scene = onSunday();
    scene.signal(queued);
    scene.up = false;
    scene.world.set("on_broker_down", "reject");
    expect(typesOf(look(scene, unknown))).toContain("OrderRejected");
  });

  it("has the limits that are set under its id", () => {
    const scene = starved();
    scene.world.override({ key: "max_signal_age_seconds", value: "10", symbol: AAPL });
    scene.world.now += 10_001;
    expect(isNothing(look(scene))).toBe(true);
    // Instruments and limits are read together: whoever has others of the one has others of the other.
    scene.world.override({ key: "max_signal_age_seconds", value: "10", symbol: AAPL });
    expect(typesOf(look(scene, unknown))).toEqual(["OrderRejected"]);
  });

  it("cannot be changed at the broker", () => {
    const scene = new Scene();
    const orderId = scene.working({ ...buy, limitPrice: "99" });
    const request = { kind: "replace_order", orderId, change: { limitPrice: d("98") } } as const;
    const command = {
      ...{ id: commandId(1), number: 1, accountId: ACCOUNT_ID, request, receivedAt: scene.now },
      ...{ actor: "person", traceParent: null },
    };
    const input: Input = { kind: "command", command };
    const { events } = decide(scene.book, input, { ...scene.context, ...unknown });
    expect(events.map(({ event }) => event)).toMatchObject([
      { outcome: { result: "refused", code: "instrument_not_tradable", orderIds: [orderId] } },
    ]);
    expect(events[0]?.event).toMatchObject({ outcome: { message: "SIM:AAPL is not known." } });
  });
});

describe("an order that waits for a price", () => {
  it("waits no longer than it was told to, also while nothing may leave", () => {
    const scene = priceless();
    scene.signal(buy);
    scene.up = false;
    expect(scene.tick(1_999)).toEqual([]);
    const { by, code, message } = only(scene.tick(1), "OrderRejected");
    expect([by, code, message]).toEqual(["risk", "no_reference_price", "No price came in time."]);
  });

  it("has what it waited for once a price came, and is not refused while something else stops it", () => {
    const scene = priceless();
    scene.signal(buy);
    scene.world.price(AAPL, "100");
    scene.tokens = 0;
    expect(scene.tick(2_000)).toEqual([]);
  });

  it("that waited for something else before has all its time from now on, and a price is asked for", () => {
    const scene = priceless();
    scene.world.price(AAPL, "100");
    scene.signal(buy);
    const retryAt = scene.now + 1_000;
    const sent = { kind: "submit", orderId: orderOf(1), generation: 1 } as const;
    scene.outcome({ ...sent, outcome: { result: "rate_limited", retryAt } });
    scene.world.now += 40_000;
    const events = scene.tick();
    expect(only(events, "OrderHeld")).toMatchObject({ reason: "price", until: scene.now + 2_000 });
    expect(scene.last?.effects).toContainEqual({ kind: "want_mark", instrumentId: AAPL });
  });

  it("is another thing than an order that waits for a token: that one is not refused for a price", () => {
    const scene = priceless();
    const orderId = scene.world.place(AAPL, buy);
    const until = scene.now + 1_000;
    scene.world.apply({ type: "OrderHeld", orderId, reason: "rate_budget", until });
    scene.tokens = 0;
    expect(scene.tick(1_000)).toEqual([]);
  });

  it("asks for no price before the market opens", () => {
    const scene = onSunday();
    scene.world.set("max_position_size_usd", "100000");
    scene.signal(queued);
    expect(scene.order(orderOf(1)).hold?.reason).toBe("market_closed");
    expect(scene.last?.effects).toEqual([]);
  });
});

describe("orders of one symbol", () => {
  it("queue behind what waits for a token, of any symbol", () => {
    const scene = starved();
    scene.tokens = 5;
    scene.signal({ ...buy, of: MSFT });
    expect(scene.order(orderOf(2)).hold?.reason).toBe("rate_budget");
  });

  it("do not wait behind one that waits for the open when they may trade before it", () => {
    const scene = onSunday();
    scene.signal(queued);
    scene.world.now = OPEN - 2 * 3_600_000;
    scene.world.price(NYSE_AAPL, "100");
    scene.signal({ ...queued, limitPrice: "100", extendedHours: true });
    expect(scene.order(orderOf(1)).hold?.reason).toBe("market_closed");
    expect(scene.order(orderOf(2)).status).toBe("submitted");
  });

  it("wait for the open without an end where none is set", () => {
    const scene = onSunday();
    scene.world.set("market_closed_hold_seconds", null);
    scene.signal(queued);
    expect(scene.order(orderOf(1)).hold).toEqual({ reason: "market_closed", until: null });
  });
});

describe("an intent", () => {
  it("of an order that leaves at once names what its signal was judged by nowhere else", () => {
    const scene = new Scene();
    expect(only(scene.signal(buy), "OrderSubmitted")).toEqual({
      ...{ type: "OrderSubmitted", orderId: orderOf(1), generation: 1 },
      ...{ reference: `${orderOf(1)}.1`, verdicts: null, mark: null },
    });
  });

  it("and everything else that a command leads to is told as the command's doing", () => {
    const scene = starved();
    scene.command({ kind: "cancel_order", orderId: orderOf(1) });
    const caused = scene.log
      .slice(-2)
      .map(({ event, correlationId }) => [event.type, correlationId]);
    expect(caused).toEqual([
      ["OrderCancelled", commandId(1)],
      ["CommandDecided", commandId(1)],
    ]);
  });
});
