// The answer to "what became of this order?". Found settles what was unknown, when it is ours. Not found
// settles it only after the longest flight and several empty looks (invariant 4).
import type { BrokerOrderSnapshot, LookupOutcome } from "../broker.ts";
import type { OrderFacts, OutcomeContext } from "./answer.ts";
import { accept } from "./ending.ts";
import { observe } from "./observe.ts";
import { placeOf, refuseReplace, replace } from "./replaced.ts";
import { isTheSameOrder } from "./same-order.ts";
import type { OrderState, Unresolved } from "./state.ts";
import { isTerminal } from "./status.ts";

/** Between two looks for an order that may still be in flight. */
export const LOOKUP_INTERVAL_MS = 1_000;

export function takeLookup(
  facts: OrderFacts,
  outcome: LookupOutcome,
  context: OutcomeContext,
): void {
  switch (outcome.result) {
    case "found":
      takeFound(facts, outcome.snapshot);
      return;
    case "unavailable":
      if (facts.state.unresolved === null) return;
      facts.wish({ kind: "lookup", notBefore: facts.now + LOOKUP_INTERVAL_MS });
      return;
    case "not_found":
      takeNotFound(facts, context);
  }
}

function takeFound(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  const { state } = facts;
  if (state.brokerOrderId === null) {
    if (!isTheSameOrder(facts, snapshot)) return;
    accept(facts, snapshot.brokerOrderId, snapshot.submittedAt);
  }
  if (placeOf(facts.state, snapshot) === "next") takeNewOrder(facts, snapshot);
  observe(facts, snapshot);
  settleRest(facts);
}

/** Found under the reference of a replace of ours: it was done, unless the broker rejected it. */
function takeNewOrder(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  if (snapshot.status === "rejected") {
    refuseReplace(facts, snapshot.message ?? "The broker rejected the new order.");
    return;
  }
  if (snapshot.status === "unknown" || !isProven(facts.state, snapshot)) return;
  replace(facts, { newBrokerOrderId: snapshot.brokerOrderId, newReference: snapshot.reference });
}

/**
 * A broker may show the new order as soon as it is asked, and reject it afterwards. Where no answer was lost
 * the old one says whether it is gone.
 */
function isProven({ unresolved }: OrderState, { status }: BrokerOrderSnapshot): boolean {
  return unresolved !== null || (status !== "accepted" && status !== "held");
}

/** The order was found open: a cancel or replace of which nothing is seen did not arrive, or not yet. */
function settleRest(facts: OrderFacts): void {
  const { id, status, unresolved } = facts.state;
  if (unresolved === null || isTerminal(status)) return;
  if (unresolved.action === "cancel") {
    // Cancelling twice does no harm, and a cancel that got lost helps nobody.
    facts.record({ type: "OrderResolved", orderId: id, how: "The order is still open." });
    facts.wish({ kind: "resend_cancel", notBefore: facts.now });
  } else {
    facts.wish({ kind: "lookup", notBefore: facts.now + LOOKUP_INTERVAL_MS });
  }
}

function takeNotFound(facts: OrderFacts, context: OutcomeContext): void {
  const { id, status, unresolved } = facts.state;
  if (isTerminal(status)) return;
  if (unresolved === null || unresolved.action === "cancel") {
    facts.alarm("order_not_found", `The broker does not know order ${id}, which is ${status}.`);
    return;
  }
  const lookups = unresolved.lookups + 1;
  const { longestFlightMs, lookupsBeforeNeverArrived } = context.traits;
  const landed = facts.now - unresolved.since >= longestFlightMs;
  if (!landed || lookups < lookupsBeforeNeverArrived) {
    // A clock that ran ahead and was set back must not make the wait longer than it is.
    const since = Math.min(unresolved.since, facts.now);
    const next: Unresolved = { ...unresolved, since, lookups };
    facts.record({ type: "OrderUnresolved", orderId: id, unresolved: next });
    facts.wish({ kind: "lookup", notBefore: facts.now + LOOKUP_INTERVAL_MS });
    return;
  }
  if (unresolved.action === "replace") refuseReplace(facts, `It never arrived: ${lost(lookups)}.`);
  else giveUp(facts, context, lookups);
}

const lost = (lookups: number): string =>
  `looked for ${lookups} times by its reference and not found`;

/** It never arrived, as far as anybody can know. A later fact about it still counts. */
function giveUp(facts: OrderFacts, context: OutcomeContext, lookups: number): void {
  const { id } = facts.state;
  if (context.traits.referenceUnique === "forever" && context.mayResend) {
    // The reference can never make a second order, so sending it again is safe.
    facts.record({ type: "OrderResolved", orderId: id, how: `Never arrived: ${lost(lookups)}.` });
    facts.record({ type: "OrderHeld", orderId: id, reason: "broker_down", until: null });
    facts.wish({ kind: "release", notBefore: facts.now });
    return;
  }
  facts.record({
    type: "OrderRejected",
    orderId: id,
    by: "engine",
    code: "never_arrived",
    message: `The order was sent, no answer came, and it was ${lost(lookups)} at the broker.`,
  });
}
