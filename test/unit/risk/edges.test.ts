// Edges that the cases of the single rules do not reach: exact boundaries, missing halves, words of a sentence.
import { describe, expect, test } from "vitest";
import { BTC } from "./market.ts";
import { AAPL, MSFT, NYSE_AAPL, World } from "./world.ts";
import type { Asked } from "./world.ts";

describe("a hold for the open", () => {
  const SATURDAY = Date.parse("2026-06-20T15:00:00Z");
  const MONDAY_OPEN = Date.parse("2026-06-22T13:30:00Z");
  const asked: Asked = { of: NYSE_AAPL, quantity: "1", onMarketClosed: "queue" };
  const closed = (holdSeconds: number): World => {
    const world = World.bare();
    world.now = SATURDAY;
    world.observe("100000");
    world.set("market_closed_hold_seconds", String(holdSeconds));
    return world;
  };
  const untilOpen = (MONDAY_OPEN - SATURDAY) / 1000;

  test("lasts as long as the limit, to the second, counted from when the signal came", () => {
    expect(closed(untilOpen).ask(asked).holdForOpenUntil).toBe(MONDAY_OPEN);
    expect(closed(untilOpen - 1).ask(asked).holdForOpenUntil).toBeNull();
    expect(closed(untilOpen - 1).ask(asked).refusal?.code).toBe("session_open");
    const earlier = { ...asked, receivedAt: SATURDAY - 1 };
    expect(closed(untilOpen).ask(earlier).holdForOpenUntil).toBeNull();
  });

  test("is made for a signal that is valid until that very instant, not for one that ends before", () => {
    const world = closed(untilOpen);
    expect(world.ask({ ...asked, validUntil: MONDAY_OPEN }).holdForOpenUntil).toBe(MONDAY_OPEN);
    expect(world.ask({ ...asked, validUntil: MONDAY_OPEN - 1 }).holdForOpenUntil).toBeNull();
  });
});

describe("the prices of an order's exits", () => {
  test.each([
    ["take_profit.limit_price", { takeProfit: "110.001", stopLoss: "90" }, "110.001"],
    ["stop_loss.stop_price", { takeProfit: "110", stopLoss: "90.001" }, "90.001"],
  ] as const)("%s stands on the venue's steps too", (name, exits, price) => {
    const verdict = World.bare().verdict("tick_size", {
      quantity: "1",
      limitPrice: "100",
      ...exits,
    });
    expect(verdict).toMatchObject({ result: "refuse", numbers: { [name]: price, tick: "0.01" } });
  });
});

describe("the collar of a stop-limit order", () => {
  const collared = (): World => {
    const world = World.bare();
    world.set("price_collar_percent", "10");
    return world;
  };

  test("is measured from its stop where that is further than the market", () => {
    const world = collared();
    const buy = { quantity: "1", type: "stop_limit", stopPrice: "120" } as const;
    expect(world.verdict("price_collar_percent", { ...buy, limitPrice: "132" }).result).toBe(
      "pass",
    );
    expect(world.verdict("price_collar_percent", { ...buy, limitPrice: "132.01" }).result).toBe(
      "refuse",
    );
    const sell = { ...buy, side: "sell", stopPrice: "80" } as const;
    expect(world.verdict("price_collar_percent", { ...sell, limitPrice: "72" }).result).toBe(
      "pass",
    );
    expect(world.verdict("price_collar_percent", { ...sell, limitPrice: "71.99" }).result).toBe(
      "refuse",
    );
  });

  test("is measured from the market where the stop is nearer, and needs its price", () => {
    const world = collared();
    const buy = { quantity: "1", type: "stop_limit", stopPrice: "90" } as const;
    expect(world.verdict("price_collar_percent", { ...buy, limitPrice: "110" }).result).toBe(
      "pass",
    );
    expect(world.verdict("price_collar_percent", { ...buy, limitPrice: "110.01" }).result).toBe(
      "refuse",
    );
    world.price(AAPL, null, { at: world.now + 1 });
    expect(world.verdict("no_reference_price", { ...buy, limitPrice: "100" }).message).toBe(
      "no price is known for AAPL, so price_collar_percent cannot be judged",
    );
  });
});

describe("a market of which only one side is known", () => {
  test.each([
    ["buy", "bid"],
    ["sell", "ask"],
  ] as const)("prices a %s by its %s", (side, known) => {
    const world = World.bare();
    world.set("max_order_qty_stock", null);
    world.set("max_position_size_usd", "1000");
    world.price(AAPL, null, {
      [known]: World.ready().marks.get(AAPL)?.last ?? null,
      at: world.now + 1,
    });
    expect(world.verdict("max_position_size_usd", { side, quantity: "10" }).result).toBe("pass");
    expect(world.verdict("max_position_size_usd", { side, quantity: "11" }).result).toBe("refuse");
  });
});

describe("a repeated signal for an amount of money", () => {
  const repeated = (): World => {
    const world = World.bare();
    world.set("duplicate_window_seconds", "5");
    const { now, account } = world;
    account.recentSignals.set(`${BTC} buy 100 notional`, now - 5_000);
    return world;
  };

  test("is one with the same amount, to the last millisecond of the window", () => {
    const asked: Asked = { of: BTC, notional: "100" };
    expect(repeated().verdict("duplicate_signal", asked).result).toBe("refuse");
    const later = repeated();
    later.now += 1;
    expect(later.verdict("duplicate_signal", asked).result).toBe("pass");
  });

  test("is not one with another amount, or with that quantity", () => {
    expect(repeated().verdict("duplicate_signal", { of: BTC, notional: "101" }).result).toBe(
      "pass",
    );
    expect(repeated().verdict("duplicate_signal", { of: BTC, quantity: "100" }).result).toBe(
      "pass",
    );
  });
});

describe("an order on its way whose cost nobody knows", () => {
  test("lets no entry pass the buying power, and names what has no price", () => {
    const world = World.bare();
    world.set("check_buying_power", "true");
    world.price(MSFT, null, { at: world.now + 1 });
    const orderId = world.work(MSFT, { quantity: "1" });
    const answer = world.ask({ quantity: "1", limitPrice: "100" });
    expect(answer.missingPrice).toBe(true);
    expect(answer.refusalWithoutPrice?.code).toBe("no_reference_price");
    expect(answer.wantedMarks).toContain(MSFT);
    expect(answer.verdicts).toContainEqual(
      expect.objectContaining({
        rule: "buying_power",
        message: `no price is known for ${MSFT}, which is ordered`,
      }),
    );
    // The order itself is judged by its own price when it is released.
    const released: Asked = { of: MSFT, quantity: "1", limitPrice: "10", placedOrderId: orderId };
    expect(world.verdict("buying_power", released).result).toBe("pass");
  });
});
