// An order as Alpaca takes it: decimal text, no key that is not meant.
import type { Decimal } from "../../domain/decimal.ts";
import type { AttachedExits, OrderTerms, TermsChange } from "../../domain/order/spec.ts";
import type { ReplaceRequest, SubmitRequest } from "../../ports/broker.ts";

/** Why Alpaca has no such order; null when it can be asked for. The rest is Alpaca's to judge. */
export function unsupported(terms: OrderTerms): string | null {
  if (terms.postOnly) return "Alpaca has no post-only orders";
  if (terms.quantity === null && terms.notional === null) return "neither quantity nor notional";
  return null;
}

export function submitBody({ instrument, reference, terms }: SubmitRequest): string {
  const exits = terms.exits === null ? {} : exitsBody(terms.exits, terms.limitPrice);
  return JSON.stringify({
    symbol: instrument.symbol,
    qty: terms.quantity ?? undefined,
    notional: terms.notional ?? undefined,
    side: terms.side,
    type: terms.type,
    time_in_force: terms.timeInForce,
    limit_price: terms.limitPrice ?? undefined,
    stop_price: terms.stopPrice ?? undefined,
    trail_price: terms.trailPrice ?? undefined,
    trail_percent: terms.trailPercent ?? undefined,
    extended_hours: terms.extendedHours || undefined,
    client_order_id: reference,
    ...exits,
  });
}

function exitsBody({ takeProfit, stopLoss, alone }: AttachedExits, limitPrice: Decimal | null) {
  const stop_loss =
    stopLoss === null
      ? undefined
      : { stop_price: stopLoss.stopPrice, limit_price: stopLoss.limitPrice ?? undefined };
  if (alone === true) {
    // Here the order is the take-profit, and its price is taken from there alone.
    const limit_price = takeProfit?.limitPrice ?? limitPrice ?? undefined;
    return { order_class: "oco", limit_price: undefined, take_profit: { limit_price }, stop_loss };
  }
  return {
    order_class: takeProfit !== null && stopLoss !== null ? "bracket" : "oto",
    take_profit: takeProfit === null ? undefined : { limit_price: takeProfit.limitPrice },
    stop_loss,
  };
}

/**
 * Only what changes: omitted fields keep their values. The quantity is the total of this
 * order of the broker's, with what of it has filled already.
 */
export function replaceBody({ reference, change }: Pick<ReplaceRequest, "reference" | "change">) {
  return JSON.stringify({ ...changeBody(change), client_order_id: reference });
}

function changeBody({ quantity, limitPrice, stopPrice, trail, timeInForce }: TermsChange) {
  return {
    qty: quantity,
    limit_price: limitPrice,
    stop_price: stopPrice,
    trail,
    time_in_force: timeInForce,
  };
}
