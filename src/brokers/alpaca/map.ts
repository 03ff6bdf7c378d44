// From the wire's bodies to our words. Pure, and total: what we do not know becomes null or `unknown`.
import type {
  BrokerAccount,
  BrokerActivity,
  BrokerOrderSnapshot,
  BrokerPosition,
} from "../../domain/broker.ts";
import { dayNumber, type IsoDate } from "../../domain/calendar/date.ts";
import { instantOf } from "../../domain/calendar/zone.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId } from "../../domain/ids.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId } from "../../domain/ids.ts";
import type { BrokerExecution, SymbolDirectory } from "../../ports/broker.ts";
import type {
  WireAccount,
  WireActivity,
  WireFill,
  WireLeg,
  WireOrder,
  WirePosition,
} from "./schema.ts";
import { activityStatusOf, sideOf, statusOf, timeInForceOf, typeOf } from "./words.ts";

const ZONE = "America/New_York";

/** The symbol as we write it, and its instrument where the directory knows it. */
function named(directory: SymbolDirectory, symbol: string) {
  const instrument = directory.resolve(symbol);
  return instrument === null
    ? { symbol, instrumentId: null }
    : { symbol: instrument.symbol, instrumentId: instrument.id };
}

export function snapshotOf(
  order: WireOrder | (WireLeg & { readonly legs?: null }),
  directory: SymbolDirectory,
): BrokerOrderSnapshot {
  const submittedAt = order.submitted_at ?? order.created_at ?? order.updated_at ?? 0;
  // One literal without a spread: spreading first made this the costliest step of an order (14 us for 1).
  const { symbol, instrumentId } = named(directory, order.symbol);
  return {
    symbol,
    instrumentId,
    brokerOrderId: asId<BrokerOrderId>(order.id),
    reference: order.client_order_id === null ? null : asId<BrokerReference>(order.client_order_id),
    side: sideOf(order.side),
    type: typeOf(order.type),
    timeInForce: timeInForceOf(order.time_in_force),
    quantity: order.qty,
    notional: order.notional,
    limitPrice: order.limit_price,
    stopPrice: order.stop_price,
    status: statusOf(order),
    filledQuantity: order.filled_qty,
    averagePrice: order.filled_avg_price,
    replacedBy: order.replaced_by === null ? null : asId<BrokerOrderId>(order.replaced_by),
    replaces: order.replaces === null ? null : asId<BrokerOrderId>(order.replaces),
    legs: order.legs === null ? [] : legsOf(order.legs ?? [], directory),
    submittedAt,
    updatedAt: order.updated_at ?? submittedAt,
    message: null,
  };
}

function legsOf(legs: readonly WireLeg[], directory: SymbolDirectory) {
  return legs.map((leg) => snapshotOf(leg, directory));
}

/** The uuid in an activity's id is not known to be the stream's: its identity is its own. */
export function executionOfFill(fill: WireFill, directory: SymbolDirectory): BrokerExecution {
  return {
    id: asId<ExecutionId>(`alpaca-activity:${fill.id}`),
    symbol: named(directory, fill.symbol).symbol,
    side: fill.side,
    reference: null,
    brokerOrderId: asId<BrokerOrderId>(fill.order_id),
    quantity: fill.qty.abs(),
    price: fill.price,
    cumulativeQuantity: fill.cum_qty,
    fee: Decimal.ZERO,
    feeInAsset: Decimal.ZERO,
    executedAt: fill.transaction_time,
    source: "activity",
  };
}

export function activityOf(activity: WireActivity, directory: SymbolDirectory): BrokerActivity {
  const { symbol, instrumentId } =
    activity.symbol === null || activity.symbol === ""
      ? { symbol: null, instrumentId: null }
      : named(directory, activity.symbol);
  return {
    id: activity.id,
    type: activity.activity_type,
    status: activityStatusOf(activity.status),
    symbol,
    instrumentId,
    quantity: activity.qty,
    netAmount: activity.net_amount,
    price: activity.price ?? activity.per_share_amount,
    ...whenOf(activity),
  };
}

/** Entries of some kinds only name a day, which is one in New York. */
function whenOf({ created_at: at, date }: WireActivity): Pick<BrokerActivity, "at" | "until"> {
  if (at !== null) return { at };
  const day = dayNumber(date as IsoDate); // the schema has checked it
  return { at: instantOf(ZONE, day, 0), until: instantOf(ZONE, day + 1, 0) - 1 };
}

/** A short position is negative, whether the wire says so in the quantity or only in the side. */
export function positionOf(position: WirePosition, directory: SymbolDirectory): BrokerPosition {
  return {
    ...named(directory, position.symbol),
    quantity: position.side === "short" ? position.qty.abs().negated() : position.qty,
    averagePrice: position.avg_entry_price,
  };
}

export function accountOf(account: WireAccount): BrokerAccount {
  return {
    number: account.account_number,
    currency: account.currency,
    equity: account.equity,
    cash: account.cash,
    buyingPower: account.buying_power,
    nonMarginableBuyingPower: account.non_marginable_buying_power,
    shortingEnabled: account.shorting_enabled,
    tradingBlocked:
      account.status !== "ACTIVE" ||
      account.trading_blocked ||
      account.account_blocked ||
      account.trade_suspended_by_user,
  };
}
