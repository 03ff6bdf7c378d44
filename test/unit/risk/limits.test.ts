// Each limit by itself: just inside passes, just outside is refused with its numbers in a sentence, an
// exit is only warned, a switch turns it off and a shadow records it. Every other limit is off, so each
// row fails when its rule's check is deleted.
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { LimitKey } from "../../../src/domain/limits.ts";
import type { RuleCode } from "../../../src/domain/refusal.ts";
import { duplicateKey } from "../../../src/domain/risk/rules/duplicate-signal.ts";
import { AAPL, BTC, d, MSFT, NOW, terms, World } from "./world.ts";
import type { Asked } from "./world.ts";

interface LimitCase {
  readonly rule: RuleCode;
  readonly limit: LimitKey;
  readonly value: string;
  /** Makes the world in which both orders are judged. */
  readonly given?: (world: World) => void;
  readonly inside: Asked;
  readonly outside: Asked;
  readonly message: string;
  readonly head?: { readonly inside: string; readonly outside: string };
  /** How the world is made one in which `outside` would break the limit as an exit of 100 AAPL. */
  readonly exit?: { readonly given: (world: World) => void; readonly ask: Asked };
}

const CASES: readonly LimitCase[] = [
  {
    rule: "symbol_allowed",
    limit: "symbols_allowed",
    value: "MSFT,BTC/USD",
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "AAPL is not on the list of allowed symbols",
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "symbol_allowed",
    limit: "symbols_denied",
    value: "AAPL",
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "AAPL is on the list of denied symbols",
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "quote_age_max_ms",
    limit: "quote_age_max_ms",
    value: "5000",
    given: (world) => {
      world.now = NOW + 5_001;
      world.price(MSFT, "100", { at: NOW + 1 });
    },
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "the price of AAPL is 5001 ms old, and quote_age_max_ms is 5000",
    exit: { given: (world) => (world.now = NOW + 5_001), ask: {} },
  },
  {
    rule: "duplicate_signal",
    limit: "duplicate_window_seconds",
    value: "10",
    given: (world) => {
      const once = terms({ quantity: "5" });
      world.account.recentSignals.set(duplicateKey(AAPL, once), NOW - 10_000);
      world.account.recentSignals.set(duplicateKey(MSFT, once), NOW - 10_001);
    },
    inside: { of: MSFT, quantity: "5" },
    outside: { quantity: "5" },
    message: "the same order came 10.0 s ago, and duplicate_window_seconds is 10",
    exit: {
      given: (world) => {
        const exit = terms({ side: "sell", quantity: "100" });
        world.account.recentSignals.set(duplicateKey(AAPL, exit), NOW - 1);
      },
      ask: {},
    },
  },
  {
    rule: "max_order_qty_stock",
    limit: "max_order_qty_stock",
    value: "50",
    inside: { quantity: "50" },
    outside: { quantity: "50.000000001" },
    message: "the order is for 50.000000001 AAPL, and max_order_qty_stock is 50",
    head: { inside: "0", outside: "-0.000000001" },
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "max_order_qty_crypto",
    limit: "max_order_qty_crypto",
    value: "0.5",
    inside: { of: BTC, timeInForce: "gtc", quantity: "0.5" },
    outside: { of: BTC, timeInForce: "gtc", quantity: "0.6" },
    message: "the order is for 0.6 BTC/USD, and max_order_qty_crypto is 0.5",
    head: { inside: "0", outside: "-0.1" },
  },
  {
    rule: "max_order_notional",
    limit: "max_order_notional",
    value: "1000",
    inside: { quantity: "10", limitPrice: "100" },
    outside: { quantity: "10", limitPrice: "100.01" },
    message: "the order may cost 1000.1 USD at its worst price, and max_order_notional is 1000",
    head: { inside: "0", outside: "-0.1" },
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "max_position_size_usd",
    limit: "max_position_size_usd",
    value: "10000",
    given: (world) => {
      world.hold(AAPL, "40", "90");
      world.work(AAPL, { quantity: "30", limitPrice: "100" });
    },
    inside: { quantity: "30", limitPrice: "100" },
    outside: { quantity: "31", limitPrice: "100" },
    message:
      "AAPL could reach 10100 USD with everything on its way, and max_position_size_usd is 10000",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "max_position_qty",
    limit: "max_position_qty",
    value: "100",
    given: (world) => {
      world.hold(AAPL, "40", "90");
      world.place(AAPL, { quantity: "30", limitPrice: "100" });
    },
    inside: { quantity: "30" },
    outside: { quantity: "31" },
    message: "AAPL could reach 101 shares with everything on its way, and max_position_qty is 100",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_positions",
    limit: "max_positions",
    value: "2",
    given: (world) => {
      world.hold(MSFT, "1", "100");
      world.work(BTC, { quantity: "0.1", limitPrice: "50000" });
    },
    inside: { of: BTC, timeInForce: "gtc", quantity: "0.1" },
    outside: { quantity: "1" },
    message: "2 instruments are held or about to be, this adds 1, and max_positions is 2",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_open_orders",
    limit: "max_open_orders",
    value: "3",
    given: (world) => {
      world.place(AAPL, { quantity: "1" });
      world.foreign(MSFT, { quantity: "1" });
    },
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message: "2 orders are open, this adds 2, and max_open_orders is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => {
        for (let count = 0; count < 3; count += 1) world.work(MSFT, { quantity: "1" });
      },
      ask: {},
    },
  },
  {
    rule: "max_orders_per_minute",
    limit: "max_orders_per_minute",
    value: "3",
    given: (world) => world.account.recentOrders.push(NOW - 60_000, NOW - 59_999, NOW - 1),
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message:
      "2 orders were placed in the last 60 seconds, this adds 2, and max_orders_per_minute is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => world.account.recentOrders.push(NOW - 3, NOW - 2, NOW - 1),
      ask: {},
    },
  },
  {
    rule: "max_orders_per_day",
    limit: "max_orders_per_day",
    value: "3",
    given: (world) => {
      for (let count = 0; count < 2; count += 1) world.place(AAPL, { quantity: "1" });
    },
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message: "2 orders were placed today, this adds 2, and max_orders_per_day is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => {
        for (let count = 0; count < 3; count += 1) world.place(MSFT, { quantity: "1" });
      },
      ask: {},
    },
  },
  {
    rule: "max_loss_per_trade_percent",
    limit: "max_loss_per_trade_percent",
    value: "1",
    inside: { quantity: "100", limitPrice: "100", stopLoss: "90" },
    outside: { quantity: "100", limitPrice: "100", stopLoss: "89.99" },
    message:
      "the trade would lose 1001 at its stop, and max_loss_per_trade_percent (1) allows 1000",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_leverage",
    limit: "max_leverage",
    value: "0.5",
    given: (world) => {
      world.hold(MSFT, "-200", "100");
      world.work(BTC, { quantity: "0.2", limitPrice: "50000" });
    },
    inside: { quantity: "200", limitPrice: "100" },
    outside: { quantity: "201", limitPrice: "100" },
    message:
      "gross exposure could reach 50100, and max_leverage 0.5 times the equity of 100000 allows 50000",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "max_concentration_percent",
    limit: "max_concentration_percent",
    value: "10",
    given: (world) => world.hold(AAPL, "50", "80"),
    inside: { quantity: "50", limitPrice: "100" },
    outside: { quantity: "51", limitPrice: "100" },
    message:
      "AAPL could reach 10100 USD with everything on its way, and max_concentration_percent is " +
      "10000 (10 percent of the equity)",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "price_collar_percent",
    limit: "price_collar_percent",
    value: "10",
    inside: { quantity: "1", limitPrice: "110" },
    outside: { quantity: "1", limitPrice: "110.01" },
    message: "limit_price 110.01 is above 110, 10 percent from 100 (price_collar_percent)",
    head: { inside: "0", outside: "-0.01" },
    exit: { given: () => undefined, ask: { limitPrice: "89.99" } },
  },
  {
    rule: "price_collar_percent",
    limit: "price_collar_percent",
    value: "10",
    inside: { side: "sell", quantity: "1", limitPrice: "90" },
    outside: { side: "sell", quantity: "1", limitPrice: "89.99" },
    message: "limit_price 89.99 is below 90, 10 percent from 100 (price_collar_percent)",
    head: { inside: "0", outside: "-0.01" },
  },
  {
    rule: "buying_power",
    limit: "check_buying_power",
    value: "true",
    given: (world) => world.work(MSFT, { quantity: "400", limitPrice: "100" }),
    inside: { quantity: "600", limitPrice: "100" },
    outside: { quantity: "601", limitPrice: "100" },
    message:
      "the order may cost 60100, and 60000 of the buying power of 100000 is left, " +
      "with 40000 reserved for orders on their way",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "wash_trade",
    limit: "check_wash_trade",
    value: "true",
    given: (world) => world.work(AAPL, { side: "sell", quantity: "5", limitPrice: "105" }),
    inside: { quantity: "1", limitPrice: "104.99" },
    outside: { quantity: "1", limitPrice: "105" },
    message: "it could trade with our own order order-1 to sell AAPL at 105",
    exit: { given: (world) => world.work(AAPL, { quantity: "5", limitPrice: "99" }), ask: {} },
  },
];

