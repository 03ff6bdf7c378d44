// The API's words as a person reads them.
import type { Order, TradeSignal, TradingState } from "../api/answers.ts";

export const STATE_WORDS: Readonly<
  Record<TradingState, { name: string; mark: string; means: string }>
> = {
  active: { name: "Active", mark: "●", means: "entries and exits pass" },
  reducing: { name: "Reducing", mark: "▼", means: "exits only, nothing new is opened" },
  halted: { name: "Halted", mark: "■", means: "nothing leaves but cancels" },
};

const STATUS_WORDS: Readonly<Record<Order["status"], string>> = {
  pending: "held",
  submitted: "sent",
  accepted: "working",
  partially_filled: "part filled",
  filled: "filled",
  cancelled: "cancelled",
  rejected: "rejected",
  expired: "expired",
};

export function statusInWords({ status, unresolved, pending_action: action }: Order): string {
  if (unresolved !== null) return "unknown";
  if (action !== null) return action === "cancel" ? "cancelling" : "replacing";
  return STATUS_WORDS[status];
}

export function toneOf({ status, unresolved }: Order): string {
  if (unresolved !== null) return "alarm";
  if (status === "rejected") return "bad";
  if (status === "filled") return "good";
  return status === "cancelled" || status === "expired" ? "over" : "open";
}

export const OUTCOME_WORDS: Readonly<Record<NonNullable<TradeSignal["outcome"]>, string>> = {
  ordered: "ordered",
  held: "held",
  rejected: "refused",
  nothing_to_do: "nothing to do",
};

/** `max_position_size_usd` as `max position size usd`. */
export function spaced(name: string): string {
  return name.replaceAll("_", " ");
}

export function typeInWords({
  type,
  limit_price: limit,
  stop_price: stop,
  ...order
}: Order): string {
  switch (type) {
    case "market":
      return "market";
    case "limit":
      return `limit ${limit}`;
    case "stop":
      return `stop ${stop}`;
    case "stop_limit":
      return `stop ${stop} limit ${limit}`;
    default:
      return order.trail_percent === null
        ? `trail ${order.trail_price}`
        : `trail ${order.trail_percent} %`;
  }
}

export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
