// How much of an execution is new. The same fill comes by stream, activity and snapshot under different
// ids; what they share is the stretch (cumulative − quantity, cumulative] of one broker order. What an
// earlier execution covers is not booked again (invariant 8; LEAN#4014: a sum taken for an increment).
import { Decimal } from "../decimal.ts";
import type { BrokerOrderId } from "../ids.ts";
import { fewest } from "./fewest.ts";
import { isInSum } from "./in-sum.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";

/** Only where one source sums up what another told in part does a price have to be derived. */
const DERIVED_PRICE_SCALE = 12;

export type Increment =
  | { readonly kind: "new"; readonly execution: Execution }
  /** Told before, by this source or another. */
  | { readonly kind: "known" };

const KNOWN: Increment = { kind: "known" };

export function incrementOf(state: OrderState, execution: Execution): Increment {
  if (state.executions.some((known) => known.id === execution.id)) return KNOWN;
  const siblings = executionsOn(state, execution.brokerOrderId);
  // A bust takes quantity out of the broker's sum, and stretches then overlap without being the same
  // fill. From there on only the id and the exact same figures say that it is; also when the bust or the
  // correction was told before the fill that it is about.
  if (isRestated(state, siblings)) {
    const isTold = siblings.some((known) => isSameFill(known, execution, siblings));
    return isTold || isInSum(state, execution, siblings) ? KNOWN : asNew(execution);
  }
  if (execution.cumulativeQuantity === null) return asNew(execution);
  return uncovered(execution, execution.cumulativeQuantity, siblings);
}

/** Whether what was told of one broker order before covers all of an execution: by sums, or by its id. */
export function addsNothing(
  told: readonly Fill[],
  { quantity, cumulativeQuantity: to, id }: Fill,
): boolean {
  if (told.some((known) => known.id === id)) return true;
  if (to === null) return false;
  const from = to.minus(quantity);
  const covered = told.map((known) => Decimal.max(overlap(known, from, to), Decimal.ZERO));
  return Decimal.sum(covered).gte(quantity);
}

type Fill = Pick<Execution, "id" | "quantity" | "cumulativeQuantity">;

/**
 * Fills that a later one shows to have been taken back, although no bust was told: one source tells a fill
 * once, and the next one begins at the sum of what counts. Where it begins lower, the fewest without which
 * our sum is that beginning are gone; where none are, nothing is taken back. Left as they are, the later
 * fills would be taken for known, or booked at a price that nobody traded at.
 */
export function takenBackBy(state: OrderState, execution: Execution): readonly BookedExecution[] {
  const { cumulativeQuantity: to, quantity, source, executedAt } = execution;
  if (to === null || !TELLS_SINGLE_FILLS.has(source)) return [];
  const siblings = executionsOn(state, execution.brokerOrderId);
  if (isRestated(state, siblings) || siblings.some(({ id }) => id === execution.id)) return [];
  const from = to.minus(quantity);
  const within = siblings.filter((known) => overlap(known, from, to).isPositive());
  if (within.length === 0) return [];
  const isLater = siblings.every(
    (known) => known.source === source && known.executedAt < executedAt,
  );
  // Parts that add up to the whole are the whole, told in another way.
  if (!isLater || sumOf(within, (known) => known.quantity).eq(quantity)) return [];
  const missing = sumOf(siblings, (known) => known.quantity).minus(from);
  const makes = (...fills: readonly BookedExecution[]): boolean =>
    sumOf(fills, (fill) => fill.quantity).eq(missing);
  return fewest(siblings, makes) ?? (makes(...siblings) ? siblings : []);
}

function isRestated(state: OrderState, siblings: readonly BookedExecution[]): boolean {
  return state.voidedExecutions.length > 0 || siblings.some(({ busted }) => busted);
}

const TELLS_SINGLE_FILLS: ReadonlySet<Execution["source"]> = new Set(["stream", "activity"]);

