// Makes an order's record, with everything that time will fill in still empty.
import { Decimal } from "../../domain/decimal.ts";
import { expiry } from "./eligibility.ts";
import type { Order, OrderTerms, Role } from "./order.ts";
import type { World } from "./world.ts";

export interface Birth {
  readonly accountId: string;
  readonly clientOrderId: string | null;
  readonly groupId: string | null;
  readonly role: Role | null;
  readonly status: Order["status"];
  readonly opening: boolean;
  readonly unitCost: Decimal;
  readonly replaces?: Order;
}

export function createOrder(world: World, terms: OrderTerms, birth: Birth): Order {
  const at = world.stamp();
  const id = world.ids.next();
  const order: Order = {
    id,
    accountId: birth.accountId,
    clientOrderId: birth.clientOrderId ?? world.ids.next(),
    groupId: birth.groupId,
    role: birth.role,
    asset: terms.asset,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    orderClass: terms.orderClass,
    extendedHours: terms.extendedHours,
    quantity: terms.quantity,
    notional: terms.notional,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
    trailPrice: terms.trailPrice,
    trailPercent: terms.trailPercent,
    opening: birth.opening,
    status: birth.status,
    statusBefore: birth.status,
    place: "none",
    announced: false,
    priority: at,
    elected: false,
    filledQuantity: Decimal.ZERO,
    filledValue: Decimal.ZERO,
    highWater: null,
    // A replacement keeps the day its order was born.
    createdAt: birth.replaces?.createdAt ?? at,
    submittedAt: at,
    updatedAt: at,
    filledAt: null,
    expiredAt: null,
    canceledAt: null,
    failedAt: null,
    replacedAt: null,
    cancelRequestedAt: null,
    expiresAt: expiry(world, terms),
    replaces: birth.replaces?.id ?? null,
    replacedBy: null,
    unitCost: birth.unitCost,
    reserved: Decimal.ZERO,
    holding: Decimal.ZERO,
    takenQuote: -1,
    takenSize: Decimal.ZERO,
  };
  world.orders.add(order);
  world.changes.orders.add(order);
  return order;
}
