// Positions: seen, and closed at the market.
import { Decimal } from "../../../domain/decimal.ts";
import type { Account, Position } from "../../core/account.ts";
import { positionSymbol } from "../../core/asset.ts";
import type { NewOrder } from "../../core/order.ts";
import type { World } from "../../core/world.ts";
import type { AlpacaContext } from "../context.ts";
import { positionJson } from "../json/account.ts";
import { orderText } from "../json/order.ts";
import { amount } from "../order-fields.ts";
import { refusalAnswer } from "../refusals.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json, notFound, text } from "../wire.ts";

function render(world: World, position: Position): Record<string, unknown> {
  const { symbol } = position.asset;
  const current = world.quotes.get(symbol)?.last ?? Decimal.ZERO;
  return positionJson(position, { current, lastDay: world.closes.get(symbol) ?? current });
}

function held(account: Account): readonly Position[] {
  return [...account.positions.values()].filter((position) => !position.quantity.isZero());
}

function positionInPath(context: AlpacaContext, request: WireRequest): Position {
  const name = request.params.symbol ?? "";
  const asset = context.assets.find(name);
  if (asset === null) throw notFound(`symbol not found: ${name}`);
  const position = request.account.positions.get(asset.holding);
  if (position === undefined || position.quantity.isZero()) {
    throw notFound("position does not exist");
  }
  return position;
}

export function listPositions(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { world } = context.exchange.engine;
  return json(
    200,
    held(request.account).map((position) => render(world, position)),
  );
}

export function getPosition(context: AlpacaContext, request: WireRequest): WireAnswer {
  return json(200, render(context.exchange.engine.world, positionInPath(context, request)));
}

function closingOrder(position: Position, quantity: Decimal): NewOrder {
  return {
    asset: position.asset,
    side: position.quantity.isNegative() ? "buy" : "sell",
    type: "market",
    timeInForce: position.asset.assetClass === "crypto" ? "gtc" : "day",
    orderClass: "simple",
    extendedHours: false,
    quantity,
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    clientOrderId: null,
    takeProfit: null,
    stopLoss: null,
  };
}

/** The smallest step of a quantity has so many decimals. */
const QUANTITY_SCALE = 9;

function quantityToClose(request: WireRequest, position: Position): Decimal {
  const quantity = amount(request.query.get("qty"), "qty");
  const percentage = amount(request.query.get("percentage"), "percentage");
  if (quantity !== null && percentage !== null) {
    throw invalid("only one of qty or percentage is accepted");
  }
  const whole = position.quantity.abs();
  // All of it, also where fees have left more decimals than an order may have.
  if (quantity?.eq(whole) === true || percentage?.eq(Decimal.HUNDRED) === true) return whole;
  if (quantity !== null && quantity.scale() > QUANTITY_SCALE) {
    throw invalid(`qty must have at most ${QUANTITY_SCALE} decimal places`);
  }
  if (percentage === null) return quantity ?? whole;
  if (percentage.gt(Decimal.HUNDRED)) throw invalid("percentage must be between 0 and 100");
  return whole.times(percentage).dividedBy(Decimal.HUNDRED, QUANTITY_SCALE, "down");
}

export function closePosition(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const position = positionInPath(context, request);
  const order = closingOrder(position, quantityToClose(request, position));
  const result = engine.submit(request.account, order, request.now);
  if (!result.ok) return refusalAnswer(result.refusal);
  const answer = text(200, orderText(result.value));
  engine.settle(request.now);
  return answer;
}

/** The real answer lists cancelled orders first, each under its order id where a symbol belongs. */
function cancelFirst(context: AlpacaContext, request: WireRequest): string[] {
  const { engine } = context.exchange;
  const items: string[] = [];
  for (const order of [...engine.world.orders.open(request.account.id)]) {
    if (order.status === "held") continue;
    if (engine.cancel(order, request.now) !== null) continue;
    items.push(item(order.id, 200, orderText(order)));
  }
  engine.settle(request.now);
  return items;
}

export function closeAllPositions(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const cancels = request.query.get("cancel_orders")?.toLowerCase() === "true";
  const items = cancels ? cancelFirst(context, request) : [];
  for (const position of held(request.account)) {
    const order = closingOrder(position, position.quantity.abs());
    const result = engine.submit(request.account, order, request.now);
    const symbol = positionSymbol(position.asset);
    if (result.ok) {
      items.push(item(symbol, 200, orderText(result.value)));
      continue;
    }
    const refused = refusalAnswer(result.refusal);
    items.push(item(symbol, refused.status, refused.body));
  }
  engine.settle(request.now);
  return text(207, `[${items.join(",")}]`);
}

function item(symbol: string, status: number, body: string | null): string {
  return `{"symbol":"${symbol}","status":${status},"body":${body ?? "null"}}`;
}