/** What counts of one broker order of ours, by its executions. */
export function bookedOn(state: OrderState, brokerOrderId: BrokerOrderId | null): Decimal {
  return sumOf(countingOn(state, brokerOrderId), (known) => known.quantity);
}

/** Those of them that were not taken back. */
export function countingOn(
  state: OrderState,
  brokerOrderId: BrokerOrderId | null,
): readonly BookedExecution[] {
  return executionsOn(state, brokerOrderId).filter(({ busted }) => !busted);
}

export function executionsOn(
  state: OrderState,
  brokerOrderId: BrokerOrderId | null,
): readonly BookedExecution[] {
  const id = brokerOrderId ?? state.brokerOrderId;
  return state.executions.filter((known) => (known.brokerOrderId ?? state.brokerOrderId) === id);
}

function uncovered(
  execution: Execution,
  cumulative: Decimal,
  siblings: readonly BookedExecution[],
): Increment {
  const from = cumulative.minus(execution.quantity);
  const overlapping = siblings.filter((known) => overlap(known, from, cumulative).isPositive());
  const covered = sumOf(overlapping, (known) => overlap(known, from, cumulative));
  // Never more than the broker's own largest sum leaves room for, whatever the stretches say.
  const highest = siblings.reduce(
    (most, { cumulativeQuantity }) =>
      cumulativeQuantity !== null && cumulativeQuantity.gt(most) ? cumulativeQuantity : most,
    cumulative,
  );
  const room = highest.minus(sumOf(siblings, (known) => known.quantity));
  const quantity = Decimal.min(execution.quantity.minus(covered), room);
  if (!quantity.isPositive()) return KNOWN;
  if (quantity.eq(execution.quantity)) return asNew(execution);
  return asNew(remainder(execution, quantity, overlapping));
}

/** How much of (from, to] the execution covers. */
function overlap(
  known: Pick<Execution, "quantity" | "cumulativeQuantity">,
  from: Decimal,
  to: Decimal,
): Decimal {
  if (known.cumulativeQuantity === null) return Decimal.ZERO;
  const start = Decimal.max(known.cumulativeQuantity.minus(known.quantity), from);
  return Decimal.min(known.cumulativeQuantity, to).minus(start);
}

/** A sum of which parts were told before: what is left of its quantity, its money and its fees. */
function remainder(
  execution: Execution,
  quantity: Decimal,
  parts: readonly BookedExecution[],
): Execution {
  const price = sumOf(parts, (part) => part.quantity)
    .plus(quantity)
    .eq(execution.quantity)
    ? execution.quantity
        .times(execution.price)
        .minus(sumOf(parts, (part) => part.quantity.times(part.price)))
        .dividedBy(quantity, DERIVED_PRICE_SCALE, "half_even")
    : execution.price;
  return {
    ...execution,
    quantity,
    price: price.isPositive() ? price : execution.price,
    fee: atLeastZero(execution.fee.minus(sumOf(parts, (part) => part.fee))),
    feeInAsset: atLeastZero(execution.feeInAsset.minus(sumOf(parts, (part) => part.feeInAsset))),
  };
}

function isSameFill(
  known: BookedExecution,
  execution: Execution,
  siblings: readonly BookedExecution[],
): boolean {
  const { cumulativeQuantity } = execution;
  const isAlike =
    known.quantity.eq(execution.quantity) &&
    known.price.eq(execution.price) &&
    known.executedAt === execution.executedAt;
  if (!isAlike || cumulativeQuantity === null) return false;
  // A correction is no step of the broker's sum: what sum is told with it says nothing.
  const isCorrection = siblings.some(({ correctedBy }) => correctedBy === known.id);
  return isCorrection || known.cumulativeQuantity?.eq(cumulativeQuantity) === true;
}

function sumOf(
  executions: readonly BookedExecution[],
  value: (execution: BookedExecution) => Decimal,
): Decimal {
  return Decimal.sum(executions.map(value));
}

const atLeastZero = (value: Decimal): Decimal => Decimal.max(value, Decimal.ZERO);
const asNew = (execution: Execution): Increment => ({ kind: "new", execution });
