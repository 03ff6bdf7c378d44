// What a view shows of an order against what was booked on it: a bust or a correction that was not told.
import type { BrokerOrderSnapshot, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import { isAhead } from "../elapsed.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import { eachSnapshot, filledBehind, FRESH_MS } from "../order/reconcile.ts";
import { executionsIn } from "../order/shown.ts";
import { restatedUntold } from "../order/untold.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";

const SHOWN_SCALE = 8;

export function takeUntold(
  draft: Draft,
  id: OrderId,
  { snapshot, view }: { readonly snapshot: BrokerOrderSnapshot; readonly view: BrokerView },
): void {
  const order = draft.order(id);
  if (order === undefined || draft.traits.showsWhatCounts !== true) return;
  // Shown before a fill that we know of, it would look the same.
  if (filledBehind(draft.accountBook, order.instrumentId, view.logSeq)) return;
  if (isFresh(draft, order, view)) return;
  const events = restatedUntold(order, snapshot);
  if (events.length === 0) return;
  draft.record({
    type: "DifferenceFound",
    kind: "execution",
    subject: order.id,
    ours: bookedOf(order, snapshot),
    theirs: shown(snapshot.filledQuantity, snapshot.averagePrice),
    action: "restated: a bust or a correction had not been told",
  });
  draft.recordAll(events);
}

/** Instruments of which an order shows something that was not told, and is too young to be judged by it. */
export function untoldLater(draft: Draft, view: BrokerView): ReadonlySet<InstrumentId> {
  const later = new Set<InstrumentId>();
  if (draft.traits.showsWhatCounts !== true) return later;
  for (const snapshot of eachSnapshot(view)) {
    const order = draft.orderByBrokerId(snapshot.brokerOrderId);
    if (order === undefined || !isFresh(draft, order, view)) continue;
    if (restatedUntold(order, snapshot).length > 0) later.add(order.instrumentId);
  }
  return later;
}

/** What is on its way by the stream may be all that differs. How old a clock ahead has made it nobody knows. */
const isFresh = (draft: Draft, { updatedAt }: OrderState, view: BrokerView): boolean =>
  updatedAt > view.at - FRESH_MS && !isAhead(updatedAt, draft.now);

function bookedOf(order: OrderState, snapshot: BrokerOrderSnapshot): string {
  const counting = executionsIn(order, snapshot) ?? [];
  const quantity = Decimal.sum(counting.map((each) => each.quantity));
  const value = Decimal.sum(counting.map((each) => each.quantity.times(each.price)));
  return shown(
    quantity,
    quantity.isZero() ? null : value.dividedBy(quantity, SHOWN_SCALE, "half_even"),
  );
}

const shown = (quantity: Decimal, average: Decimal | null): string =>
  average === null ? quantity.toString() : `${quantity.toString()} at ${average.toString()}`;
