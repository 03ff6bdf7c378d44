// An order as the broker's REST answer shows it, without saying what changed. It may be older than what
// we know, so it adds only what cannot be stale, and it never invents a fill: where it shows more filled
// than was told, the executions are asked for (nautilus#3493: an inferred fill, and then the real one).
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { Decimal } from "../decimal.ts";
import type { OrderFacts } from "./answer.ts";
import { accept, end, wasRejected } from "./ending.ts";
import { bookedOn, isMissingFills } from "./increment.ts";
import { placeOf, replace } from "./replaced.ts";
import { isTheSameOrder } from "./same-order.ts";
import { isTerminal } from "./status.ts";

export function observe(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  const place = placeOf(facts.state, snapshot);
  if (place === "next" || place === "foreign") return;
  const { brokerOrderId, unresolved } = facts.state;
  const isUnproven = brokerOrderId === null && unresolved?.action === "submit";
  if (isUnproven && !isTheSameOrder(facts, snapshot)) return;
  if (isMissingFills(facts.state, snapshot.brokerOrderId, snapshot.filledQuantity)) {
    facts.missExecutions();
    // The end waits for the fills before it: the quantity of an order is free only when both are known.
    if (place === "current") learn(facts, snapshot);
    return;
  }
  if (place === "old" || isStale(facts, snapshot)) return;
  learn(facts, snapshot);
  takeStatus(facts, snapshot);
}

/** Shown before a fill that we know of, or after a bust that we do not: both will be told. */
function isStale({ state }: OrderFacts, snapshot: BrokerOrderSnapshot): boolean {
  return snapshot.filledQuantity.lt(bookedOn(state, snapshot.brokerOrderId));
}

/** That the broker has it, under which name, and what somebody else's replace made of it. */
function learn(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  const { status, brokerOrderId, quantity } = snapshot;
  if (status !== "unknown" && !wasRejected(facts.state)) {
    accept(facts, brokerOrderId, snapshot.submittedAt);
  }
  const { state } = facts;
  const isReplacement = state.brokerOrderChain.length > 0;
  if (!isReplacement || quantity === null || isTerminal(state.status)) return;
  // Under our own reference it has the terms that we asked for.
  if (snapshot.reference !== null && snapshot.reference === state.reference) return;
  if (agrees(snapshot, quantity, facts)) return;
  facts.record({
    type: "OrderReplaced",
    orderId: state.id,
    generation: state.generation,
    reference: null,
    brokerOrderId,
    change: { quantity },
  });
}

/** Some brokers show a replacement with the whole quantity, others with what the old one left of it. */
function agrees(snapshot: BrokerOrderSnapshot, shown: Decimal, { state }: OrderFacts): boolean {
  const whole = state.terms.quantity;
  if (whole === null || whole.eq(shown)) return true;
  const before = state.filledQuantity.minus(bookedOn(state, state.brokerOrderId));
  const isRest = snapshot.status !== "filled" || snapshot.filledQuantity.eq(shown);
  return isRest && whole.eq(shown.plus(before));
}

function takeStatus(facts: OrderFacts, snapshot: BrokerOrderSnapshot): void {
  switch (snapshot.status) {
    case "filled":
      if (isTerminal(facts.state.status)) return;
      facts.record({ type: "OrderCompleted", orderId: facts.state.id });
      return;
    case "cancelled":
    case "expired":
    case "rejected":
      end(facts, snapshot.status, snapshot.message);
      return;
    case "replaced":
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
