// The calls that a decision asks the shell for, built from an order's state. Sending one twice is safe:
// a lookup only asks, and a replace carries the reference that its first sending had.
import { changedTerms } from "../order/evolve.ts";
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
    change,
    terms: changedTerms(order.terms, change),
  });
}
