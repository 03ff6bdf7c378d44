// Whether the terms of an order make sense for its instrument, apart from prices of the moment. Every
// fault names the field as people send it, so that a form or a bot can point at it.
import { Decimal } from "../decimal.ts";
import { MONEY_SCALE } from "../instrument.ts";
import type { Instrument } from "../instrument.ts";
import type { AttachedExits, OrderTerms, TimeInForce } from "./spec.ts";
import { ENTRIES_WITH_EXITS, PRICES_OF, VALIDITY } from "./validity-table.ts";
import type { PriceField, Sizing, TypeValidity } from "./validity-table.ts";

export interface TermsFault {
  readonly field: string;
  readonly message: string;
}

/** All faults, in a fixed order; none when the order may exist. */
export function validateTerms(instrument: Instrument, terms: OrderTerms): readonly TermsFault[] {
  return [
    ...sizeFaults(terms),
    ...moneyFaults(instrument, terms),
    ...priceFaults(terms, "limit_price"),
    ...priceFaults(terms, "stop_price"),
    ...priceFaults(terms, "trail"),
    ...combinationFaults(instrument, terms),
    ...exitFaults(instrument, terms),
  ];
}

export function sizingOf(instrument: Instrument, terms: OrderTerms): Sizing {
  if (terms.quantity === null) return "notional";
  // Where nothing may be split, the lot rule has the better words for it.
  const isWhole = !instrument.fractionable || terms.quantity.isMultipleOf(instrument.lot);
  return isWhole ? "whole" : "fraction";
}

const fault = (field: string, message: string): TermsFault => ({ field, message });

function sizeFaults({ quantity, notional }: OrderTerms): readonly TermsFault[] {
  if (quantity === null && notional === null) return [fault("qty", "qty or notional is needed")];
  if (quantity !== null && notional !== null) {
    return [fault("notional", "either qty or notional, not both")];
  }
  return [...notPositive("qty", quantity), ...notPositive("notional", notional)];
}

/** An amount finer than the coins of its currency can be neither paid nor filled. */
function moneyFaults({ currency }: Instrument, { notional }: OrderTerms): readonly TermsFault[] {
  const decimals = MONEY_SCALE[currency];
  if (notional === null || decimals === undefined || notional.scale() <= decimals) return [];
  const most = decimals === 0 ? "no decimals" : `at most ${decimals} decimals`;
  return [fault("notional", `an amount of ${currency} has ${most}, not ${notional}`)];
}

function notPositive(field: string, value: Decimal | null): readonly TermsFault[] {
  if (value === null || value.isPositive()) return [];
  return [fault(field, `${field} must be above zero, not ${value}`)];
}

function priceFaults(terms: OrderTerms, field: PriceField): readonly TermsFault[] {
  const given = givenPrices(terms, field);
  const isNeeded = PRICES_OF[terms.type].includes(field);
  const kind = `a ${terms.type} order`;
  if (!isNeeded) {
    return given.map(([name]) => fault(name, `${kind} has no ${name}`));
  }
  if (given.length === 0) {
    const wanted = field === "trail" ? "trail_price or trail_percent" : field;
    return [fault(field === "trail" ? "trail_price" : field, `${kind} needs ${wanted}`)];
  }
  if (given.length > 1) return [fault("trail_percent", `either trail_price or trail_percent`)];
  return given.flatMap(([name, value]) => [...notPositive(name, value), ...tooWide(name, value)]);
}

function givenPrices(
  terms: OrderTerms,
  field: PriceField,
): readonly (readonly [string, Decimal])[] {
  const all: readonly (readonly [string, Decimal | null])[] =
    field === "limit_price"
      ? [["limit_price", terms.limitPrice]]
      : field === "stop_price"
        ? [["stop_price", terms.stopPrice]]
        : [
            ["trail_price", terms.trailPrice],
            ["trail_percent", terms.trailPercent],
          ];
  return all.filter((given): given is readonly [string, Decimal] => given[1] !== null);
}

function tooWide(field: string, value: Decimal): readonly TermsFault[] {
  if (field !== "trail_percent" || value.lt(Decimal.HUNDRED)) return [];
  return [fault(field, `trail_percent must be below 100, not ${value}`)];
}

function combinationFaults(instrument: Instrument, terms: OrderTerms): readonly TermsFault[] {
  const { assetClass } = instrument;
  const row = VALIDITY[assetClass][terms.type];
  if (!SIZINGS.some((sizing) => row[sizing].length > 0)) {
    return [fault("type", `${assetClass} orders of type ${terms.type} are not taken`)];
  }
  return [
    ...timeInForceFaults(instrument, terms, row),
    ...optionFaults(terms, "extended_hours", terms.extendedHours ? row.extendedHours : null),
    ...optionFaults(terms, "post_only", terms.postOnly ? row.postOnly : null),
  ];
}

