// Orders that the book does not know by name: whether they may still turn out to be ours.
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { BrokerReference, InstrumentId } from "../ids.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";
import { takeReport } from "./facts.ts";

interface Stranger {
  readonly reference: BrokerReference | null;
  readonly instrumentId: InstrumentId | null;
}

/**
 * While a send is unanswered, a stranger may be what it made: its order where the wire carries no
 * reference, or a leg that travels with it. The answer will name it.
 */
export function mayBeOurs(draft: Draft, { reference, instrumentId }: Stranger): boolean {
  const { accountBook, traits } = draft;
  const candidates =
    instrumentId === null ? accountBook.open : accountBook.openByInstrument.get(instrumentId);
  for (const id of candidates ?? []) {
    const order = draft.order(id);
    if (order === undefined || order.status !== "submitted" || order.brokerOrderId !== null) {
      continue;
    }
    if (order.terms.exits !== null) return true;
    if (reference === null || !traits.findsByReference) return true;
  }
  return false;
}

/** Somebody replaced an order of ours at the broker: the new one says which it was. */
export function successorOf(
  draft: Draft,
  snapshot: BrokerOrderSnapshot | null,
): OrderState | undefined {
  if (snapshot === null || snapshot.replaces === null) return undefined;
  const { replaces, brokerOrderId, reference } = snapshot;
  const order = draft.orderByBrokerId(replaces);
  if (order === undefined) return undefined;
  takeReport(draft, order, {
    kind: "replaced",
    accountId: draft.account.id,
    brokerOrderId: replaces,
    reference: null,
    at: snapshot.updatedAt,
    snapshot: null,
    newBrokerOrderId: brokerOrderId,
    newReference: reference,
  });
  return draft.order(order.id);
}