const offValue = (limit: LimitKey): string | null => (limit.startsWith("check_") ? "false" : null);

const make = ({ given, limit, value }: LimitCase): World => {
  const world = World.bare();
  given?.(world);
  world.set(limit, value);
  return world;
};

describe.each(CASES)("$rule ($limit = $value)", (limitCase) => {
  const { rule, limit, value, inside, outside, message, head, exit } = limitCase;

  test("lets what is just inside pass, with its head-room", () => {
    const answer = make(limitCase).ask(inside);
    const verdict = answer.verdicts.find((one) => one.rule === rule);
    expect(answer.refusal).toBeNull();
    expect(verdict?.result).toBe("pass");
    if (head !== undefined) expect(verdict?.head).toEqual(d(head.inside));
  });

  test("refuses what is just outside, in a sentence with the numbers", () => {
    const answer = make(limitCase).ask(outside);
    const verdict = answer.verdicts.find((one) => one.rule === rule);
    const refusal = answer.refusal ?? answer.refusalWithoutPrice;
    expect(refusal).toMatchObject({ code: rule, by: "risk", message });
    expect(verdict?.result).toBe("refuse");
    expect(Object.keys(verdict?.numbers ?? {})).not.toHaveLength(0);
    if (head !== undefined) expect(verdict?.head).toEqual(d(head.outside));
  });

  test("judges nothing when it is switched off", () => {
    const world = make(limitCase);
    world.set(limit, offValue(limit));
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside).result).toBe("off");
  });

  test("judges nothing while risk checks are switched off", () => {
    const world = make(limitCase);
    world.set("enable_risk_checks", "false");
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside).result).toBe("off");
  });

  test("records only, where it is a shadow", () => {
    const world = make(limitCase);
    world.set(limit, value, { shadow: true });
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside)).toMatchObject({ result: "shadow", message });
  });

  test.runIf(exit !== undefined)("warns an exit and lets it pass", () => {
    const world = World.bare();
    world.hold(AAPL, "100", "100");
    exit?.given(world);
    world.set(limit, value);
    const asked: Asked = { side: "sell", quantity: "100", ...exit?.ask };
    const answer = world.ask(asked);
    expect(answer.reducesPosition).toBe(true);
    expect(answer.refusal).toBeNull();
    expect(world.verdict(rule, asked).result).toBe("warn");
  });
});

