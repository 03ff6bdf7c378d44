// Orders that the broker owes us a word about: an answer that never came, a cancel that leads nowhere,
// a working order that has been quiet for too long (a stream that is alive is not one that is complete).
import { FIRST_LOOKUP_DELAY_MS } from "../order/outcome.ts";
import { LOOKUP_INTERVAL_MS, REPLACE_LOOKUP_MS } from "../order/lookup.ts";
import { dueAfter } from "../elapsed.ts";
import type { OrderState } from "../order/state.ts";
import { callLookup } from "./calls.ts";
import { callCancel } from "./cancel.ts";
import type { Draft } from "./draft.ts";

/** A cancel that the broker neither does nor refuses within this time is asked for again. */
const CANCEL_AGAIN_MS = 5_000;
/** Asked for again more often than this, it is a person's matter as well. */
const CANCEL_ALARM_MS = 30_000;
/** Of the quiet time: a look that has its turn once in it is not late for a moment. */
const LATE_LOOK = 1.5;

export function tickUnsettled(draft: Draft): void {
  if (!draft.brokerUp) return;
  for (const id of draft.accountBook.unsettled) {
    const order = draft.order(id);
    if (order !== undefined && unsettledDueAt(draft, order) <= draft.now) askAgain(draft, order);
  }
  askAboutQuiet(draft);
}

/** When the next step for such an order is due; infinite where only a person can help. */
export function unsettledDueAt(
  { traits, now }: Pick<Draft, "traits" | "now">,
  order: OrderState,
): number {
  const { unresolved, updatedAt, brokerOrderId } = order;
  if (unresolved !== null) {
    if (brokerOrderId === null && !traits.findsByReference) return Number.POSITIVE_INFINITY;
    const isFirst = unresolved.lookups === 0 && updatedAt <= unresolved.since;
    return dueAfter(updatedAt, isFirst ? FIRST_LOOKUP_DELAY_MS : LOOKUP_INTERVAL_MS, now);
  }
  // Without the broker's name for it there is nothing to ask for yet: the send's answer comes first.
  if (brokerOrderId === null) return Number.POSITIVE_INFINITY;
  const waitMs = order.pendingAction === "cancel" ? CANCEL_AGAIN_MS : REPLACE_LOOKUP_MS;
  return dueAfter(updatedAt, waitMs, now);
}

function askAgain(draft: Draft, order: OrderState): void {
  if (order.unresolved === null && order.pendingAction === "cancel") {
    cancelAgain(draft, order);
    return;
  }
  callLookup(draft, order);
}

/** The event keeps the time of the asking: the next one is due that much later. */
function cancelAgain(draft: Draft, order: OrderState): void {
  const reason = "asked again: the broker has not answered";
  draft.record({ type: "CancelRequested", orderId: order.id, reason });
  callCancel(draft, order);
  const since = order.acceptedAt ?? order.placedAt;
  if (draft.now - since < CANCEL_ALARM_MS) return;
  const message = `The cancel of order ${order.id} is still not done.`;
  draft.alarm("cancel_pending", message, order.id);
}

/**
 * Orders of which nothing was heard for the broker's `quietOrderMs`: a send without an answer is looked
 * up by itself; for resting orders one reconciliation asks for all of them at once.
 */
function askAboutQuiet(draft: Draft): void {
  const { heard } = draft.accountBook;
  const { quietOrderMs } = draft.traits;
  for (const [id, at] of heard) {
    if (dueAfter(at, quietOrderMs, draft.now) > draft.now) return;
    const order = draft.order(id);
    if (order === undefined || order.status === "pending" || order.unresolved !== null) continue;
    const canAsk = order.brokerOrderId === null && draft.traits.findsByReference;
    if (canAsk) callLookup(draft, order);
    else if (lookDueAt(draft) <= draft.now) draft.reconcile();
  }
}

/** When a reconciliation is asked for that did not come by itself: looks may be a quiet time apart. */
export function lookDueAt({ accountBook: { equity }, traits, now }: Draft): number {
  return dueAfter(equity?.at ?? 0, LATE_LOOK * traits.quietOrderMs, now);
}
