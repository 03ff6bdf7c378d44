// Why the exchange refuses, in its own words and with the numbers. A wire front translates each into
// its broker's codes and sentences.
import type { Decimal } from "../../domain/decimal.ts";
import type { OrderStatus } from "./order.ts";

export type Refusal =
  | { readonly code: "asset_not_tradable"; readonly symbol: string }
  | {
      readonly code: "insufficient_quantity";
      readonly symbol: string;
      readonly requested: Decimal;
      readonly available: Decimal;
      readonly existing: Decimal;
      readonly held: Decimal;
      readonly relatedOrders: readonly string[];
    }
  | {
      readonly code: "insufficient_buying_power";
      readonly buyingPower: Decimal;
      readonly cost: Decimal;
    }
  | {
      readonly code: "wash_trade";
      readonly existingOrderId: string;
      readonly against: "market_or_stop" | "limit";
    }
  | { readonly code: "short_sale_open" }
  | { readonly code: "short_not_allowed" }
  | { readonly code: "asset_not_shortable"; readonly symbol: string }
  | { readonly code: "fractional_short" }
  | { readonly code: "trading_suspended" }
  | { readonly code: "duplicate_client_order_id" }
  | { readonly code: "not_an_entry" }
  | { readonly code: "no_price"; readonly symbol: string }
  | { readonly code: "quantity_too_small" }
  | {
      readonly code: "stop_above_market";
      readonly marketPrice: Decimal;
      readonly stopPrice: Decimal;
    }
  | { readonly code: "take_profit_too_low" | "stop_loss_too_high"; readonly basePrice: Decimal }
  | { readonly code: "take_profit_too_high" | "stop_loss_too_low"; readonly basePrice: Decimal }
  | { readonly code: "order_not_found"; readonly id: string }
  | { readonly code: "not_cancelable"; readonly status: OrderStatus }
  | { readonly code: "cancel_pending" }
  | { readonly code: "not_open" }
  | { readonly code: "already_replaced" }
  | { readonly code: "not_sent_yet" }
  | { readonly code: "not_replaceable"; readonly status: OrderStatus }
  | { readonly code: "notional_not_replaceable" }
  | { readonly code: "nothing_changed" }
  | { readonly code: "quantity_not_above_filled" }
  | { readonly code: "quantity_of_advanced_order" }
  | { readonly code: "position_not_found" }
  | { readonly code: "exchange_full" };

export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal };

export function refuse(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}

export function accept<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}
