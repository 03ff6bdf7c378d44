// Orders that wait: for a token, a price, the open, the broker, or for another order.
import { describe, expect, it } from "vitest";
import { AAPL, d, MSFT, NYSE_AAPL, only, orderOf, Scene, types } from "./scene.ts";
import { World } from "../risk/world.ts";

const HOUR = 3_600_000;
/** Sunday evening in New York: the stock market opens on Monday at 13:30 UTC. */
const SUNDAY = Date.parse("2026-06-07T22:00:00Z");
const OPEN = Date.parse("2026-06-08T13:30:00Z");

describe("without a token of the rate budget", () => {
  it("an order is held, and leaves when a token has come", () => {
    const scene = new Scene();
    scene.tokens = 0;
    const events = scene.signal({ side: "buy", quantity: "1" });
    expect(types(events)).toEqual(["SignalDecided", "OrderPlaced", "OrderHeld"]);
    expect(only(events, "SignalDecided").outcome).toBe("held");
    expect(scene.order(orderOf(1)).hold?.reason).toBe("rate_budget");
    expect(scene.calls).toEqual([]);
    scene.tokens = 1;
    expect(types(scene.tick(100))).toEqual(["OrderSubmitted"]);
  });

  it("nothing overtakes the orders that wait, and they leave in their order", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1" });
    scene.signal({ side: "buy", quantity: "2", of: MSFT });
    scene.tokens = 2;
    scene.signal({ side: "buy", quantity: "3" });
    expect(scene.order(orderOf(3)).hold?.reason).toBe("rate_budget");
    scene.tick(10);
    expect(scene.calls.map(({ orderId }) => orderId)).toEqual([orderOf(1), orderOf(2)]);
    scene.tokens = 5;
    scene.tick(10);
    expect(scene.calls.map(({ orderId }) => orderId)).toEqual([orderOf(1), orderOf(2), orderOf(3)]);
  });

  it("a held order counts as exposure, so a second one cannot pass the limit with it", () => {
    const scene = new Scene();
    scene.world.set("max_position_qty", "10");
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "8" });
    const events = scene.signal({ side: "buy", quantity: "8" });
    expect(only(events, "SignalDecided").refusal?.code).toBe("max_position_qty");
  });

  it("a held order is refused when its signal has become too old, at the instant it was named", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1" });
    expect(scene.deadline).toBe(scene.now + 60_001);
    scene.tokens = 1;
    const events = scene.tick(60_001);
    expect(only(events, "OrderRejected")).toMatchObject({ by: "risk", code: "stale_signal" });
    expect(scene.calls).toEqual([]);
  });

  it("an order past its valid_until expires instead of leaving", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1", validUntil: scene.now + 5_000 });
    scene.tokens = 1;
    expect(types(scene.tick(5_000))).toEqual(["OrderExpired"]);
    expect(scene.order(orderOf(1)).rejectCode).toBe("valid_until_passed");
  });
});

describe("without a price", () => {
  const priceless = (): Scene => {
    const scene = new Scene();
    scene.world.set("max_position_size_usd", "100000");
    scene.world.now += 40_000;
    return scene;
  };

  it("a market order asks for a price and waits for it a moment", () => {
    const scene = priceless();
    const events = scene.signal({ side: "buy", quantity: "1" });
    expect(scene.order(orderOf(1)).hold).toEqual({ reason: "price", until: scene.now + 2_000 });
    expect(scene.last?.effects).toContainEqual({ kind: "want_mark", instrumentId: AAPL });
    expect(only(events, "SignalDecided").outcome).toBe("held");
  });

  it("leaves when the price comes, and stores the price that it was judged by", () => {
    const scene = priceless();
    scene.signal({ side: "buy", quantity: "1" });
    scene.world.price(AAPL, "101");
    const events = scene.tick(0);
    expect(only(events, "OrderSubmitted").mark?.last).toEqual(d("101"));
  });

  it("is refused when none came in time", () => {
    const scene = priceless();
    scene.signal({ side: "buy", quantity: "1" });
    expect(scene.deadline).toBe(scene.now + 2_000);
    const events = scene.tick(2_000);
    expect(only(events, "OrderRejected").by).toBe("risk");
    expect(scene.order(orderOf(1)).status).toBe("rejected");
  });
});

