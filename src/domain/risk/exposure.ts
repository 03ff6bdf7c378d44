// How much of one instrument an account may end up with when everything on its way trades: filled,
// working, held, in flight and unresolved together, the worst case of each side (invariant 5).
import { Decimal } from "../decimal.ts";
import type { Mark } from "../market.ts";
import { valuationPrice } from "../market.ts";
import type { Side } from "../order/spec.ts";
import { lowestPrice, valuePrice } from "./price.ts";
import type { Remainder } from "./working.ts";

/** Finer than any venue's quantities, and always rounded up: an estimate must not be too small. */
const QUANTITY_SCALE = 9;

/** The orders of one side together. Null where a price or a quantity is missing. */
export interface SideTotal {
  readonly quantity: Decimal | null;
  readonly value: Decimal | null;
  /** The highest price at which one of them is judged. */
  readonly topPrice: Decimal | null;
}

export const NOTHING: SideTotal = {
  quantity: Decimal.ZERO,
  value: Decimal.ZERO,
  topPrice: Decimal.ZERO,
};

/** The quantity that an order may trade; one given as an amount of money is estimated, upward. */
export function quantityOf(remainder: Remainder, mark: Mark | null): Decimal | null {
  if (remainder.quantity !== null) return remainder.quantity;
  if (remainder.notional === null) return null;
  const price = lowestPrice(remainder, mark);
  if (price === null || !price.isPositive()) return null;
  return remainder.notional.dividedBy(price, QUANTITY_SCALE, "up");
}

export function single(remainder: Remainder, mark: Mark | null): SideTotal {
  const price = valuePrice(remainder, mark);
  const quantity = quantityOf(remainder, mark);
  const value =
    remainder.notional ?? (price === null || quantity === null ? null : quantity.times(price));
  return { quantity, value, topPrice: price };
}

/** All of one side, a group once at its largest member. */
export function sideTotal(
  remainders: Iterable<Remainder>,
  side: Side,
  mark: Mark | null,
): SideTotal {
  let total = NOTHING;
  let groups: Map<string, SideTotal> | null = null;
  for (const remainder of remainders) {
    if (remainder.side !== side) continue;
    const one = single(remainder, mark);
    if (remainder.group === null) {
      total = add(total, one);
      continue;
    }
    groups ??= new Map();
    groups.set(remainder.group, largest(groups.get(remainder.group) ?? NOTHING, one));
  }
  for (const group of groups?.values() ?? []) total = add(total, group);
  return total;
}

export function add(first: SideTotal, second: SideTotal): SideTotal {
  if (first === NOTHING) return second;
  if (second === NOTHING) return first;
  return {
    quantity: both(first.quantity, second.quantity, (one, other) => one.plus(other)),
    value: both(first.value, second.value, (one, other) => one.plus(other)),
    topPrice: both(first.topPrice, second.topPrice, larger),
  };
}

/** Without one of the orders that were added; null where they have to be added again. The top is as it was. */
export function without(total: SideTotal, one: SideTotal): SideTotal | null {
  if (one.quantity === null || one.value === null || one.topPrice === null) return null;
  const quantity = total.quantity?.minus(one.quantity) ?? null;
  return { quantity, value: total.value?.minus(one.value) ?? null, topPrice: total.topPrice };
}

function largest(first: SideTotal, second: SideTotal): SideTotal {
  return {
    quantity: both(first.quantity, second.quantity, larger),
    value: both(first.value, second.value, larger),
    topPrice: both(first.topPrice, second.topPrice, larger),
  };
}

function both(
  first: Decimal | null,
  second: Decimal | null,
  combine: (one: Decimal, other: Decimal) => Decimal,
): Decimal | null {
  return first === null || second === null ? null : combine(first, second);
}

const larger = (one: Decimal, other: Decimal): Decimal => (other.gt(one) ? other : one);

/**
 * The quantity held once every order of `side` has traded, seen from that side: positive is a long for
 * buys and a short for sells. Negative says that the side does not even reach zero.
 */
export function reach(held: Decimal, side: Side, total: SideTotal): Decimal | null {
  if (total.quantity === null) return null;
  return side === "buy" ? held.plus(total.quantity) : total.quantity.minus(held);
}

/**
 * What that holding would be worth. What is held already is worth its mark; what comes on top its own
 * prices; and where the side first buys back the other one, the dearest part is taken to be left over.
 */
export function reachValue(
  held: Decimal,
  side: Side,
  total: SideTotal,
  mark: Mark | null,
): Decimal | null {
  const sameWay = side === "buy" ? held : held.negated();
  if (sameWay.isZero()) return total.value;
  if (sameWay.isNegative()) {
    const left = reach(held, side, total);
    if (left === null) return null;
    if (!left.isPositive()) return Decimal.ZERO;
    return total.topPrice?.times(left) ?? null;
  }
  const price = mark === null ? null : valuationPrice(mark);
  if (price === null || total.value === null) return null;
  return sameWay.times(price).plus(total.value);
}
