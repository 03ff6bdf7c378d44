// Which orders may exist: the whole matrix played through validateTerms, and every fault by its field.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId } from "../../../src/domain/ids.ts";
import type { AssetClass, Instrument } from "../../../src/domain/instrument.ts";
import { ORDER_TYPES, TIMES_IN_FORCE } from "../../../src/domain/order/spec.ts";
import type { OrderTerms, OrderType } from "../../../src/domain/order/spec.ts";
import { PRICES_OF } from "../../../src/domain/order/validity-table.ts";
import { sizingOf, validateTerms } from "../../../src/domain/order/validity.ts";
import { TERMS } from "../../support/orders.ts";

const of = (text: string): Decimal => Decimal.of(text);

function instrumentOf(assetClass: AssetClass, change: Partial<Instrument> = {}): Instrument {
  return {
    id: asId<InstrumentId>("SIM:X"),
    venue: "SIM",
    symbol: "X",
    assetClass,
    currency: "USD",
    ticks: [{ from: Decimal.ZERO, step: of("0.01") }],
    lot: assetClass === "stock" ? Decimal.ONE : of("0.000000001"),
    fractionable: true,
    minQuantity: null,
    maxQuantity: null,
    minNotional: null,
    shortable: true,
    tradable: true,
    priceBand: null,
    ...change,
  };
}

const STOCK = instrumentOf("stock");
const CRYPTO = instrumentOf("crypto");

/** The prices that a type needs, and no others. */
function pricesFor(type: OrderType): Partial<OrderTerms> {
  const needs = PRICES_OF[type];
  return {
    type,
    limitPrice: needs.includes("limit_price") ? of("100") : null,
    stopPrice: needs.includes("stop_price") ? of("90") : null,
    trailPrice: needs.includes("trail") ? of("2") : null,
  };
}

const faultsOf = (instrument: Instrument, change: Partial<OrderTerms>) =>
  validateTerms(instrument, { ...TERMS, ...change });
const fieldsOf = (instrument: Instrument, change: Partial<OrderTerms>): readonly string[] =>
  faultsOf(instrument, change).map(({ field }) => field);

const SIZES = {
  whole: { quantity: of("10"), notional: null },
  fraction: { quantity: of("0.5"), notional: null },
  notional: { quantity: null, notional: of("50") },
} as const;

describe("the matrix", () => {
  it("is what validity-table.txt shows", async () => {
    const lines: string[] = [];
    for (const instrument of [STOCK, CRYPTO]) {
      for (const type of ORDER_TYPES) {
        for (const [size, quantities] of Object.entries(SIZES)) {
          const options = {
            "": {},
            "extended hours": { extendedHours: true },
            "post only": { postOnly: true },
          };
          for (const [option, extra] of Object.entries(options)) {
            const allowed = TIMES_IN_FORCE.filter(
              (timeInForce) =>
                faultsOf(instrument, { ...pricesFor(type), ...quantities, ...extra, timeInForce })
                  .length === 0,
            );
            const name = [instrument.assetClass, type, size, option].filter(Boolean).join(" ");
            lines.push(`${name.padEnd(44)}${allowed.join(" ") || "-"}`);
          }
        }
      }
    }
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("validity-table.txt");
  });
});

describe("sizes", () => {
  it.each([
    ["neither", { quantity: null, notional: null }, ["qty"]],
    ["both", { quantity: of("1"), notional: of("1") }, ["notional"]],
    ["a quantity of nothing", { quantity: of("0") }, ["qty"]],
    ["a negative quantity", { quantity: of("-1") }, ["qty"]],
    ["a notional of nothing", { quantity: null, notional: of("0") }, ["notional"]],
  ])("%s is refused", (_name, terms, fields) => {
    expect(fieldsOf(STOCK, terms)).toEqual(fields);
  });

  it("a part of a lot is a fraction where the instrument may be split", () => {
    const terms = { ...TERMS, quantity: of("1.5") };
    expect(sizingOf(STOCK, terms)).toBe("fraction");
    expect(sizingOf(instrumentOf("stock", { fractionable: false }), terms)).toBe("whole");
    expect(sizingOf(STOCK, TERMS)).toBe("whole");
    expect(sizingOf(STOCK, { ...TERMS, quantity: null, notional: of("5") })).toBe("notional");
  });
});

