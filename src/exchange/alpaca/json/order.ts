// An order as Alpaca's REST and streams show it: every key there, nulls said.
import type { Decimal } from "../../../domain/decimal.ts";
import type { Order } from "../../core/order.ts";
import { averagePrice } from "../../core/order.ts";
import { millisTimestamp, optionalTimestamp, timestamp } from "./time.ts";

function text(value: Decimal | null): string | null {
  return value === null ? null : value.toString();
}

function intent(order: Order): string {
  return `${order.side}_to_${order.opening ? "open" : "close"}`;
}

export interface OrderJson {
  readonly [key: string]: unknown;
}

export function orderJson(order: Order, legs: readonly Order[] | null = null): OrderJson {
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: timestamp(order.createdAt),
    updated_at: timestamp(order.updatedAt),
    submitted_at: timestamp(order.submittedAt),
    filled_at: optionalTimestamp(order.filledAt),
    expired_at: optionalTimestamp(order.expiredAt),
    canceled_at: optionalTimestamp(order.canceledAt),
    failed_at: optionalTimestamp(order.failedAt),
    replaced_at: optionalTimestamp(order.replacedAt),
    replaced_by: order.status === "replaced" ? order.replacedBy : null,
    replaces: order.replaces,
    asset_id: order.asset.id,
    symbol: order.asset.symbol,
    asset_class: order.asset.assetClass,
    notional: text(order.notional),
    qty: text(order.quantity),
    filled_qty: order.filledQuantity.toString(),
    filled_avg_price: text(averagePrice(order)),
    order_class: order.orderClass,
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: intent(order),
    time_in_force: order.timeInForce,
    limit_price: text(order.limitPrice),
    stop_price: text(order.stopPrice),
    status: order.status,
    extended_hours: order.extendedHours,
    legs: legs === null ? null : legs.map((leg) => orderJson(leg)),
    trail_percent: text(order.trailPercent),
    trail_price: text(order.trailPrice),
    hwm: text(order.highWater),
    subtag: null,
    source: null,
    ...(order.expiresAt === null ? {} : { expires_at: millisTimestamp(order.expiresAt) }),
  };
}

/** As the stream shows it: with the moment a cancel was asked for. */
export function streamOrderJson(order: Order): OrderJson {
  return { ...orderJson(order), cancel_requested_at: optionalTimestamp(order.cancelRequestedAt) };
}
