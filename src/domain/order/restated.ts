// Executions that the broker takes back or corrects. It may name one by a name that we never heard: the
// fill was booked from another source. Then what the order shows afterwards tells which one is meant.
import type { BrokerOrderSnapshot, BrokerReport } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { OrderFacts } from "./answer.ts";
import { flagOverfill } from "./overfill.ts";
import { countingOn } from "./increment.ts";
import { waysOfCounting } from "./shown.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";

/** Averages are compared to as many places as the broker shows, within these: it rounds as it likes. */
const AVERAGE_SCALES = { least: 4, most: 8 };

export function bust(facts: OrderFacts, report: Extract<BrokerReport, { kind: "busted" }>): void {
  const { state } = facts;
  const { executionId } = report;
  const known = state.executions.find(({ id }) => id === executionId);
  if (known?.busted === true || state.voidedExecutions.includes(executionId)) return;
  const meant = known ?? meantBy(state, report.snapshot, null);
  facts.record({ type: "ExecutionBusted", orderId: state.id, executionId });
  if (known !== undefined) return;
  if (meant === undefined) warnOfUnknown(facts, "busted", executionId);
  else facts.record({ type: "ExecutionBusted", orderId: state.id, executionId: meant.id });
}

export function correct(
  facts: OrderFacts,
  report: Extract<BrokerReport, { kind: "corrected" }>,
): void {
  const { state } = facts;
  const { executionId } = report;
  const by: Execution = {
    ...report.by,
    orderId: state.id,
    brokerOrderId: report.by.brokerOrderId ?? report.brokerOrderId,
  };
  const original = state.executions.find(({ id }) => id === executionId);
  const isVoid = original?.busted === true || state.voidedExecutions.includes(executionId);
  const correction = state.executions.find(({ id }) => id === by.id);
  const isBooked =
    correction !== undefined &&
    correction.quantity.eq(by.quantity) &&
    correction.price.eq(by.price);
  if (isBooked && (isVoid || executionId === by.id)) return;
  const meant = original ?? meantBy(state, report.snapshot, by);
  if (original === undefined && meant !== undefined) {
    // The name that the broker uses is done with too: told again, or late, it adds nothing.
    facts.record({ type: "ExecutionBusted", orderId: state.id, executionId });
  }
  facts.record({
    type: "ExecutionCorrected",
    orderId: state.id,
    executionId: meant?.id ?? executionId,
    by: meant === undefined ? withSum(by, report.snapshot) : by,
  });
  flagOverfill(facts);
  if (meant === undefined) warnOfUnknown(facts, "corrected", executionId);
}

/** Of a fill that never came: by the sum that it makes with the others an older list is judged. */
function withSum(by: Execution, snapshot: BrokerOrderSnapshot | null): Execution {
  const sum = snapshot?.brokerOrderId === by.brokerOrderId ? snapshot?.filledQuantity : undefined;
  const isSum = by.cumulativeQuantity === null && sum?.gte(by.quantity) === true;
  return isSum ? { ...by, cumulativeQuantity: sum } : by;
}

/**
 * The one execution without which, and with what takes its place, our sums are those of the order. It is one
 * of the very order that the broker names; what went before that may be in the sum.
 */
function meantBy(
  state: OrderState,
  snapshot: BrokerOrderSnapshot | null,
  by: Execution | null,
): BookedExecution | undefined {
  if (snapshot === null) return undefined;
  const own = countingOn(state, snapshot.brokerOrderId);
  for (const counting of waysOfCounting(state, snapshot)) {
    const meant = own.find((candidate) => {
      const left: readonly Execution[] = counting.filter((other) => other !== candidate);
      return agrees(by === null ? left : [...left, by], snapshot);
    });
    if (meant !== undefined) return meant;
  }
  return undefined;
}

/** Whether these executions add up to what the order shows. */
export function agrees(executions: readonly Execution[], snapshot: BrokerOrderSnapshot): boolean {
  const quantity = Decimal.sum(executions.map((each) => each.quantity));
  if (!quantity.eq(snapshot.filledQuantity)) return false;
  const value = Decimal.sum(executions.map((each) => each.quantity.times(each.price)));
  return agreesInSum({ quantity, value }, snapshot);
}

export interface Sum {
  readonly quantity: Decimal;
  readonly value: Decimal;
}

export function agreesInSum(
  { quantity, value }: Sum,
  { filledQuantity, averagePrice }: BrokerOrderSnapshot,
): boolean {
  if (!quantity.eq(filledQuantity)) return false;
  if (averagePrice === null || quantity.isZero()) return true;
  const { least, most } = AVERAGE_SCALES;
  const scale = Math.min(Math.max(averagePrice.scale(), least), most);
  const average = value.dividedBy(quantity, scale, "half_even");
  return average.eq(averagePrice.round(scale, "half_even"));
}

/**
 * It may come later, and then it will not count. Or it was booked from another source under another id,
 * and then the position is wrong until reconciliation finds it: a person should know.
 */
function warnOfUnknown(facts: OrderFacts, what: string, executionId: string): void {
  facts.missExecutions();
  facts.alarm(
    "unknown_execution_busted",
    `Execution ${executionId} of order ${facts.state.id} was ${what} before it was known.`,
  );
}
