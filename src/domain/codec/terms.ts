// Terms of an order and changes of them, as JSON: decimals are text, absent is null.
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE } from "../order/spec.ts";
import type { AttachedExits, OrderTerms, TermsChange } from "../order/spec.ts";
import { decimal, flag, object, oneOf, orNull, type JsonObject } from "./json.ts";

export function readTerms(source: JsonObject): OrderTerms {
  return {
    side: oneOf(SIDES, source, "side"),
    quantity: orNull(decimal, source, "quantity"),
    notional: orNull(decimal, source, "notional"),
    ...readOpenTerms(source),
  };
}

/** The terms that a target position leaves to the sender. */
export function readOpenTerms(
  source: JsonObject,
): Omit<OrderTerms, "side" | "quantity" | "notional"> {
  return {
    type: oneOf(ORDER_TYPES, source, "type"),
    timeInForce: oneOf(TIMES_IN_FORCE, source, "timeInForce"),
    limitPrice: orNull(decimal, source, "limitPrice"),
    stopPrice: orNull(decimal, source, "stopPrice"),
    trailPrice: orNull(decimal, source, "trailPrice"),
    trailPercent: orNull(decimal, source, "trailPercent"),
    extendedHours: flag(source, "extendedHours"),
    postOnly: flag(source, "postOnly"),
    exits: orNull(readExits, source, "exits"),
  };
}

function readExits(source: JsonObject, field: string): AttachedExits {
  const exits = object(source, field);
  return {
    takeProfit: orNull(
      (parent, name) => ({ limitPrice: decimal(object(parent, name), "limitPrice") }),
      exits,
      "takeProfit",
    ),
    stopLoss: orNull(
      (parent, name) => {
        const leg = object(parent, name);
        return {
          stopPrice: decimal(leg, "stopPrice"),
          limitPrice: orNull(decimal, leg, "limitPrice"),
        };
      },
      exits,
      "stopLoss",
    ),
    ...(exits["alone"] === true ? { alone: true as const } : {}),
  };
}

export function readTermsChange(source: JsonObject): TermsChange {
  const quantity = orNull(decimal, source, "quantity");
  const limitPrice = orNull(decimal, source, "limitPrice");
  const stopPrice = orNull(decimal, source, "stopPrice");
  const trail = orNull(decimal, source, "trail");
  const timeInForce = orNull(
    (parent, name) => oneOf(TIMES_IN_FORCE, parent, name),
    source,
    "timeInForce",
  );
  return {
    ...(quantity === null ? {} : { quantity }),
    ...(limitPrice === null ? {} : { limitPrice }),
    ...(stopPrice === null ? {} : { stopPrice }),
    ...(trail === null ? {} : { trail }),
    ...(timeInForce === null ? {} : { timeInForce }),
  };
}
