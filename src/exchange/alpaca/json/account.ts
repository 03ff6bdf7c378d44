// An account, its configuration and its positions as Alpaca shows them.
import { Decimal } from "../../../domain/decimal.ts";
import type { Account, Configuration, Position } from "../../core/account.ts";
import {
  available,
  buyingPower,
  equity,
  initialMargin,
  multiplier,
  nonMarginableBuyingPower,
} from "../../core/account.ts";
import { positionSymbol } from "../../core/asset.ts";
import { timestamp } from "./time.ts";

const MAINTENANCE = Decimal.of("0.3");
const CENTS = 2;

function money(value: Decimal): string {
  return value.round(CENTS, "half_up").toString();
}

export function accountJson(account: Account, tradingDay: string): Record<string, unknown> {
  const total = equity(account);
  const marketValue = account.longStock.plus(account.shortStock).plus(account.crypto);
  const maintenance = account.longStock.plus(account.shortStock.abs()).times(MAINTENANCE);
  const power = money(buyingPower(account));
  const nonMarginable = money(nonMarginableBuyingPower(account));
  return {
    id: account.id,
    admin_configurations: {},
    user_configurations: null,
    account_number: account.number,
    status: "ACTIVE",
    crypto_status: "ACTIVE",
    options_approved_level: 2,
    options_trading_level: 2,
    currency: "USD",
    buying_power: power,
    regt_buying_power: power,
    effective_buying_power: power,
    non_marginable_buying_power: nonMarginable,
    options_buying_power: nonMarginable,
    cash: money(account.cash),
    accrued_fees: "0",
    pending_transfer_in: "0",
    pending_transfer_out: "0",
    portfolio_value: money(total),
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    created_at: timestamp(account.createdAt),
    trade_suspended_by_user: account.configuration.suspendTrade,
    multiplier: multiplier(account),
    shorting_enabled: !account.configuration.noShorting && multiplier(account) !== "1",
    equity: money(total),
    last_equity: account.lastEquity.toString(),
    long_market_value: money(account.longStock.plus(account.crypto)),
    short_market_value: money(account.shortStock),
    position_market_value: money(marketValue),
    initial_margin: money(initialMargin(account)),
    maintenance_margin: money(maintenance),
    last_maintenance_margin: "0",
    sma: money(total),
    balance_asof: tradingDay,
    crypto_tier: 1,
    intraday_adjustments: "0",
    pending_reg_taf_fees: "0",
  };
}

export function configurationJson(configuration: Configuration): Record<string, unknown> {
  return {
    disable_overnight_trading: configuration.disableOvernightTrading,
    fractional_trading: configuration.fractionalTrading,
    max_margin_multiplier: configuration.maxMarginMultiplier,
    max_options_trading_level: configuration.maxOptionsTradingLevel,
    no_shorting: configuration.noShorting,
    ptp_no_exception_entry: configuration.ptpNoExceptionEntry,
    suspend_trade: configuration.suspendTrade,
    trade_confirm_email: configuration.tradeConfirmEmail,
  };
}

const RATIO_SCALE = 16;

function ratio(part: Decimal, whole: Decimal): string {
  return whole.isZero() ? "0" : part.dividedBy(whole.abs(), RATIO_SCALE, "half_up").toString();
}

export interface Prices {
  readonly current: Decimal;
  readonly lastDay: Decimal;
}

export function positionJson(position: Position, prices: Prices): Record<string, unknown> {
  const { asset, quantity, costBasis } = position;
  const value = quantity.times(prices.current);
  const profit = value.minus(costBasis);
  const average = costBasis.dividedBy(quantity, RATIO_SCALE, "half_up");
  const isShort = quantity.isNegative();
  const free = available(position);
  return {
    asset_id: asset.id,
    symbol: positionSymbol(asset),
    exchange: asset.exchange,
    asset_class: asset.assetClass,
    asset_marginable: asset.marginable,
    qty: quantity.toString(),
    avg_entry_price: average.toString(),
    side: isShort ? "short" : "long",
    market_value: value.toString(),
    cost_basis: costBasis.toString(),
    unrealized_pl: profit.toString(),
    unrealized_plpc: ratio(profit, costBasis),
    unrealized_intraday_pl: profit.toString(),
    unrealized_intraday_plpc: ratio(profit, costBasis),
    current_price: prices.current.toString(),
    lastday_price: prices.lastDay.toString(),
    change_today: ratio(prices.current.minus(prices.lastDay), prices.lastDay),
    qty_available: (isShort ? free.negated() : free).toString(),
  };
}
