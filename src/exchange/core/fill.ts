// One execution: onto the order, the position, the cash, and into the record.
import { Decimal } from "../../domain/decimal.ts";
import type { Account } from "./account.ts";
import { revalue, trade } from "./account.ts";
import { afterFill } from "./group.ts";
import { position, release, useUp } from "./holds.ts";
import type { Execution, Order, Side } from "./order.ts";
import { isClosed, leaves } from "./order.ts";
import type { World } from "./world.ts";

/** What one trade moves: the position one way, the money the other, both signed. */
export interface Movement {
  readonly quantity: Decimal;
  readonly payment: Decimal;
  readonly price: Decimal;
}

interface Traded {
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Taken out of what is credited: the coin when buying, the money when selling. */
  readonly fee: Decimal;
}

export function movementOf({ side, quantity, price, fee }: Traded): Movement {
  const value = quantity.times(price);
  return side === "buy"
    ? { quantity: quantity.minus(fee), payment: value.negated(), price }
    : { quantity: quantity.negated(), payment: value.minus(fee), price };
}

export function reverse({ quantity, payment, price }: Movement): Movement {
  return { quantity: quantity.negated(), payment: payment.negated(), price };
}

/** Books a movement on an account; returns the position's quantity after it. */
export function settle(world: World, account: Account, order: Order, moved: Movement): Decimal {
  const target = position(world, account, order.asset.holding);
  trade(target, moved.quantity, moved.price);
  if (order.asset.paidIn === "USD") account.cash = account.cash.plus(moved.payment);
  else {
    const coin = position(world, account, order.asset.paidIn);
    trade(coin, moved.payment, world.quotes.get(order.asset.paidIn)?.last ?? Decimal.ONE);
    world.changes.positions.add(coin);
    mark(world, account, order.asset.paidIn);
  }
  mark(world, account, order.asset.holding, moved.price);
  world.changes.accounts.add(account);
  world.changes.positions.add(target);
  return target.quantity;
}

function feeOf(world: World, order: Order, quantity: Decimal, price: Decimal): Decimal {
  const rate = world.policy.cryptoFeeRate;
  if (order.asset.assetClass !== "crypto" || rate.isZero()) return Decimal.ZERO;
  const credited = order.side === "buy" ? quantity : quantity.times(price);
  return credited.times(rate);
}

function mark(world: World, account: Account, symbol: string, otherwise = Decimal.ONE): void {
  const held = account.positions.get(symbol);
  if (held === undefined) return;
  revalue(account, held, world.quotes.get(symbol)?.last ?? otherwise);
  if (held.quantity.isZero() && held.held.isZero()) account.positions.delete(symbol);
}

/** Whether nothing tradable is left: for an amount of money, when it no longer buys one step. */
function isComplete(order: Order, price: Decimal): boolean {
  if (order.quantity !== null) return order.filledQuantity.gte(order.quantity);
  return leaves(order, price).lt(order.asset.quantityIncrement);
}

export function fill(world: World, order: Order, quantity: Decimal, price: Decimal): Execution {
  const account = world.account(order.accountId);
  const at = world.stamp();
  const value = quantity.times(price);
  order.filledQuantity = order.filledQuantity.plus(quantity);
  order.filledValue = order.filledValue.plus(value);
  order.updatedAt = at;
  useUp(world, account, order, { quantity, value });

  const complete = isComplete(order, price);
  if (complete) {
    world.book(order.asset.symbol).remove(order);
    release(world, account, order);
    world.orders.close(order);
    order.status = "filled";
    order.filledAt = at;
  } else if (order.status === "pending_cancel" || order.status === "pending_replace") {
    order.statusBefore = "partially_filled";
  } else if (!isClosed(order)) {
    // An execution that comes after the end leaves the end standing.
    order.status = "partially_filled";
  }
  const fee = feeOf(world, order, quantity, price);
  const moved = movementOf({ side: order.side, quantity, price, fee });
  const positionQuantity = settle(world, account, order, moved);
  const execution: Execution = {
    id: world.ids.next(),
    orderId: order.id,
    accountId: order.accountId,
    symbol: order.asset.symbol,
    side: order.side,
    price,
    quantity,
    fee,
    cumulative: order.filledQuantity,
    leaves: complete ? Decimal.ZERO : leaves(order, price),
    complete,
    positionQuantity,
    at,
    corrects: null,
  };
  record(world, execution);
  world.tell(complete ? "fill" : "partial_fill", order, execution);
  afterFill(world, order, quantity);
  return execution;
}

export function record(world: World, execution: Execution): void {
  world.executions.add(execution);
  world.changes.executions.push(execution);
}
