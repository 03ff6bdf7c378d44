// What the book remembers only to recognise a repeat is bounded: the oldest is let go, what was seen again is not.
import { describe, expect, it } from "vitest";
import { tidyBook } from "../../../src/domain/apply.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, ExecutionId, StrategyId } from "../../../src/domain/ids.ts";
import { AAPL, d, World } from "../risk/world.ts";

const MANY = 10_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function cashOf(world: World, id: string): void {
  const adjustment = {
    id,
    kind: "transfer",
    amount: d("1"),
    source: "test",
    at: world.now,
  } as const;
  world.apply({ type: "CashAdjusted", adjustment });
}

function split(world: World, id: string): void {
  world.apply({
    type: "PositionAdjusted",
    adjustment: {
      ...{ id, kind: "split", instrumentId: AAPL, strategyId: null, quantity: d("0") },
      ...{ price: null, amount: Decimal.ZERO, source: "test", at: world.now },
    },
  });
}

function gone(world: World, id: string): void {
  world.apply({ type: "ExternalOrderClosed", brokerOrderId: asId<BrokerOrderId>(id) });
}

function park(world: World, id: string): void {
  const execution = {
    id: asId<ExecutionId>(id),
    brokerOrderId: null,
    quantity: d("1"),
    price: d("100"),
    cumulativeQuantity: null,
    fee: Decimal.ZERO,
    feeInAsset: Decimal.ZERO,
    executedAt: world.now,
    source: "stream",
  } as const;
  const parked = {
    brokerOrderId: null,
    reference: null,
    instrumentId: AAPL,
    side: null,
    execution,
  };
  world.apply({ type: "BrokerFactParked", description: "test", raw: "{}", parked });
}

const OURS = (world: World) => world.account.ours;
const ADJUSTMENTS = (world: World) => world.account.adjustments;

describe("of what only recognises a repeat, so many are kept:", () => {
  it.each([
    ["entries of the broker's ledger in cash", MANY, cashOf, ADJUSTMENTS],
    ["entries of its ledger in positions", MANY, split, ADJUSTMENTS],
    ["what was ours of them", MANY, split, OURS],
    ["orders of others that are over", MANY, gone, (w: World) => w.account.goneExternal],
    ["fills of orders that nobody knows", 1_000, park, (w: World) => w.account.parked],
  ] as const)("%s, %i, the newest", (_what, most, tell, kept) => {
    const world = new World();
    for (let n = 0; n < most; n += 1) tell(world, `id-${n}`);
    expect([...kept(world).keys()].slice(0, 2)).toEqual(["id-0", "id-1"]);
    tell(world, "one more");
    tidyBook(world.book, world.now);
    expect(kept(world).size).toBe(most);
    expect([...kept(world).keys()].slice(0, 2)).toEqual(["id-1", "id-2"]);
    expect(kept(world).has("one more" as never)).toBe(true);
  });

  it("what was counted is forgotten before a batch, never in it: its inputs were asked for by what was known", () => {
    const world = new World();
    for (let n = 0; n <= MANY; n += 1) split(world, `id-${n}`);
    expect([ADJUSTMENTS(world).size, OURS(world).size]).toEqual([MANY + 1, MANY + 1]);
  });

  it("an order of others that ends again is the newest of them", () => {
    const world = new World();
    for (const id of ["a", "b", "a"]) gone(world, id);
    expect([...world.account.goneExternal]).toEqual(["b", "a"]);
  });
});

