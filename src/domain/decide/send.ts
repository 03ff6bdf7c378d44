// Lets a placed order go as far as it may now: an intent when nothing stands in its way, else a hold
// that says what it waits for. Sends of an account leave in the order of their decision.
import type { InstrumentId, OrderId } from "../ids.ts";
import type { UsedMark } from "../event.ts";
import type { Hold, OrderSpec } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import type { Verdict } from "../refusal.ts";
import type { RiskAnswer } from "../risk/candidate.ts";
import type { Draft } from "./draft.ts";
import { isHeldByPolicy } from "./judge.ts";

export interface Waiting {
  readonly reason: Hold;
  readonly until: number | null;
}

const FIRST_GENERATION = 1;

/** What a new order has to wait for, or null when it may leave at once. */
export function waitingOf(draft: Draft, spec: OrderSpec, answer: RiskAnswer): Waiting | null {
  if (isBehind(draft, spec)) return { reason: "predecessor", until: null };
  if (answer.holdForOpenUntil !== null) {
    return { reason: "market_closed", until: holdExpiry(draft, spec) };
  }
  if (answer.missingPrice) return { reason: "price", until: priceDeadline(draft, spec) };
  if (!draft.brokerUp) return { reason: "broker_down", until: null };
  if (draft.tokensLeft <= 0 || draft.accountBook.queued.size > 0) {
    return { reason: "rate_budget", until: null };
  }
  if (isBehindItsSymbol(draft, spec)) return { reason: "turn", until: null };
  return null;
}

/** True while an order that must be terminal first is not. One that is gone from the book is closed. */
export function isBehind(draft: Draft, spec: OrderSpec): boolean {
  return spec.waitsFor.some((id) => {
    const order = draft.order(id);
    return order !== undefined && !isTerminal(order.status);
  });
}

/** Sends of a symbol leave in the order of their decision; symbols do not wait for each other. */
function isBehindItsSymbol(draft: Draft, { instrumentId }: OrderSpec): boolean {
  const held = draft.accountBook.held.on(instrumentId);
  for (const order of draft.ordersOf(held)) if (blocksLaterSends(order)) return true;
  return isAnswerAwaited(draft, instrumentId);
}

/** What another process sent may still be on its way to the broker. */
export function isAnswerAwaited(draft: Draft, instrumentId: InstrumentId): boolean {
  // Where nobody can be asked it would be waited for in vain.
  if (!draft.traits.findsByReference) return false;
  for (const id of draft.accountBook.unanswered) {
    if (draft.order(id)?.instrumentId === instrumentId) return true;
  }
  return false;
}

/** An order held for the open blocks nobody: what may trade before the open is not behind it. */
export function blocksLaterSends(order: {
  readonly status: string;
  readonly hold: { readonly reason: Hold } | null;
}): boolean {
  return order.status === "pending" && order.hold?.reason !== "market_closed";
}

/** When a hold for the open ends, whether the market opened or not. */
export function holdExpiry(draft: Draft, spec: OrderSpec): number | null {
  const seconds = limitsFor(draft, spec).market_closed_hold_seconds;
  return seconds === null ? null : spec.receivedAt + seconds * 1000;
}

function priceDeadline(draft: Draft, spec: OrderSpec): number {
  return draft.now + (limitsFor(draft, spec).reference_price_wait_ms ?? 0);
}

export function limitsFor(draft: Draft, of: Pick<OrderSpec, "instrumentId" | "strategyId">) {
  const symbol = draft.context.instrument(of.instrumentId)?.symbol ?? of.instrumentId;
  return draft.context.limits.for(draft.account.id, symbol, of.strategyId);
}

interface Seen {
  readonly verdicts: readonly Verdict[] | null;
  readonly mark: UsedMark | null;
}

/** Of a signal its decision says what the chain said; what a command places says it with the intent. */
const SAID_ALREADY: Seen = { verdicts: null, mark: null };

/** Places the order, and sends or holds it. */
export function placeOrHold(
  draft: Draft,
  spec: OrderSpec,
  answer: RiskAnswer,
  seen: Seen = SAID_ALREADY,
): void {
  const waiting = waitingOf(draft, spec, answer);
  draft.record({ type: "OrderPlaced", orderId: spec.id, order: spec });
  if (waiting === null) {
    submit(draft, spec, seen);
    return;
  }
  hold(draft, spec, waiting);
  if (waiting.reason === "price") wantMarks(draft, answer);
}

export function wantMarks(draft: Draft, { wantedMarks }: RiskAnswer): void {
  for (const instrumentId of wantedMarks) draft.effect({ kind: "want_mark", instrumentId });
}

export function hold(draft: Draft, order: Pick<OrderSpec, "id">, waiting: Waiting): void {
  draft.record({ type: "OrderHeld", orderId: order.id, ...waiting });
}

/** An order that has just been placed has neither generation nor reference yet. */
type Sendable = Pick<OrderSpec, "id" | "instrumentId" | "terms"> &
  Partial<Pick<OrderState, "generation" | "reference">>;

/**
 * An intent waits in this process for its turn: when that comes later than this, it does not leave. What
 * policy held has outlived the age of its signal already.
 */
function leavesBy(draft: Draft, id: OrderId): number | null {
  const order = draft.order(id);
  if (order === undefined) return null;
  const seconds = isHeldByPolicy(draft, order)
    ? null
    : limitsFor(draft, order).max_signal_age_seconds;
  const age = seconds === null ? null : order.receivedAt + seconds * 1000;
  if (age === null || order.validUntil === null) return age ?? order.validUntil;
  return Math.min(age, order.validUntil);
}

/** The intent, and the call that follows its commit. */
export function submit(draft: Draft, order: Sendable, seen: Seen): void {
  // A send that surely did not arrive is repeated under the reference it had (invariant 2).
  const generation = Math.max(order.generation ?? 0, FIRST_GENERATION);
  const reference = order.reference ?? draft.nextReference(order.id, generation);
  draft.record({ type: "OrderSubmitted", orderId: order.id, generation, reference, ...seen });
  draft.useToken();
  draft.markIntent();
  draft.call({
    kind: "submit",
    orderId: order.id,
    instrumentId: order.instrumentId,
    generation,
    reference,
    terms: order.terms,
    leavesBy: leavesBy(draft, order.id),
  });
}
