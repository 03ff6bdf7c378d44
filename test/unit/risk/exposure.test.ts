// Invariant 5: what is filled, working, held, in flight and unresolved counts together, at worst.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { OrderId } from "../../../src/domain/ids.ts";
import { AAPL, d, MSFT, NOW, terms } from "./market.ts";
import { World } from "./world.ts";
import type { Wish } from "./market.ts";

/** A world in which AAPL may reach 100 shares, and how many more may be bought or sold. */
const world = (): World => {
  const made = World.bare();
  made.set("max_position_qty", "100");
  return made;
};

function room(of: World, asked: Wish & { readonly waitsFor?: readonly OrderId[] } = {}): string {
  return (
    of
      .verdict("max_position_qty", { quantity: "1", ...asked })
      .head?.plus(d("1"))
      .toString() ?? ""
  );
}

const BUY: Wish = { quantity: "10", limitPrice: "90" };
const SELL: Wish = { side: "sell", quantity: "10", limitPrice: "120" };

describe("an order counts from its placing to its end", () => {
  test("pending, submitted, accepted and unresolved alike", () => {
    const busy = world();
    const orderId = busy.place(AAPL, BUY);
    expect(room(busy)).toBe("90");
    busy.submit(orderId);
    expect(room(busy)).toBe("90");
    busy.apply({
      type: "OrderUnresolved",
      orderId,
      unresolved: { action: "submit", since: NOW, cause: "timeout", lookups: 0 },
    });
    expect(room(busy)).toBe("90");
    busy.apply({ type: "OrderAccepted", orderId, brokerOrderId: null, brokerAt: NOW });
    expect(room(busy)).toBe("90");
  });

  test("filled and unfilled parts once, together", () => {
    const busy = world();
    const orderId = busy.work(AAPL, BUY);
    busy.fill(orderId, "4", "90");
    expect(room(busy)).toBe("90");
    busy.fill(orderId, "6", "90");
    expect(room(busy)).toBe("90");
  });

  test("no longer once it is cancelled, but for what had filled", () => {
    const busy = world();
    const orderId = busy.work(AAPL, BUY);
    busy.fill(orderId, "4", "90");
    busy.apply({ type: "OrderCancelled", orderId, by: "broker", message: null });
    expect(room(busy)).toBe("96");
  });

  test("at the larger quantity while a replace is on its way", () => {
    const busy = world();
    const orderId = busy.work(AAPL, BUY);
    busy.apply({
      type: "ReplaceRequested",
      orderId,
      generation: 2,
      reference: asId("order.2"),
      change: { quantity: d("30") },
    });
    expect(room(busy)).toBe("70");
  });

  test("not a second time when it is itself the one that is judged", () => {
    const busy = world();
    const placedOrderId = busy.place(AAPL, { quantity: "100", limitPrice: "90" });
    const released = {
      quantity: "100",
      limitPrice: "90",
      placedOrderId,
    } as const;
    expect(busy.ask(released).refusal).toBeNull();
  });

  test("only for what is left when a partly filled order is changed", () => {
    const busy = world();
    const placedOrderId = busy.work(AAPL, { quantity: "60", limitPrice: "90" });
    busy.fill(placedOrderId, "40", "90");
    const change = { limitPrice: "91", placedOrderId } as const;
    expect(busy.ask({ ...change, quantity: "100" }).refusal).toBeNull();
    expect(busy.ask({ ...change, quantity: "101" }).refusal?.code).toBe("max_position_qty");
  });
});

describe("two fast signals", () => {
  test("cannot both pass a limit that has room for one", () => {
    const busy = world();
    expect(busy.ask({ quantity: "60" }).refusal).toBeNull();
    busy.place(AAPL, { quantity: "60" });
    expect(busy.ask({ quantity: "60" }).refusal?.code).toBe("max_position_qty");
  });
});

describe("each side is judged by itself", () => {
  test("sells on their way make no room for buys", () => {
    const busy = world();
    busy.hold(AAPL, "80", "100");
    busy.work(AAPL, SELL);
    expect(room(busy)).toBe("20");
  });

  test("a short counts by its size", () => {
    const busy = world();
    busy.hold(AAPL, "-80", "100");
    expect(room(busy, { side: "sell" })).toBe("20");
    expect(room(busy)).toBe("180");
  });
});

