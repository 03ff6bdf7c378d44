// The answer to "what became of this order?". Found settles what was unknown, when it is ours. Not found
// settles it only after the longest flight and several empty looks (invariant 4).
import type { BrokerOrderSnapshot, LookupOutcome } from "../broker.ts";
import { dueAfter } from "../elapsed.ts";
import type { OrderFacts, OutcomeContext } from "./answer.ts";
import { accept } from "./ending.ts";
import { observe } from "./observe.ts";
import { placeOf, refuseReplace, replace } from "./replaced.ts";
import { isTheSameOrder } from "./same-order.ts";
import type { Unresolved } from "./state.ts";
import { isTerminal } from "./status.ts";

/** Between two looks for an order that may still be in flight. */
export const LOOKUP_INTERVAL_MS = 1_000;
/** A change of which nothing is heard for so long is looked up, and then not answered. */
export const REPLACE_LOOKUP_MS = 5_000;

export function takeLookup(
  facts: OrderFacts,
  outcome: LookupOutcome,
  context: OutcomeContext,
): void {
  switch (outcome.result) {
    case "found":
      takeFound(facts, outcome.snapshot, context);
      return;
    case "rate_limited":
    case "unavailable":
      if (facts.state.unresolved === null) return;
      facts.wish({ kind: "lookup", notBefore: notBefore(outcome, facts.now) });
      return;
    case "not_found":
      takeNotFound(facts, context);
  }
}

function notBefore(outcome: LookupOutcome, now: number): number {
  const soon = now + LOOKUP_INTERVAL_MS;
  return outcome.result === "rate_limited" ? Math.max(soon, outcome.retryAt) : soon;
}

function takeFound(
  facts: OrderFacts,
  snapshot: BrokerOrderSnapshot,
  { traits }: OutcomeContext,
): void {
  const { state } = facts;
  if (state.brokerOrderId === null) {
    if (!isTheSameOrder(facts, snapshot)) return;
    accept(facts, snapshot.brokerOrderId, snapshot.submittedAt);
  }
  if (placeOf(facts.state, snapshot) === "next") takeNewOrder(facts, snapshot);
  observe(facts, snapshot);
  settleRest(facts);
  const isQuiet = dueAfter(state.updatedAt, REPLACE_LOOKUP_MS, facts.now) <= facts.now;
  if (isQuiet && traits.findsByReference) admitSilence(facts);
}

/**
 * The old order goes on, and nothing says what became of a change: its answer was lost with the process that
 * asked for it, or its refusal by the stream. Asked for by its own reference from now on; its clock starts now,
 * since a call of the old process may still be on its way.
 */
function admitSilence(facts: OrderFacts): void {
  const { id: orderId, status, unresolved, pendingAction, pendingReplace } = facts.state;
  if (pendingReplace === null || pendingAction !== "replace") return;
  if (unresolved !== null || isTerminal(status)) return;
  const cause = "no word of the change has come";
  const silence: Unresolved = { action: "replace", since: facts.now, cause, lookups: 0 };
  facts.record({ type: "OrderUnresolved", orderId, unresolved: silence });
}

/** Found under the reference of a replace of ours: it was done, unless the broker rejected it. */
function takeNewOrder(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  if (snapshot.status === "rejected") {
    refuseReplace(facts, snapshot.message ?? "The broker rejected the new order.");
    return;
  }
  if (snapshot.status === "unknown") return;
  replace(facts, { newBrokerOrderId: snapshot.brokerOrderId, newReference: snapshot.reference });
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
  const never = `Never arrived: ${lost(lookups)}.`;
  if (facts.state.pendingAction === "cancel") {
    facts.record({ type: "OrderCancelled", orderId: id, by: "engine", message: never });
    return;
  }
  if (context.traits.referenceUnique === "forever" && context.mayResend) {
    // The reference can never make a second order, so sending it again is safe.
    facts.record({ type: "OrderResolved", orderId: id, how: never });
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