describe("the daily loss", () => {
  const lost = (amount: string): World => {
    const world = World.bare();
    // Bought at what makes the loss at a price of 100.
    world.hold(
      AAPL,
      "10",
      d("100")
        .plus(d(amount).dividedBy(d("10"), 9, "up"))
        .toString(),
    );
    return world;
  };

  test.each([
    [
      "max_daily_loss_usd",
      "500",
      "499",
      "500",
      "500 USD were lost today, and max_daily_loss_usd allows 500",
    ],
    [
      "max_daily_loss_percent",
      "1",
      "999",
      "1000",
      "1000 USD were lost today, and max_daily_loss_percent allows 1000",
    ],
  ] as const)(
    "%s = %s lets a loss of %s pass and refuses one of %s",
    (limit, value, inside, outside, message) => {
      const calm = lost(inside);
      calm.set(limit, value);
      expect(calm.ask({ quantity: "1" }).refusal).toBeNull();
      expect(calm.verdict(limit, { quantity: "1" }).head).toEqual(Decimal.ONE);

      const sad = lost(outside);
      sad.set(limit, value);
      expect(sad.ask({ quantity: "1" }).refusal).toMatchObject({ code: limit, message });
      expect(sad.ask({ side: "sell", quantity: "10" }).refusal).toBeNull();
      expect(sad.verdict(limit, { side: "sell", quantity: "10" }).result).toBe("warn");
      sad.set(limit, value, { shadow: true });
      expect(sad.ask({ quantity: "1" }).refusal).toBeNull();
    },
  );

  test("counts what was realised, fees included", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "100");
    const bought = world.work(AAPL, { quantity: "10" });
    world.fill(bought, "10", "110");
    const sold = world.work(AAPL, { side: "sell", quantity: "10" });
    world.fill(sold, "10", "100");
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("max_daily_loss_usd");
  });

  test("counts from the start of the day, not from the beginning", () => {
    const world = lost("5000");
    world.set("max_daily_loss_usd", "100");
    world.apply({
      type: "TradingDayStarted",
      date: "2026-06-10",
      equityBaseline: d("100000"),
      realizedBaseline: Decimal.ZERO,
      unrealizedBaseline: d("-5000"),
    });
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test.each(["max_daily_loss_usd", "max_daily_loss_percent"] as const)(
    "once crossed, %s holds although the prices came back",
    (limit) => {
      const world = World.bare();
      world.set(limit, "5");
      world.apply({ type: "LossLimitCrossed", limit, loss: d("600"), allowed: d("500") });
      expect(world.ask({ quantity: "1" }).refusal).toMatchObject({
        code: limit,
        message:
          "the daily loss limit was crossed today: entries wait for the next trading day or a reset",
      });
    },
  );

  test("once crossed, it holds although the limit was switched off since", () => {
    const world = World.bare();
    world.apply({
      type: "LossLimitCrossed",
      limit: "max_daily_loss_usd",
      loss: d("600"),
      allowed: d("500"),
    });
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("max_daily_loss_percent");
  });

  test("a reset lets entries pass again", () => {
    const world = World.bare();
    world.set("max_daily_loss_usd", "500");
    world.apply({
      type: "LossLimitCrossed",
      limit: "max_daily_loss_usd",
      loss: d("600"),
      allowed: d("500"),
    });
    world.apply({
      type: "LossLimitReset",
      reason: "seen",
      realizedBaseline: Decimal.ZERO,
      unrealizedBaseline: Decimal.ZERO,
    });
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });
});

