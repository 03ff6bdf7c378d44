// How a call to the broker ended: the order's own logic says what it means, the account follows.
import type { Book, Context, Decision } from "../book.ts";
import type { BrokerOrderSnapshot, CallOutcome } from "../broker.ts";
import type { Unresolved } from "../order/state.ts";
import type { AccountId, OrderId } from "../ids.ts";
import { factsFromOutcome } from "../order/outcome.ts";
import type { OrderState } from "../order/state.ts";
import { strictest, TRADING_STATES, tradingStateFor } from "../trading-state.ts";
import type { TradingState } from "../trading-state.ts";
import { callLookupOfChange } from "./calls.ts";
import { Draft, NOTHING } from "./draft.ts";
import { takeAnswer, takeSnapshot } from "./facts.ts";
import { ageDeadline } from "./held.ts";
import { askForLegs } from "./legs.ts";
import { reclaim } from "./reclaim.ts";
import { limitsFor } from "./send.ts";

export function decideOutcome(
  book: Book,
  { accountId, outcome }: { readonly accountId: AccountId; readonly outcome: CallOutcome },
  context: Context,
): Decision {
  const accountBook = book.accounts.get(accountId);
  const order = accountBook?.orders.get(outcome.orderId);
  if (accountBook === undefined || order === undefined) return NOTHING;
  const draft = new Draft(book, accountBook, context, {
    actor: "broker",
    correlationId: null,
    causationId: outcome.orderId,
    traceParent: null,
  });
  const known = admitSilence(draft, order, outcome);
  const answer = factsFromOutcome(known, outcome, {
    traits: draft.traits,
    now: draft.now,
    mayResend: mayResend(draft, order),
  });
  // What did not leave for a reason of our own is asked again by a tick, not in a circle.
  const wishes = outcome.outcome.result === "not_sent" ? [] : answer.wishes;
  if (outcome.kind === "replace") refuseUnsentReplace(draft, outcome);
  takeAnswer(draft, known, { ...answer, wishes });
  if (outcome.outcome.result === "not_sent") draft.wantTick();
  const snapshot = snapshotOf(outcome);
  if (snapshot !== null) takeSnapshot(draft, order.id, snapshot);
  if (outcome.kind === "lookup") askForChange(draft, order.id, outcome);
  if (outcome.outcome.result === "unresolved") askForUntoldLegs(draft, order.id);
  reclaim(draft);
  return draft.decision();
}

/** The stream had told of the order before its answer was lost, and names no legs. */
function askForUntoldLegs(draft: Draft, id: OrderId): void {
  const order = draft.order(id);
  if (order !== undefined && order.acceptedAt !== null) askForLegs(draft, order);
}

/**
 * A send or a change whose answer was lost with the process that sent it: the first lookup that finds
 * nothing makes it unresolved, and its clock starts now, since a call of the old process may still be on
 * its way.
 */
function admitSilence(draft: Draft, order: OrderState, { outcome, kind }: CallOutcome): OrderState {
  if (kind !== "lookup" || outcome.result !== "not_found") return order;
  const action = silentAction(order);
  if (action === null) return order;
  const cause = `no answer to the ${action === "submit" ? "send" : "change"} is known`;
  const unresolved = { action, since: draft.now, cause, lookups: 0 };
  draft.record({ type: "OrderUnresolved", orderId: order.id, unresolved });
  return draft.order(order.id) ?? order;
}

function silentAction(order: OrderState): Unresolved["action"] | null {
  const { status, acceptedAt, unresolved } = order;
  if (unresolved !== null) return null;
  if (status === "submitted" && acceptedAt === null) return "submit";
  return isChangeOpen(order) ? "replace" : null;
}

const isChangeOpen = ({ pendingAction, pendingReplace }: OrderState): boolean =>
  pendingAction === "replace" && pendingReplace !== null;

type LookupEnd = Extract<CallOutcome, { kind: "lookup" }>;

/**
 * The old order is there and says nothing of its change, which may never have left: the new one is asked
 * for. Is that there too, only the old one can say whether it has gone.
 */
function askForChange(draft: Draft, id: OrderId, { outcome }: LookupEnd): void {
  const order = draft.order(id);
  if (order === undefined || !isChangeOpen(order) || outcome.result !== "found") return;
  const isOld = outcome.snapshot.brokerOrderId === order.brokerOrderId;
  if (isOld && order.unresolved === null) callLookupOfChange(draft, order);
}

/** An order that surely never arrived goes again only while its signal is fresh and trading allowed. */
function mayResend(draft: Draft, order: OrderState): boolean {
  const { validUntil } = order;
  if (validUntil !== null && draft.now > validUntil) return false;
  if (draft.now > ageDeadline(draft, order)) return false;
  const state = tradingState(draft, order);
  return state === "active" || (state === "reducing" && order.reducesPosition);
}

function tradingState(draft: Draft, order: OrderState): TradingState {
  const switched = tradingStateFor(draft.context.trading, draft.account.id, order.strategyId);
  const setting = limitsFor(draft, order).trading_state;
  const configured = TRADING_STATES.find((state) => state === setting) ?? "active";
  return strictest(switched, configured);
}

type ReplaceEnd = Extract<CallOutcome, { kind: "replace" }>;

/** A change that could not leave is not kept for later: its order goes on as it was. */
function refuseUnsentReplace(draft: Draft, { orderId, outcome }: ReplaceEnd): void {
  const isUnsent = outcome.result === "not_sent" || outcome.result === "rate_limited";
  if (!isUnsent || (draft.order(orderId)?.pendingReplace ?? null) === null) return;
  const why = outcome.result === "not_sent" ? outcome.cause : "the broker's rate limit is used up";
  draft.record({ type: "ReplaceRefused", orderId, message: `The change was not sent: ${why}.` });
}

function snapshotOf({ outcome }: CallOutcome): BrokerOrderSnapshot | null {
  return "snapshot" in outcome ? outcome.snapshot : null;
}
