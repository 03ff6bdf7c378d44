// An order request's own shape: what must be there, what may be, and what it may say. Everything that
// can be judged without knowing the asset or the account.
import { Decimal } from "../../domain/decimal.ts";
import type { OrderClass, OrderType, Side, TimeInForce } from "../core/order.ts";
import { parseAmount } from "./amounts.ts";
import { forbidden, invalid, wireError, WireFailure } from "./wire.ts";

export interface OrderFields {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderClass: OrderClass;
  readonly extendedHours: boolean;
  readonly clientOrderId: string | null;
  readonly positionIntent: string | null;
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailPrice: Decimal | null;
  readonly trailPercent: Decimal | null;
  readonly takeProfit: { readonly limitPrice: Decimal } | null;
  readonly stopLoss: { readonly stopPrice: Decimal; readonly limitPrice: Decimal | null } | null;
}

const SIDES = ["buy", "sell"] as const;
const TYPES = ["market", "limit", "stop", "stop_limit", "trailing_stop"] as const;
export const TIMES_IN_FORCE = ["day", "gtc", "opg", "cls", "ioc", "fok"] as const;
const CLASSES = ["simple", "bracket", "oco", "oto"] as const;
const INTENTS = ["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"] as const;

export type JsonObject = Readonly<Record<string, unknown>>;

export function decodeObject(body: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WireFailure(wireError(400, 40010000, "failed to decode request body"));
  }
  return value as JsonObject; // a non-null, non-array object has string keys
}

export function oneOf<Value extends string>(
  value: unknown,
  allowed: readonly Value[],
  message: string,
): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(message);
  return found;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** A positive amount, or null when it is not there; `words` name it in the message. */
export function amount(value: unknown, words: string): Decimal | null {
  if (isAbsent(value)) return null;
  const parsed = parseAmount(value);
  if (parsed === null) throw invalid(`invalid ${words}`);
  if (!parsed.isPositive()) throw invalid(`${words} must be > 0`);
  return parsed;
}

export function clientOrderId(value: unknown): string | null {
  if (isAbsent(value)) return null;
  if (typeof value !== "string") throw invalid("invalid client_order_id");
  if (value.length > 128) throw invalid("client_order_id must be no more than 128 characters");
  return value;
}

function boolean(value: unknown, name: string): boolean {
  if (isAbsent(value)) return false;
  if (typeof value !== "boolean") throw invalid(`invalid ${name}`);
  return value;
}

function nested(value: unknown, name: string): JsonObject | null {
  if (isAbsent(value)) return null;
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(`invalid ${name}`);
  return value as JsonObject; // null is absent, arrays are refused above
}

const MAX_SCALE = 9;

function size(body: JsonObject): { quantity: Decimal | null; notional: Decimal | null } {
  if (isAbsent(body.qty) && isAbsent(body.notional)) {
    throw invalid("qty or notional is required");
  }
  if (!isAbsent(body.qty) && !isAbsent(body.notional)) {
    throw invalid("only one of qty or notional is accepted");
  }
  const quantity = amount(body.qty, "qty");
  const notional = amount(body.notional, "notional");
  if ((quantity?.scale() ?? 0) > MAX_SCALE) throw invalid("qty must have at most 9 decimal places");
  if ((notional?.scale() ?? 0) > MAX_SCALE) {
    throw invalid("notional must have at most 9 decimal places");
  }
  return { quantity, notional };
}

interface Prices {
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailPrice: Decimal | null;
  readonly trailPercent: Decimal | null;
}

const MINIMUM_TRAIL_PERCENT = Decimal.of("0.1");

function trailing({ trailPrice, trailPercent, limitPrice, stopPrice }: Prices): void {
  if ((trailPrice === null) === (trailPercent === null)) {
    throw invalid("trailing stop orders must specify one of trail_price or trail_percent");
  }
  if (trailPercent?.lt(MINIMUM_TRAIL_PERCENT)) {
    throw invalid("trail_percent must be greater than or equal to 0.1");
  }
  if (limitPrice !== null || stopPrice !== null) {
    throw invalid("trailing stop orders must not have limit_price or stop_price");
  }
}

