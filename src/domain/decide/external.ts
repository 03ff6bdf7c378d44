// Orders of the account that are not ours: kept in an inbox and counted as exposure until a person
// adopts or ignores them, or they are gone.
import type { BrokerOrderSnapshot, BrokerOrderStatus } from "../broker.ts";
import { TERMINAL_STATUSES } from "../order/spec.ts";
import type { Draft } from "./draft.ts";
import { freezeIfUnreadable } from "./facts.ts";
import { askWhoseLeg } from "./legs.ts";

const OVER: ReadonlySet<BrokerOrderStatus> = new Set([...TERMINAL_STATUSES, "replaced"]);

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
  askWhoseLeg(draft, snapshot);
  if (known !== undefined && !hasChanged(known, snapshot)) return;
  draft.record({ type: "ExternalOrderSeen", snapshot });
  if (known === undefined) warnIfOurs(draft, snapshot);
  freezeIfUnreadable(draft, snapshot);
}

/**
 * An order under a reference of ours that the record does not know: the record is older than the broker
 * (restored from a backup), or another deployment trades the account. Nothing new is opened there.
 */
export function warnIfOurs(
  draft: Draft,
  { reference, brokerOrderId, instrumentId }: BrokerOrderSnapshot,
): void {
  if (reference === null || draft.traits.recognises?.(reference) !== true) return;
  if (draft.orderByReference(reference) !== undefined) return;
  const reason = `the broker's order ${brokerOrderId} bears the reference ${reference}, which this record never gave`;
  draft.alarm("broker_ahead", `Account ${draft.account.id}: ${reason}.`);
  if (instrumentId === null || draft.accountBook.frozen.has(instrumentId)) return;
  draft.record({ type: "SymbolFrozen", instrumentId, reason });
}

function hasChanged(before: BrokerOrderSnapshot, after: BrokerOrderSnapshot): boolean {
  return before.status !== after.status || !before.filledQuantity.eq(after.filledQuantity);
}
