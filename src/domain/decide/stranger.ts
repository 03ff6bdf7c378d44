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
 * While a send or a replace is unanswered, a stranger may be what it made: its order where the wire
 * carries no reference, or a leg that travels with it. The answer will name it.
 */
export function mayBeOurs(draft: Draft, { reference, instrumentId }: Stranger): boolean {
  const isNamed = reference !== null && draft.traits.findsByReference;
  for (const order of unanswered(draft, instrumentId)) {
    if (!isNamed || order.terms.exits !== null) return true;
  }
  return false;
}

/** A replace that was asked for may be done after all, also when its order has ended meanwhile. */
function* unanswered(draft: Draft, instrumentId: InstrumentId | null): Generator<OrderState> {
  const { open, closed, openByInstrument } = draft.accountBook;
  const working = instrumentId === null ? open : (openByInstrument.get(instrumentId) ?? []);
  for (const ids of [working, closed.keys()]) {
    for (const order of draft.ordersOf(ids)) {
      if (instrumentId !== null && order.instrumentId !== instrumentId) continue;
      const isUnanswered = order.status === "submitted" && order.brokerOrderId === null;
      if (isUnanswered || order.pendingReplace !== null) yield order;
    }
  }
}

/** Somebody replaced an order of ours at the broker: the new one says which it was. */
export function successorOf(draft: Draft, snapshot: BrokerOrderSnapshot): OrderState | undefined {
  // One that was rejected took nobody's place.
  if (snapshot.replaces === null || snapshot.status === "rejected") return undefined;
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
