// An account: cash, positions, what its open orders have set aside, and its buying power.
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "./asset.ts";
import type { Order, Side } from "./order.ts";

export interface Position {
  readonly accountId: string;
  readonly asset: Asset;
  /** Negative when short. */
  quantity: Decimal;
  /** What the quantity cost, with the quantity's sign. */
  costBasis: Decimal;
  /** Set aside by open closing orders; never negative. */
  held: Decimal;
  marketValue: Decimal;
}

export interface Configuration {
  noShorting: boolean;
  suspendTrade: boolean;
  fractionalTrading: boolean;
  maxMarginMultiplier: "1" | "2" | "4";
  tradeConfirmEmail: "all" | "none";
  disableOvernightTrading: boolean;
  ptpNoExceptionEntry: boolean;
  maxOptionsTradingLevel: number;
}

export interface Account {
  readonly id: string;
  readonly keyId: string;
  readonly number: string;
  readonly createdAt: number;
  cash: Decimal;
  readonly positions: Map<string, Position>;
  /** Buying power set aside by open opening orders. */
  reserved: Decimal;
  lastEquity: Decimal;
  configuration: Configuration;
  /** Open orders by symbol and side, for the rules that look at neighbours. */
  readonly open: Map<string, Record<Side, Set<Order>>>;
  /** Market values, kept in step with every fill and every price. */
  longStock: Decimal;
  shortStock: Decimal;
  crypto: Decimal;
}

const HALF = Decimal.of("0.5");
const MARGIN_MULTIPLIER = Decimal.ofInteger(2);
/** Under this equity an account has no margin and may not sell short. */
export const MARGIN_MINIMUM = Decimal.ofInteger(2_000);

export function equity(account: Account): Decimal {
  return account.cash.plus(account.longStock).plus(account.shortStock).plus(account.crypto);
}

export function multiplier(account: Account): "1" | "2" {
  if (account.configuration.maxMarginMultiplier === "1") return "1";
  return equity(account).gte(MARGIN_MINIMUM) ? "2" : "1";
}

export function initialMargin(account: Account): Decimal {
  const exposure = account.longStock.plus(account.shortStock.abs());
  return multiplier(account) === "1" ? exposure : exposure.times(HALF);
}

/** For what may be bought on margin: stocks. */
export function buyingPower(account: Account): Decimal {
  const excess = equity(account).minus(account.crypto).minus(initialMargin(account));
  const gross = multiplier(account) === "1" ? excess : excess.times(MARGIN_MULTIPLIER);
  return Decimal.max(Decimal.ZERO, gross.minus(account.reserved));
}

/** For what must be paid in full: crypto. */
export function nonMarginableBuyingPower(account: Account): Decimal {
  const excess = equity(account).minus(account.crypto).minus(initialMargin(account));
  const free = Decimal.min(account.cash, excess).minus(account.reserved);
  return Decimal.max(Decimal.ZERO, free);
}

export function available(position: Position): Decimal {
  return Decimal.max(Decimal.ZERO, position.quantity.abs().minus(position.held));
}

export function openOrders(account: Account, symbol: string): Record<Side, Set<Order>> {
  let sides = account.open.get(symbol);
  if (sides === undefined) {
    sides = { buy: new Set(), sell: new Set() };
    account.open.set(symbol, sides);
  }
  return sides;
}

/** Values a position at a price and keeps the account's totals in step. */
export function revalue(account: Account, position: Position, price: Decimal): void {
  const value = position.quantity.times(price);
  const before = position.marketValue;
  position.marketValue = value;
  if (position.asset.assetClass === "crypto") {
    account.crypto = account.crypto.plus(value).minus(before);
    return;
  }
  if (before.isNegative()) account.shortStock = account.shortStock.minus(before);
  else account.longStock = account.longStock.minus(before);
  if (value.isNegative()) account.shortStock = account.shortStock.plus(value);
  else account.longStock = account.longStock.plus(value);
}

const COST_SCALE = 16;

/** Adds a signed quantity at a price: averages in, scales out at the average, or turns around. */
export function trade(position: Position, quantity: Decimal, price: Decimal): void {
  const before = position.quantity;
  const after = before.plus(quantity);
  if (before.isZero() || before.sign() === quantity.sign()) {
    position.costBasis = position.costBasis.plus(quantity.times(price));
  } else if (after.isZero()) {
    position.costBasis = Decimal.ZERO;
  } else if (after.sign() === before.sign()) {
    const cost = position.costBasis.times(after);
    position.costBasis = cost.dividedBy(before, COST_SCALE, "half_up");
  } else {
    position.costBasis = after.times(price);
  }
  position.quantity = after;
}