describe("while the market is closed", () => {
  const sunday = (): Scene => {
    const world = new World();
    world.now = SUNDAY;
    world.observe("100000");
    world.price(NYSE_AAPL, "100", { at: SUNDAY });
    const scene = new Scene(world);
    scene.tick();
    return scene;
  };
  const queued = { side: "buy", quantity: "1", of: NYSE_AAPL, onMarketClosed: "queue" } as const;

  it("a signal is refused by default, with the next open in the message", () => {
    const scene = sunday();
    const events = scene.signal({ ...queued, onMarketClosed: "reject" });
    const { refusal } = only(events, "SignalDecided");
    expect(refusal?.code).toBe("session_open");
    expect(refusal?.message).toContain("2026-06-08 13:30");
  });

  it("a signal is held when asked for, until its expiry, and looked at when the market opens", () => {
    const scene = sunday();
    scene.signal(queued);
    const { hold } = scene.order(orderOf(1));
    expect(hold).toEqual({ reason: "market_closed", until: SUNDAY + 432_000_000 });
    expect(scene.tick(HOUR)).toEqual([]);
  });

  it("leaves at the open on a fresh price, however old the signal is", () => {
    const scene = sunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    scene.world.price(NYSE_AAPL, "102");
    expect(types(scene.tick())).toContain("OrderSubmitted");
  });

  it("waits for the first price of the day under the hold that it had", () => {
    const scene = sunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    expect(types(scene.tick())).not.toContain("OrderSubmitted");
    expect(scene.order(orderOf(1)).hold?.reason).toBe("market_closed");
    expect(scene.last?.effects).toContainEqual({ kind: "want_mark", instrumentId: NYSE_AAPL });
    scene.world.price(NYSE_AAPL, "102");
    expect(types(scene.tick(300))).toContain("OrderSubmitted");
  });

  it("expires when its hold ends before the market opens", () => {
    const scene = sunday();
    scene.world.set("market_closed_hold_seconds", "86400");
    scene.signal(queued);
    scene.world.set("market_closed_hold_seconds", "3600");
    const events = scene.tick(86_400_000);
    expect(types(events)).toContain("OrderExpired");
    expect(scene.order(orderOf(1)).rejectCode).toBe("hold_expired");
  });

  it("an order for the opening auction waits until orders for the next one are taken, at 7 pm", () => {
    const scene = sunday();
    scene.world.now = OPEN + HOUR;
    scene.world.price(NYSE_AAPL, "102");
    scene.tick();
    const auction = { ...queued, timeInForce: "opg" } as const;
    const refused = scene.signal({ ...auction, onMarketClosed: "reject" });
    expect(only(refused, "SignalDecided").refusal?.message).toContain("2026-06-08 23:00");
    scene.signal(auction);
    expect(scene.order(orderOf(2)).hold?.reason).toBe("market_closed");
    expect(scene.deadline).toBe(OPEN + 9.5 * HOUR);
    expect(scene.tick(HOUR)).toEqual([]);
    scene.world.now = OPEN + 9.5 * HOUR;
    scene.world.price(NYSE_AAPL, "102");
    expect(types(scene.tick())).toEqual(["OrderSubmitted"]);
  });

  it("can be cancelled while it waits", () => {
    const scene = sunday();
    scene.signal(queued);
    const events = scene.command({ kind: "cancel_order", orderId: orderOf(1) });
    expect(types(events)).toEqual(["OrderCancelled", "CommandDecided"]);
    expect(scene.calls).toEqual([]);
  });

  const atTheOpen = (): Scene => {
    const scene = sunday();
    scene.signal(queued);
    scene.world.now = OPEN;
    scene.world.price(NYSE_AAPL, "102");
    scene.tick();
    expect(scene.order(orderOf(1)).status).toBe("submitted");
    return scene;
  };
  const sent = { kind: "submit", orderId: orderOf(1), generation: 1 } as const;

  it.each([
    { result: "rate_limited", retryAt: OPEN + 1_000 } as const,
    { result: "not_sent", cause: "the lease would end before the call" } as const,
  ])("a send at the open that did not leave goes again, however old it is: $result", (outcome) => {
    const scene = atTheOpen();
    scene.outcome({ ...sent, outcome });
    scene.tick(1_000);
    expect(scene.order(orderOf(1)).status).toBe("submitted");
    expect(scene.calls.filter(({ kind }) => kind === "submit")).toHaveLength(2);
  });

  it("a send at the open that never arrived goes again under the same reference", () => {
    const scene = atTheOpen();
    const lost = { result: "unresolved", cause: "reset", alarm: false } as const;
    scene.outcome({ ...sent, outcome: lost });
    for (let look = 0; look < 6; look += 1) {
      scene.world.now += 10_000;
      scene.world.price(NYSE_AAPL, "102");
      const { orderId } = sent;
      scene.outcome({ kind: "lookup", orderId, outcome: { result: "not_found" } });
    }
    expect(scene.order(orderOf(1)).rejectCode).toBeNull();
    const submits = scene.calls.filter((call) => call.kind === "submit");
    expect(submits).toHaveLength(2);
    expect(new Set(submits.map(({ reference }) => reference)).size).toBe(1);
  });

  it("what waits again after the open has the end of its hold, and not a day more", () => {
    const scene = atTheOpen();
    const retryAt = OPEN + 1_000;
    scene.outcome({ ...sent, outcome: { result: "rate_limited", retryAt } });
    scene.tokens = 0;
    scene.world.now = SUNDAY + 432_000_000 - 1;
    expect(types(scene.tick())).not.toContain("OrderExpired");
    expect(scene.order(orderOf(1)).status).toBe("pending");
    expect(types(scene.tick(2))).toContain("OrderExpired");
    expect(scene.order(orderOf(1)).rejectCode).toBe("hold_expired");
  });

  it("a signal that came before the open and was decided after it has its age, and no hold", () => {
    const scene = sunday();
    scene.world.now = OPEN + 1_000;
    scene.world.price(NYSE_AAPL, "102");
    scene.tick();
    scene.signal({ ...queued, receivedAt: OPEN - 10_000 });
    const retryAt = OPEN + 2_000;
    scene.outcome({ ...sent, outcome: { result: "rate_limited", retryAt } });
    scene.tokens = 0;
    expect(only(scene.tick(60_000), "OrderRejected").code).toBe("stale_signal");
  });

  it("a broker that is away for a moment refuses nothing that does not need it before the open", () => {
    const scene = sunday();
    scene.world.set("on_broker_down", "reject");
    scene.signal(queued);
    scene.up = false;
    expect(scene.tick(HOUR)).toEqual([]);
    scene.world.now = OPEN;
    expect(only(scene.tick(), "OrderRejected").code).toBe("broker_down");
  });

  it("a later order that may trade before the open does not wait behind it", () => {
    const scene = sunday();
    scene.signal(queued);
    scene.signal({ side: "buy", quantity: "1", of: AAPL });
    expect(scene.order(orderOf(1)).status).toBe("pending");
    // AAPL trades on the exchange of mock mode, which never closes; it lacks only a price.
    expect(scene.order(orderOf(2)).hold?.reason).toBe("price");
  });
});

