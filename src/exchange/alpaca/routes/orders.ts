// Orders: one, many, replaced, cancelled.
import { rejectCancel } from "../../core/cancel.ts";
import type { Order } from "../../core/order.ts";
import type { Replacement } from "../../core/replace.ts";
import { subjectOf } from "../../faults/rule.ts";
import type { AlpacaContext } from "../context.ts";
import { ownOrder } from "../context.ts";
import { nestedOrderText, orderText } from "../json/order.ts";
import type { JsonObject } from "../order-fields.ts";
import { amount, clientOrderId, decodeObject, oneOf, TIMES_IN_FORCE } from "../order-fields.ts";
import { priceStep } from "../../core/asset.ts";
import { refusalAnswer } from "../refusals.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, NO_CONTENT, notFound, text, unprocessable } from "../wire.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function orderInPath(context: AlpacaContext, request: WireRequest): Order {
  const id = request.params.order_id ?? "";
  if (!UUID.test(id)) throw invalid("order_id is missing");
  return ownOrder(context, request.account, id.toLowerCase());
}

export function getOrder(context: AlpacaContext, request: WireRequest): WireAnswer {
  const order = orderInPath(context, request);
  const isNested = request.query.get("nested")?.toLowerCase() === "true";
  const { world } = context.exchange.engine;
  return text(200, isNested ? nestedOrderText(world, order) : orderText(order));
}

export function getOrderByClientId(context: AlpacaContext, request: WireRequest): WireAnswer {
  const id = request.query.get("client_order_id") ?? "";
  if (id === "") throw invalid("client_order_id is required");
  const order = context.exchange.engine.world.orders.byClientOrderId(request.account.id, id);
  if (order === undefined) throw notFound(`order not found for ${id}`);
  return text(200, orderText(order));
}

export function cancelOrder(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const order = orderInPath(context, request);
  const refusal = engine.cancel(order, request.now);
  if (refusal !== null) return refusalAnswer(refusal);
  const fault = context.faults.strike(["stuck_cancel", "refuse_cancel"], subjectOf(order));
  if (fault !== null) {
    engine.world.forget("finish_cancel", order);
    if (fault.kind === "refuse_cancel") rejectCancel(engine.world, order);
  }
  engine.settle(request.now);
  return NO_CONTENT;
}

export function cancelAllOrders(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const items: string[] = [];
  for (const order of [...engine.world.orders.open(request.account.id)]) {
    if (order.status === "held") continue;
    const refusal = engine.cancel(order, request.now);
    const { status, body } =
      refusal === null
        ? { status: 200, body: nestedOrderText(engine.world, order) }
        : refusalAnswer(refusal);
    items.push(`{"id":"${order.id}","status":${status},"body":${body ?? "null"}}`);
  }
  engine.settle(request.now);
  return text(207, `[${items.join(",")}]`);
}

function replacement(order: Order, body: JsonObject): Replacement {
  const change: Replacement = {
    clientOrderId: clientOrderId(body.client_order_id),
    quantity: amount(body.qty, "qty"),
    limitPrice: amount(body.limit_price, "limit price"),
    stopPrice: amount(body.stop_price, "stop price"),
    trail: amount(body.trail, "trail"),
    timeInForce:
      body.time_in_force === undefined || body.time_in_force === null
        ? null
        : oneOf(body.time_in_force, TIMES_IN_FORCE, "invalid time_in_force"),
  };
  const isStock = order.asset.assetClass === "us_equity";
  if (isStock && (change.quantity?.scale() ?? 0) > 0) throw invalid("qty must be integer");
  for (const [name, price] of [
    ["limit_price", change.limitPrice],
    ["stop_price", change.stopPrice],
  ] as const) {
    if (price === null || price.isMultipleOf(priceStep(order.asset, price))) continue;
    const reason = "sub-penny increment does not fulfill minimum pricing criteria";
    throw unprocessable(`invalid ${name} ${price}. ${reason}`);
  }
  checkApplies(order, change);
  return change;
}

function checkApplies(order: Order, change: Replacement): void {
  const hasLimit = order.type === "limit" || order.type === "stop_limit";
  const hasStop = order.type === "stop" || order.type === "stop_limit";
  if (change.limitPrice !== null && !hasLimit) {
    throw invalid(`${order.type} orders have no limit price to replace`);
  }
  if (change.stopPrice !== null && !hasStop) {
    throw invalid(`${order.type} orders have no stop price to replace`);
  }
  if (change.trail !== null && order.type !== "trailing_stop") {
    throw invalid(`${order.type} orders have no trail to replace`);
  }
}

export function replaceOrder(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const order = orderInPath(context, request);
  const change = replacement(order, decodeObject(request.body));
  const result = engine.replace(request.account, order, change, request.now);
  if (!result.ok) return refusalAnswer(result.refusal);
  const answer = text(200, nestedOrderText(engine.world, result.value));
  engine.settle(request.now);
  return answer;
}
