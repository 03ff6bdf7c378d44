// Takes over what the order's own logic made of a broker's fact or a call's end, and what follows from
// it for the account: fills parked for it, legs that came with it, cancels that waited for its name.
import type { BrokerOrderSnapshot, BrokerReport } from "../broker.ts";
import type { ParkedExecution } from "../event.ts";
import type { AccountId, OrderId } from "../ids.ts";
import type { OrderAnswer, OrderWish } from "../order/answer.ts";
import { factsFromReport } from "../order/report.ts";
import type { OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";
import { callLookup } from "./calls.ts";
import { callCancel, sendRememberedCancel } from "./cancel.ts";
import type { Draft } from "./draft.ts";
import { askForLegs, registerLegs } from "./legs.ts";
import { fitBehind } from "./predecessor.ts";

export function takeReport(draft: Draft, order: OrderState, report: BrokerReport): void {
  takeAnswer(draft, order, factsFromReport(order, report, draft.now));
  if (report.snapshot !== null) takeSnapshot(draft, order.id, report.snapshot);
  const after = draft.order(order.id);
  const isFound = order.unresolved?.action === "submit" && after?.unresolved === null;
  if (after !== undefined && isFound) askForLegs(draft, after);
}

/** What a snapshot says beyond the order itself. */
export function takeSnapshot(draft: Draft, id: OrderId, snapshot: BrokerOrderSnapshot): void {
  freezeIfUnreadable(draft, snapshot);
  const order = draft.order(id);
  if (order === undefined) return;
  registerLegs(draft, order, snapshot.legs);
  // A leg may have filled before anybody knew that it was ours.
  for (const { brokerOrderId } of snapshot.legs) {
    const leg = draft.orderByBrokerId(brokerOrderId);
    if (leg !== undefined) matchParked(draft, leg.id);
  }
}

/** A word that we do not know means that we stop acting on the symbol (lossless-claw#748). */
export function freezeIfUnreadable(draft: Draft, snapshot: BrokerOrderSnapshot): void {
  const { instrumentId, brokerOrderId } = snapshot;
  const isUnreadable =
    snapshot.status === "unknown" || snapshot.type === null || snapshot.side === null;
  if (!isUnreadable || instrumentId === null) return;
  if (draft.accountBook.frozen.has(instrumentId)) return;
  const reason = `the broker's order ${brokerOrderId} has a status, type or side that is not known here`;
  draft.record({ type: "SymbolFrozen", instrumentId, reason });
  draft.alarm("symbol_frozen", `${snapshot.symbol} is frozen: ${reason}.`);
}

export function takeAnswer(draft: Draft, before: OrderState, answer: OrderAnswer): void {
  takeEvents(draft, before, answer.events);
  for (const { code, message } of answer.alarms) draft.alarm(code, message, before.id);
  for (const wish of answer.wishes) grant(draft, before.id, wish);
  if (answer.missingExecutions) draft.reconcile();
  sendRememberedCancel(draft, before);
  matchParked(draft, before.id);
}

/** What has to wait is found by a later tick: the order's own state says that it is due. */
function grant(draft: Draft, id: OrderId, wish: OrderWish): void {
  const order = draft.order(id);
  if (order === undefined || wish.notBefore > draft.now) return;
  switch (wish.kind) {
    case "lookup":
      callLookup(draft, order);
      return;
    case "release":
      draft.wantTick();
      return;
    case "resend_cancel":
      callCancel(draft, order);
  }
}

/** Fills that came before anybody knew whose they are (they can: a stream overtakes an answer). */
export function matchParked(draft: Draft, id: OrderId): void {
  for (const parked of draft.accountBook.parked.values()) {
    const order = draft.order(id);
    if (order !== undefined && isOf(order, parked)) bookParked(draft, id, parked);
  }
}

export function bookParked(draft: Draft, id: OrderId, parked: ParkedExecution): void {
  const order = draft.order(id);
  if (order === undefined) return;
  const answer = factsFromReport(order, reportOf(draft.account.id, parked), draft.now);
  takeEvents(draft, order, answer.events);
  for (const { code, message } of answer.alarms) draft.alarm(code, message, id);
}

/** What a fill or a bust changes, whoever told it, is taken out of the orders that wait behind this one. */
export function takeEvents(draft: Draft, before: OrderState, events: readonly OrderEvent[]): void {
  draft.recordAll(events);
  const filled = draft.order(before.id)?.filledQuantity.minus(before.filledQuantity);
  if (filled !== undefined) fitBehind(draft, before, filled);
}

function isOf(order: OrderState, { brokerOrderId, reference }: ParkedExecution): boolean {
  if (reference !== null && reference === order.reference) return true;
  if (brokerOrderId === null) return false;
  return brokerOrderId === order.brokerOrderId || order.brokerOrderChain.includes(brokerOrderId);
}

export function reportOf(accountId: AccountId, parked: ParkedExecution): BrokerReport {
  const { brokerOrderId, reference, execution } = parked;
  return {
    kind: "executed",
    accountId,
    brokerOrderId,
    reference,
    at: execution.executedAt,
    snapshot: null,
    execution,
  };
}