describe("an amount of money", () => {
  const said = (currency: string, notional: string) => {
    const terms = { ...pricesFor("market"), quantity: null, notional: of(notional) };
    return faultsOf(instrumentOf("stock", { currency }), terms);
  };

  it.each([
    ["USD", "50"],
    ["USD", "50.25"],
    ["KRW", "70000"],
    ["VND", "70000"],
    ["XXX", "0.123456"],
  ])("of %s may be %s", (currency, notional) => {
    expect(said(currency, notional)).toEqual([]);
  });

  it.each([
    ["USD", "50.251", "an amount of USD has at most 2 decimals, not 50.251"],
    ["KRW", "70000.5", "an amount of KRW has no decimals, not 70000.5"],
  ])("of %s is no finer than its coins: %s", (currency, notional, message) => {
    expect(said(currency, notional)).toEqual([{ field: "notional", message }]);
  });
});

describe("prices", () => {
  it.each([
    ["market", []],
    ["limit", ["limit_price"]],
    ["stop", ["stop_price"]],
    ["stop_limit", ["limit_price", "stop_price"]],
    ["trailing_stop", ["trail"]],
  ] as const)("a %s order has %j", (type, fields) => {
    expect(PRICES_OF[type]).toEqual(fields);
  });

  const missing = ORDER_TYPES.flatMap((type) =>
    PRICES_OF[type].map((field) => [type, field === "trail" ? "trail_price" : field] as const),
  );

  it.each(missing)("a %s order needs its %s", (type, field) => {
    const none = { limitPrice: null, stopPrice: null, trailPrice: null };
    expect(fieldsOf(STOCK, { ...pricesFor(type), ...none })).toContain(field);
  });

  const strays = ORDER_TYPES.flatMap((type) =>
    (["limit_price", "stop_price", "trail"] as const)
      .filter((field) => !PRICES_OF[type].includes(field))
      .map((field) => [type, field === "trail" ? "trail_price" : field] as const),
  );

  it.each(strays)("a %s order has no %s", (type, field) => {
    const all = { limitPrice: of("100"), stopPrice: of("90"), trailPrice: of("2") };
    expect(fieldsOf(STOCK, { ...pricesFor(type), ...all })).toContain(field);
  });

  it("a type that is not taken at all is blamed on the type", () => {
    expect(fieldsOf(CRYPTO, { ...pricesFor("stop"), timeInForce: "gtc" })).toEqual(["type"]);
  });

  it("a combination that does not exist is blamed on its size", () => {
    expect(fieldsOf(STOCK, { ...pricesFor("trailing_stop"), ...SIZES.notional })).toEqual([
      "notional",
    ]);
    expect(fieldsOf(STOCK, { ...pricesFor("trailing_stop"), ...SIZES.fraction })).toEqual(["qty"]);
  });

  it("a price is above zero", () => {
    expect(fieldsOf(STOCK, { limitPrice: of("0") })).toEqual(["limit_price"]);
    expect(fieldsOf(STOCK, { ...pricesFor("stop"), stopPrice: of("-1") })).toEqual(["stop_price"]);
  });

  it("a trail is a price or a percentage below 100, not both", () => {
    const trail = { ...pricesFor("trailing_stop"), trailPrice: null };
    expect(fieldsOf(STOCK, { ...trail, trailPercent: of("99.9") })).toEqual([]);
    expect(fieldsOf(STOCK, { ...trail, trailPercent: of("100") })).toEqual(["trail_percent"]);
    expect(fieldsOf(STOCK, { ...trail, trailPercent: of("1"), trailPrice: of("1") })).toEqual([
      "trail_percent",
    ]);
    expect(fieldsOf(STOCK, { ...trail, trailPercent: of("0") })).toEqual(["trail_percent"]);
  });
});

