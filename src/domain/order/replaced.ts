// One order of ours may be several at the broker, one after the other: which of them a fact names, and
// how one takes the place of another.
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { BrokerOrderId, BrokerReference } from "../ids.ts";
import type { OrderFacts } from "./answer.ts";
import { executionsOn } from "./increment.ts";
import { flagOverfill } from "./overfill.ts";
import type { TermsChange } from "./spec.ts";
import type { OrderState } from "./state.ts";
import { isTerminal } from "./status.ts";

/**
 * The order at the broker now, an `old` one it replaced, the `next` one that a replace of ours asked
 * for, or a `foreign` one that nobody told us of.
 */
export type Place = "current" | "old" | "next" | "foreign";

export interface Named {
  readonly brokerOrderId: BrokerOrderId | null;
  readonly reference: BrokerReference | null;
}

export function placeOf(state: OrderState, named: Named): Place {
  const { brokerOrderId, reference } = named;
  if (brokerOrderId !== null) {
    if (brokerOrderId === state.brokerOrderId) return "current";
    if (state.brokerOrderChain.includes(brokerOrderId)) return "old";
  }
  if (reference !== null && reference === state.pendingReplace?.reference) return "next";
  return brokerOrderId === null || state.brokerOrderId === null ? "current" : "foreign";
}

interface Replacement {
  readonly newBrokerOrderId: BrokerOrderId | null;
  readonly newReference: BrokerReference | null;
}

/** The broker's order became another one: by a replace of ours, or by somebody at the broker's desk. */
export function replace(
  facts: OrderFacts,
  { newBrokerOrderId, newReference }: Replacement,
  snapshot: BrokerOrderSnapshot | null = null,
): void {
  const { state } = facts;
  const { pendingReplace } = state;
  const isKnown =
    newBrokerOrderId !== null &&
    (newBrokerOrderId === state.brokerOrderId || state.brokerOrderChain.includes(newBrokerOrderId));
  if (isKnown || (pendingReplace === null && newBrokerOrderId === null)) return;
  const isOurs =
    pendingReplace !== null && (newReference === null || newReference === pendingReplace.reference);
  facts.record({
    type: "OrderReplaced",
    orderId: state.id,
    generation: isOurs ? pendingReplace.generation : state.generation + 1,
    // The name that somebody else gave it is not one of ours: its broker id leads to it.
    reference: isOurs ? pendingReplace.reference : null,
    brokerOrderId: newBrokerOrderId,
    change: isOurs ? pendingReplace.change : changeShown(snapshot, newBrokerOrderId),
  });
  // What somebody else asked for is read from the new order itself; it may show only what was left to fill.
  if (isOurs) flagOverfill(facts);
  else facts.wish({ kind: "lookup", notBefore: facts.now });
}

function changeShown(snapshot: BrokerOrderSnapshot | null, of: BrokerOrderId | null): TermsChange {
  if (snapshot === null || snapshot.brokerOrderId !== of) return {};
  const { quantity, limitPrice, stopPrice } = snapshot;
  return {
    ...(quantity !== null && { quantity }),
    ...(limitPrice !== null && { limitPrice }),
    ...(stopPrice !== null && { stopPrice }),
  };
}

export function refuseReplace(facts: OrderFacts, message: string): void {
  if (facts.state.pendingReplace === null) return;
  facts.record({ type: "ReplaceRefused", orderId: facts.state.id, message });
}

/**
 * A replacement that the broker rejects before anything filled on it never took the old order's place: that one
 * stands, and has the terms that it shows. Where it is gone as well, it says so (observe.ts).
 */
export function standsAgain(facts: OrderFacts): boolean {
  const { id: orderId, status, generation, brokerOrderId, brokerOrderChain } = facts.state;
  const old = brokerOrderChain.at(-1);
  if (old === undefined || isTerminal(status)) return false;
  if (executionsOn(facts.state, brokerOrderId).length > 0) return false;
  const names = { generation, reference: null, brokerOrderId: old };
  facts.record({ type: "OrderReplaced", orderId, ...names, change: {} });
  facts.wish({ kind: "lookup", notBefore: facts.now });
  return true;
}
