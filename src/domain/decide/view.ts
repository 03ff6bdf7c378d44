// Reconciliation: everything the broker shows in one go, compared with the book. Facts that were missed
// are booked, strangers go to the inbox, and a position difference is corrected once it has held still.
// The same view twice changes nothing the second time.
import type { AccountEquity, Book, Context, Decision } from "../book.ts";
import type { BrokerAccount, BrokerOrderSnapshot, BrokerReport, BrokerView } from "../broker.ts";
import type { Decimal } from "../decimal.ts";
import type { AccountId, BrokerOrderId, BrokerReference } from "../ids.ts";
import { factsFromReport } from "../order/report.ts";
import { isAhead } from "../elapsed.ts";
import { placeOf } from "../order/replaced.ts";
import { eachSnapshot, FRESH_MS, missingFrom } from "../order/reconcile.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { isFresh } from "../risk/equity-age.ts";
import { takeActivities } from "./activity.ts";
import { callLookup } from "./calls.ts";
import { Draft, NOTHING } from "./draft.ts";
import { isOver, seeExternal } from "./external.ts";
import { takeEvents, takeSnapshot } from "./facts.ts";
import { takeForeignExecutions } from "./foreign.ts";
import { sendRememberedCancel } from "./cancel.ts";
import { mayBeOurs, successorOf } from "./stranger.ts";
import { endAtLast } from "./never-told.ts";
import { notePastOrders } from "./past-orders.ts";
import { reclaim } from "./reclaim.ts";
import { takeUntold } from "./untold.ts";
import { isNewLook, reconcileCash, unexplainedCash } from "./view-cash.ts";
import { reconcilePositions } from "./view-positions.ts";

/** Orders missing from one view that are asked for by themselves; the next view has the others. */
const MAX_LOOKUPS = 5;

export function decideView(
  book: Book,
  { accountId, view }: { readonly accountId: AccountId; readonly view: BrokerView },
  context: Context,
): Decision {
  const accountBook = book.accounts.get(accountId);
  if (accountBook === undefined) return NOTHING;
  const draft = new Draft(book, accountBook, context, {
    actor: "reconciler",
    correlationId: null,
    causationId: null,
    traceParent: null,
  });
  // Names first, so that fills find their orders; fills next, so that no order ends before them. What
  // became of an order may name another one (a replace), so what is left is looked at once more.
  const names = learnNames(draft, view);
  const left = view.executions.filter((told) => !bookExecution(draft, told, { view, names }));
  takeOrders(draft, view);
  const strangers = left.filter((told) => !bookExecution(draft, told, { view, names }));
  const isWhole = takeForeignExecutions(draft, strangers, view);
  reclaim(draft);
  closeExternals(draft, view);
  notePastOrders(draft, view);
  takeActivities(draft, view);
  reconcilePositions(draft, view);
  const unexplained = unexplainedCash(draft, view, isWhole);
  observe(draft, view, unexplained === null ? null : reconcileCash(draft, view, unexplained));
  askForMissing(draft, view);
  return draft.isEmpty ? NOTHING : draft.decision();
}

function find(draft: Draft, snapshot: BrokerOrderSnapshot): OrderState | undefined {
  const { reference, brokerOrderId } = snapshot;
  return draft.orderByBrokerId(brokerOrderId) ?? draft.ownByReference(reference);
}

/** References by the broker's ids: an order of ours may be there under an id that we never heard. */
type Names = ReadonlyMap<BrokerOrderId, BrokerReference>;

function learnNames(draft: Draft, view: BrokerView): Names {
  const names = new Map<BrokerOrderId, BrokerReference>();
  for (const snapshot of eachSnapshot(view)) {
    const { brokerOrderId, reference } = snapshot;
    if (reference !== null) names.set(brokerOrderId, reference);
    learnName(draft, snapshot);
  }
  return names;
}

/** An order whose answer was lost is at the broker after all. */
function learnName(draft: Draft, snapshot: BrokerOrderSnapshot): void {
  const order = find(draft, snapshot);
  if (order === undefined || order.brokerOrderId !== null) return;
  const { brokerOrderId, reference, submittedAt: at } = snapshot;
  const report: BrokerReport = {
    kind: "accepted",
    accountId: draft.account.id,
    brokerOrderId,
    reference,
    at,
    snapshot: null,
  };
  draft.recordAll(factsFromReport(order, report, draft.now).events);
  sendRememberedCancel(draft, order);
}

/** False when the fill belongs to no order that is known. */
function bookExecution(
  draft: Draft,
  told: BrokerView["executions"][number],
  { view, names }: { readonly view: BrokerView; readonly names: Names },
): boolean {
  const { symbol, side, ...execution } = told;
  const { brokerOrderId, executedAt } = execution;
  if (brokerOrderId === null) return false;
  const reference = names.get(brokerOrderId) ?? null;
  const order = draft.orderByBrokerId(brokerOrderId) ?? draft.ownByReference(reference);
  if (order === undefined) return false;
  const report: BrokerReport = {
    kind: "executed",
    accountId: draft.account.id,
    brokerOrderId,
    reference,
    at: executedAt,
    snapshot: null,
    execution,
  };
  const { events } = factsFromReport(order, report, draft.now);
  if (events.length === 0) return true;
  if (executedAt < view.at - FRESH_MS) {
    draft.record({
      type: "DifferenceFound",
      kind: "execution",
      subject: execution.id,
      ours: null,
      theirs: `${side} ${execution.quantity.toString()} ${symbol} at ${execution.price.toString()}`,
      action: "booked: the stream had not told it",
    });
  }
  takeEvents(draft, order, events);
  return true;
}

