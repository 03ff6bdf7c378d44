// One English sentence for what became of a signal or an order, and why: for people who ask "what
// happened?" and for the notices that answer before they do.
import type { OrderRow, SignalRow } from "../ports/queries.ts";
import { asRecord } from "./public-event.ts";

export function explainSignal(signal: SignalRow, orders: readonly OrderRow[], now: number): string {
  const wish = wishInWords(signal);
  if (signal.decided_at === null) {
    return `${wish} waits for its decision since ${since(signal.received_at, now)}.`;
  }
  switch (signal.outcome) {
    case "rejected":
      return `${wish} was refused by ${byWhom(signal.rejected_by)} (${signal.reject_code}): ${stopped(signal.error_message ?? "no reason was given")}`;
    case "nothing_to_do":
      return `${wish} needed no order: ${stopped(signal.error_message ?? "the position is already there")}`;
    default:
      return orders.length === 0 ? `${wish} was decided.` : orders.map(explainOrder).join(" ");
  }
}

export function explainOrder(order: OrderRow): string {
  const what = `${capital(order.side)} ${amountOf(order)} ${order.symbol} ${priceInWords(order)}`;
  const filled = filledInWords(order);
  switch (order.status) {
    case "pending":
      return `${what} is held: ${holdInWords(order)}.`;
    case "submitted":
      return order.unresolved === null
        ? `${what} was sent and is not acknowledged yet.`
        : `${what} was sent and its fate is unknown: ${stopped(order.unresolved.cause)}`;
    case "accepted":
      return `${what} works at the broker${actionInWords(order)}.`;
    case "partially_filled":
      return `${what} is partly filled: ${filled}${actionInWords(order)}.`;
    case "filled":
      return `${what} was filled: ${filled}${tookInWords(order)}.`;
    case "cancelled":
      return `${what} was cancelled${order.filled_qty === "0" ? "" : ` after ${filled}`}.`;
    case "expired":
      return `${what} expired${order.filled_qty === "0" ? "" : ` after ${filled}`}.`;
    default:
      return `${what} was rejected by ${byWhom(order.rejected_by)} (${order.reject_code}): ${stopped(order.error_message ?? "no reason was given")}`;
  }
}

function wishInWords(signal: SignalRow): string {
  const wish = asRecord(asRecord(signal.body)["wish"]);
  if (wish["kind"] === "position") {
    return `The wish to hold ${String(wish["target"])} ${signal.symbol}`;
  }
  const terms = asRecord(wish["terms"]);
  const amount =
    typeof terms["quantity"] === "string"
      ? terms["quantity"]
      : `${String(terms["notional"])} worth of`;
  return `The signal to ${String(terms["side"])} ${amount} ${signal.symbol}`;
}

function amountOf(order: OrderRow): string {
  return order.qty ?? `${order.notional} worth of`;
}

function priceInWords(order: OrderRow): string {
  const { limit_price: limit, stop_price: stop } = order;
  switch (order.type) {
    case "limit":
      return `at ${limit} or better`;
    case "stop":
      return `once it trades at ${stop}`;
    case "stop_limit":
      return `at ${limit} or better once it trades at ${stop}`;
    case "trailing_stop":
      return order.trail_percent === null
        ? `trailing by ${order.trail_price}`
        : `trailing by ${order.trail_percent} %`;
    default:
      return "at the market";
  }
}

function filledInWords(order: OrderRow): string {
  return `${order.filled_qty} at ${order.filled_price ?? "an unknown price"} on average`;
}

function tookInWords({ closed_at: closed, received_at: received }: OrderRow): string {
  return closed === null ? "" : `, ${closed.getTime() - received.getTime()} ms after it came in`;
}

function actionInWords(order: OrderRow): string {
  return order.pending_action === null ? "" : `, and a ${order.pending_action} is on its way`;
}

const HOLD_WORDS: Readonly<Record<string, string>> = {
  rate_budget: "the broker's rate budget is used up for the moment",
  market_closed: "its market is closed",
  broker_down: "the broker cannot be reached",
  price: "there is no fresh price",
  predecessor: "an order before it must end first",
};

function holdInWords({ hold, hold_until: until }: OrderRow): string {
  const why = hold === null ? "it is about to be sent" : (HOLD_WORDS[hold] ?? hold);
  return until === null ? why : `${why}, until ${until.toISOString()} at the latest`;
}

function byWhom(by: string | null): string {
  return by === "risk" ? "a limit" : by === "broker" ? "the broker" : "the engine";
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function stopped(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function since(at: Date, now: number): string {
  const ms = Math.max(0, now - at.getTime());
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`;
}
