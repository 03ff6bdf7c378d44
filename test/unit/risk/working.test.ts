// What each kind of order on its way may still do: exits that travel with an entry, orders whose change is
// asked for, orders that are not ours and of which the broker tells only part.
import { describe, expect, test } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import type { BrokerOrderId, BrokerReference, OrderId } from "../../../src/domain/ids.ts";
import { asId } from "../../../src/domain/ids.ts";
import { workingOn } from "../../../src/domain/risk/working.ts";
import { AAPL, d, MSFT } from "./market.ts";
import { World } from "./world.ts";

interface Told {
  readonly side: string;
  readonly quantity: string | null;
  readonly notional: string | null;
  readonly limitPrice: string | null;
}

/** The orders on their way on AAPL, in text. */
function onTheirWay(world: World): readonly Told[] {
  return workingOn(world.account, AAPL, new Set()).map((one) => ({
    side: one.side,
    quantity: one.quantity?.toString() ?? null,
    notional: one.notional?.toString() ?? null,
    limitPrice: one.limitPrice?.toString() ?? null,
  }));
}

const quantities = (world: World): readonly (string | null)[] =>
  onTheirWay(world).map(({ quantity }) => quantity);

describe("the exits of an entry", () => {
  const BUY = { quantity: "10", limitPrice: "90" } as const;
  const EXIT = { side: "sell", quantity: "10", limitPrice: "120" } as const;
  const entered = (filled: string | null): { world: World; parentId: OrderId } => {
    const world = World.bare();
    const parentId = world.work(AAPL, BUY);
    if (filled !== null) world.fill(parentId, filled, "90");
    return { world, parentId };
  };

  test.each(["take_profit", "stop_loss"] as const)(
    "a %s can sell no more than the entry has bought, less what it sold itself",
    (role) => {
      const { world, parentId } = entered("6");
      const exit = world.work(AAPL, EXIT, { parentId, role });
      expect(quantities(world)).toEqual(["4", "6"]);
      world.fill(exit, "2", "120");
      expect(quantities(world)).toEqual(["4", "4"]);
    },
  );

  test("they do nothing before the entry has filled", () => {
    const { world, parentId } = entered(null);
    world.work(AAPL, EXIT, { parentId, role: "take_profit" });
    expect(quantities(world)).toEqual(["10"]);
  });

  test("an order of another role is bound by nobody's fills", () => {
    const { world, parentId } = entered(null);
    world.work(AAPL, EXIT, { parentId, role: "flip_close" });
    expect(quantities(world)).toEqual(["10", "10"]);
  });

  test("nor is an exit whose order is not in the book, or trades the same way", () => {
    const { world, parentId } = entered(null);
    world.work(AAPL, EXIT, { parentId: asId<OrderId>("long-gone"), role: "take_profit" });
    world.work(AAPL, { ...EXIT, side: "buy" }, { parentId, role: "take_profit" });
    world.work(AAPL, EXIT, { parentId: null, role: "stop_loss" });
    expect(quantities(world)).toEqual(["10", "10", "10", "10"]);
  });

  test("a smaller exit keeps its own size", () => {
    const { world, parentId } = entered("10");
    world.work(AAPL, { ...EXIT, quantity: "3" }, { parentId, role: "take_profit" });
    expect(quantities(world)).toEqual(["3"]);
  });
});

describe("an order whose change was asked for", () => {
  const changed = (wish: { limitPrice?: string; stopPrice?: string }, change: object): World => {
    const world = World.bare();
    const orderId = world.work(AAPL, { quantity: "10", ...wish });
    const reference = asId<BrokerReference>("order.2");
    world.apply({ type: "ReplaceRequested", orderId, generation: 2, reference, change });
    return world;
  };

  test.each([
    ["120", "120"],
    ["80", "100"],
  ])("from a limit of 100 to %s counts at %s, the dearer one", (limitPrice, dearer) => {
    const world = changed({ limitPrice: "100" }, { limitPrice: d(limitPrice) });
    expect(onTheirWay(world)).toMatchObject([{ limitPrice: dearer }]);
  });

  test.each([
    ["120", "120"],
    ["101", "110"],
  ])("from a stop of 110 to %s counts at %s", (stopPrice, dearer) => {
    const world = changed({ stopPrice: "110" }, { stopPrice: d(stopPrice) });
    const [order] = workingOn(world.account, AAPL, new Set());
    expect(order?.stopPrice).toEqual(d(dearer));
  });

  test("keeps the price that the change says nothing of, and has none where it had none", () => {
    expect(onTheirWay(changed({ limitPrice: "100" }, { quantity: d("5") }))).toMatchObject([
      { limitPrice: "100", quantity: "10" },
    ]);
    expect(onTheirWay(changed({ stopPrice: "110" }, { limitPrice: d("120") }))).toMatchObject([
      { limitPrice: null },
    ]);
  });
});

describe("an order for an amount of money", () => {
  test("counts what of the money is left", () => {
    const world = World.bare();
    const orderId = world.work(AAPL, { notional: "1000" });
    world.fill(orderId, "4", "100");
    expect(onTheirWay(world)).toMatchObject([{ quantity: null, notional: "600" }]);
    world.fill(orderId, "6", "100");
    expect(onTheirWay(world)).toEqual([]);
  });
});

describe("an order that is not ours", () => {
  function seen(changes: Partial<BrokerOrderSnapshot>): World {
    const world = World.bare();
    const id: BrokerOrderId = world.foreign(AAPL, { quantity: "10", limitPrice: "100" });
    const known = world.account.external.get(id);
    if (known === undefined) throw new Error("the book does not have it");
    world.apply({ type: "ExternalOrderSeen", snapshot: { ...known.snapshot, ...changes } });
    return world;
  }

  test("counts what it has not filled", () => {
    expect(quantities(seen({ filledQuantity: d("4") }))).toEqual(["6"]);
    expect(quantities(seen({ filledQuantity: d("10") }))).toEqual([]);
    expect(quantities(seen({ filledQuantity: d("11") }))).toEqual([]);
  });

  test("counts by its quantity where the broker tells the money too, and by the money alone", () => {
    const money = { notional: d("500") };
    expect(onTheirWay(seen(money))).toMatchObject([{ quantity: "10", notional: null }]);
    expect(onTheirWay(seen({ ...money, quantity: null }))).toMatchObject([
      { quantity: null, notional: "500" },
    ]);
  });

  test("is on its own side, or on both where the word for it is not known", () => {
    expect(onTheirWay(seen({ side: "sell" })).map(({ side }) => side)).toEqual(["sell"]);
    expect(onTheirWay(seen({ side: null })).map(({ side }) => side)).toEqual(["buy", "sell"]);
  });

  test("counts on its own instrument only", () => {
    expect(onTheirWay(seen({ instrumentId: MSFT }))).toEqual([]);
  });
});

test("an instrument on which nothing works has no orders on their way", () => {
  expect(onTheirWay(World.bare())).toEqual([]);
});