function pricesForType(type: OrderType, prices: Prices): void {
  const { limitPrice, stopPrice } = prices;
  if (type === "trailing_stop") {
    trailing(prices);
    return;
  }
  if (prices.trailPrice !== null) throw invalid(`${type} orders must not have trail_price`);
  if (prices.trailPercent !== null) throw invalid(`${type} orders must not have trail_percent`);
  switch (type) {
    case "market":
      if (limitPrice !== null || stopPrice !== null) {
        throw invalid("market orders require no stop or limit price");
      }
      return;
    case "limit":
      if (limitPrice === null) throw invalid("limit orders require a limit price");
      if (stopPrice !== null) throw invalid("limit orders require only limit price");
      return;
    case "stop":
      if (stopPrice === null) throw invalid("stop orders require a stop price");
      if (limitPrice !== null) throw invalid("stop orders require only stop price");
      return;
    case "stop_limit":
      if (limitPrice === null || stopPrice === null) {
        throw invalid("stop limit orders require both stop and limit price");
      }
  }
}

function takeProfit(body: JsonObject): OrderFields["takeProfit"] {
  const part = nested(body.take_profit, "take_profit");
  if (part === null) return null;
  const limitPrice = amount(part.limit_price, "take_profit.limit_price");
  if (limitPrice === null) throw invalid("take_profit.limit_price is required");
  return { limitPrice };
}

function stopLoss(body: JsonObject): OrderFields["stopLoss"] {
  const part = nested(body.stop_loss, "stop_loss");
  if (part === null) return null;
  const stopPrice = amount(part.stop_price, "stop_loss.stop_price");
  if (stopPrice === null) throw invalid("stop_loss.stop_price is required");
  return { stopPrice, limitPrice: amount(part.limit_price, "stop_loss.limit_price") };
}

function orderClass(value: unknown): OrderClass {
  if (isAbsent(value)) return "simple";
  if (value === "mleg") throw invalid("mleg orders are not supported: no options are listed");
  return oneOf(value, CLASSES, "invalid order_class");
}

export function parseOrderFields(body: JsonObject): OrderFields {
  if (isAbsent(body.symbol)) throw invalid("symbol is required");
  if (typeof body.symbol !== "string") throw invalid("invalid symbol");
  if (!isAbsent(body.advanced_instructions)) {
    throw forbidden("account not allowed to use advanced_instructions");
  }
  const klass = orderClass(body.order_class);
  const exits = { takeProfit: takeProfit(body), stopLoss: stopLoss(body) };
  const type = oneOf(body.type, TYPES, "invalid order type");
  const given: Prices = {
    limitPrice: amount(body.limit_price, "limit price"),
    stopPrice: amount(body.stop_price, "stop price"),
    trailPrice: amount(body.trail_price, "trail_price"),
    trailPercent: amount(body.trail_percent, "trail_percent"),
  };
  // The price of a pair of exits is its take-profit's; a limit price beside it is not needed.
  const prices: Prices =
    klass === "oco" && type === "limit"
      ? { ...given, limitPrice: exits.takeProfit?.limitPrice ?? given.limitPrice }
      : given;
  const fields: OrderFields = {
    symbol: body.symbol,
    side: oneOf(body.side, SIDES, "invalid side"),
    type,
    timeInForce: oneOf(body.time_in_force, TIMES_IN_FORCE, "invalid time_in_force"),
    orderClass: klass,
    extendedHours: boolean(body.extended_hours, "extended_hours"),
    clientOrderId: clientOrderId(body.client_order_id),
    positionIntent: isAbsent(body.position_intent)
      ? null
      : oneOf(body.position_intent, INTENTS, "invalid position_intent"),
    ...size(body),
    ...prices,
    ...exits,
  };
  pricesForType(type, prices);
  return fields;
}
