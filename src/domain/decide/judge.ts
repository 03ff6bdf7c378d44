// Asks the risk chain about one order: how a decision, a release and a close put the same question.
import { takesFrom } from "../calendar/takes.ts";
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
  });
}

/** The whole chain again, on the prices of now, before a held order goes. */
export function judgeRelease(draft: Draft, order: OrderState, instrument: Instrument): RiskAnswer {
  const byPolicy = isHeldByPolicy(draft, order);
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
    onMarketClosed: byPolicy ? "queue" : null,
    heldByPolicy: byPolicy,
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
    context: draft.context,
  });
}

export function waitsForOpen(order: OrderState): boolean {
  return order.hold?.reason === "market_closed";
}

/**
 * Held for the open because policy asked for it: then its own expiry counts, not the age of the signal.
 * That stays so when its send at the open did not leave or never arrived and it waits for something else:
 * nothing but that policy places an order while its market is closed.
 */
export function isHeldByPolicy(draft: Draft, order: OrderState): boolean {
  return waitsForOpen(order) || wasPlacedWhileClosed(draft, order);
}

function wasPlacedWhileClosed({ context }: Draft, order: OrderState): boolean {
  const instrument = context.instrument(order.instrumentId);
  if (instrument === undefined) return false;
  const { placedAt: now, terms } = order;
  const opened = takesFrom(instrument.venue, terms, { now, calendar: context.calendar });
  return opened !== null && opened !== now;
}
