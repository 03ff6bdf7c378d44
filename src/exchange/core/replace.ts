// Replaces an order: a new order with a new id takes over its place, its legs and its shares.
import { Decimal, isSameNumber } from "../../domain/decimal.ts";
import type { Account } from "./account.ts";
import { endAlone, groupOf } from "./closing.ts";
import { armHeld } from "./group.ts";
import { release, setAside } from "./holds.ts";
import { createOrder } from "./new-order.ts";
import type { NewOrder, Order, OrderTerms, TimeInForce } from "./order.ts";
import { isClosed } from "./order.ts";
import { affordable, closingQuantity, unitCost } from "./order-rules.ts";
import type { Refusal, Result } from "./refusal.ts";
import { accept, refuse } from "./refusal.ts";
import type { World } from "./world.ts";

export interface Replacement {
  readonly clientOrderId: string | null;
  readonly quantity: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trail: Decimal | null;
  readonly timeInForce: TimeInForce | null;
}

function state(order: Order): Refusal | null {
  if (order.status === "replaced") return { code: "already_replaced" };
  if (isClosed(order)) return { code: "not_open" };
  if (order.status === "pending_new") return { code: "not_sent_yet" };
  const open = ["new", "partially_filled", "held"].includes(order.status);
  return open ? null : { code: "not_replaceable", status: order.status };
}

function newTerms(order: Order, change: Replacement): OrderTerms {
  const trail = change.trail;
  return {
    ...order,
    quantity: change.quantity ?? order.quantity,
    timeInForce: change.timeInForce ?? order.timeInForce,
    limitPrice: change.limitPrice ?? order.limitPrice,
    stopPrice: order.type === "trailing_stop" ? null : (change.stopPrice ?? order.stopPrice),
    trailPrice: order.trailPrice === null ? null : (trail ?? order.trailPrice),
    trailPercent: order.trailPercent === null ? null : (trail ?? order.trailPercent),
  };
}

function changesNothing(order: Order, terms: OrderTerms): boolean {
  return (
    isSameNumber(order.quantity, terms.quantity) &&
    isSameNumber(order.limitPrice, terms.limitPrice) &&
    (order.type === "trailing_stop" || isSameNumber(order.stopPrice, terms.stopPrice)) &&
    isSameNumber(order.trailPrice, terms.trailPrice) &&
    isSameNumber(order.trailPercent, terms.trailPercent) &&
    order.timeInForce === terms.timeInForce
  );
}

function refusalOf(world: World, order: Order, change: Replacement): Refusal | null {
  const refused = state(order);
  if (refused !== null) return refused;
  if (order.notional !== null) return { code: "notional_not_replaceable" };
  const { clientOrderId } = change;
  if (clientOrderId !== null && world.orders.isUsed(order.accountId, clientOrderId)) {
    return { code: "duplicate_client_order_id" };
  }
  const resized = change.quantity !== null && !isSameNumber(change.quantity, order.quantity);
  if (resized && order.orderClass !== "simple") return { code: "quantity_of_advanced_order" };
  if (change.quantity?.lte(order.filledQuantity)) return { code: "quantity_not_above_filled" };
  if (changesNothing(order, newTerms(order, change)) && clientOrderId === null) {
    return { code: "nothing_changed" };
  }
  return null;
}

/** Whether the account can carry the replacement: what the old order set aside counts as free. */
function carried(account: Account, order: Order, request: NewOrder, cost: Decimal): Refusal | null {
  if (order.status === "held") return null;
  const quantity = (request.quantity ?? Decimal.ZERO).minus(order.filledQuantity);
  if (order.opening) {
    const more = quantity.times(cost).minus(order.reserved);
    return more.isPositive() ? affordable(account, order.asset, more) : null;
  }
  const more = quantity.minus(order.holding);
  return more.isPositive() ? closingQuantity(account, request, more) : null;
}

export function replace(
  world: World,
  account: Account,
  order: Order,
  change: Replacement,
): Result<Order> {
  const refusal = refusalOf(world, order, change);
  if (refusal !== null) return refuse(refusal);
  const quote = world.quotes.get(order.asset.symbol);
  if (quote === undefined) return refuse({ code: "no_price", symbol: order.asset.symbol });
  const terms = newTerms(order, change);
  const request: NewOrder = { ...terms, clientOrderId: null, takeProfit: null, stopLoss: null };
  const cost = order.opening ? unitCost(request, quote) : Decimal.ZERO;
  const tooMuch = carried(account, order, request, cost);
  if (tooMuch !== null) return refuse(tooMuch);

  const replacement = createOrder(world, terms, {
    accountId: order.accountId,
    clientOrderId: change.clientOrderId,
    groupId: order.groupId,
    role: order.role,
    status: "accepted",
    opening: order.opening,
    unitCost: cost,
    replaces: order,
  });
  order.statusBefore = order.status;
  order.status = "pending_replace";
  order.replacedBy = replacement.id;
  order.updatedAt = world.stamp();
  world.changes.orders.add(order);
  const { venueDelayMs } = world.policy;
  if (venueDelayMs === 0) finishReplace(world, replacement);
  else {
    world.tell("pending_replace", order);
    world.schedule("finish_replace", replacement, venueDelayMs);
  }
  return accept(replacement);
}

/** The venue has got to it: the new order takes over, unless the old one was filled first. */
export function finishReplace(world: World, replacement: Order): void {
  const order = replacement.replaces === null ? undefined : world.orders.get(replacement.replaces);
  if (order === undefined || isClosed(replacement)) return;
  if (isClosed(order)) {
    world.orders.revive(order).replacedBy = null;
    endAlone(world, replacement, "rejected");
    if (world.policy.exoticEvents) world.tell("order_replace_rejected", order);
    return;
  }
  takeOver(world, order, replacement);
}

function takeOver(world: World, order: Order, replacement: Order): void {
  const wasHeld = order.statusBefore === "held";
  const wasArmed = order.place === "trigger";
  const account = world.account(order.accountId);
  carryQuantity(world, order, replacement);
  endAlone(world, order, "replaced");
  const group = groupOf(world, order);
  if (group !== null && order.role !== null) group.members[order.role] = replacement;

  replacement.updatedAt = world.stamp();
  if (wasHeld) {
    replacement.status = "held";
    world.changes.orders.add(replacement);
    if (wasArmed) armHeld(world, replacement);
    return;
  }
  const left = (replacement.quantity ?? Decimal.ZERO).minus(replacement.filledQuantity);
  release(world, account, replacement);
  setAside(world, account, replacement, left);
  replacement.status = "new";
  replacement.highWater = order.highWater;
  world.schedule("route", replacement, 0);
}

/** The quantity asked for is a total: what the old order traded belongs to it, or is taken off. */
function carryQuantity(world: World, order: Order, replacement: Order): void {
  if (world.policy.replaceCarriesFills) {
    replacement.filledQuantity = order.filledQuantity;
    replacement.filledValue = order.filledValue;
    return;
  }
  if (replacement.quantity === null) return;
  replacement.quantity = replacement.quantity.minus(order.filledQuantity);
}