describe("buying power", () => {
  const world = (): World => {
    const made = World.bare();
    made.set("check_buying_power", "true");
    return made;
  };

  test("keeps back the share that is reserved", () => {
    const kept = world();
    kept.set("buying_power_reserve_percent", "10");
    expect(kept.ask({ quantity: "900", limitPrice: "100" }).refusal).toBeNull();
    expect(kept.ask({ quantity: "901", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("costs a market order 5 percent above the market, since nothing bounds its fill", () => {
    expect(world().ask({ quantity: "952" }).refusal).toBeNull();
    expect(world().ask({ quantity: "953" }).refusal?.code).toBe("buying_power");
    expect(world().ask({ quantity: "950", stopPrice: "110" }).refusal?.code).toBe("buying_power");
    expect(world().ask({ quantity: "1000", limitPrice: "100" }).refusal).toBeNull();
  });

  test("crypto uses what cannot be borrowed", () => {
    const borrowing = world();
    borrowing.observe("100000", { buyingPower: "200000", nonMarginable: "50000" });
    const crypto = { of: BTC, timeInForce: "gtc", limitPrice: "50000" } as const;
    expect(borrowing.ask({ ...crypto, quantity: "1" }).refusal).toBeNull();
    expect(borrowing.ask({ ...crypto, quantity: "1.1" }).refusal?.message).toContain(
      "non-marginable buying power of 50000",
    );
    expect(borrowing.ask({ quantity: "2000", limitPrice: "100" }).refusal).toBeNull();
  });

  test("reserves for what the broker's figures cannot contain yet, and only for that", () => {
    const seen = world();
    seen.now = NOW + 1;
    seen.work(MSFT, { quantity: "400", limitPrice: "100" });
    expect(seen.ask({ quantity: "601", limitPrice: "100" }).refusal?.code).toBe("buying_power");
    seen.now = NOW + 2;
    seen.observe("100000", { buyingPower: "60000" });
    expect(seen.ask({ quantity: "600", limitPrice: "100" }).refusal).toBeNull();
    expect(seen.ask({ quantity: "601", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("what was bought since the broker's figures is spent, though the order is gone", () => {
    const spent = world();
    spent.now = NOW + 1;
    const bought = spent.work(MSFT, { quantity: "400", limitPrice: "100" });
    spent.fill(bought, "400", "99");
    expect(spent.ask({ quantity: "604", limitPrice: "100" }).refusal).toBeNull();
    expect(spent.ask({ quantity: "605", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("a held order that is released is not reserved against itself", () => {
    const held = world();
    const wish = { quantity: "1000", limitPrice: "100" };
    const placedOrderId = held.place(AAPL, wish);
    expect(held.ask({ ...wish, placedOrderId, moment: "release" }).refusal).toBeNull();
  });
});

describe("wash trades", () => {
  const world = (): World => {
    const made = World.bare();
    made.set("check_wash_trade", "true");
    return made;
  };

  test("a market order meets every opposite order", () => {
    const busy = world();
    busy.work(AAPL, { side: "sell", quantity: "1", limitPrice: "500" });
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
    expect(busy.ask({ of: MSFT, quantity: "1" }).refusal).toBeNull();
  });

  test("an order of the account that is not ours counts, unless a person chose to ignore it", () => {
    const busy = world();
    const brokerOrderId = busy.foreign(AAPL, { side: "sell", quantity: "1" });
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
    busy.apply({ type: "ExternalOrderIgnored", brokerOrderId });
    expect(busy.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test("the exits of an entry that has not filled yet trade with nobody", () => {
    const busy = world();
    const parentId = busy.work(AAPL, { quantity: "10", limitPrice: "99" });
    busy.work(
      AAPL,
      { side: "sell", quantity: "10", limitPrice: "100" },
      { parentId, role: "take_profit", linkGroup: "exits" },
    );
    expect(busy.ask({ quantity: "1" }).refusal).toBeNull();
    busy.fill(parentId, "10", "99");
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
  });

  test("an order that is cancelled before this one is sent is not in its way", () => {
    const busy = world();
    const resting = busy.work(AAPL, { side: "sell", quantity: "1" });
    expect(busy.ask({ quantity: "1", waitsFor: [resting] }).refusal).toBeNull();
  });
});

test("an order for money instead of a quantity is measured by its estimate, upwards", () => {
  const world = World.bare();
  world.set("max_order_qty_stock", "10");
  expect(world.ask({ notional: "1000" }).refusal).toBeNull();
  expect(world.ask({ notional: "1000.01" }).refusal?.code).toBe("max_order_qty_stock");
});

test("a strategy named in a row of its own does not change another one's limits", () => {
  const world = World.bare();
  world.override({ key: "max_order_qty_stock", value: "5", strategyId: "careful" });
  expect(world.ask({ quantity: "6", strategyId: asId("careful") }).refusal?.code).toBe(
    "max_order_qty_stock",
  );
  expect(world.ask({ quantity: "6", strategyId: asId("bold") }).refusal).toBeNull();
});