describe("the duplicate window", () => {
  const signal = asId<never>("signal");
  const asked = (world: World, quantity: string, more = {}) =>
    world.place(AAPL, { quantity }, { signalId: signal, ...more });
  const remembered = (world: World) => [...world.account.recentSignals.values()];

  it("looks back a day and no further", () => {
    const world = new World();
    const began = world.now;
    asked(world, "1");
    world.now = began + DAY;
    asked(world, "2");
    expect(remembered(world)).toEqual([began, began + DAY]);
    world.now = began + DAY + 1;
    asked(world, "3");
    expect(remembered(world)).toEqual([began + DAY, began + DAY + 1]);
  });

  it("counts from the latest of the same", () => {
    const world = new World();
    const began = world.now;
    asked(world, "1");
    world.now += MINUTE;
    asked(world, "2");
    world.now += MINUTE;
    asked(world, "1");
    expect(remembered(world)).toEqual([began + MINUTE, began + 2 * MINUTE]);
  });

  it("is about signals: a command and a leg of an order repeat nothing", () => {
    const world = new World();
    asked(world, "1", { signalId: null });
    asked(world, "1", { parentId: asId("parent") });
    expect(remembered(world)).toEqual([]);
  });

  it("holds fifty thousand", () => {
    const world = new World();
    const { recentSignals } = world.account;
    for (let n = 0; n < 49_999; n += 1) recentSignals.set(`other ${n}`, world.now);
    asked(world, "1");
    expect([recentSignals.size, recentSignals.has("other 0")]).toEqual([50_000, true]);
    asked(world, "2");
    expect([recentSignals.size, recentSignals.has("other 0")]).toEqual([50_000, false]);
    expect(recentSignals.has("other 1")).toBe(true);
  });
});

describe("the pace", () => {
  const TREND = asId<StrategyId>("trend");

  it("counts the orders of the last minute and of the day, and those of a strategy as its own too", () => {
    const world = World.ready();
    world.place(AAPL, { quantity: "1" });
    world.place(AAPL, { quantity: "1" }, { strategyId: TREND });
    world.now += 1;
    world.place(AAPL, { quantity: "1" }, { strategyId: TREND });
    const { recentOrders, pace, day } = world.account;
    expect(recentOrders).toEqual([world.now - 1, world.now - 1, world.now]);
    expect(day?.ordersPlaced).toBe(3);
    expect(pace.get(TREND)).toEqual({ recent: [world.now - 1, world.now], today: 2 });
    expect([...pace.keys()]).toEqual([TREND]);
  });

  it("does not count the legs that a broker makes", () => {
    const world = World.ready();
    world.place(AAPL, { quantity: "1" }, { strategyId: TREND, parentId: asId("parent") });
    expect([world.account.recentOrders, world.account.day?.ordersPlaced]).toEqual([[], 0]);
    expect(world.account.pace.size).toBe(0);
  });

  it("begins anew with the day, but the last minute does not end with it", () => {
    const world = World.ready();
    world.place(AAPL, { quantity: "1" }, { strategyId: TREND });
    world.startDay();
    expect(world.account.day?.ordersPlaced).toBe(0);
    expect(world.account.pace.get(TREND)).toEqual({ recent: [world.now], today: 0 });
    expect(world.account.recentOrders).toEqual([world.now]);
  });

  it("before the first day there is a minute to count and no day", () => {
    const world = new World();
    world.place(AAPL, { quantity: "1" }, { strategyId: TREND });
    expect(world.account.pace.get(TREND)).toEqual({ recent: [world.now], today: 0 });
    expect(world.account.day).toBeNull();
  });

  it("drops what is older than a minute once there are two minutes to look through", () => {
    const world = new World();
    const began = world.now;
    for (const after of [0, MINUTE, MINUTE + 1, 2 * MINUTE]) {
      world.now = began + after;
      world.place(AAPL, { quantity: "1" });
    }
    expect(world.account.recentOrders).toHaveLength(4);
    world.now = began + 2 * MINUTE + 1;
    world.place(AAPL, { quantity: "1" });
    // Exactly a minute ago is not within the last minute.
    expect(world.account.recentOrders).toEqual(
      [2 * MINUTE, 2 * MINUTE + 1].map((ms) => began + ms),
    );
  });

  it("holds a hundred thousand orders of a minute, and then keeps the newer half", () => {
    const world = new World();
    const { recentOrders } = world.account;
    for (let n = 1; n < 100_000; n += 1) recentOrders.push(world.now);
    world.place(AAPL, { quantity: "1" });
    expect(recentOrders).toHaveLength(100_000);
    world.place(AAPL, { quantity: "1" });
    expect(recentOrders).toHaveLength(50_000);
  });
});