const SIZINGS: readonly Sizing[] = ["whole", "fraction", "notional"];
const SIZING_WORDS: Readonly<Record<Sizing, string>> = {
  whole: "",
  fraction: " with a fraction",
  notional: " for a notional",
};

function timeInForceFaults(
  instrument: Instrument,
  terms: OrderTerms,
  row: TypeValidity,
): readonly TermsFault[] {
  const sizing = sizingOf(instrument, terms);
  const allowed = row[sizing];
  const what = `a ${instrument.assetClass} ${terms.type} order${SIZING_WORDS[sizing]}`;
  if (allowed.length === 0) {
    return [fault(sizing === "notional" ? "notional" : "qty", `${what} does not exist`)];
  }
  if (allowed.includes(terms.timeInForce)) return [];
  return [fault("time_in_force", `${what} takes ${list(allowed)}, not ${terms.timeInForce}`)];
}

function optionFaults(
  terms: OrderTerms,
  field: string,
  allowed: readonly TimeInForce[] | null,
): readonly TermsFault[] {
  if (allowed === null || allowed.includes(terms.timeInForce)) return [];
  if (allowed.length === 0) return [fault(field, `a ${terms.type} order has no ${field}`)];
  return [fault(field, `${field} goes with time_in_force ${list(allowed)}`)];
}

const list = (words: readonly string[]): string => words.join(" or ");

function exitFaults(instrument: Instrument, terms: OrderTerms): readonly TermsFault[] {
  const { exits } = terms;
  if (exits === null) return [];
  const { takeProfit, stopLoss } = exits;
  const field = takeProfit === null ? "stop_loss" : "take_profit";
  const { assetClasses, types, sizings, timesInForce } = ENTRIES_WITH_EXITS;
  const wrong = [
    assetClasses.includes(instrument.assetClass) ? null : `${list(assetClasses)} orders`,
    types.includes(terms.type) ? null : `type ${list(types)}`,
    sizings.includes(sizingOf(instrument, terms)) ? null : "whole quantities",
    timesInForce.includes(terms.timeInForce) ? null : `time_in_force ${list(timesInForce)}`,
    terms.extendedHours ? "regular hours" : null,
    takeProfit === null && stopLoss === null ? "at least one of take_profit and stop_loss" : null,
  ].filter((each) => each !== null);
  return [
    ...wrong.map((needed) => fault(field, `exits go with ${needed}`)),
    ...exitPriceFaults(terms, exits),
  ];
}

/** Profit lies on the far side of the entry, loss on the near side. */
function exitPriceFaults(terms: OrderTerms, exits: AttachedExits): readonly TermsFault[] {
  const profit = exits.takeProfit?.limitPrice ?? null;
  const loss = exits.stopLoss?.stopPrice ?? null;
  const lossLimit = exits.stopLoss?.limitPrice ?? null;
  const isBeyond = (one: Decimal, other: Decimal): boolean =>
    terms.side === "buy" ? one.gt(other) : one.lt(other);
  const word = terms.side === "buy" ? "above" : "below";
  const standsAlone = exits.alone === true;
  const pairs: readonly (readonly [string, Decimal | null, Decimal | null, string])[] = [
    ["take_profit.limit_price", profit, terms.limitPrice, "limit_price"],
    // Standing alone the order is the profit itself, and the loss lies on its other side.
    standsAlone
      ? ["stop_loss.stop_price", loss, terms.limitPrice, "limit_price"]
      : ["stop_loss.stop_price", terms.limitPrice, loss, "limit_price"],
    ["take_profit.limit_price", profit, loss, "stop_loss.stop_price"],
  ];
  return [
    ...notPositive("take_profit.limit_price", profit),
    ...notPositive("stop_loss.stop_price", loss),
    ...notPositive("stop_loss.limit_price", lossLimit),
    ...pairs.flatMap(([field, far, near, other]) =>
      far === null || near === null || isBeyond(far, near)
        ? []
        : [fault(field, describe(field, other, word, standsAlone))],
    ),
  ];
}

function describe(field: string, other: string, word: string, standsAlone: boolean): string {
  return field.startsWith("stop_loss") && !standsAlone
    ? `the ${other} must be ${word} the ${field}`
    : `the ${field} must be ${word} the ${other}`;
}
