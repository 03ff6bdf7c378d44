// An order as the broker's REST answer shows it, without saying what changed. It may be older than what
// we know, so it adds only what cannot be stale, and it never invents a fill: where it shows more filled
// than was told, the executions are asked for (nautilus#3493: an inferred fill, and then the real one).
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { Decimal } from "../decimal.ts";
import type { BrokerOrderId } from "../ids.ts";
import { OrderFacts } from "./answer.ts";
import { accept, end, wasRejected } from "./ending.ts";
import { bookedOn } from "./increment.ts";
import { placeOf, replace, standsAgain } from "./replaced.ts";
import { isTheSameOrder } from "./same-order.ts";
import { bookedIn, countingShown, filledBefore, isMissingFills, isNews } from "./shown.ts";
import type { OrderTerms, TermsChange } from "./spec.ts";
import type { OrderState } from "./state.ts";
import { isTerminal, type OrderEvent } from "./status.ts";

export function observe(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  const place = placeOf(facts.state, snapshot);
  if (place === "next" || place === "foreign") return;
  const { brokerOrderId, unresolved } = facts.state;
  const isUnproven = brokerOrderId === null && unresolved?.action === "submit";
  if (isUnproven && !isTheSameOrder(facts, snapshot)) return;
  if (
    place === "current" &&
    !isOlderThan(bookedOn(facts.state, snapshot.brokerOrderId), snapshot)
  ) {
    learn(facts, snapshot);
  }
  // The end waits for the fills before it: the quantity of an order is free only when both are known.
  if (isMissingFills(facts.state, snapshot)) facts.missExecutions();
  else if (place === "current" && !isOlderThan(bookedIn(facts.state, snapshot), snapshot)) {
    takeStatus(facts, snapshot);
  }
}

/** Its end as it is shown, whatever was told of its fills. */
export function endAsShown(
  state: OrderState,
  snapshot: BrokerOrderSnapshot,
  now: number,
): readonly OrderEvent[] {
  const facts = new OrderFacts(state, now);
  takeStatus(facts, snapshot);
  return facts.answer().events;
}

/** Shown before a fill that we know of, or after a bust that we do not: both will be told. */
function isOlderThan(booked: Decimal, { filledQuantity }: BrokerOrderSnapshot): boolean {
  return filledQuantity.lt(booked);
}

/** That the broker has it, under which name, how it counts it, and what somebody else's replace made of it. */
function learn(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  const { status, brokerOrderId, quantity, filledQuantity } = snapshot;
  if (status !== "unknown" && !wasRejected(facts.state)) {
    accept(facts, brokerOrderId, snapshot.submittedAt);
  }
  if (quantity === null) return;
  const orderId = facts.state.id;
  const { reference, brokerOrderChain } = facts.state;
  // What stands again after its replacement was rejected has not the terms of that one.
  const isBack = brokerOrderChain.includes(brokerOrderId);
  const isOurs = snapshot.reference !== null && snapshot.reference === reference && !isBack;
  if (isNews(facts.state, { quantity, filledQuantity })) {
    const shown = { orderId, brokerOrderId, quantity, filledQuantity };
    const counting = isOurs ? countingShown(facts.state, shown) : null;
    facts.record({ type: "ReplacementShown", ...shown, ...(counting !== null && { counting }) });
  }
  const { state } = facts;
  if (state.brokerOrderChain.length === 0 || isTerminal(state.status)) return;
  // Under our own reference it has the terms that we asked for.
  if (isOurs && !state.isQuantityGuessed) return;
  if (state.terms.quantity === null) return;
  const whole = wholeOf(state, { ...snapshot, quantity });
  const change = {
    ...(!state.terms.quantity.eq(whole) && { quantity: whole }),
    ...pricesShown(state.terms, snapshot),
  };
  if (Object.keys(change).length === 0) return;
  const { generation } = state;
  const names = { generation, reference: null, brokerOrderId };
  facts.record({ type: "OrderReplaced", orderId, ...names, change });
}

/** Of an order that has such a price: a trailing stop's moves by itself. */
function pricesShown(terms: OrderTerms, shown: BrokerOrderSnapshot): TermsChange {
  const { limitPrice, stopPrice } = shown;
  const isOther = (ours: Decimal | null, theirs: Decimal | null): theirs is Decimal =>
    ours !== null && theirs !== null && !ours.eq(theirs);
  return {
    ...(isOther(terms.limitPrice, limitPrice) && { limitPrice }),
    ...(isOther(terms.stopPrice, stopPrice) && { stopPrice }),
  };
}

/** The one that took its place was rejected before, and then this one was taken for the order again. */
const isGoneWith = (state: OrderState, replacedBy: BrokerOrderId | null): boolean =>
  replacedBy !== null && state.brokerOrderChain.includes(replacedBy);

/**
 * The whole quantity of what somebody else asked for. Where neither what is shown nor our terms say whether
 * the fills of the old orders are in it they come on top, so that exposure is never too low.
 */
function wholeOf(
  state: OrderState,
  shown: BrokerOrderSnapshot & { readonly quantity: Decimal },
): Decimal {
  const { quantity, filledQuantity, brokerOrderId } = shown;
  const before = filledBefore(state, brokerOrderId);
  const withThem = quantity.plus(before);
  const isOver = shown.status === "filled" && filledQuantity.lt(quantity);
  if (isOver) return quantity;
  if (state.counting !== null) return state.counting === "whole" ? quantity : withThem;
  // What was guessed does not confirm itself.
  if (state.terms.quantity?.eq(withThem) === true && !state.isQuantityGuessed) return withThem;
  const own = bookedOn(state, brokerOrderId);
  if (own.isPositive() && filledQuantity.eq(own)) return withThem;
  const isWhole = filledQuantity.eq(own.plus(before));
  return isWhole || (state.terms.quantity?.eq(quantity) === true && filledQuantity.gte(before))
    ? quantity
    : withThem;
}

function takeStatus(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  switch (snapshot.status) {
    case "filled":
      if (isTerminal(facts.state.status)) return;
      facts.record({ type: "OrderCompleted", orderId: facts.state.id });
      return;
    case "rejected":
      if (!standsAgain(facts)) end(facts, "rejected", snapshot.message);
      return;
    case "cancelled":
    case "expired":
      end(facts, snapshot.status, snapshot.message);
      return;
    case "replaced":
      if (isGoneWith(facts.state, snapshot.replacedBy)) {
        end(facts, "rejected", "The order that took its place was rejected.");
        return;
      }
      replace(facts, { newBrokerOrderId: snapshot.replacedBy, newReference: null });
      return;
    case "unknown":
      facts.alarm(
        "unknown_broker_status",
        `The broker shows order ${facts.state.id} in a status that is not known here.`,
      );
      return;
    case "accepted":
    case "held":
    case "partially_filled":
      return;
  }
}
