// What a venue may do on its own: fill an order that was thought dead, take a fill back, correct one,
// refuse, cancel or expire an order.
import { Decimal } from "../../domain/decimal.ts";
import { close } from "./closing.ts";
import { fill, movementOf, record, reverse, settle } from "./fill.ts";
import type { Execution, Order } from "./order.ts";
import { isClosed, leaves } from "./order.ts";
import type { World } from "./world.ts";

/** Fills an order whatever its state; never more than it has left. Null when nothing is left. */
export function forceFill(
  world: World,
  order: Order,
  quantity: Decimal,
  price: Decimal,
): Execution | null {
  const target = world.orders.revive(order);
  const left = leaves(target, price);
  const size = quantity.gt(left) ? left : quantity;
  return size.isPositive() ? fill(world, target, size, price) : null;
}

export function endByVenue(
  world: World,
  order: Order,
  ending: "canceled" | "expired" | "rejected",
): boolean {
  if (isClosed(order)) return false;
  close(world, order, ending);
  return true;
}

interface Change {
  readonly event: "trade_bust" | "trade_correct";
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** Books the difference between what an execution said and what it should have said. */
function restate(world: World, execution: Execution, change: Change): Execution | null {
  const found = world.orders.get(execution.orderId);
  if (found === undefined || !world.executions.stands(execution)) return null;
  const order = world.orders.revive(found);
  const account = world.account(execution.accountId);
  let positionQuantity = settle(world, account, order, reverse(movementOf(execution)));
  if (!change.quantity.isZero()) {
    const { quantity, price } = change;
    const moved = movementOf({ side: execution.side, fee: execution.fee, quantity, price });
    positionQuantity = settle(world, account, order, moved);
  }
  const before = execution.quantity.times(execution.price);
  const at = world.stamp();
  for (const sum of sumsOf(world, order)) {
    sum.filledQuantity = sum.filledQuantity.minus(execution.quantity).plus(change.quantity);
    sum.filledValue = sum.filledValue.minus(before).plus(change.quantity.times(change.price));
    sum.updatedAt = at;
  }
  const isBust = change.event === "trade_bust";
  const restated: Execution = {
    ...execution,
    id: world.ids.next(),
    // A bust shows the quantity it takes away.
    quantity: isBust ? execution.quantity.negated() : change.quantity,
    price: isBust ? execution.price : change.price,
    fee: isBust ? Decimal.ZERO : execution.fee,
    cumulative: order.filledQuantity,
    positionQuantity,
    at,
    corrects: execution.id,
  };
  record(world, restated);
  world.tell(change.event, order, restated);
  return restated;
}

/** The order, and those that took its place where they count its fills as theirs. */
function sumsOf(world: World, order: Order): readonly Order[] {
  const by = order.replacedBy === null ? undefined : world.orders.get(order.replacedBy);
  if (by === undefined || order.status !== "replaced") return [order];
  if (!world.policy.replaceCarriesFills) return [order];
  return [order, ...sumsOf(world, world.orders.revive(by))];
}

export function bust(world: World, execution: Execution): Execution | null {
  const { price } = execution;
  return restate(world, execution, { event: "trade_bust", quantity: Decimal.ZERO, price });
}

export function correct(
  world: World,
  execution: Execution,
  quantity: Decimal,
  price: Decimal,
): Execution | null {
  return restate(world, execution, { event: "trade_correct", quantity, price });
}
