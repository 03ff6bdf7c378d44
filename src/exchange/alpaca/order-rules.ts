// Which orders Alpaca takes for which asset: types, times in force, classes, price steps. The table
// of its order documentation, as code.
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "../core/asset.ts";
import { priceStep } from "../core/asset.ts";
import { newYorkMinutes } from "../new-york.ts";
import type { OrderFields } from "./order-fields.ts";
import { forbidden, invalid, unprocessable } from "./wire.ts";

function checkStep(asset: Asset, price: Decimal | null, name: string): void {
  if (price === null || price.isMultipleOf(priceStep(asset, price))) return;
  const reason = "sub-penny increment does not fulfill minimum pricing criteria";
  throw unprocessable(`invalid ${name} ${price}. ${reason}`);
}

function checkPrices(asset: Asset, fields: OrderFields): void {
  checkStep(asset, fields.limitPrice, "limit_price");
  checkStep(asset, fields.stopPrice, "stop_price");
  checkStep(asset, fields.takeProfit?.limitPrice ?? null, "take_profit.limit_price");
  checkStep(asset, fields.stopLoss?.stopPrice ?? null, "stop_loss.stop_price");
  checkStep(asset, fields.stopLoss?.limitPrice ?? null, "stop_loss.limit_price");
}

const CRYPTO_MINIMUM_COST = Decimal.ofInteger(10);
const CRYPTO_MAXIMUM_COST = Decimal.ofInteger(200_000);

/** `worth` is what the order costs or brings at its limit, or at the market. */
function checkCrypto(asset: Asset, fields: OrderFields, worth: Decimal): void {
  if (fields.orderClass !== "simple") {
    throw unprocessable(`crypto orders not allowed for advanced order_class: ${fields.orderClass}`);
  }
  if (fields.type === "stop" || fields.type === "trailing_stop") {
    throw unprocessable("invalid order type for crypto order: must be market, limit, stop_limit");
  }
  if (fields.timeInForce !== "gtc" && fields.timeInForce !== "ioc") {
    throw unprocessable("invalid crypto time_in_force");
  }
  if (fields.quantity?.lt(asset.minimumQuantity)) {
    throw unprocessable(`qty must be >= ${asset.minimumQuantity}`);
  }
  if (asset.paidIn !== "USD") return;
  if (worth.lt(CRYPTO_MINIMUM_COST)) {
    throw forbidden("cost basis must be >= minimal amount of order 10");
  }
  if (worth.gt(CRYPTO_MAXIMUM_COST)) {
    throw forbidden("cost basis must be <= maximal amount of order 200000");
  }
}

function isFractional(fields: OrderFields): boolean {
  return fields.notional !== null || (fields.quantity?.scale() ?? 0) > 0;
}

function checkFractional(asset: Asset, fields: OrderFields): void {
  if (!isFractional(fields)) return;
  if (!asset.fractionable) throw forbidden("requested asset is not fractionable");
  if (fields.orderClass !== "simple") {
    throw unprocessable("fractional orders must be simple orders");
  }
  if (fields.type === "trailing_stop") {
    throw unprocessable("fractional orders must be market, limit, stop or stop_limit orders");
  }
  if (fields.timeInForce !== "day") throw unprocessable("fractional orders must be DAY orders");
  if (fields.notional?.lt(Decimal.ONE)) throw unprocessable("notional must be >= 1.00");
}

function checkExtendedHours(fields: OrderFields): void {
  if (!fields.extendedHours) return;
  if (fields.orderClass !== "simple") {
    throw unprocessable("extended hours orders must be simple orders");
  }
  if (fields.type === "stop" || fields.type === "stop_limit" || fields.type === "trailing_stop") {
    throw unprocessable("stop orders are not eligible for extended hours trading");
  }
  const lasting = fields.timeInForce === "day" || fields.timeInForce === "gtc";
  if (fields.type !== "limit" || !lasting) {
    throw unprocessable("extended hours order must be DAY or GTC limit orders");
  }
}

function checkClass(fields: OrderFields): void {
  const { orderClass, takeProfit, stopLoss, type, timeInForce } = fields;
  if (orderClass === "simple") {
    if (takeProfit !== null || stopLoss !== null) {
      throw invalid("simple orders must not have take_profit or stop_loss");
    }
    return;
  }
  if (timeInForce !== "day" && timeInForce !== "gtc") {
    throw unprocessable(`${orderClass} orders must be DAY or GTC orders`);
  }
  if (orderClass === "oto") {
    if ((takeProfit === null) === (stopLoss === null)) {
      throw invalid("oto orders require either take_profit or stop_loss");
    }
  } else if (takeProfit === null || stopLoss === null) {
    const missing = takeProfit === null ? "take_profit.limit_price" : "stop_loss.stop_price";
    throw invalid(`${orderClass} orders require ${missing}`);
  }
  if (orderClass === "oco" && type !== "limit") throw invalid("oco orders must be limit orders");
  if (type !== "market" && type !== "limit") {
    throw unprocessable(`${orderClass} orders must be market or limit orders`);
  }
  checkExitOrder(fields);
}

/** The take-profit of a sale lies below its stop, that of a purchase above. */
function checkExitOrder({ side, orderClass, takeProfit, stopLoss }: OrderFields): void {
  if (takeProfit === null || stopLoss === null) return;
  const closesLong = orderClass === "oco" ? side === "sell" : side === "buy";
  if (closesLong && takeProfit.limitPrice.lte(stopLoss.stopPrice)) {
    throw unprocessable("take_profit.limit_price must be > stop_loss.stop_price");
  }
  if (!closesLong && takeProfit.limitPrice.gte(stopLoss.stopPrice)) {
    throw unprocessable("take_profit.limit_price must be < stop_loss.stop_price");
  }
}

function checkTimeInForce(fields: OrderFields): void {
  const { type, timeInForce } = fields;
  if (type === "market" || type === "limit") return;
  if (timeInForce !== "day" && timeInForce !== "gtc") {
    throw unprocessable(`${type} orders must be DAY or GTC orders`);
  }
}

const SEVEN_PM = 19 * 60;
const OPENING_AUCTION = { from: 9 * 60 + 28, text: "9:28am" };
const CLOSING_AUCTION = { from: 15 * 60 + 50, text: "3:50pm" };

/** Auction orders are not taken between the auction's cut-off and the evening. */
function checkAuction(fields: OrderFields, now: number): void {
  const { timeInForce } = fields;
  if (timeInForce !== "opg" && timeInForce !== "cls") return;
  const cutOff = timeInForce === "opg" ? OPENING_AUCTION : CLOSING_AUCTION;
  const minutes = newYorkMinutes(now);
  if (minutes < cutOff.from || minutes >= SEVEN_PM) return;
  throw forbidden(`${timeInForce} orders must be submitted after 7:00pm and before ${cutOff.text}`);
}

export interface Circumstances {
  readonly now: number;
  readonly alwaysOpen: boolean;
  readonly worth: Decimal;
}

export function checkOrder(asset: Asset, fields: OrderFields, at: Circumstances): void {
  if (asset.assetClass === "crypto") {
    checkCrypto(asset, fields, at.worth);
    checkPrices(asset, fields);
    return;
  }
  checkClass(fields);
  checkTimeInForce(fields);
  checkExtendedHours(fields);
  checkFractional(asset, fields);
  checkPrices(asset, fields);
  if (!at.alwaysOpen) checkAuction(fields, at.now);
}
