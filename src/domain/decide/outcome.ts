// How a call to the broker ended: the order's own logic says what it means, the account follows.
import type { Book, Context, Decision } from "../book.ts";
import type { BrokerOrderSnapshot, CallOutcome } from "../broker.ts";
import type { AccountId, OrderId } from "../ids.ts";
import { factsFromOutcome } from "../order/outcome.ts";
import type { OrderState } from "../order/state.ts";
import { strictest, TRADING_STATES, tradingStateFor } from "../trading-state.ts";
import type { TradingState } from "../trading-state.ts";
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
 * A send whose answer was lost with the process that sent it: the first lookup that does not find it, or
 * brings no answer, makes it unresolved, so that it is asked for again and exits may pass. Its clock starts
 * now, since a call of the old process may still be on its way.
 */
function admitSilence(draft: Draft, order: OrderState, { outcome, kind }: CallOutcome): OrderState {
  const isSilent =
    order.status === "submitted" && order.acceptedAt === null && order.unresolved === null;
  if (kind !== "lookup" || outcome.result === "found" || !isSilent) return order;
  draft.record({
    type: "OrderUnresolved",
    orderId: order.id,
    unresolved: {
      action: "submit",
      since: draft.now,
      cause: "no answer to the send is known",
      lookups: 0,
    },
  });
  return draft.order(order.id) ?? order;
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
