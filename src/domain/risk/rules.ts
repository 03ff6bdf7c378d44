// Every rule of the chain, in the order of RULE_CODES. Those over missing inputs stand apart: they speak
// of what the others could not judge, so they are asked last.
import { RULE_CODES } from "../refusal.ts";
import type { RuleCode } from "../refusal.ts";
import type { InputCode, RiskRule } from "./rule.ts";
import { buyingPower } from "./rules/buying-power.ts";
import { calendarUnknown } from "./rules/calendar-unknown.ts";
import { duplicateSignal } from "./rules/duplicate-signal.ts";
import { instrumentNotTradable } from "./rules/instrument-not-tradable.ts";
import { lotSize } from "./rules/lot-size.ts";
import { maxConcentrationPercent } from "./rules/max-concentration-percent.ts";
import { maxDailyLossPercent } from "./rules/max-daily-loss-percent.ts";
import { maxDailyLossUsd } from "./rules/max-daily-loss-usd.ts";
import { maxLeverage } from "./rules/max-leverage.ts";
import { maxLossPerTradePercent } from "./rules/max-loss-per-trade-percent.ts";
import { maxOpenOrders } from "./rules/max-open-orders.ts";
import { maxOrderNotional } from "./rules/max-order-notional.ts";
import { maxOrderQtyCrypto } from "./rules/max-order-qty-crypto.ts";
import { maxOrderQtyStock } from "./rules/max-order-qty-stock.ts";
import { maxOrdersPerDay } from "./rules/max-orders-per-day.ts";
import { maxOrdersPerMinute } from "./rules/max-orders-per-minute.ts";
import { maxPositionQty } from "./rules/max-position-qty.ts";
import { maxPositionSizeUsd } from "./rules/max-position-size-usd.ts";
import { maxPositions } from "./rules/max-positions.ts";
import { minNotional } from "./rules/min-notional.ts";
import { noAccountEquity } from "./rules/no-account-equity.ts";
import { noFxRate } from "./rules/no-fx-rate.ts";
import { noReferencePrice } from "./rules/no-reference-price.ts";
import { orderValidity } from "./rules/order-validity.ts";
import { priceBand } from "./rules/price-band.ts";
import { priceCollarPercent } from "./rules/price-collar-percent.ts";
import { quoteAgeMaxMs } from "./rules/quote-age-max-ms.ts";
import { sessionOpen } from "./rules/session-open.ts";
import { shortNotAllowed } from "./rules/short-not-allowed.ts";
import { staleSignal } from "./rules/stale-signal.ts";
import { symbolAllowed } from "./rules/symbol-allowed.ts";
import { symbolFrozen } from "./rules/symbol-frozen.ts";
import { tickSize } from "./rules/tick-size.ts";
import { tradingState } from "./rules/trading-state.ts";
import { washTrade } from "./rules/wash-trade.ts";

const BY_CODE: Readonly<Record<Exclude<RuleCode, InputCode>, RiskRule>> = {
  trading_state: tradingState,
  symbol_allowed: symbolAllowed,
  instrument_not_tradable: instrumentNotTradable,
  short_not_allowed: shortNotAllowed,
  session_open: sessionOpen,
  calendar_unknown: calendarUnknown,
  stale_signal: staleSignal,
  order_validity: orderValidity,
  tick_size: tickSize,
  lot_size: lotSize,
  min_notional: minNotional,
  price_band: priceBand,
  symbol_frozen: symbolFrozen,
  quote_age_max_ms: quoteAgeMaxMs,
  duplicate_signal: duplicateSignal,
  max_order_qty_stock: maxOrderQtyStock,
  max_order_qty_crypto: maxOrderQtyCrypto,
  max_order_notional: maxOrderNotional,
  max_position_size_usd: maxPositionSizeUsd,
  max_position_qty: maxPositionQty,
  max_positions: maxPositions,
  max_open_orders: maxOpenOrders,
  max_orders_per_minute: maxOrdersPerMinute,
  max_orders_per_day: maxOrdersPerDay,
  max_daily_loss_usd: maxDailyLossUsd,
  max_daily_loss_percent: maxDailyLossPercent,
  max_loss_per_trade_percent: maxLossPerTradePercent,
  max_leverage: maxLeverage,
  buying_power: buyingPower,
  max_concentration_percent: maxConcentrationPercent,
  price_collar_percent: priceCollarPercent,
  wash_trade: washTrade,
};

export const INPUT_RULES = [noReferencePrice, noFxRate, noAccountEquity] as const;

export const RULES: readonly RiskRule[] = RULE_CODES.flatMap((code) =>
  isInputCode(code) ? [] : [BY_CODE[code]],
);

function isInputCode(code: RuleCode): code is InputCode {
  return INPUT_RULES.some((rule) => rule.code === code);
}
