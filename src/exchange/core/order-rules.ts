// What an account must have, and must not already have, for an order to be taken.
import { Decimal } from "../../domain/decimal.ts";
import type { Account } from "./account.ts";
import {
  available,
  buyingPower,
  equity,
  MARGIN_MINIMUM,
  nonMarginableBuyingPower,
  openOrders,
} from "./account.ts";
import type { Asset } from "./asset.ts";
import type { NewOrder, Order, Side } from "./order.ts";
import { opposite } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import type { Quote } from "./world.ts";

export function permission(account: Account, asset: Asset): Refusal | null {
  if (account.configuration.suspendTrade) return { code: "trading_suspended" };
  if (!asset.tradable) return { code: "asset_not_tradable", symbol: asset.symbol };
  return null;
}

/** A sell of something held, or a buy of something short, closes; everything else opens. */
export function isOpening(account: Account, asset: Asset, side: Side): boolean {
  const quantity = account.positions.get(asset.holding)?.quantity ?? Decimal.ZERO;
  return side === "buy" ? !quantity.isNegative() : !quantity.isPositive();
}

function isLimitLike(order: { readonly type: string }): boolean {
  return order.type === "limit" || order.type === "stop_limit";
}

function isExempt(order: { readonly type: string; readonly orderClass: string }): boolean {
  return order.orderClass !== "simple" || order.type === "trailing_stop";
}

/** Refuses an order that could trade with an open order of the same account. */
export function washTrade(account: Account, request: NewOrder): Refusal | null {
  if (isExempt(request)) return null;
  for (const open of openOrders(account, request.asset.symbol)[opposite(request.side)]) {
    if (isExempt(open)) continue;
    if (!isLimitLike(open)) return washRefusal(open, "market_or_stop");
    if (!isLimitLike(request)) return washRefusal(open, "limit");
    const buy = request.side === "buy" ? request.limitPrice : open.limitPrice;
    const sell = request.side === "sell" ? request.limitPrice : open.limitPrice;
    if (buy !== null && sell !== null && buy.gte(sell)) return washRefusal(open, "limit");
  }
  return null;
}

function washRefusal(open: Order, against: "market_or_stop" | "limit"): Refusal {
  return { code: "wash_trade", existingOrderId: open.id, against };
}

const SHORT_COLLAR = Decimal.of("1.03");

/** What one unit may cost at worst: what is set aside for it. */
export function unitCost(request: NewOrder, quote: Quote): Decimal {
  if (request.side === "sell") {
    const collared = quote.ask.times(SHORT_COLLAR);
    return Decimal.max(request.limitPrice ?? Decimal.ZERO, collared);
  }
  if (request.limitPrice !== null) return request.limitPrice;
  if (request.stopPrice !== null) return Decimal.max(request.stopPrice, quote.ask);
  return quote.ask;
}

/** For an amount of money: the quantity it stands for at the market, none where nobody bids or asks. */
export function requestedQuantity(request: NewOrder, quote: Quote): Decimal {
  if (request.quantity !== null) return request.quantity;
  const price = request.side === "buy" ? quote.ask : quote.bid;
  if (!price.isPositive()) return Decimal.ZERO;
  return (request.notional ?? Decimal.ZERO).dividedBy(price, 9, "down");
}

export function closingQuantity(
  account: Account,
  request: NewOrder,
  requested: Decimal,
): Refusal | null {
  const held = account.positions.get(request.asset.holding);
  const free = held === undefined ? Decimal.ZERO : available(held);
  if (requested.lte(free)) return null;
  const related = [...openOrders(account, request.asset.symbol)[request.side]];
  return {
    code: "insufficient_quantity",
    symbol: request.asset.symbol.replace("/", ""),
    requested,
    available: free,
    existing: held?.quantity.abs() ?? Decimal.ZERO,
    held: held?.held ?? Decimal.ZERO,
    relatedOrders: related.map((order) => order.id),
  };
}

function shortSale(account: Account, request: NewOrder, requested: Decimal): Refusal | null {
  const { asset } = request;
  if (asset.assetClass === "crypto") return closingQuantity(account, request, requested);
  if (request.notional !== null || requested.scale() > 0) return { code: "fractional_short" };
  if (account.configuration.noShorting || equity(account).lt(MARGIN_MINIMUM)) {
    return { code: "short_not_allowed" };
  }
  if (!asset.shortable) return { code: "asset_not_shortable", symbol: asset.symbol };
  return null;
}

function longBuy(account: Account, request: NewOrder): Refusal | null {
  for (const open of openOrders(account, request.asset.symbol).sell) {
    if (open.opening) return { code: "short_sale_open" };
  }
  return null;
}

function spendable(account: Account, asset: Asset): Decimal {
  if (asset.paidIn !== "USD") {
    const coin = account.positions.get(asset.paidIn);
    return coin === undefined ? Decimal.ZERO : available(coin);
  }
  return asset.assetClass === "crypto" ? nonMarginableBuyingPower(account) : buyingPower(account);
}

export function affordable(account: Account, asset: Asset, cost: Decimal): Refusal | null {
  const power = spendable(account, asset);
  return cost.lte(power) ? null : { code: "insufficient_buying_power", buyingPower: power, cost };
}

export function opening(
  account: Account,
  request: NewOrder,
  size: { readonly requested: Decimal; readonly unitCost: Decimal },
): Refusal | null {
  const allowed =
    request.side === "sell"
      ? shortSale(account, request, size.requested)
      : longBuy(account, request);
  if (allowed !== null) return allowed;
  const cost = request.notional ?? size.requested.times(size.unitCost);
  return affordable(account, request.asset, cost);
}

/** An entry's exits must lie on their sides of its price; a pair of exits on theirs of each other. */
export function exitPrices(request: NewOrder, quote: Quote): Refusal | null {
  const { takeProfit, stopLoss } = request;
  const cent = Decimal.of("0.01");
  const long = request.orderClass === "oco" ? request.side === "sell" : request.side === "buy";
  const market = request.side === "buy" ? quote.ask : quote.bid;
  const base = request.orderClass === "oco" ? quote.last : (request.limitPrice ?? market);
  const low = base.minus(cent);
  const high = base.plus(cent);
  if (takeProfit !== null && request.orderClass !== "oco") {
    const price = takeProfit.limitPrice;
    if (long && price.lt(high)) return { code: "take_profit_too_low", basePrice: base };
    if (!long && price.gt(low)) return { code: "take_profit_too_high", basePrice: base };
  }
  if (stopLoss !== null) {
    const price = stopLoss.stopPrice;
    if (long && price.gt(low)) return { code: "stop_loss_too_high", basePrice: base };
    if (!long && price.lt(high)) return { code: "stop_loss_too_low", basePrice: base };
  }
  return null;
}

/** A sell stop above the market would fire at once; the real one refuses it. */
export function stopSide(request: NewOrder, quote: Quote): Refusal | null {
  const { stopPrice } = request;
  if (stopPrice === null || request.side === "buy" || stopPrice.lt(quote.last)) return null;
  return { code: "stop_above_market", marketPrice: quote.last, stopPrice };
}
