// The rules that no switch turns off: trading state, session, staleness, validity, tick and lot, freezes.
// Most of them refuse exits too, and each says so here.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { RuleCode } from "../../../src/domain/refusal.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, NOW } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const EXIT: Asked = { side: "sell", quantity: "100" };

const holding = (): World => {
  const world = World.bare();
  world.hold(AAPL, "100", "100");
  return world;
};

describe("the trading state", () => {
  test("reducing lets exits pass and refuses everything else, a flip too", () => {
    const world = holding();
    world.stop({ state: "reducing" });
    expect(world.ask(EXIT).refusal).toBeNull();
    expect(world.ask({ quantity: "1" }).refusal).toMatchObject({
      code: "trading_state",
      message: "trading is reducing: only orders that lower a position may leave",
    });
    expect(world.ask({ side: "sell", quantity: "101" }).refusal?.code).toBe("trading_state");
  });

  test("halted lets nothing leave", () => {
    const world = holding();
    world.stop({ state: "halted" });
    const message = "trading is halted: nothing leaves but cancels";
    expect(world.ask(EXIT).refusal).toMatchObject({ code: "trading_state", message });
  });

  test("the button in SQL and the one of the command line both work", () => {
    const world = holding();
    world.set("trading_state", "halted");
    expect(world.ask(EXIT).refusal?.code).toBe("trading_state");
    world.set("trading_state", "reducing");
    world.stop({ state: "halted", accountId: ACCOUNT_ID });
    expect(world.ask(EXIT).refusal?.code).toBe("trading_state");
  });

  test("one strategy can be stopped by itself", () => {
    const world = World.bare();
    world.stop({ state: "halted", strategyId: asId("wild") });
    expect(world.ask({ quantity: "1", strategyId: asId("wild") }).refusal?.code).toBe(
      "trading_state",
    );
    expect(world.ask({ quantity: "1", strategyId: asId("calm") }).refusal).toBeNull();
  });

  test("does not care whether risk checks are switched on", () => {
    const world = World.bare();
    world.set("enable_risk_checks", "false");
    world.stop({ state: "reducing" });
    expect(world.ask({ quantity: "1" }).refusal?.code).toBe("trading_state");
  });
});

interface GateCase {
  readonly rule: RuleCode;
  readonly instrument?: Partial<Instrument>;
  readonly good: Asked;
  readonly bad: Asked;
  readonly message: string;
  /** As an exit of 100 AAPL. */
  readonly refusesExits: boolean;
  readonly badExit?: Asked;
}

const GATES: readonly GateCase[] = [
  {
    rule: "instrument_not_tradable",
    instrument: { tradable: false },
    good: { of: MSFT, quantity: "1" },
    bad: { quantity: "1" },
    message: "AAPL cannot be traded at the broker now",
    refusesExits: true,
    badExit: {},
  },
  {
    rule: "tick_size",
    good: { quantity: "1", limitPrice: "99.99" },
    bad: { quantity: "1", limitPrice: "99.991" },
    message: "limit_price 99.991 is not on the price step of 0.01 of AAPL",
    refusesExits: true,
    badExit: { limitPrice: "99.991" },
  },
  {
    rule: "tick_size",
    good: { quantity: "1", stopPrice: "101" },
    bad: { quantity: "1", stopPrice: "101.001" },
    message: "stop_price 101.001 is not on the price step of 0.01 of AAPL",
    refusesExits: true,
    badExit: { stopPrice: "90.001" },
  },
  {
    rule: "tick_size",
    good: { quantity: "1", stopLoss: "90", takeProfit: "110" },
    bad: { quantity: "1", stopLoss: "90", takeProfit: "110.001" },
    message: "take_profit.limit_price 110.001 is not on the price step of 0.01 of AAPL",
    refusesExits: true,
  },
  {
    rule: "lot_size",
    instrument: { fractionable: true },
    good: { quantity: "1.123456789" },
    bad: { quantity: "1.1234567891" },
    message: "quantity 1.1234567891 of AAPL has more than 9 decimals",
    refusesExits: true,
    badExit: { quantity: "1.1234567891" },
  },
  {
    rule: "lot_size",
    instrument: { fractionable: false, lot: d("10") },
    good: { quantity: "20" },
    bad: { quantity: "25" },
    message: "quantity 25 of AAPL is not a multiple of 10",
    refusesExits: true,
    badExit: { quantity: "25" },
  },
  {
    rule: "order_validity",
    good: { quantity: "1.5" },
    bad: { quantity: "1.5", timeInForce: "gtc" },
    message: "a stock market order with a fraction takes day, not gtc",
    refusesExits: true,
    badExit: { quantity: "1.5", timeInForce: "gtc" },
  },
  {
    rule: "order_validity",
    good: { quantity: "1" },
    bad: { quantity: "1", notional: "5" },
    message: "either qty or notional, not both",
    refusesExits: true,
  },
  {
    rule: "lot_size",
    instrument: { fractionable: false },
    good: { quantity: "1" },
    bad: { notional: "500" },
    message: "AAPL trades in whole lots, so it takes a quantity and no notional",
    refusesExits: true,
    badExit: { quantity: null, notional: "500" },
  },
  {
    rule: "lot_size",
    instrument: { minQuantity: d("5") },
    good: { quantity: "5" },
    bad: { quantity: "4" },
    message: "quantity 4 of AAPL is below the least of 5",
    refusesExits: true,
    badExit: { quantity: "4" },
  },
  {
    rule: "lot_size",
    instrument: { maxQuantity: d("50") },
    good: { quantity: "50" },
    bad: { quantity: "51" },
    message: "quantity 51 of AAPL is above the venue's most, 50",
    refusesExits: true,
    badExit: {},
  },
  {
    rule: "min_notional",
    instrument: { minNotional: d("500") },
    good: { quantity: "5" },
    bad: { quantity: "4" },
    message: "an order of 400 USD is below the venue's least, 500",
    refusesExits: false,
    badExit: { quantity: "4" },
  },
  {
    rule: "price_band",
    instrument: { priceBand: { floor: d("90"), ceiling: d("110") } },
    good: { quantity: "1", limitPrice: "110" },
    bad: { quantity: "1", limitPrice: "110.01" },
    message: "limit_price 110.01 is outside the day's band of 90 to 110",
    refusesExits: false,
    badExit: { limitPrice: "89.99" },
  },
];

