// How a call to the broker ended, as events of its order. What is known is recorded; what is not known
// is called unresolved and asked about, and only time, several empty lookups and the broker's own
// promise about references end it (invariant 4).
import type {
  BrokerTraits,
  CallOutcome,
  CancelOutcome,
  ReplaceOutcome,
  SubmitOutcome,
} from "../broker.ts";
import { OrderFacts } from "./answer.ts";
import type { OrderAnswer, OutcomeContext } from "./answer.ts";
import { accept, end, refuseCancel, withCode } from "./ending.ts";
import { takeLookup } from "./lookup.ts";
import { observe } from "./observe.ts";
import { placeOf, refuseReplace, replace } from "./replaced.ts";
import type { OrderState, Unresolved } from "./state.ts";
import { isTerminal } from "./status.ts";

/** The first look at the broker after a lost answer: long enough for a request in flight to land. */
export const FIRST_LOOKUP_DELAY_MS = 250;

export function factsFromOutcome(
  state: OrderState,
  call: CallOutcome,
  context: OutcomeContext,
): OrderAnswer {
  const facts = new OrderFacts(state, context.now);
  switch (call.kind) {
    case "submit":
      // An answer to an earlier generation says nothing about this one.
      if (call.generation === state.generation) takeSubmit(facts, call.outcome, context);
      break;
    case "cancel":
      takeCancel(facts, call.outcome);
      break;
    case "replace":
      takeReplace(facts, call, context);
      break;
    case "lookup":
      takeLookup(facts, call.outcome, context);
      break;
  }
  return facts.answer();
}

function takeSubmit(facts: OrderFacts, outcome: SubmitOutcome, context: OutcomeContext): void {
  switch (outcome.result) {
    case "accepted":
      accept(facts, outcome.snapshot.brokerOrderId, outcome.snapshot.submittedAt);
      observe(facts, outcome.snapshot);
      return;
    case "rejected":
      takeRejected(facts, withCode(outcome.message, outcome.code));
      return;
    case "duplicate":
      takeDuplicate(facts, context);
      return;
    case "rate_limited":
      sendLater(facts, "rate_budget", outcome.retryAt);
      return;
    case "not_sent":
      sendLater(facts, "broker_down", null);
      return;
    case "unresolved":
      if (outcome.alarm) warn(facts, "submit", outcome.cause);
      if (!isWaitingForAnswer(facts.state)) return;
      becomeUnresolved(facts, "submit", outcome.cause);
      if (!context.traits.findsByReference) askAPerson(facts, outcome.cause);
  }
}

/** A refusal of something that facts show alive is no reason to forget it: ask. */
function takeRejected(facts: OrderFacts, message: string): void {
  if (facts.state.acceptedAt === null) {
    end(facts, "rejected", message);
    return;
  }
  facts.flag("late_event", `The broker refused an order that it has: ${message}`);
  facts.wish({ kind: "lookup", notBefore: facts.now });
}

/** A fact that overtook the answer has settled it already, and has moved the order on. */
function isWaitingForAnswer(state: OrderState): boolean {
  return state.status === "submitted";
}

/** The broker has this reference: ours from a send whose answer was lost, or somebody else's. */
function takeDuplicate(facts: OrderFacts, { traits }: OutcomeContext): void {
  if (!isWaitingForAnswer(facts.state)) return;
  const cause = "The broker says that it knows this reference already.";
  becomeUnresolved(facts, "submit", cause);
  if (!traits.findsByReference) askAPerson(facts, cause);
}

/** It surely did not arrive: pending again, under the same reference; over, where it was taken back meanwhile. */
function sendLater(
  facts: OrderFacts,
  reason: "rate_budget" | "broker_down",
  until: number | null,
): void {
  if (!isWaitingForAnswer(facts.state)) return;
  const orderId = facts.state.id;
  if (facts.state.pendingAction === "cancel") {
    const message = "It was taken back while it was being sent, and did not leave.";
    facts.record({ type: "OrderCancelled", orderId, by: "engine", message });
    return;
  }
  facts.record({ type: "OrderHeld", orderId, reason, until });
  facts.wish({ kind: "release", notBefore: until ?? facts.now });
}

