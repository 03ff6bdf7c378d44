// What an open order sets aside: position quantity when it closes, buying power when it opens, and the
// paying coin when a pair is not paid in dollars.
import { Decimal } from "../../domain/decimal.ts";
import type { Account, Position } from "./account.ts";
import { openOrders } from "./account.ts";
import type { Order } from "./order.ts";
import type { World } from "./world.ts";

export function position(world: World, account: Account, symbol: string): Position {
  let found = account.positions.get(symbol);
  if (found === undefined) {
    const asset = world.assets.get(symbol);
    if (asset === undefined) throw new Error(`a position in ${symbol}, which is not listed`);
    found = {
      accountId: account.id,
      asset,
      quantity: Decimal.ZERO,
      costBasis: Decimal.ZERO,
      held: Decimal.ZERO,
      marketValue: Decimal.ZERO,
    };
    account.positions.set(symbol, found);
  }
  return found;
}

/** Where an opening order's reservation is kept: dollars on the account, a coin on its position. */
function addReservation(world: World, account: Account, order: Order, amount: Decimal): void {
  order.reserved = order.reserved.plus(amount);
  if (order.asset.paidIn === "USD") account.reserved = account.reserved.plus(amount);
  else {
    const coin = position(world, account, order.asset.paidIn);
    coin.held = coin.held.plus(amount);
  }
}

export function setAside(world: World, account: Account, order: Order, quantity: Decimal): void {
  openOrders(account, order.asset.symbol)[order.side].add(order);
  if (order.opening) {
    const amount = order.notional ?? order.unitCost.times(quantity);
    addReservation(world, account, order, amount);
    return;
  }
  order.holding = order.holding.plus(quantity);
  const held = position(world, account, order.asset.holding);
  held.held = held.held.plus(quantity);
}

/** Gives back what a fill of this quantity and value no longer needs. */
export function useUp(world: World, account: Account, order: Order, fill: FillSize): void {
  if (order.opening) {
    const used = order.notional === null ? order.unitCost.times(fill.quantity) : fill.value;
    addReservation(world, account, order, Decimal.min(used, order.reserved).negated());
    return;
  }
  const used = Decimal.min(fill.quantity, order.holding);
  order.holding = order.holding.minus(used);
  const held = position(world, account, order.asset.holding);
  held.held = held.held.minus(used);
}

export interface FillSize {
  readonly quantity: Decimal;
  readonly value: Decimal;
}

/** Gives everything back: the order is closed, or its leg went to sleep again. */
export function release(world: World, account: Account, order: Order): void {
  openOrders(account, order.asset.symbol)[order.side].delete(order);
  if (!order.reserved.isZero()) {
    addReservation(world, account, order, order.reserved.negated());
  }
  if (order.holding.isZero()) return;
  const held = position(world, account, order.asset.holding);
  held.held = held.held.minus(order.holding);
  order.holding = Decimal.ZERO;
}