describe.each(GATES)("$rule", ({ rule, instrument, good, bad, message, ...exits }) => {
  const make = (): World => {
    const world = holding();
    if (instrument !== undefined) world.instrument(AAPL, instrument);
    return world;
  };

  test(`passes what is right and refuses: ${message}`, () => {
    expect(make().ask(good).refusal).toBeNull();
    expect(make().ask(bad).refusal).toMatchObject({ code: rule, message });
  });

  test("is not touched by the switch for risk checks", () => {
    const world = make();
    world.set("enable_risk_checks", "false");
    expect(world.ask(bad).refusal?.code).toBe(rule);
  });

  test.runIf(exits.badExit !== undefined)("treats exits as invariant 6 says", () => {
    const asked = { ...EXIT, ...exits.badExit };
    expect(make().ask(asked).refusal?.code).toBe(exits.refusesExits ? rule : undefined);
    expect(make().verdict(rule, asked).result).toBe(exits.refusesExits ? "refuse" : "warn");
  });
});

describe("staleness", () => {
  test("a signal at its greatest age trades, an older one does not, nor does an old exit", () => {
    const world = holding();
    world.set("max_signal_age_seconds", "60");
    expect(world.ask({ quantity: "1", receivedAt: NOW - 60_000 }).refusal).toBeNull();
    const old = { receivedAt: NOW - 60_001 };
    expect(world.ask({ quantity: "1", ...old }).refusal).toMatchObject({
      code: "stale_signal",
      message: "the signal is 60.0 s old, and max_signal_age_seconds is 60",
    });
    expect(world.ask({ ...EXIT, ...old }).refusal?.code).toBe("stale_signal");
    world.set("enable_risk_checks", "false");
    expect(world.ask({ quantity: "1", ...old }).refusal?.code).toBe("stale_signal");
  });

  test("a hold asked for by policy has its own expiry instead of the age", () => {
    const world = World.bare();
    const old = { quantity: "1", receivedAt: NOW - 3_600_000 };
    expect(world.ask({ ...old, heldByPolicy: true }).refusal).toBeNull();
  });

  test("what was valid until an instant is refused behind it, held or not", () => {
    const world = World.bare();
    const asked = { quantity: "1", heldByPolicy: true };
    expect(world.ask({ ...asked, validUntil: NOW }).refusal).toBeNull();
    expect(world.ask({ ...asked, validUntil: NOW - 1 }).refusal).toMatchObject({
      code: "stale_signal",
      message: "the signal was valid until 1 ms ago",
    });
  });
});

describe("the frozen symbol", () => {
  test("an order whose fate is unknown freezes entries on its symbol and nothing else", () => {
    const world = holding();
    const orderId = world.place(AAPL, { quantity: "1" });
    world.submit(orderId);
    world.apply({
      type: "OrderUnresolved",
      orderId,
      unresolved: { action: "submit", since: NOW, cause: "timeout", lookups: 0 },
    });
    expect(world.ask({ quantity: "1" }).refusal).toMatchObject({
      code: "symbol_frozen",
      message: "AAPL is frozen: what became of the submit of order order-2 is not known yet",
    });
    expect(world.ask({ of: MSFT, quantity: "1" }).refusal).toBeNull();
    expect(world.ask(EXIT).refusal).toBeNull();
    expect(world.verdict("symbol_frozen", EXIT).result).toBe("warn");
  });

  test("a person's freeze holds until a person lifts it", () => {
    const world = World.bare();
    world.apply({ type: "SymbolFrozen", instrumentId: AAPL, reason: "a fact nobody understood" });
    expect(world.ask({ quantity: "1" }).refusal?.message).toBe(
      "AAPL is frozen: a fact nobody understood",
    );
    world.apply({ type: "SymbolUnfrozen", instrumentId: AAPL, reason: "understood" });
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test("an order of the account without a readable size freezes its symbol", () => {
    const world = World.bare();
    world.foreign(AAPL, {});
    expect(world.ask({ quantity: "1" }).refusal).toMatchObject({
      code: "symbol_frozen",
      message: "AAPL is frozen: the broker's order foreign-1 has no size we can read",
    });
  });

  test("an exit of our own whose size nobody told freezes it too", () => {
    const world = World.bare();
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
    const parentId = world.work(AAPL, { quantity: "1" });
    world.work(AAPL, { side: "sell", quantity: null }, { parentId, role: "take_profit" });
    expect(world.ask({ side: "sell", quantity: "1" }).refusal?.code).toBe("symbol_frozen");
  });
});