describe("while the broker is away", () => {
  it("a signal is held and leaves when the broker is back", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal({ side: "buy", quantity: "1" });
    expect(scene.order(orderOf(1)).hold?.reason).toBe("broker_down");
    expect(scene.tick(1_000)).toEqual([]);
    scene.up = true;
    expect(types(scene.tick(1_000))).toEqual(["OrderSubmitted"]);
  });

  it("a signal is refused where the policy says so, and so is one that is held", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal({ side: "buy", quantity: "1" });
    scene.world.set("on_broker_down", "reject");
    const events = scene.signal({ side: "buy", quantity: "1" });
    expect(only(events, "SignalDecided").refusal?.code).toBe("broker_down");
    expect(only(scene.tick(), "OrderRejected").code).toBe("broker_down");
  });

  it("what is held ages out", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal({ side: "buy", quantity: "1" });
    expect(only(scene.tick(60_001), "OrderRejected").code).toBe("stale_signal");
  });
});

describe("when a held order is released", () => {
  it("the whole chain runs again: a limit tightened meanwhile refuses it", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "10" });
    scene.world.set("max_order_qty_stock", "5");
    scene.tokens = 1;
    const events = scene.tick();
    expect(only(events, "OrderRejected").code).toBe("max_order_qty_stock");
    expect(scene.calls).toEqual([]);
  });

  it("a refused one makes room for the next in the same moment", () => {
    const scene = new Scene();
    scene.world.set("max_position_qty", "10");
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "6" });
    scene.signal({ side: "buy", quantity: "4" });
    scene.world.set("max_order_qty_stock", "5");
    scene.tokens = 5;
    expect(types(scene.tick())).toEqual(["OrderRejected", "OrderSubmitted"]);
  });

  it("a stop committed meanwhile stops it", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "10" });
    scene.world.stop({ state: "reducing" });
    scene.tokens = 1;
    expect(only(scene.tick(), "OrderRejected").code).toBe("trading_state");
  });
});