describe("sentences", () => {
  it.each([
    [
      STOCK,
      { quantity: of("0.5"), timeInForce: "gtc" },
      "a stock limit order with a fraction takes day, not gtc",
    ],
    [
      STOCK,
      { ...pricesFor("trailing_stop"), ...SIZES.fraction },
      "a stock trailing_stop order with a fraction does not exist",
    ],
    [
      CRYPTO,
      { ...pricesFor("stop"), timeInForce: "gtc" },
      "crypto orders of type stop are not taken",
    ],
    [CRYPTO, { timeInForce: "day" }, "a crypto limit order takes gtc or ioc, not day"],
    [
      STOCK,
      { ...pricesFor("market"), extendedHours: true },
      "a market order has no extended_hours",
    ],
    [
      STOCK,
      { extendedHours: true, timeInForce: "ioc" },
      "extended_hours goes with time_in_force day or gtc",
    ],
    [STOCK, { postOnly: true }, "a limit order has no post_only"],
    [STOCK, { quantity: null, notional: null }, "qty or notional is needed"],
    [STOCK, { notional: of("1") }, "either qty or notional, not both"],
    [STOCK, { quantity: of("-1") }, "qty must be above zero, not -1"],
    [STOCK, { stopPrice: of("90") }, "a limit order has no stop_price"],
    [
      STOCK,
      { ...pricesFor("trailing_stop"), trailPercent: of("1") },
      "either trail_price or trail_percent",
    ],
    [
      STOCK,
      { ...pricesFor("trailing_stop"), trailPrice: null, trailPercent: of("100") },
      "trail_percent must be below 100, not 100",
    ],
    [
      STOCK,
      { ...pricesFor("trailing_stop"), ...SIZES.notional },
      "a stock trailing_stop order for a notional does not exist",
    ],
    [STOCK, { limitPrice: null }, "a limit order needs limit_price"],
    [
      STOCK,
      { ...pricesFor("trailing_stop"), trailPrice: null },
      "a trailing_stop order needs trail_price or trail_percent",
    ],
    [
      STOCK,
      { exits: { takeProfit: { limitPrice: of("99") }, stopLoss: null } },
      "the take_profit.limit_price must be above the limit_price",
    ],
    [
      STOCK,
      {
        side: "sell",
        exits: { takeProfit: null, stopLoss: { stopPrice: of("99"), limitPrice: null } },
      },
      "the limit_price must be below the stop_loss.stop_price",
    ],
  ] as const)("say what is wrong: %#", (instrument, terms, message) => {
    expect(faultsOf(instrument, terms).map((fault) => fault.message)).toEqual([message]);
  });
});

