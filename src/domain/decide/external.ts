// Orders of the account that are not ours: kept in an inbox and counted as exposure until a person
// adopts or ignores them, or they are gone.
import type { BrokerOrderSnapshot, BrokerOrderStatus } from "../broker.ts";
import type { Draft } from "./draft.ts";
import { freezeIfUnreadable } from "./facts.ts";

const OVER: ReadonlySet<BrokerOrderStatus> = new Set([
  "filled",
  "cancelled",
  "rejected",
  "expired",
  "replaced",
]);

export function isOver(snapshot: BrokerOrderSnapshot): boolean {
  return OVER.has(snapshot.status);
}

/** Records what is new about it: a repeat adds nothing. */
export function seeExternal(draft: Draft, snapshot: BrokerOrderSnapshot): void {
  const { brokerOrderId } = snapshot;
  const known = draft.accountBook.external.get(brokerOrderId)?.snapshot;
  if (isOver(snapshot)) {
    if (known !== undefined) draft.record({ type: "ExternalOrderClosed", brokerOrderId });
    return;
  }
  if (known !== undefined && !hasChanged(known, snapshot)) return;
  draft.record({ type: "ExternalOrderSeen", snapshot });
  freezeIfUnreadable(draft, snapshot);
}

function hasChanged(before: BrokerOrderSnapshot, after: BrokerOrderSnapshot): boolean {
  return before.status !== after.status || !before.filledQuantity.eq(after.filledQuantity);
}
