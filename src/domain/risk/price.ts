// At which price an order is judged, before anyone knows at which it will trade. Two questions:
// what is the holding worth that it makes (value), and how much money may it take at worst (cost)?
//
//   order                    value                        cost
//   buy, with a limit        the limit price              the same
//   buy, without             the highest of ask, last     5 percent above the value,
//                            and the stop price           since nothing bounds the fill
//   sell, with a limit       the highest of it, bid, last the same
//   sell, without            the higher of bid and last   the same
//
// A short is the dearer the higher it is sold, so a sell is judged high as well.
import { Decimal } from "../decimal.ts";
import { isCrossed, isOfTheFuture } from "../market.ts";
import type { Mark } from "../market.ts";
import type { OrderType, Side } from "../order/spec.ts";

/** What pricing needs of an order: our own and an unknown order of the account look the same. */
export interface Priced {
  readonly side: Side;
  readonly type: OrderType | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
}

/** The mark, unless it says nothing: there is none, it is empty, or its sides cross. */
export function usableMark(mark: Mark | undefined): Mark | null {
  if (mark === undefined || isCrossed(mark)) return null;
  return mark.bid === null && mark.ask === null && mark.last === null ? null : mark;
}

/** The same for a decision, which has to know how old it is: from the future it could be any age. */
export function decisionMark(mark: Mark | undefined, now: number): Mark | null {
  return mark === undefined || isOfTheFuture(mark.at, now) ? null : usableMark(mark);
}

function higher(first: Decimal | null, second: Decimal | null): Decimal | null {
  if (first === null || second === null) return first ?? second;
  return second.gt(first) ? second : first;
}

function lower(first: Decimal | null, second: Decimal | null): Decimal | null {
  if (first === null || second === null) return first ?? second;
  return second.lt(first) ? second : first;
}

/** Where the market stands for somebody who trades `side` now. */
export function referencePrice(side: Side, mark: Mark | null): Decimal | null {
  if (mark === null) return null;
  const near = higher(side === "buy" ? mark.ask : mark.bid, mark.last);
  return near ?? (side === "buy" ? mark.bid : mark.ask);
}

/**
 * The lowest price an order may trade at, as far as the market and its own terms tell: what an amount
 * of money buys or sells the most units at. Null where nothing bounds it from below.
 */
export function lowestPrice(order: Priced, mark: Mark | null): Decimal | null {
  if (order.side === "sell" && order.limitPrice !== null) return order.limitPrice;
  if (mark === null) return null;
  return lower(lower(mark.bid, mark.last) ?? mark.ask, lower(order.limitPrice, order.stopPrice));
}

export function valuePrice(order: Priced, mark: Mark | null): Decimal | null {
  if (order.side === "buy" && order.limitPrice !== null) return order.limitPrice;
  const reference = referencePrice(order.side, mark);
  if (reference === null) return null;
  return higher(reference, order.side === "buy" ? order.stopPrice : order.limitPrice);
}

/**
 * How far a market order is taken to run. Large US stocks are paused when they move by 5 percent within
 * five minutes. Not the operator's collar: a wider collar allows more and must never refuse more.
 */
const MARKET_RUN = Decimal.of("1.05");

export function costPrice(order: Priced, mark: Mark | null): Decimal | null {
  const value = valuePrice(order, mark);
  if (value === null || order.side === "sell" || order.limitPrice !== null) return value;
  return value.times(MARKET_RUN);
}

const ONE_PERCENT = Decimal.of("0.01");

/** Exact: a percent is a hundredth, so no division is needed. */
export function percentOf(percent: Decimal, amount: Decimal): Decimal {
  return amount.times(percent).times(ONE_PERCENT);
}