describe("exits that travel with an entry", () => {
  const exits = (profit: string | null, loss: string | null, lossLimit: string | null = null) => ({
    takeProfit: profit === null ? null : { limitPrice: of(profit) },
    stopLoss:
      loss === null
        ? null
        : { stopPrice: of(loss), limitPrice: lossLimit === null ? null : of(lossLimit) },
  });

  it.each([
    ["both sides of a buy", { exits: exits("110", "90") }],
    ["profit alone", { exits: exits("110", null) }],
    ["loss alone, with a limit", { exits: exits(null, "90", "89") }],
    ["both sides of a sell", { side: "sell", exits: exits("90", "110") }],
    ["a market entry", { ...pricesFor("market"), exits: exits("110", "90") }],
  ] as const)("%s may be", (_name, terms) => {
    expect(faultsOf(STOCK, terms)).toEqual([]);
  });

  it.each([
    ["no exit at all", { exits: exits(null, null) }, ["stop_loss"]],
    ["profit below a buy", { exits: exits("99", "90") }, ["take_profit.limit_price"]],
    ["profit at the entry", { exits: exits("100", null) }, ["take_profit.limit_price"]],
    ["loss above a buy", { exits: exits(null, "101") }, ["stop_loss.stop_price"]],
    [
      "profit above a sell",
      { side: "sell", exits: exits("101", null) },
      ["take_profit.limit_price"],
    ],
    ["loss below a sell", { side: "sell", exits: exits(null, "99") }, ["stop_loss.stop_price"]],
    [
      "profit under the loss of a market entry",
      { ...pricesFor("market"), exits: exits("90", "95") },
      ["take_profit.limit_price"],
    ],
    ["a limit of nothing", { exits: exits(null, "90", "0") }, ["stop_loss.limit_price"]],
    ["a fraction", { quantity: of("0.5"), exits: exits("110", null) }, ["take_profit"]],
    ["an auction", { timeInForce: "opg", exits: exits("110", null) }, ["take_profit"]],
    ["extended hours", { extendedHours: true, exits: exits("110", null) }, ["take_profit"]],
    ["a stop entry", { ...pricesFor("stop"), exits: exits(null, "80") }, ["stop_loss"]],
  ] as const)("%s may not be", (_name, terms, fields) => {
    expect(fieldsOf(STOCK, terms)).toEqual(fields);
  });

  it.each([
    [STOCK, { exits: exits(null, null) }, "at least one of take_profit and stop_loss"],
    [STOCK, { extendedHours: true, exits: exits("110", null) }, "regular hours"],
    [STOCK, { quantity: of("0.5"), exits: exits("110", null) }, "whole quantities"],
    [STOCK, { timeInForce: "ioc", exits: exits("110", null) }, "time_in_force day or gtc"],
    [STOCK, { ...pricesFor("stop"), exits: exits(null, "80") }, "type market or limit"],
    [CRYPTO, { timeInForce: "gtc", exits: exits("110", null) }, "stock orders"],
  ] as const)("go with what is said: %#", (instrument, terms, needed) => {
    expect(faultsOf(instrument, terms).map(({ message }) => message)).toEqual([
      `exits go with ${needed}`,
    ]);
  });

  it.each([
    ["take_profit.limit_price", exits("0", null)],
    ["stop_loss.stop_price", exits(null, "0")],
    ["stop_loss.limit_price", exits(null, "90", "0")],
  ])("have a %s above zero", (field, given) => {
    const faults = faultsOf(STOCK, { ...pricesFor("market"), exits: given });
    expect(faults).toEqual([{ field, message: `${field} must be above zero, not 0` }]);
  });

  it.each([
    ["buy", exits("90", "110"), "above"],
    ["sell", exits("110", "90"), "below"],
  ] as const)("of a %s without a price stand on their sides", (side, swapped, word) => {
    expect(faultsOf(STOCK, { ...pricesFor("market"), side, exits: swapped })).toEqual([
      {
        field: "take_profit.limit_price",
        message: `the take_profit.limit_price must be ${word} the stop_loss.stop_price`,
      },
    ]);
  });

  it("standing alone, the loss lies on the other side of the profit that the order is", () => {
    const alone = (side: "buy" | "sell", loss: string) =>
      faultsOf(STOCK, { side, exits: { ...exits(null, loss), alone: true } });
    // A sale at 100 takes the profit of a holding: its loss is cut below.
    expect(alone("sell", "90")).toEqual([]);
    expect(alone("buy", "110")).toEqual([]);
    expect(alone("sell", "101")).toEqual([
      {
        field: "stop_loss.stop_price",
        message: "the stop_loss.stop_price must be below the limit_price",
      },
    ]);
    expect(alone("buy", "99")).toMatchObject([
      { message: "the stop_loss.stop_price must be above the limit_price" },
    ]);
  });

  it("crypto has none", () => {
    expect(fieldsOf(CRYPTO, { timeInForce: "gtc", exits: exits("110", null) })).toEqual([
      "take_profit",
    ]);
  });
});
