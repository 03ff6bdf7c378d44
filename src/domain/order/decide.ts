// What may be asked of one order, and the events that a permitted wish leads to. A wish may be refused,
// unlike a fact. Placing is decided with the whole account in view (domain/decide).
import type { BrokerTraits } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { TermsChange } from "./spec.ts";
import { changedTerms } from "./evolve.ts";
import { quantityAtBroker } from "./shown.ts";
import type { OrderState } from "./state.ts";
import type { OrderEvent } from "./status.ts";
import { isTerminal } from "./status.ts";

export const ORDER_REFUSALS = [
  "order_closed",
  "not_at_broker_yet",
  "cancel_pending",
  "replace_pending",
  "order_unresolved",
  "unsupported_by_broker",
  "notional_not_replaceable",
  "nothing_changed",
  "quantity_not_above_filled",
  "quantity_follows_position",
  "price_not_of_this_type",
  "not_positive",
] as const;
export type OrderRefusalCode = (typeof ORDER_REFUSALS)[number];

export type OrderDecision =
  | { readonly ok: true; readonly events: readonly OrderEvent[] }
  | { readonly ok: false; readonly code: OrderRefusalCode; readonly message: string };

/**
 * At once while the order is still ours alone; otherwise the broker is asked, as soon as its id is
 * known. Asking twice is no mistake and adds nothing.
 */
export function decideCancel(state: OrderState, reason: string): OrderDecision {
  const orderId = state.id;
  if (isTerminal(state.status)) return closed(state);
  if (state.status === "pending") {
    return allow({ type: "OrderCancelled", orderId, by: "engine", message: reason });
  }
  if (state.pendingAction === "cancel") return allow();
  return allow({ type: "CancelRequested", orderId, reason });
}

/** Gives the reference of a generation: the adapter's pure `reference()` with its counter bound. */
export type ReferenceOf = (generation: number) => ReturnType<BrokerTraits["reference"]>;

export function decideReplace(
  state: OrderState,
  change: TermsChange,
  broker: { readonly traits: Pick<BrokerTraits, "canReplace">; readonly referenceOf: ReferenceOf },
): OrderDecision {
  const orderId = state.id;
  const refusal = refusalOfChange(state, change);
  if (refusal !== null) return refusal;
  if (state.status === "pending") {
    if (state.reference !== null) {
      const message = "It was sent before, and goes out again as it was: cancel it instead.";
      return refuse("order_unresolved", message);
    }
    if (state.role === "close_all" && change.quantity !== undefined) {
      const message = "It closes all that is held when it leaves: cancel it, and close a part.";
      return refuse("quantity_follows_position", message);
    }
    // Not sent yet: the change is made here, and the risk chain sees it when the order is released.
    const { generation } = state;
    const names = { reference: null, brokerOrderId: null };
    return allow({ type: "OrderReplaced", orderId, generation, ...names, change });
  }
  const obstacle = obstacleAtBroker(state, broker.traits);
  if (obstacle !== null) return obstacle;
  const uncounted = refusalOfQuantity(state, change);
  if (uncounted !== null) return uncounted;
  const generation = state.generation + 1;
  const reference = broker.referenceOf(generation);
  return allow({ type: "ReplaceRequested", orderId, generation, reference, change });
}

/** An order that was never sent, and whose time is over. Null when there is nothing to expire. */
export function decideExpire(state: OrderState, now: number): OrderDecision | null {
  if (state.status !== "pending") return null;
  const isPast = (instant: number | null): boolean => instant !== null && now >= instant;
  // Only a hold for the open has an end of its own; the others wait for a moment to try again.
  const holdEnds = state.hold?.reason === "market_closed" ? state.hold.until : null;
  if (!isPast(state.validUntil) && !isPast(holdEnds)) return null;
  return allow({ type: "OrderExpired", orderId: state.id, by: "engine" });
}

function refusalOfChange(state: OrderState, change: TermsChange): OrderDecision | null {
  const { terms, filledQuantity } = state;
  if (isTerminal(state.status)) return closed(state);
  if (terms.notional !== null && change.quantity !== undefined) {
    return refuse("notional_not_replaceable", "An order for an amount of money has no quantity.");
  }
  for (const [name, value] of Object.entries(change)) {
    if (value instanceof Decimal && !value.isPositive()) {
      return refuse("not_positive", `${name} must be above zero, not ${value}.`);
    }
  }
  if (change.quantity?.lte(filledQuantity) === true) {
    const message = `The whole quantity must be above the ${filledQuantity} filled already; to keep only that, cancel.`;
    return refuse("quantity_not_above_filled", message);
  }
  const stray = strayPrice(state, change);
  if (stray !== null) {
    return refuse("price_not_of_this_type", `A ${terms.type} order has no ${stray}.`);
  }
  return changesSomething(state, change)
    ? null
    : refuse("nothing_changed", "The order has these terms already.");
}

function obstacleAtBroker(
  state: OrderState,
  traits: Pick<BrokerTraits, "canReplace">,
): OrderDecision | null {
  if (!traits.canReplace) {
    return refuse(
      "unsupported_by_broker",
      "This broker cannot change an order: cancel it instead.",
    );
  }
  if (state.terms.notional !== null) {
    return refuse("notional_not_replaceable", "An order for an amount of money cannot be changed.");
  }
  if (state.unresolved !== null) {
    return refuse("order_unresolved", "An earlier request for this order is not answered yet.");
  }
  if (state.brokerOrderId === null || state.acceptedAt === null) {
    return refuse("not_at_broker_yet", "The broker has not accepted the order yet.");
  }
  if (state.pendingAction === "cancel") {
    return refuse("cancel_pending", "The order is being cancelled.");
  }
  return state.pendingReplace === null
    ? null
    : refuse("replace_pending", "An earlier change is not answered yet.");
}

/** A broker counts each of its orders by itself: what is asked of it has to be a quantity of the last one. */
function refusalOfQuantity(state: OrderState, { quantity }: TermsChange): OrderDecision | null {
  if (quantity === undefined) return null;
  const asked = quantityAtBroker(state, quantity);
  if (asked === null) {
    const message = "The broker has not shown yet how it counts the order after the last change.";
    return refuse("replace_pending", message);
  }
  if (asked.isPositive()) return null;
  const message = `Of a whole of ${quantity} nothing is left to the broker: more is filled than was told so far.`;
  return refuse("quantity_not_above_filled", message);
}

/** A price that an order of this type does not have. */
function strayPrice({ terms }: OrderState, change: TermsChange): string | null {
  if (change.limitPrice !== undefined && terms.limitPrice === null) return "limit price";
  if (change.stopPrice !== undefined && terms.stopPrice === null) return "stop price";
  const trails = terms.trailPrice !== null || terms.trailPercent !== null;
  return change.trail !== undefined && !trails ? "trail" : null;
}

function changesSomething({ terms }: OrderState, change: TermsChange): boolean {
  return JSON.stringify(changedTerms(terms, change)) !== JSON.stringify(terms);
}

function closed(state: OrderState): OrderDecision {
  return refuse("order_closed", `The order is ${state.status} already.`);
}

const allow = (...events: readonly OrderEvent[]): OrderDecision => ({ ok: true, events });
const refuse = (code: OrderRefusalCode, message: string): OrderDecision => ({
  ok: false,
  code,
  message,
});
