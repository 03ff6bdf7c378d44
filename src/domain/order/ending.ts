// The two ends of an order's life at the broker as a fact tells them: that it is there, and that it is
// over. Both may come late, and a late one undoes nothing (invariant 10).
import type { BrokerOrderId } from "../ids.ts";
import type { OrderFacts } from "./answer.ts";
import type { OrderState } from "./state.ts";
import { isPresumedGone, isTerminal } from "./status.ts";

/**
 * The broker has the order: recorded when it is news, or when we had given the order up. One that was taken back
 * and believed never to have arrived is still not wanted.
 */
export function accept(facts: OrderFacts, brokerOrderId: BrokerOrderId | null, at: number): void {
  const { state } = facts;
  const isNews =
    state.acceptedAt === null || (state.brokerOrderId === null && brokerOrderId !== null);
  if (!isNews && !isPresumedGone(state)) return;
  if (wasRejected(state)) {
    facts.flag("late_event", "The broker has the order that it had rejected.");
    return;
  }
  facts.record({ type: "OrderAccepted", orderId: state.id, brokerOrderId, brokerAt: at });
  if (state.status !== "cancelled" || !isPresumedGone(state)) return;
  const reason = "it was taken back before it was known that it had arrived";
  facts.record({ type: "CancelRequested", orderId: state.id, reason });
}

export const wasRejected = (state: OrderState): boolean =>
  state.status === "rejected" && state.closedBy === "broker";

/** The order is over at the broker, unless a later fact stands against it. */
export function end(
  facts: OrderFacts,
  how: "cancelled" | "expired" | "rejected",
  message: string | null,
): void {
  const { state } = facts;
  const orderId = state.id;
  if (isTerminal(state.status)) {
    if (state.status === how && state.closedBy === "broker") return;
    facts.flag("late_event", `${how} by the broker, heard when the order was ${state.status}.`);
    return;
  }
  if (how === "cancelled") {
    facts.record({ type: "OrderCancelled", orderId, by: "broker", message });
  } else if (how === "expired") {
    facts.record({ type: "OrderExpired", orderId, by: "broker" });
  } else {
    const text = message ?? "The broker rejected the order and gave no reason.";
    facts.record({
      type: "OrderRejected",
      orderId,
      by: "broker",
      code: "broker_rejected",
      message: text,
    });
  }
}

/** The broker's own code stands in the message, once. A code that is empty stands in every message. */
export function withCode(message: string, code: string): string {
  return message.includes(code) ? message : `${message} (${code})`;
}

/**
 * While a change is on its way a broker refuses every cancel: the wish outlives that, and is told again when it
 * is known which of the two orders it is about.
 */
export function refuseCancel(facts: OrderFacts, message: string): void {
  const { id: orderId, status, pendingAction, pendingReplace } = facts.state;
  if (pendingAction !== "cancel" || pendingReplace !== null || isTerminal(status)) return;
  facts.record({ type: "CancelRefused", orderId, message });
}
