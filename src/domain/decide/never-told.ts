// An order that the broker ended long ago with other fills than were ever told. Its end waits for them, since
// what it holds is free only when both are known. But what is in no list after so long does not come, and
// whatever waits for the order would wait for ever. The fills count if they are told after all.
import type { BrokerOrderSnapshot, BrokerView } from "../broker.ts";
import type { OrderId } from "../ids.ts";
import { endAsShown } from "../order/observe.ts";
import { placeOf } from "../order/replaced.ts";
import { isTerminal } from "../order/status.ts";
import type { Draft } from "./draft.ts";
import { isOver } from "./external.ts";

/** Longer than any list of fills is behind. */
const LONG_OVER_MS = 15 * 60_000;

export function endAtLast(
  draft: Draft,
  id: OrderId,
  { snapshot, view }: { readonly snapshot: BrokerOrderSnapshot; readonly view: BrokerView },
): void {
  const order = draft.order(id);
  if (order === undefined || isTerminal(order.status) || !isOver(snapshot)) return;
  if (placeOf(order, snapshot) !== "current") return;
  // Both by the broker's clock, where it tells: ours may be hours ahead.
  if (snapshot.updatedAt > (view.brokerAt ?? view.at) - LONG_OVER_MS) return;
  const events = endAsShown(order, snapshot, draft.now);
  if (events.length === 0) return;
  const [theirs, ours] = [snapshot.filledQuantity.toString(), order.filledQuantity.toString()];
  draft.record({
    type: "DifferenceFound",
    kind: "order",
    subject: id,
    ours: `${order.status}, ${ours} filled`,
    theirs: `${snapshot.status}, ${theirs} filled`,
    action: "ended: what was not told of its fills is in no list",
  });
  draft.recordAll(events);
  const message = `Order ${id} ended at the broker with ${theirs} filled, of which its executions tell ${ours}.`;
  draft.alarm("needs_a_person", message, id);
}
