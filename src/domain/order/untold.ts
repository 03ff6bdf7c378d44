// A bust or a correction whose frame was lost. It is told once and no list has it; what is left of it is
// that the broker's order shows less than we have booked, or another average. The fewest executions whose
// loss leaves just that are the ones taken back; where none are, the newest one large enough is corrected,
// so that the order's sums are the broker's. Which fill it truly was is not told any more.
import type { BrokerOrderSnapshot } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import { asId, type ExecutionId } from "../ids.ts";
import { fewest } from "./fewest.ts";
import { agrees } from "./restated.ts";
import { executionsIn } from "./shown.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";
import type { OrderEvent } from "./status.ts";

/** Finer than any market's prices, and coarser than what an average is rounded to. */
const PRICE_SCALE = 8;
/** A price that far from what was booked is no correction, but something that we do not understand. */
const MAX_CHANGE = Decimal.of("0.5");

export function restatedUntold(
  state: OrderState,
  snapshot: BrokerOrderSnapshot,
): readonly OrderEvent[] {
  const orderId = state.id;
  const counting = executionsIn(state, snapshot);
  if (counting === null) return [];
  const booked = Decimal.sum(counting.map(({ quantity }) => quantity));
  if (snapshot.filledQuantity.gt(booked) || agrees(counting, snapshot)) return [];
  const gone = fewestWithout(counting, snapshot);
  if (gone !== null) {
    return gone.map(({ id: executionId }) => ({ type: "ExecutionBusted", orderId, executionId }));
  }
  const corrected = correctionOf(counting, snapshot);
  return corrected === null ? [] : [{ type: "ExecutionCorrected", orderId, ...corrected }];
}

function fewestWithout(
  counting: readonly BookedExecution[],
  snapshot: BrokerOrderSnapshot,
): readonly BookedExecution[] | null {
  if (snapshot.filledQuantity.isZero()) return counting;
  const fits = (...gone: readonly BookedExecution[]) =>
    agrees(
      counting.filter((each) => !gone.includes(each)),
      snapshot,
    );
  // Of equal ones the newest: a bust comes soon, and further fills are counted from there on.
  const gone = fewest(counting.toReversed(), fits);
  return gone === null ? null : counting.filter((each) => gone.includes(each));
}

function correctionOf(
  counting: readonly BookedExecution[],
  snapshot: BrokerOrderSnapshot,
): { readonly executionId: ExecutionId; readonly by: Execution } | null {
  const { filledQuantity, averagePrice } = snapshot;
  const booked = Decimal.sum(counting.map(({ quantity }) => quantity));
  const less = booked.minus(filledQuantity);
  const meant = counting.findLast(({ quantity }) => quantity.gt(less));
  if (meant === undefined || averagePrice === null) return null;
  const others = counting.filter((each) => each !== meant);
  const quantity = meant.quantity.minus(less);
  const exact = filledQuantity
    .times(averagePrice)
    .minus(Decimal.sum(others.map((each) => each.quantity.times(each.price))))
    .dividedBy(quantity, PRICE_SCALE, "half_even");
  const price = simplest(exact, (candidate) =>
    agrees([...others, { ...meant, quantity, price: candidate }], snapshot),
  );
  if (price.minus(meant.price).abs().gt(meant.price.times(MAX_CHANGE))) return null;
  const id = asId<ExecutionId>(`${meant.id}:restated`);
  const { busted: _busted, correctedBy: _by, ...rest } = meant;
  const by = {
    ...rest,
    id,
    quantity,
    price,
    source: "snapshot",
    cumulativeQuantity: null,
  } as const;
  return { executionId: meant.id, by };
}

/** An average is rounded, and a price is a whole number of ticks: of those that fit, the roundest. */
function simplest(exact: Decimal, fits: (price: Decimal) => boolean): Decimal {
  for (let scale = 0; scale < PRICE_SCALE; scale += 1) {
    const rounded = exact.round(scale, "half_even");
    if (rounded.isPositive() && fits(rounded)) return rounded;
  }
  return exact;
}
