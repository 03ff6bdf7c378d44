// Asks the risk chain about one order: how a decision, a release and a close put the same question.
import type { RiskAnswer } from "../risk/candidate.ts";
import { evaluateRisk } from "../risk/chain.ts";
import type { StrategyId, OrderId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { OrderTerms } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import type { Draft } from "./draft.ts";

export interface Question {
  readonly instrument: Instrument;
  readonly strategyId: StrategyId | null;
  readonly terms: OrderTerms;
  readonly siblings: readonly OrderTerms[];
  readonly preceding: readonly OrderTerms[];
  readonly waitsFor: readonly OrderId[];
  readonly receivedAt: number;
  readonly validUntil: number | null;
  readonly onMarketClosed: "reject" | "queue" | null;
}

/** Field by field: this is asked for every order, and a spread takes longer than many of the rules. */
export function judge(draft: Draft, question: Question): RiskAnswer {
  return evaluateRisk({
    account: draft.accountBook,
    context: draft.context,
    instrument: question.instrument,
    strategyId: question.strategyId,
    terms: question.terms,
    siblings: question.siblings,
    preceding: question.preceding,
    waitsFor: question.waitsFor,
    receivedAt: question.receivedAt,
    validUntil: question.validUntil,
    onMarketClosed: question.onMarketClosed,
    placedOrderId: null,
    heldByPolicy: false,
    moment: "decision",
  });
}

/** The whole chain again, on the prices of now, before a held order goes. */
export function judgeRelease(draft: Draft, order: OrderState, instrument: Instrument): RiskAnswer {
  return evaluateRisk({
    account: draft.accountBook,
    instrument,
    strategyId: order.strategyId,
    terms: order.terms,
    placedOrderId: order.id,
    siblings: [],
    waitsFor: [],
    receivedAt: order.receivedAt,
    validUntil: order.validUntil,
    onMarketClosed: isHeldByPolicy(order) ? "queue" : null,
    heldByPolicy: isHeldByPolicy(order),
    moment: "release",
    context: draft.context,
  });
}

/** A changed order of ours, as it would then be. A closed market does not stop a change. */
export function judgeChange(
  draft: Draft,
  order: OrderState,
  change: { readonly instrument: Instrument; readonly terms: OrderTerms },
): RiskAnswer {
  return evaluateRisk({
    account: draft.accountBook,
    instrument: change.instrument,
    strategyId: order.strategyId,
    terms: change.terms,
    placedOrderId: order.id,
    siblings: [],
    waitsFor: [],
    receivedAt: draft.now,
    validUntil: null,
    onMarketClosed: "queue",
    heldByPolicy: false,
    moment: "decision",
    context: draft.context,
  });
}

/** Held because policy asked for it: then its own expiry counts, not the age of the signal. */
export function isHeldByPolicy(order: OrderState): boolean {
  return order.hold?.reason === "market_closed";
}
