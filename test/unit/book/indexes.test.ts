// The indexes over an account's orders: who is in which, in what order, and under which names each is found.
import { describe, expect, it } from "vitest";
import { adoptLoadedOrders, tidyBook } from "../../../src/domain/apply.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, OrderId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, World } from "../risk/world.ts";

const KEPT_MS = 10 * 60_000;
const buy = { side: "buy", quantity: "1" } as const;

const hold = (
  world: World,
  orderId: OrderId,
  reason: "rate_budget" | "broker_down" = "rate_budget",
) => {
  world.apply({ type: "OrderHeld", orderId, reason, until: null });
};
const cancel = (world: World, orderId: OrderId) => {
  world.apply({ type: "OrderCancelled", orderId, by: "broker", message: null });
};

describe("held orders", () => {
  it("are in the order of their placing, also where one that was on its way waits again", () => {
    const world = new World();
    const first = world.place(AAPL, buy);
    const working = world.work(AAPL, buy);
    const second = world.place(MSFT, buy);
    world.submit(first);
    expect([...world.account.held]).toEqual([second]);
    hold(world, first, "broker_down");
    expect([...world.account.held]).toEqual([first, second]);
    expect([...world.account.open]).toEqual([first, working, second]);
  });

  it("wait for nothing any more once they are over", () => {
    const world = new World();
    const orderId = world.place(AAPL, buy);
    hold(world, orderId);
    expect([world.account.held.size, world.account.queued.size]).toEqual([1, 1]);
    cancel(world, orderId);
    expect([world.account.held.size, world.account.queued.size]).toEqual([0, 0]);
  });
});

describe("open orders", () => {
  it("of an instrument stay when another of it is over", () => {
    const world = new World();
    const [first, second] = [world.work(AAPL, buy), world.work(AAPL, buy)];
    cancel(world, first);
    expect([...(world.account.openByInstrument.get(AAPL) ?? [])]).toEqual([second]);
    cancel(world, second);
    expect(world.account.openByInstrument.has(AAPL)).toBe(false);
  });

  it("are listed by when they were heard of, the one heard of longest ago first", () => {
    const world = new World();
    const [first, second] = [world.work(AAPL, buy), world.work(AAPL, buy)];
    world.now += 1_000;
    world.fill(first, "0.5", "100");
    expect([...world.account.heard]).toEqual([
      [second, world.now - 1_000],
      [first, world.now],
    ]);
  });
});

describe("a closed order", () => {
  const known = (world: World, orderId: OrderId, afterMs: number) => {
    tidyBook(world.book, world.now + afterMs);
    return world.account.orders.has(orderId);
  };

  it("is kept for ten minutes from its end, not from the last word about it", () => {
    const world = new World();
    const orderId = world.work(AAPL, buy);
    cancel(world, orderId);
    expect(known(world, orderId, KEPT_MS)).toBe(true);
    world.now += 60_000;
    world.apply({ type: "OrderFlagged", orderId, flag: "late_event", detail: "test" });
    expect(known(world, orderId, KEPT_MS - 60_000)).toBe(true);
    expect(known(world, orderId, KEPT_MS - 60_000 + 1)).toBe(false);
  });

  it("that turns out to live is kept as long as it lives", () => {
    const world = new World();
    const orderId = world.place(AAPL, buy);
    world.submit(orderId);
    const lost = { by: "engine", code: "never_arrived", message: "lost" } as const;
    world.apply({ type: "OrderRejected", orderId, ...lost });
    expect(world.account.closed.size).toBe(1);
    const brokerOrderId = asId<BrokerOrderId>("B-1");
    world.apply({ type: "OrderAccepted", orderId, brokerOrderId, brokerAt: world.now });
    expect(world.account.closed.size).toBe(0);
    expect(known(world, orderId, 2 * KEPT_MS)).toBe(true);
  });

  it("that comes back from the store has every name that it ever had, and goes with all of them", () => {
    const world = new World();
    const id = world.work(AAPL, buy);
    world.apply({ type: "OrderCancelled", orderId: id, by: "broker", message: null });
    const order = world.account.orders.get(id);
    if (order === undefined) throw new Error("no order");
    const pendingReplace = { generation: 2, reference: asId<BrokerReference>("R-2"), change: {} };
    const brokerOrderChain = ["B-0", "B-1"].map((name) => asId<BrokerOrderId>(name));
    const there = new World();
    const { account } = there;
    adoptLoadedOrders(there.book, ACCOUNT_ID, [{ ...order, pendingReplace, brokerOrderChain }]);
    expect([...account.byReference]).toEqual([
      [order.reference, id],
      ["R-2", id],
    ]);
    expect([...account.byBrokerOrderId.keys()]).toEqual([order.brokerOrderId, "B-0", "B-1"]);
    expect(known(there, id, KEPT_MS + 1)).toBe(false);
    expect(account.byReference.size + account.byBrokerOrderId.size).toBe(0);
  });

  it("from the store does not take the place of what the book knows of it", () => {
    const world = new World();
    const id = world.work(AAPL, buy);
    const before = world.account.orders.get(id);
    if (before === undefined) throw new Error("no order");
    world.fill(id, "0.5", "100");
    adoptLoadedOrders(world.book, ACCOUNT_ID, [before]);
    expect(world.account.orders.get(id)?.filledQuantity).toEqual(d("0.5"));
  });
});

describe("an order", () => {
  it("is placed once: twice is a broken log", () => {
    const world = new World();
    const id = world.place(AAPL, buy);
    const order = world.account.orders.get(id);
    if (order === undefined) throw new Error("no order");
    expect(() => {
      world.apply({ type: "OrderPlaced", orderId: id, order });
    }).toThrow(`order ${id} is placed twice`);
  });

  it("takes a number for each new reference, and none where it is sent again", () => {
    const world = new World();
    const orderId = world.work(AAPL, { ...buy, limitPrice: "99" });
    const reference = asId<BrokerReference>("R-2");
    const change = { limitPrice: d("98") };
    world.apply({ type: "ReplaceRequested", orderId, generation: 2, reference, change });
    expect(world.account.referenceCounter).toBe(2);
    const again = world.place(AAPL, buy);
    world.submit(again);
    hold(world, again, "broker_down");
    world.submit(again);
    expect(world.account.referenceCounter).toBe(3);
  });
});