describe("orders of one group", () => {
  test("count once, at the largest", () => {
    const busy = world();
    busy.work(AAPL, { ...BUY, quantity: "30" }, { linkGroup: "either" });
    busy.work(AAPL, { ...BUY, quantity: "40" }, { linkGroup: "either" });
    expect(room(busy)).toBe("60");
  });

  test("two groups count both", () => {
    const busy = world();
    busy.work(AAPL, { ...BUY, quantity: "30" }, { linkGroup: "either" });
    busy.work(AAPL, { ...BUY, quantity: "40" }, { linkGroup: "other" });
    expect(room(busy)).toBe("30");
  });

  test("exits that travel with an entry can sell no more than it has bought", () => {
    const busy = world();
    const parentId = busy.work(AAPL, BUY);
    busy.work(AAPL, SELL, { parentId, role: "take_profit", linkGroup: "exits" });
    expect(room(busy, { side: "sell" })).toBe("100");
    busy.fill(parentId, "10", "90");
    expect(room(busy, { side: "sell" })).toBe("100");
    busy.work(AAPL, SELL);
    expect(room(busy, { side: "sell" })).toBe("90");
  });
});

describe("orders that are not ours", () => {
  test("count until they are ignored or gone", () => {
    const busy = world();
    const brokerOrderId = busy.foreign(AAPL, BUY);
    busy.foreign(MSFT, BUY);
    expect(room(busy)).toBe("90");
    busy.apply({ type: "ExternalOrderIgnored", brokerOrderId });
    expect(room(busy)).toBe("100");
  });

  test("count on both sides when the broker's word for the side is unknown", () => {
    const busy = world();
    busy.foreign(AAPL, { ...BUY, unknownSide: true });
    expect(room(busy)).toBe("90");
    expect(room(busy, { side: "sell" })).toBe("90");
  });
});

describe("the orders of one decision", () => {
  test("are judged as a whole: what follows counts for what goes first", () => {
    const siblings = [terms({ quantity: "60" })];
    expect(world().ask({ quantity: "40", siblings }).refusal).toBeNull();
    expect(world().ask({ quantity: "41", siblings }).refusal?.code).toBe("max_position_qty");
  });

  test("what goes first counts for what follows", () => {
    const preceding = [terms({ quantity: "60" })];
    expect(world().ask({ quantity: "40", preceding }).refusal).toBeNull();
    expect(world().ask({ quantity: "41", preceding }).refusal?.code).toBe("max_position_qty");
  });

  test("what is cancelled before it is sent does not count", () => {
    const busy = world();
    const resting = busy.work(AAPL, { ...BUY, quantity: "60" });
    expect(room(busy, { waitsFor: [resting] })).toBe("100");
  });
});

describe("what a position is worth at worst", () => {
  const valued = (): World => {
    const made = World.bare();
    made.set("max_position_size_usd", "100000");
    return made;
  };
  const worth = (of: World, asked: Wish): string =>
    String(of.verdict("max_position_size_usd", asked).numbers["reached"]);

  test("a buy with a limit at its limit, without one at the dearest of ask, last and stop", () => {
    const market = valued();
    market.price(AAPL, "100", { bid: d("99"), ask: d("101") });
    expect(worth(market, { quantity: "10", limitPrice: "90" })).toBe("900");
    expect(worth(market, { quantity: "10" })).toBe("1010");
    expect(worth(market, { quantity: "10", stopPrice: "120" })).toBe("1200");
    market.now += 1;
    market.price(AAPL, "103", { bid: d("99"), ask: d("101") });
    expect(worth(market, { quantity: "10" })).toBe("1030");
  });

  test("a short sale at the dearest of limit, bid and last", () => {
    const market = valued();
    market.price(AAPL, "100", { bid: d("99"), ask: d("101") });
    expect(worth(market, { side: "sell", quantity: "10" })).toBe("1000");
    expect(worth(market, { side: "sell", quantity: "10", limitPrice: "110" })).toBe("1100");
    expect(worth(market, { side: "sell", quantity: "10", limitPrice: "90" })).toBe("1000");
  });

  test("what is held already at its mark, whatever it cost", () => {
    const market = valued();
    market.hold(AAPL, "10", "500");
    expect(worth(market, { quantity: "10", limitPrice: "90" })).toBe("1900");
  });

  test("a buy that first covers a short is worth what is left over", () => {
    const market = valued();
    market.hold(AAPL, "-10", "100");
    expect(worth(market, { quantity: "4", limitPrice: "90" })).toBe("0");
    expect(worth(market, { quantity: "15", limitPrice: "90" })).toBe("450");
  });

  test("an amount of money as that amount", () => {
    expect(worth(valued(), { notional: "1234.56" })).toBe("1234.56");
  });

  test("in dollars, by the rate of the day, where the market has another currency", () => {
    const korea = valued();
    korea.instrument(AAPL, { currency: "KRW" });
    korea.rates.set("KRW/USD", d("0.0007"));
    expect(worth(korea, { quantity: "10", limitPrice: "70000" })).toBe("490");
  });

  test("a quote whose sides cross is no price", () => {
    const market = valued();
    market.price(AAPL, "100", { bid: d("101"), ask: d("99") });
    const answer = market.ask({ quantity: "10" });
    expect(answer.missingPrice).toBe(true);
    expect(answer.mark).toBeNull();
  });
});
