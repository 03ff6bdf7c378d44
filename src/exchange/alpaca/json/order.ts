// An order as Alpaca's REST and streams show it: every key there, nulls said. Written as text straight
// away: each order is shown four times in its life (its answer and three events), and building an
// object first for JSON.stringify to walk cost three times as much.
import type { Decimal } from "../../../domain/decimal.ts";
import { exits, groupOf } from "../../core/closing.ts";
import type { Micros, Order } from "../../core/order.ts";
import { averagePrice } from "../../core/order.ts";
import type { World } from "../../core/world.ts";
import { millisTimestamp, timestamp } from "./time.ts";

/** JSON that is already text. */
export type JsonText = string;

const PLAIN = /^[\w\-:. /]*$/;

/** Quotes text; only what a client chose may hold anything that needs escaping. */
function quoted(text: string): JsonText {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function amount(value: Decimal | null): JsonText {
  return value === null ? "null" : `"${value.toString()}"`;
}

function when(at: Micros | null): JsonText {
  return at === null ? "null" : `"${timestamp(at)}"`;
}

function reference(id: string | null): JsonText {
  return id === null ? "null" : `"${id}"`;
}

function members(order: Order, legs: readonly Order[] | null): JsonText {
  const { asset } = order;
  const replacedBy = order.status === "replaced" ? order.replacedBy : null;
  const expires =
    order.expiresAt === null ? "" : `,"expires_at":"${millisTimestamp(order.expiresAt)}"`;
  return (
    `"id":"${order.id}","client_order_id":${quoted(order.clientOrderId)}` +
    `,"created_at":${when(order.createdAt)},"updated_at":${when(order.updatedAt)}` +
    `,"submitted_at":${when(order.submittedAt)},"filled_at":${when(order.filledAt)}` +
    `,"expired_at":${when(order.expiredAt)},"canceled_at":${when(order.canceledAt)}` +
    `,"failed_at":${when(order.failedAt)},"replaced_at":${when(order.replacedAt)}` +
    `,"replaced_by":${reference(replacedBy)},"replaces":${reference(order.replaces)}` +
    `,"asset_id":"${asset.id}","symbol":"${asset.symbol}","asset_class":"${asset.assetClass}"` +
    `,"notional":${amount(order.notional)},"qty":${amount(order.quantity)}` +
    `,"filled_qty":${amount(order.filledQuantity)},"filled_avg_price":${amount(averagePrice(order))}` +
    `,"order_class":"${order.orderClass}","order_type":"${order.type}","type":"${order.type}"` +
    `,"side":"${order.side}","position_intent":"${order.side}_to_${order.opening ? "open" : "close"}"` +
    `,"time_in_force":"${order.timeInForce}"` +
    `,"limit_price":${amount(order.limitPrice)},"stop_price":${amount(order.stopPrice)}` +
    `,"status":"${order.status}","extended_hours":${String(order.extendedHours)}` +
    `,"legs":${legs === null ? "null" : orderList(legs)}` +
    `,"trail_percent":${amount(order.trailPercent)},"trail_price":${amount(order.trailPrice)}` +
    `,"hwm":${amount(order.highWater)},"subtag":null,"source":null${expires}`
  );
}

export function orderText(order: Order): JsonText {
  return `{${members(order, null)}}`;
}

export function orderList(orders: readonly Order[]): JsonText {
  return `[${orders.map(orderText).join(",")}]`;
}

/** The order with its legs, as the answer to its POST and as `nested=true` shows it. */
export function nestedOrderText(world: World, order: Order): JsonText {
  const group = groupOf(world, order);
  const isParent = order.role === "entry" || (group?.kind === "oco" && order.role !== "stop_loss");
  if (group === null || !isParent) return orderText(order);
  return `{${members(
    order,
    exits(group).filter((leg) => leg !== order),
  )}}`;
}

/** As the stream shows it: with the moment a cancel was asked for. */
export function streamOrderText(order: Order): JsonText {
  return `{${members(order, null)},"cancel_requested_at":${when(order.cancelRequestedAt)}}`;
}
