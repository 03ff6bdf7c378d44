// A fact from the broker: found its order, it becomes events of that order; about an order that is not
// ours, it goes to the inbox; a fill that belongs to nobody yet is parked and matched later.
import type { Book, Context, Decision } from "../book.ts";
import type { BrokerReport } from "../broker.ts";
import type { ParkedExecution } from "../event.ts";
import type { BrokerOrderId } from "../ids.ts";
import { addsNothing } from "../order/increment.ts";
import type { OrderState } from "../order/state.ts";
import { Draft } from "./draft.ts";
import { seeExternal } from "./external.ts";
import { takeReport } from "./facts.ts";
import { reclaim } from "./reclaim.ts";
import { mayBeOurs, successorOf } from "./stranger.ts";

export function decideReport(book: Book, report: BrokerReport, context: Context): Decision {
  const accountBook = book.accounts.get(report.accountId);
  if (accountBook === undefined) return parkForUnknownAccount(report, context);
  const draft = new Draft(book, accountBook, context, {
    actor: "broker",
    correlationId: null,
    causationId: report.brokerOrderId,
    traceParent: null,
  });
  const order = findOrder(draft, report);
  if (order !== undefined) takeReport(draft, order, report);
  else takeStranger(draft, report);
  reclaim(draft);
  return draft.decision();
}

function findOrder(draft: Draft, report: BrokerReport): OrderState | undefined {
  const { reference, brokerOrderId, snapshot } = report;
  const byReference = draft.ownByReference(reference);
  if (byReference !== undefined) return byReference;
  const byId = brokerOrderId === null ? undefined : draft.orderByBrokerId(brokerOrderId);
  return byId ?? (snapshot === null ? undefined : successorOf(draft, snapshot));
}

function takeStranger(draft: Draft, report: BrokerReport): void {
  if (report.kind === "executed") park(draft, report);
  else if (report.kind === "busted" || report.kind === "corrected") parkText(draft, report);
  const { reference, snapshot } = report;
  if (mayBeOurs(draft, { reference, instrumentId: snapshot?.instrumentId ?? null })) return;
  if (report.snapshot !== null) seeExternal(draft, report.snapshot);
  // What somebody else trades moves the account: positions are compared soon.
  if (report.kind === "executed" || report.snapshot === null) draft.reconcile();
}

type Executed = Extract<BrokerReport, { kind: "executed" }>;

function park(draft: Draft, report: Executed): void {
  const { execution, snapshot, reference } = report;
  const brokerOrderId = report.brokerOrderId ?? execution.brokerOrderId;
  if (draft.accountBook.parked.has(execution.id) || isCounted(draft, brokerOrderId, execution)) {
    return;
  }
  draft.record({
    type: "BrokerFactParked",
    description: `an execution of broker order ${brokerOrderId ?? "unknown"}, which is not known here`,
    raw: JSON.stringify(report),
    parked: {
      brokerOrderId,
      reference,
      instrumentId: snapshot?.instrumentId ?? null,
      side: snapshot?.side ?? null,
      execution,
    },
  });
}

/** As a fill of another's, perhaps under another id: should the order be ours, it is known from there. */
function isCounted(
  { accountBook }: Draft,
  brokerOrderId: BrokerOrderId | null,
  execution: ParkedExecution["execution"],
): boolean {
  if (brokerOrderId === null) return false;
  if (accountBook.adjustments.has(execution.id)) return true;
  const counted = (accountBook.foreign.get(brokerOrderId) ?? []).map(({ told }) => told.execution);
  return addsNothing(counted, execution);
}

function parkText(draft: Draft, report: BrokerReport): void {
  draft.record({
    type: "BrokerFactParked",
    description: `${report.kind} for an order that is not known here`,
    raw: JSON.stringify(report),
    parked: null,
  });
  draft.alarm("unknown_execution", `The broker reports ${report.kind} for an unknown order.`);
}

function parkForUnknownAccount(report: BrokerReport, context: Context): Decision {
  return {
    events: [
      {
        accountId: report.accountId,
        at: context.now,
        actor: "broker",
        correlationId: null,
        causationId: report.brokerOrderId,
        event: {
          type: "BrokerFactParked",
          description: `${report.kind} for an account that is not known here`,
          raw: JSON.stringify(report),
          parked: null,
        },
      },
    ],
    effects: [],
    tokensUsed: 0,
    writesIntent: false,
    tick: false,
  };
}
