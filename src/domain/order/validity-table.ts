// Which combinations of an order's terms exist, as data: asset class × type × how the size is given ×
// time in force. What a broker does not take of it, its adapter refuses.
import type { AssetClass } from "../instrument.ts";
import type { OrderType, TimeInForce } from "./spec.ts";

/** `fraction`: not a multiple of the lot, where the instrument may be split. */
export type Sizing = "whole" | "fraction" | "notional";

/** Times in force with which a type may be used; none means that the combination does not exist. */
export interface TypeValidity extends Readonly<Record<Sizing, readonly TimeInForce[]>> {
  readonly extendedHours: readonly TimeInForce[];
  readonly postOnly: readonly TimeInForce[];
}

type ValidityTable = Readonly<Record<AssetClass, Readonly<Record<OrderType, TypeValidity>>>>;

const NONE: readonly TimeInForce[] = [];
const DAY: readonly TimeInForce[] = ["day"];
const RESTING: readonly TimeInForce[] = ["day", "gtc"];
const ALL: readonly TimeInForce[] = ["day", "gtc", "opg", "cls", "ioc", "fok"];
const CRYPTO: readonly TimeInForce[] = ["gtc", "ioc"];
const GTC: readonly TimeInForce[] = ["gtc"];

const NOWHERE: TypeValidity = {
  whole: NONE,
  fraction: NONE,
  notional: NONE,
  extendedHours: NONE,
  postOnly: NONE,
};

export const VALIDITY: ValidityTable = {
  stock: {
    // Outside the regular session there is no book deep enough to trade at any price.
    market: { ...NOWHERE, whole: ALL, fraction: DAY, notional: DAY },
    // Fractions live in the broker's own book, which is emptied every day.
    limit: { ...NOWHERE, whole: ALL, fraction: DAY, notional: DAY, extendedHours: RESTING },
    stop: { ...NOWHERE, whole: RESTING, fraction: DAY, notional: DAY },
    stop_limit: { ...NOWHERE, whole: RESTING, fraction: DAY, notional: DAY },
    trailing_stop: { ...NOWHERE, whole: RESTING },
  },
  crypto: {
    // Never closes: there is no day to be valid for, no opening and no closing auction.
    market: { ...NOWHERE, whole: CRYPTO, fraction: CRYPTO, notional: CRYPTO },
    limit: { ...NOWHERE, whole: CRYPTO, fraction: CRYPTO, notional: CRYPTO, postOnly: GTC },
    // A stop without limit would sweep a thin book: no venue of ours takes one.
    stop: NOWHERE,
    stop_limit: { ...NOWHERE, whole: CRYPTO, fraction: CRYPTO, notional: CRYPTO },
    trailing_stop: NOWHERE,
  },
};

export type PriceField = "limit_price" | "stop_price" | "trail";

/** The prices that a type needs; it has no others. */
export const PRICES_OF: Readonly<Record<OrderType, readonly PriceField[]>> = {
  market: [],
  limit: ["limit_price"],
  stop: ["stop_price"],
  stop_limit: ["limit_price", "stop_price"],
  trailing_stop: ["trail"],
};

/** Entries that exits may travel with. */
export const ENTRIES_WITH_EXITS = {
  assetClasses: ["stock"] as readonly AssetClass[],
  types: ["market", "limit"] as readonly OrderType[],
  sizings: ["whole"] as readonly Sizing[],
  timesInForce: RESTING,
};
