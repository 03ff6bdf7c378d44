// At which price an order is judged, before anyone knows at which it will trade. Two questions:
// what is the holding worth that it makes (value), and how much money may it take at worst (cost)?
//
//   order                    value                        cost
//   buy, with a limit        the limit price              the same
//   buy, without             the highest of ask, last     value plus the price collar,
//                            and the stop price           since nothing bounds the fill
//   sell, with a limit       the highest of it, bid, last the same
//   sell, without            the higher of bid and last   the same
//
// A short is the dearer the higher it is sold, so a sell is judged high as well.
import { Decimal } from "../decimal.ts";
import { isCrossed } from "../market.ts";
import type { Mark } from "../market.ts";
import type { OrderType, Side } from "../order/spec.ts";

/** What pricing needs of an order: our own and an unknown order of the account look the same. */
export interface Priced {
  readonly side: Side;
  readonly type: OrderType | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
}

/** The mark, unless there is none or its sides cross: such a quote prices no order. */
export function usableMark(mark: Mark | undefined): Mark | null {
  return mark === undefined || isCrossed(mark) ? null : mark;
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

/** Without a collar a market order is costed at its value: there is no better number. */
export function costPrice(
  order: Priced,
  mark: Mark | null,
  collarPercent: Decimal | null,
): Decimal | null {
  const value = valuePrice(order, mark);
  if (value === null || collarPercent === null) return value;
  if (order.side === "sell" || order.limitPrice !== null) return value;
  return percentOf(Decimal.HUNDRED.plus(collarPercent), value);
}

const ONE_PERCENT = Decimal.of("0.01");

/** Exact: a percent is a hundredth, so no division is needed. */
export function percentOf(percent: Decimal, amount: Decimal): Decimal {
  return amount.times(percent).times(ONE_PERCENT);
}
