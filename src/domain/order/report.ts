// Facts from a broker become events of one order: early, late, twice, in any order. A fact is never
// refused. What it adds is recorded; what was known adds nothing; what contradicts a later fact is
// flagged and changes nothing (invariants 8 and 10).
import type { BrokerReport } from "../broker.ts";
import { OrderFacts } from "./answer.ts";
import type { OrderAnswer } from "./answer.ts";
import { accept, end, refuseCancel, wasRejected, withCode } from "./ending.ts";
import { executionsOn, incrementOf, takenBackBy } from "./increment.ts";
import { observe } from "./observe.ts";
import { flagOverfill } from "./overfill.ts";
import { placeOf, refuseReplace, replace, standsAgain } from "./replaced.ts";
import type { Place } from "./replaced.ts";
import { bust, correct } from "./restated.ts";
import { isMissingFills } from "./shown.ts";
import type { Execution, OrderState } from "./state.ts";
import { isTerminal } from "./status.ts";

export function factsFromReport(state: OrderState, report: BrokerReport, now: number): OrderAnswer {
  const facts = new OrderFacts(state, now);
  takeReport(facts, report);
  return facts.answer();
}

export function takeReport(facts: OrderFacts, report: BrokerReport): void {
  const place = placeOf(facts.state, report);
  if (place === "next" && !takeNext(facts, report)) return;
  if (place === "foreign") {
    facts.alarm(
      "unknown_broker_order",
      `${report.kind} for broker order ${report.brokerOrderId}, which order ${facts.state.id} does not know`,
    );
  }
  takeKind(facts, report, place);
  if (report.snapshot !== null) observe(facts, report.snapshot);
}

/**
 * A fact about the order that a replace of ours asked for, heard before the replace itself. It may prove
 * that the replace was done. A mere acceptance does not: a broker may show the new order as soon as it
 * is asked, and reject it when the old one fills first (Alpaca does). False when nothing is left to take.
 */
function takeNext(facts: OrderFacts, report: BrokerReport): boolean {
  const status = report.kind === "seen" ? (report.snapshot?.status ?? "unknown") : report.kind;
  if (status === "rejected") {
    const message = report.kind === "rejected" ? report.message : report.snapshot?.message;
    refuseReplace(facts, message ?? "The broker rejected the new order.");
    return false;
  }
  if (PROVES_REPLACE.has(status)) {
    replace(facts, { newBrokerOrderId: report.brokerOrderId, newReference: report.reference });
  }
  return true;
}

/** What can only happen to an order that took the old one's place. */
const PROVES_REPLACE: ReadonlySet<string> = new Set([
  "executed",
  "busted",
  "corrected",
  "partially_filled",
  "filled",
  "cancelled",
  "expired",
]);

function takeKind(facts: OrderFacts, report: BrokerReport, place: Place): void {
  switch (report.kind) {
    case "executed":
      takeExecution(facts, {
        ...report.execution,
        orderId: facts.state.id,
        brokerOrderId: report.execution.brokerOrderId ?? report.brokerOrderId,
      });
      return;
    case "busted":
      bust(facts, report);
      return;
    case "corrected":
      correct(facts, report);
      return;
    default:
      // An old order's end is not ours, and what a foreign one does is for a person.
      if (place === "current" || place === "next") takeCurrent(facts, report);
  }
}

type CurrentReport = Exclude<BrokerReport, { readonly kind: "executed" | "busted" | "corrected" }>;

function takeCurrent(facts: OrderFacts, report: CurrentReport): void {
  switch (report.kind) {
    case "seen":
      return;
    case "accepted":
      accept(facts, report.brokerOrderId, report.at);
      return;
    case "cancelled":
    case "expired":
      accept(facts, report.brokerOrderId, report.at);
      // As in a look, the end waits for the fills before it.
      if (report.snapshot !== null && isMissingFills(facts.state, report.snapshot)) return;
      end(facts, report.kind, report.snapshot?.message ?? null);
      return;
    case "rejected":
      // Under a name of its own the broker had the order, and the record keeps that name.
      if (report.brokerOrderId !== null && !wasRejected(facts.state)) {
        accept(facts, report.brokerOrderId, report.at);
      }
      if (!standsAgain(facts)) end(facts, "rejected", withCode(report.message, report.code));
      return;
    case "replaced":
      replace(facts, report, report.snapshot);
      return;
    case "cancel_refused":
      refuseCancel(facts, report.message);
      return;
    case "replace_refused":
      refuseReplace(facts, report.message);
  }
}

export function takeExecution(facts: OrderFacts, told: Execution): void {
  for (const { id } of takenBackBy(facts.state, told)) {
    facts.record({ type: "ExecutionBusted", orderId: facts.state.id, executionId: id });
  }
  const increment = incrementOf(facts.state, told);
  if (increment.kind === "new") book(facts, increment.execution);
  const { cumulativeQuantity } = told;
  // Told again, or after its own bust, it brings the sum of a moment before that made it smaller.
  const isVoid = facts.state.voidedExecutions.includes(told.id);
  if (isVoid || (increment.kind === "known" && hasBusts(facts.state, told))) return;
  if (cumulativeQuantity === null) return;
  const { brokerOrderId } = told;
  const sum = { brokerOrderId, quantity: null, filledQuantity: cumulativeQuantity };
  if (isMissingFills(facts.state, sum)) facts.missExecutions();
}

const hasBusts = (state: OrderState, { brokerOrderId }: Execution): boolean =>
  executionsOn(state, brokerOrderId).some(({ busted }) => busted);

function book(facts: OrderFacts, execution: Execution): void {
  const before = facts.state;
  const orderId = before.id;
  if (!wasRejected(before)) accept(facts, execution.brokerOrderId, execution.executedAt);
  facts.record({ type: "OrderExecuted", orderId, execution });
  if (!flagOverfill(facts) && isTerminal(before.status)) {
    facts.flag("fill_after_close", `${execution.id} came when the order was ${before.status}.`);
  }
}
