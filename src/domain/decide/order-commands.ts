// Commands about orders and signals: cancel one, cancel many, change one, take a signal back.
import type { CommandOutcome, OrderFilter } from "../command.ts";
import type { OrderId, SignalId } from "../ids.ts";
import { decideReplace } from "../order/decide.ts";
import { deriveOrderId, MAX_ORDERS_PER_SOURCE } from "../order/derive.ts";
import { changedTerms } from "../order/evolve.ts";
import type { TermsChange } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import type { Verdict } from "../refusal.ts";
import { callLookup, callReplace } from "./calls.ts";
import { cancelOrder } from "./cancel.ts";
import type { CancelResult } from "./cancel.ts";
import { done, refused } from "./command-outcome.ts";
import type { CarriedOut, RequestOf } from "./command-outcome.ts";
import type { Draft } from "./draft.ts";
import { judgeChange } from "./judge.ts";
import { finalRefusal } from "./price.ts";
import { isSignalDecided } from "./decided.ts";

export function cancelOne(draft: Draft, { orderId }: RequestOf<"cancel_order">): CommandOutcome {
  const result = cancelOrder(draft, orderId, "asked for by a command");
  const { code, message } = CANCEL_WORDS[result];
  const isRefused = result === "unknown" || result === "already_closed";
  const status = draft.order(orderId)?.status;
  const said = result === "already_closed" ? `${message} It is ${status}.` : message;
  return isRefused ? refused(code, said, [orderId]) : done(code, said, [orderId]);
}

const CANCEL_WORDS: Readonly<Record<CancelResult, { code: string; message: string }>> = {
  cancelled: { code: "cancelled", message: "The order had not left and is cancelled." },
  requested: { code: "cancel_requested", message: "The broker is asked to cancel the order." },
  remembered: {
    code: "cancel_requested",
    message: "The order is on its way; the cancel follows as soon as the broker has answered.",
  },
  already_closed: { code: "order_closed", message: "The order is over already." },
  unknown: { code: "order_not_found", message: "There is no such order in this account." },
};

export function cancelMatching(draft: Draft, filter: OrderFilter): CommandOutcome {
  const { open, openByInstrument } = draft.accountBook;
  const ids =
    filter.instrumentId === null ? open : (openByInstrument.get(filter.instrumentId) ?? []);
  const cancelled: OrderId[] = [];
  for (const order of draft.ordersOf(ids)) {
    if (!matches(order, filter)) continue;
    cancelOrder(draft, order.id, "asked for by a command");
    cancelled.push(order.id);
  }
  if (cancelled.length === 0) return done("nothing_to_do", "No open order matches.");
  const message = `${cancelled.length} open orders are cancelled or being cancelled.`;
  return done("cancel_requested", message, cancelled);
}

function matches(order: OrderState, { strategyId, side }: OrderFilter): boolean {
  if (strategyId !== null && order.strategyId !== strategyId) return false;
  return side === null || order.terms.side === side;
}

/** Before its turn the signal is decided as cancelled; afterwards its open orders are cancelled. */
export function takeBack(draft: Draft, request: RequestOf<"take_back_signal">): CommandOutcome {
  const { signalId, number, instrumentId, strategyId } = request;
  if (isSignalDecided(draft.book, number)) return cancelOrdersOf(draft, signalId);
  const message = "The signal was taken back before it was decided.";
  draft.record({
    type: "SignalDecided",
    signalId,
    number,
    instrumentId,
    strategyId,
    outcome: "rejected",
    refusal: { code: "taken_back", by: "engine", message, numbers: {} },
    verdicts: [],
    mark: null,
    limitsVersion: draft.context.limits.version,
    orderIds: [],
  });
  return done("taken_back", message);
}

function cancelOrdersOf(draft: Draft, signalId: SignalId): CommandOutcome {
  const cancelled: OrderId[] = [];
  for (let n = 1; n <= MAX_ORDERS_PER_SOURCE; n += 1) {
    const order = draft.order(deriveOrderId(signalId, n));
    if (order === undefined || isTerminal(order.status)) continue;
    cancelOrder(draft, order.id, "the signal was taken back");
    cancelled.push(order.id);
  }
  if (cancelled.length === 0) {
    return refused("already_decided", "The signal is decided and has no open order.");
  }
  const message = "The signal was decided already; its open orders are being cancelled.";
  return done("cancel_requested", message, cancelled);
}

export function replaceOne(draft: Draft, request: RequestOf<"replace_order">): CarriedOut {
  const { orderId, change } = request;
  const order = draft.order(orderId);
  if (order === undefined) {
    return refused("order_not_found", "There is no such order in this account.", [orderId]);
  }
  const decision = decideReplace(order, change, {
    traits: draft.traits,
    referenceOf: (generation) => draft.nextReference(orderId, generation),
  });
  if (!decision.ok) {
    if (decision.code === "replace_pending" && order.pendingReplace === null) {
      callLookup(draft, order);
    }
    return refused(decision.code, decision.message, [orderId]);
  }
  // A held order is judged when it is released; a working one is judged now, as it would then be.
  if (order.status === "pending") {
    draft.recordAll(decision.events);
    return done("replaced", "The order had not left and is changed.", [orderId]);
  }
  const judged = judgedChange(draft, order, change);
  if (judged.refusal !== null) return judged.refusal;
  const { verdicts } = judged;
  for (const event of decision.events) {
    draft.record(event.type === "ReplaceRequested" ? { ...event, verdicts } : event);
  }
  const replaced = draft.order(orderId);
  if (replaced !== undefined) callReplace(draft, replaced);
  return done("replace_requested", "The broker is asked to change the order.", [orderId]);
}

type JudgedChange =
  | { readonly refusal: CarriedOut }
  | { readonly refusal: null; readonly verdicts: readonly Verdict[] };

function judgedChange(draft: Draft, order: OrderState, change: TermsChange): JudgedChange {
  const refuse = (code: string, message: string) => ({
    refusal: refused(code, message, [order.id]),
  });
  if (!draft.brokerUp) {
    return refuse("broker_down", `${draft.traits.name} cannot be reached now.`);
  }
  if (draft.tokensLeft <= 0) {
    return refuse("rate_budget", "The broker's rate limit is used up: ask again.");
  }
  const instrument = draft.context.instrument(order.instrumentId);
  if (instrument === undefined) {
    return refuse("instrument_not_tradable", `${order.instrumentId} is not known.`);
  }
  const terms = changedTerms(order.terms, change);
  const answer = judgeChange(draft, order, { instrument, terms });
  const { verdicts } = answer;
  const refusal = finalRefusal(answer);
  if (refusal === null) return { refusal, verdicts };
  return { refusal: { ...refused(refusal.code, refusal.message, [order.id]), verdicts } };
}