function takeCancel(facts: OrderFacts, outcome: CancelOutcome): void {
  const { state } = facts;
  if (isTerminal(state.status)) return;
  switch (outcome.result) {
    case "requested":
      return;
    case "refused":
      // Most often because it is over already: the refusal says nothing about fills, so ask.
      refuseCancel(facts, outcome.message);
      facts.wish({ kind: "lookup", notBefore: facts.now });
      return;
    case "not_found":
      // Not found says nothing about fills either (passivbot#514): nothing is concluded from it.
      facts.alarm("order_not_found", `The broker does not know order ${state.id} to cancel.`);
      facts.wish({ kind: "lookup", notBefore: facts.now });
      return;
    case "rate_limited":
      facts.wish({ kind: "resend_cancel", notBefore: outcome.retryAt });
      return;
    case "not_sent":
      facts.wish({ kind: "resend_cancel", notBefore: facts.now });
      return;
    case "unresolved":
      if (outcome.alarm) warn(facts, "cancel", outcome.cause);
      if (state.pendingAction === "cancel") becomeUnresolved(facts, "cancel", outcome.cause);
  }
}

function takeReplace(
  facts: OrderFacts,
  call: { readonly generation: number; readonly outcome: ReplaceOutcome },
  { traits }: OutcomeContext,
): void {
  const { outcome } = call;
  if (facts.state.pendingReplace?.generation !== call.generation) return;
  switch (outcome.result) {
    case "requested":
      takeReplaceRequested(facts, outcome, traits);
      return;
    case "refused":
      refuseReplace(facts, outcome.message);
      facts.wish({ kind: "lookup", notBefore: facts.now });
      return;
    case "rate_limited":
    case "not_sent":
      // It is not sent again: the account refuses a change that could not leave.
      return;
    case "unresolved":
      if (outcome.alarm) warn(facts, "replace", outcome.cause);
      if (!isTerminal(facts.state.status)) becomeUnresolved(facts, "replace", outcome.cause);
  }
}

/**
 * Asked is not done: where facts about the new order carry our reference, they will say so. A broker
 * without references names the new order only here, so there the answer is the fact.
 */
function takeReplaceRequested(
  facts: OrderFacts,
  { snapshot }: Extract<ReplaceOutcome, { result: "requested" }>,
  traits: BrokerTraits,
): void {
  const isSameOrder = placeOf(facts.state, snapshot) === "current";
  if (traits.referenceUnique !== "never" && !isSameOrder) return;
  replace(facts, {
    newBrokerOrderId: isSameOrder ? null : snapshot.brokerOrderId,
    newReference: null,
  });
  observe(facts, snapshot);
}

function becomeUnresolved(facts: OrderFacts, action: Unresolved["action"], cause: string): void {
  const { id, unresolved } = facts.state;
  // A second lost answer does not start the clock again.
  const since = unresolved?.action === action ? unresolved.since : facts.now;
  const lookups = unresolved?.action === action ? unresolved.lookups : 0;
  facts.record({
    type: "OrderUnresolved",
    orderId: id,
    unresolved: { action, since, cause, lookups },
  });
  facts.wish({ kind: "lookup", notBefore: facts.now + FIRST_LOOKUP_DELAY_MS });
}

function warn(facts: OrderFacts, action: string, cause: string): void {
  facts.alarm("broker_outcome", `The ${action} of order ${facts.state.id} ended oddly: ${cause}`);
}

function askAPerson(facts: OrderFacts, cause: string): void {
  facts.alarm(
    "needs_a_person",
    `Order ${facts.state.id} may be at the broker, which cannot be asked by reference: ${cause}`,
  );
}
