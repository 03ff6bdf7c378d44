// What a view shows of an order against what was booked on it: a bust or a correction that was not told. One
// list of the broker may be behind the others, so that shares are taken back, or given back, only where the
// positions of the same look say so too.
import type { BrokerOrderSnapshot, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import { isAhead } from "../elapsed.ts";
import { asId, type ExecutionId, type InstrumentId, type OrderId } from "../ids.ts";
import { eachSnapshot, filledBehind, FRESH_MS } from "../order/reconcile.ts";
import { agrees } from "../order/restated.ts";
import { bookedIn, executionsIn } from "../order/shown.ts";
import { restatedUntold } from "../order/untold.ts";
import type { BookedExecution, OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";
import type { Draft } from "./draft.ts";
import { takeEvents } from "./facts.ts";
import { withOthers } from "./others.ts";

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
  const restated = restatedUntold(order, snapshot);
  const less = bookedIn(order, snapshot).minus(snapshot.filledQuantity);
  if (less.isPositive() && !isGone(draft, order, { less, view })) return;
  const events = restated.length > 0 ? restated : countedAgain(draft, order, { snapshot, view });
  if (events.length === 0) return;
  draft.record({
    type: "DifferenceFound",
    kind: "execution",
    subject: order.id,
    ours: bookedOf(order, snapshot),
    theirs: shown(snapshot.filledQuantity, snapshot.averagePrice),
    action:
      restated.length > 0
        ? "restated: a bust or a correction had not been told"
        : "restated: what was taken back counts after all",
  });
  takeEvents(draft, order, events);
}

/**
 * Fills that were taken back because an older look showed less, and that all of this one shows again: the
 * order's sums, the list of fills and the position.
 */
function countedAgain(
  draft: Draft,
  order: OrderState,
  { snapshot, view }: { readonly snapshot: BrokerOrderSnapshot; readonly view: BrokerView },
): readonly OrderEvent[] {
  const listed = new Set(view.executions.map(stretchOf));
  const isListed = (each: BookedExecution) =>
    each.busted && each.correctedBy === null && listed.has(stretchOf(each));
  // One for each stretch: it may have come back, and been taken away, before.
  const latest = new Map(
    order.executions.filter(isListed).map((each) => [stretchOf(each), each] as const),
  );
  const counts = new Set(order.executions.filter(({ busted }) => !busted).map(stretchOf));
  const back = [...latest.values()].filter((each) => !counts.has(stretchOf(each)));
  const counting = executionsIn(order, snapshot);
  if (back.length === 0 || counting === null || !agrees([...counting, ...back], snapshot))
    return [];
  const quantity = Decimal.sum(back.map((each) => each.quantity.minus(each.feeInAsset)));
  const moved = order.terms.side === "buy" ? quantity : quantity.negated();
  if (!differenceIn(draft, order.instrumentId, view).eq(moved)) return [];
  return back.map(({ busted: _busted, correctedBy: _by, ...fill }) => ({
    type: "OrderExecuted",
    orderId: order.id,
    execution: { ...fill, id: asId<ExecutionId>(`${fill.id}:again`), source: "snapshot" },
  }));
}

/** The position lacks at least as much. Another difference is explained by something else, and says nothing here. */
function isGone(
  draft: Draft,
  { instrumentId, terms, executions }: OrderState,
  { less, view }: { readonly less: Decimal; readonly view: BrokerView },
): boolean {
  const difference = differenceIn(draft, instrumentId, view);
  const fees = Decimal.sum(executions.map(({ feeInAsset }) => feeInAsset));
  const lacking = terms.side === "buy" ? difference.negated() : difference;
  return lacking.isPositive() && lacking.plus(fees).gte(less);
}

/** What one fill of one broker order is told by, whatever its name. */
const stretchOf = ({
  brokerOrderId,
  quantity,
  price,
  executedAt,
}: Pick<BookedExecution, "brokerOrderId" | "quantity" | "price" | "executedAt">): string =>
  [brokerOrderId, quantity.toString(), price.toString(), executedAt].join(" ");

/** By how much the broker holds more than we count. */
function differenceIn(draft: Draft, instrumentId: InstrumentId, view: BrokerView): Decimal {
  const shown = view.positions.find((position) => position.instrumentId === instrumentId);
  return (shown?.quantity ?? Decimal.ZERO).minus(withOthers(draft, instrumentId));
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
