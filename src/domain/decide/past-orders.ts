// Orders of others that began and ended while nobody listened: no stream told them and no list of open
// orders has them. Each is noted once, as gone; what it filled is counted by its executions.
import type { BrokerOrderSnapshot, BrokerView } from "../broker.ts";
import { withLegs } from "../order/reconcile.ts";
import type { Draft } from "./draft.ts";
import { isOver, warnIfOurs } from "./external.ts";
import { mayBeOurs } from "./stranger.ts";

/** Behind everything else that a view tells of orders: by then it is known which of them are ours. */
export function notePastOrders(draft: Draft, view: BrokerView): void {
  for (const snapshot of withLegs(view.pastOrders)) {
    if (isOver(snapshot) && isUnheardOf(draft, snapshot)) note(draft, snapshot);
  }
}

function isUnheardOf(draft: Draft, snapshot: BrokerOrderSnapshot): boolean {
  const { brokerOrderId, reference, updatedAt } = snapshot;
  const { external, goneExternal, firstContactAt } = draft.accountBook;
  if (external.has(brokerOrderId) || goneExternal.has(brokerOrderId)) return false;
  // What ended before the first contact is in the opening balances.
  if (firstContactAt === null || updatedAt <= firstContactAt) return false;
  if (draft.orderByBrokerId(brokerOrderId) !== undefined) return false;
  if (reference !== null && draft.orderByReference(reference) !== undefined) return false;
  return !mayBeOurs(draft, snapshot);
}

function note(draft: Draft, snapshot: BrokerOrderSnapshot): void {
  const { brokerOrderId } = snapshot;
  draft.record({ type: "ExternalOrderSeen", snapshot });
  draft.record({ type: "ExternalOrderClosed", brokerOrderId });
  draft.record({
    type: "DifferenceFound",
    kind: "order",
    subject: brokerOrderId,
    ours: null,
    theirs: shown(snapshot),
    action: "noted: not ours, and over already; what it filled counts in the position",
  });
  warnIfOurs(draft, snapshot);
}

function shown(snapshot: BrokerOrderSnapshot): string {
  const { side, quantity, notional, symbol, status, filledQuantity, averagePrice } = snapshot;
  const size = quantity?.toString() ?? `${notional?.toString() ?? "some"} worth of`;
  const average = averagePrice === null ? "" : ` at ${averagePrice.toString()}`;
  return `${side ?? "trade"} ${size} ${symbol}: ${status}, ${filledQuantity.toString()} filled${average}`;
}
