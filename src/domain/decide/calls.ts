// The calls that a decision asks the shell for, built from an order's state. Sending one twice is safe:
// a lookup only asks, and a replace carries the reference that its first sending had.
import { changedTerms } from "../order/evolve.ts";
import { quantityAtBroker } from "../order/shown.ts";
import type { TermsChange } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";

export function callLookup(draft: Draft, order: OrderState): void {
  const { id: orderId, instrumentId, brokerOrderId, reference, pendingReplace } = order;
  const isReplace = order.unresolved?.action === "replace" && pendingReplace !== null;
  draft.call({
    kind: "lookup",
    orderId,
    instrumentId,
    reference: isReplace ? pendingReplace.reference : reference,
    brokerOrderId,
  });
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
