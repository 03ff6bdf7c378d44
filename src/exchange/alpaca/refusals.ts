// The matching core's refusals in Alpaca's codes and sentences.
import type { Refusal } from "../core/refusal.ts";
import type { WireAnswer } from "./wire.ts";
import { wireError } from "./wire.ts";

const unprocessable = (message: string, extras: Record<string, unknown> = {}): WireAnswer =>
  wireError(422, 42210000, message, extras);
const invalid = (message: string): WireAnswer => wireError(422, 40010001, message);
const forbidden = (message: string, extras: Record<string, unknown> = {}): WireAnswer =>
  wireError(403, 40310000, message, extras);

const WASH_REASONS = {
  market_or_stop: "opposite side market/stop order exists",
  limit: "opposite side limit order exists",
} as const;

/** Of an order or the account: what it may not do, or has too little for. */
function accountRefusal(refusal: Refusal): WireAnswer | null {
  switch (refusal.code) {
    case "insufficient_quantity": {
      const { requested, available, existing, held } = refusal;
      const message = `insufficient qty available for order (requested: ${requested}, available: ${available})`;
      return forbidden(message, {
        available: available.toString(),
        existing_qty: existing.toString(),
        held_for_orders: held.toString(),
        symbol: refusal.symbol,
        related_orders: refusal.relatedOrders,
      });
    }
    case "insufficient_buying_power":
      return forbidden("insufficient buying power", {
        buying_power: refusal.buyingPower.toString(),
        cost_basis: refusal.cost.toString(),
      });
    case "wash_trade":
      return forbidden("potential wash trade detected. use complex orders", {
        existing_order_id: refusal.existingOrderId,
        reject_reason: WASH_REASONS[refusal.against],
      });
    case "short_sale_open":
      return forbidden("cannot open a long buy while a short sell order is open");
    case "short_not_allowed":
      return forbidden("account is not allowed to short");
    case "asset_not_shortable":
      return forbidden(`asset "${refusal.symbol}" cannot be sold short`);
    case "trading_suspended":
      return forbidden("new orders are rejected by user request");
    default:
      return null;
  }
}

/** Of prices, and of orders that are past changing. */
function orderRefusal(refusal: Refusal): WireAnswer | null {
  switch (refusal.code) {
    case "stop_above_market":
      return unprocessable("stop price must be less than current price", {
        market_price: refusal.marketPrice.toString(),
        stop_price: refusal.stopPrice.toString(),
      });
    case "take_profit_too_low":
      return unprocessable("take_profit.limit_price must be >= base_price + 0.01", {
        base_price: refusal.basePrice.toString(),
      });
    case "take_profit_too_high":
      return unprocessable("take_profit.limit_price must be <= base_price - 0.01", {
        base_price: refusal.basePrice.toString(),
      });
    case "stop_loss_too_high":
      return unprocessable("stop_loss.stop_price must be <= base_price - 0.01", {
        base_price: refusal.basePrice.toString(),
      });
    case "stop_loss_too_low":
      return unprocessable("stop_loss.stop_price must be >= base_price + 0.01", {
        base_price: refusal.basePrice.toString(),
      });
    case "not_cancelable":
      return unprocessable(`order is already in "${refusal.status}" state`);
    case "cancel_pending":
      return unprocessable("order pending cancel");
    case "already_replaced":
      return unprocessable("order already replaced");
    case "not_replaceable":
      return unprocessable(`cannot replace order in ${refusal.status} status`);
    case "nothing_changed":
      return unprocessable("order parameters are not changed");
    case "quantity_not_above_filled":
      return unprocessable("qty must be > filled_qty");
    case "quantity_of_advanced_order":
      return unprocessable("qty cannot be changed for advanced orders");
    case "notional_not_replaceable":
      return unprocessable("notional orders cannot be replaced");
    default:
      return null;
  }
}

export function refusalAnswer(refusal: Refusal): WireAnswer {
  const known = accountRefusal(refusal) ?? orderRefusal(refusal);
  if (known !== null) return known;
  switch (refusal.code) {
    case "not_open":
      return unprocessable("unable to replace order, order is not open");
    case "not_sent_yet":
      return invalid("unable to replace order, order isn't sent to exchange yet");
    case "duplicate_client_order_id":
      return invalid("client_order_id must be unique");
    case "fractional_short":
      return unprocessable("fractional orders cannot be sold short");
    case "quantity_too_small":
      return invalid("qty must be > 0");
    case "not_an_entry":
      return unprocessable("bracket orders must be entry orders");
    case "asset_not_tradable":
      return unprocessable(`asset ${refusal.symbol} is not tradable`);
    case "no_price":
      return unprocessable(`asset ${refusal.symbol} has no price`);
    case "order_not_found":
      return wireError(404, 40410000, `order not found for ${refusal.id}`);
    case "position_not_found":
      return wireError(404, 40410000, "position does not exist");
    case "exchange_full":
      return wireError(403, 40310000, "the exchange keeps no more orders");
    default:
      throw new Error(`a refusal without a sentence: ${refusal.code}`);
  }
}
