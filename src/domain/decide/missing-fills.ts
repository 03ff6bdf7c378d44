// Fills that an order shows in a look and no list has told yet: until they are, what they move is on the
// broker's side alone.
import type { BrokerView } from "../broker.ts";
import type { InstrumentId } from "../ids.ts";
import { isMissingFills } from "../order/shown.ts";
import { eachSnapshot } from "../order/reconcile.ts";
import type { Draft } from "./draft.ts";

export function missingFills(draft: Draft, view: BrokerView): ReadonlySet<InstrumentId> {
  const missing = new Set<InstrumentId>();
  for (const snapshot of eachSnapshot(view)) {
    const order = draft.orderByBrokerId(snapshot.brokerOrderId);
    if (order === undefined || !isMissingFills(order, snapshot)) continue;
    missing.add(order.instrumentId);
  }
  return missing;
}
