// Alpaca's words for sides, types, times in force and states, and ours for them.
import type { BrokerActivity, BrokerOrderStatus } from "../../domain/broker.ts";
import type { Decimal } from "../../domain/decimal.ts";
import { ORDER_TYPES, TIMES_IN_FORCE } from "../../domain/order/spec.ts";
import type { OrderType, Side, TimeInForce } from "../../domain/order/spec.ts";

const STATUSES: Readonly<Record<string, BrokerOrderStatus>> = {
  accepted: "accepted",
  accepted_for_bidding: "accepted",
  pending_new: "accepted",
  pending_review: "accepted",
  new: "accepted",
  // On their way to something else, and working until they are there.
  pending_cancel: "accepted",
  pending_replace: "accepted",
  // Rare states of an exchange: the order is not finished.
  stopped: "accepted",
  suspended: "accepted",
  calculated: "accepted",
  held: "held",
  partially_filled: "partially_filled",
  filled: "filled",
  canceled: "cancelled",
  expired: "expired",
  replaced: "replaced",
  rejected: "rejected",
};

interface Standing {
  readonly status: string;
  readonly time_in_force: string | null;
  readonly filled_qty: Decimal;
}

export function statusOf(order: Standing): BrokerOrderStatus {
  // A gtc order goes on tomorrow; a day order has no tomorrow, and may never be called expired.
  if (order.status === "done_for_day") {
    if (order.time_in_force === "day") return "expired";
    return order.filled_qty.isPositive() ? "partially_filled" : "accepted";
  }
  const status = lookUp(STATUSES, order.status) ?? "unknown";
  return status === "accepted" && order.filled_qty.isPositive() ? "partially_filled" : status;
}

const ACTIVITY_STATUSES: Readonly<Record<string, BrokerActivity["status"]>> = {
  correct: "corrected",
  canceled: "cancelled",
  pending: "pending",
};

/** Entries are executed unless they say otherwise; not all of them say it. */
export function activityStatusOf(text: string | null): BrokerActivity["status"] {
  return (text === null ? undefined : lookUp(ACTIVITY_STATUSES, text)) ?? "executed";
}

export function sideOf(text: string | null): Side | null {
  return text === "buy" || text === "sell" ? text : null;
}

export function typeOf(text: string | null): OrderType | null {
  return ORDER_TYPES.find((type) => type === text) ?? null;
}

export function timeInForceOf(text: string | null): TimeInForce | null {
  return TIMES_IN_FORCE.find((timeInForce) => timeInForce === text) ?? null;
}

/** Only what the table itself holds: `constructor` is no status. */
function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
