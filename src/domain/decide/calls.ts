// The calls that a decision asks the shell for, built from an order's state. Sending one twice is safe:
// a lookup only asks, and a replace carries the reference that its first sending had.
import { changedTerms } from "../order/evolve.ts";
import { quantityAtBroker } from "../order/shown.ts";
import type { TermsChange } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";

/**
 * By the broker's own name for it where there is one. A change whose answer was lost is a new order at the
 * broker or none at all: only its reference tells which, the old order would be found for ever.
 */
export function callLookup(draft: Draft, order: OrderState): void {
  const { id: orderId, instrumentId, brokerOrderId, reference } = order;
  if (order.unresolved?.action === "replace" && callLookupOfChange(draft, order)) return;
  draft.call({ kind: "lookup", orderId, instrumentId, reference, brokerOrderId });
}

/** Asks for the new order of a change that is not answered; false where nobody can. */
export function callLookupOfChange(draft: Draft, order: OrderState): boolean {
  const { id: orderId, instrumentId, pendingReplace } = order;
  if (pendingReplace === null || !draft.traits.findsByReference) return false;
  const { reference } = pendingReplace;
  draft.call({ kind: "lookup", orderId, instrumentId, reference, brokerOrderId: null });
  return true;
}

export function callReplace(draft: Draft, order: OrderState): void {
  const { pendingReplace, brokerOrderId } = order;
  if (pendingReplace === null || brokerOrderId === null) return;
  const { generation, reference, change } = pendingReplace;
  draft.useToken();
  draft.markIntent();
  draft.call({
    kind: "replace",
    orderId: order.id,
    instrumentId: order.instrumentId,
    brokerOrderId,
    generation,
    reference,
    change: changeAtBroker(order, change),
    terms: changedTerms(order.terms, change),
  });
}

/** Our quantity is the whole, over all the orders that the broker made of ours; its own is of the last one. */
function changeAtBroker(order: OrderState, change: TermsChange): TermsChange {
  if (change.quantity === undefined) return change;
  return { ...change, quantity: quantityAtBroker(order, change.quantity) ?? change.quantity };
}