/**
 * What took an old order's place may be shown before the old one: then it says more when that is known. A leg
 * may be shown by itself before its entry: strangers come last, when the orders of ours have named theirs.
 */
function takeOrders(draft: Draft, view: BrokerView): void {
  const shown = [...eachSnapshot(view)];
  const early = shown.filter((snapshot) => isCurrent(draft, snapshot) === false);
  const strangers: BrokerOrderSnapshot[] = [];
  for (const snapshot of shown) {
    if (find(draft, snapshot) === undefined) strangers.push(snapshot);
    else takeOrder(draft, snapshot, view);
  }
  for (const snapshot of strangers) takeOrder(draft, snapshot, view);
  for (const snapshot of early) if (isCurrent(draft, snapshot)) takeOrder(draft, snapshot, view);
}

/** Null of what is not ours. */
function isCurrent(draft: Draft, snapshot: BrokerOrderSnapshot): boolean | null {
  const order = find(draft, snapshot);
  return order === undefined ? null : placeOf(order, snapshot) === "current";
}

function takeOrder(draft: Draft, snapshot: BrokerOrderSnapshot, view: BrokerView): void {
  const order = find(draft, snapshot) ?? successorOf(draft, snapshot);
  if (order === undefined) {
    const { reference, instrumentId } = snapshot;
    // What is over is judged with all the others, below.
    if (isOver(snapshot) || mayBeOurs(draft, { reference, instrumentId })) return;
    seeExternal(draft, snapshot);
    return;
  }
  const { brokerOrderId, reference, updatedAt: at } = snapshot;
  const accountId = draft.account.id;
  const seen = { kind: "seen", accountId, brokerOrderId, reference, at, snapshot } as const;
  const { events, alarms, missingExecutions } = factsFromReport(order, seen, draft.now);
  if (events.length > 0 && at < view.at - FRESH_MS) tellDifference(draft, order, snapshot);
  takeEvents(draft, order, events);
  for (const { code, message } of alarms) draft.alarm(code, message, order.id);
  if (missingExecutions) {
    const message = `Order ${order.id} has filled more than its executions tell so far.`;
    draft.alarm("missing_executions", message, order.id);
  }
  takeUntold(draft, order.id, { snapshot, view });
  endAtLast(draft, order.id, { snapshot, view });
  takeSnapshot(draft, order.id, snapshot);
  sendRememberedCancel(draft, order);
}

function tellDifference(draft: Draft, order: OrderState, snapshot: BrokerOrderSnapshot): void {
  draft.record({
    type: "DifferenceFound",
    kind: "order",
    subject: order.id,
    ours: order.status,
    theirs: snapshot.status,
    action: "recorded: the stream had not told it",
  });
}

/** Strangers that were open and are over, or not listed any more, are gone; what is ours is none of them. */
function closeExternals(draft: Draft, view: BrokerView): void {
  const listed = new Map<BrokerOrderId, boolean>();
  for (const shown of eachSnapshot(view)) listed.set(shown.brokerOrderId, isOver(shown));
  const { external, byBrokerOrderId } = draft.accountBook;
  for (const [brokerOrderId, { snapshot }] of external) {
    const isGone = listed.get(brokerOrderId) ?? snapshot.updatedAt < view.at;
    const isOurs = draft.orderByBrokerId(brokerOrderId) !== undefined;
    // What became ours just now has left the inbox with that.
    if (isOurs ? byBrokerOrderId.has(brokerOrderId) : isGone) {
      draft.record({ type: "ExternalOrderClosed", brokerOrderId });
    }
  }
}

/** The broker's own figures: recorded when they changed, or when the last ones are getting old. */
function observe(
  draft: Draft,
  { account, at: asOf }: BrokerView,
  unexplained: Decimal | null,
): void {
  const known = draft.accountBook.equity;
  const isOlder = known !== null && asOf <= known.at && !isAhead(known.at, draft.now);
  if (isOlder) return;
  // What waited for a look at all may go now.
  if (known !== null && !isFresh(known, draft.now)) draft.wantTick();
  const isOld = known === null || Math.abs(asOf - known.at) >= draft.traits.quietOrderMs / 2;
  if (!isOld && !hasChanged(known, account) && !isNewLook(draft, unexplained)) return;
  const { equity, cash, buyingPower, nonMarginableBuyingPower, shortingEnabled } = account;
  draft.record({
    type: "AccountObserved",
    equity,
    cash,
    buyingPower,
    nonMarginableBuyingPower,
    shortingEnabled,
    asOf,
    ...(unexplained !== null && { unexplainedCash: unexplained }),
  });
  // With equity known the trading day can begin, and entries wait for that.
  if (draft.accountBook.day === null) draft.wantTick();
  if (account.tradingBlocked) {
    draft.alarm("trading_blocked", `The broker blocks trading of account ${draft.account.id}.`);
  }
}

function hasChanged(known: AccountEquity, told: BrokerAccount): boolean {
  const { nonMarginableBuyingPower: before } = known;
  const { nonMarginableBuyingPower: after } = told;
  return (
    !known.equity.eq(told.equity) ||
    !known.cash.eq(told.cash) ||
    !known.buyingPower.eq(told.buyingPower) ||
    known.shortingEnabled !== told.shortingEnabled ||
    before?.toString() !== after?.toString()
  );
}

function askForMissing(draft: Draft, view: BrokerView): void {
  const missing = missingFrom(draft.accountBook, view)
    .map(({ id }) => draft.order(id))
    .filter((order) => order !== undefined && !isTerminal(order.status));
  for (const order of missing.slice(0, MAX_LOOKUPS)) {
    if (order !== undefined) callLookup(draft, order);
  }
}
