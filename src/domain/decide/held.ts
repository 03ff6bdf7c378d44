// Held orders: what has become too old ends at a tick; what waits for nothing any more is judged again on the
// prices of now, in the order of acceptance, and leaves or is refused.
import { takesFrom } from "../calendar/takes.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import { decideExpire } from "../order/decide.ts";
import type { OrderState } from "../order/state.ts";
import type { RejectCode, RejectedBy, Verdict } from "../refusal.ts";
import type { RiskAnswer } from "../risk/candidate.ts";
import { isFresh } from "../risk/equity-age.ts";
import { markFor } from "../risk/split-mark.ts";
import { isHeldByPolicy, judgeRelease, waitsForOpen } from "./judge.ts";
import type { Draft } from "./draft.ts";
import {
  clearAgain,
  fitted,
  followsWhatIsHeld,
  hasFailedPredecessor,
  hasNothingLeftToClose,
} from "./predecessor.ts";
import { finalRefusal } from "./price.ts";
import {
  blocksLaterSends,
  hold,
  holdExpiry,
  isAnswerAwaited,
  isBehind,
  limitsFor,
  submit,
  wantMarks,
} from "./send.ts";

/** One decision stays small enough for one commit; the tick behind it goes on. */
const MAX_ENDED_PER_TICK = 500;
const NEVER = Number.POSITIVE_INFINITY;

export function tickHeld(draft: Draft): void {
  if (draft.accountBook.held.size === 0) return;
  // Ended orders still count in this book: nothing is judged before the tick that their end asks for.
  if (!endOverdue(draft)) releaseReady(draft);
}

function* pendingOf(draft: Draft, ids: Iterable<OrderId>): Generator<OrderState> {
  for (const order of draft.ordersOf(ids)) if (order.status === "pending") yield order;
}

function endOverdue(draft: Draft): boolean {
  const { ends } = draft.accountBook;
  let ended = 0;
  for (const order of pendingOf(draft, lookedAt(draft))) {
    const isOver = endIfOver(draft, order);
    ends.passOver(order.id, isOver ? draft.now : mayEndAt(draft, order), draft.now);
    if (isOver) ended += 1;
    if (ended < MAX_ENDED_PER_TICK) continue;
    ends.lookAtAll();
    break;
  }
  return ended > 0;
}

/** While the broker is away, what is held for the open may need it from one moment to the next. */
function lookedAt({ accountBook, context, brokerUp, now }: Draft): Iterable<OrderId> {
  const { ends, held } = accountBook;
  return brokerUp ? ends.look(held, now, [context.limits, context.calendar]) : held;
}

/** Before it, only an event can end the order; what waits for others, or closes what is held, may end with any. */
function mayEndAt(draft: Draft, order: OrderState): number {
  const mayEndWithOthers = order.waitsFor.length > 0 || followsWhatIsHeld(order);
  return mayEndWithOthers ? draft.now : Math.min(...ownEnds(draft, order));
}

/** Instants at which time alone may end a held order. */
export function ownEnds(draft: Draft, order: OrderState): readonly number[] {
  // An age is refused when it is strictly over, so one millisecond later.
  return [order.validUntil ?? NEVER, order.hold?.until ?? NEVER, ageDeadline(draft, order) + 1];
}

function endIfOver(draft: Draft, order: OrderState): boolean {
  const expiry = decideExpire(order, draft.now);
  if (expiry?.ok === true) {
    draft.recordAll(expiry.events);
    return true;
  }
  if (draft.now > ageDeadline(draft, order) && isHeldByPolicy(draft, order)) {
    draft.record({ type: "OrderExpired", orderId: order.id, by: "engine" });
    return true;
  }
  const why = whyRefused(draft, order);
  if (why !== null) reject(draft, order, why);
  return why !== null;
}

interface Why {
  readonly by: RejectedBy;
  readonly code: RejectCode;
  readonly message: string;
}

function reject(
  draft: Draft,
  order: OrderState,
  { by, code, message }: Why,
  verdicts?: readonly Verdict[],
): void {
  const orderId = order.id;
  const said = verdicts === undefined ? {} : { verdicts };
  draft.record({ type: "OrderRejected", orderId, by, code, message, ...said });
}

function isPast(until: number | null, now: number): boolean {
  return until !== null && now >= until;
}

function whyRefused(draft: Draft, order: OrderState): Why | null {
  const { now } = draft;
  if (now > ageDeadline(draft, order)) {
    const age = ((now - order.receivedAt) / 1000).toFixed(1);
    const message = `The order was still held (${order.hold?.reason}) when its signal was ${age} s old.`;
    return { by: "risk", code: "stale_signal", message };
  }
  if (order.hold?.reason === "price" && isPast(order.hold.until, now) && !hasMark(draft, order)) {
    return { by: "risk", code: "no_reference_price", message: "No price came in time." };
  }
  if (needsBroker(draft, order) && limitsFor(draft, order).on_broker_down === "reject") {
    const message = `${draft.traits.name} cannot be reached, and on_broker_down = reject.`;
    return { by: "engine", code: "broker_down", message };
  }
  if (hasNothingLeftToClose(draft, order)) {
    const message = "Nothing is left to close.";
    return { by: "engine", code: "nothing_to_close", message };
  }
  if (hasFailedPredecessor(draft, order)) {
    const message = "The order that closes the old position first did not fill.";
    return { by: "engine", code: "predecessor_failed", message };
  }
  return null;
}

/**
 * Infinite for what waits for the open: that hold has an end of its own. What policy held, and what waits
 * again since, has the end that the hold had.
 */
export function ageDeadline(draft: Draft, order: OrderState): number {
  if (waitsForOpen(order)) return NEVER;
  const seconds = limitsFor(draft, order).max_signal_age_seconds;
  const age = seconds === null ? NEVER : order.receivedAt + seconds * 1000;
  // The calendar is asked only about what is too old: there may be a hundred thousand that are not.
  if (draft.now <= age || !isHeldByPolicy(draft, order)) return age;
  return holdExpiry(draft, order) ?? NEVER;
}

/** The broker is away, and the order would go to it now: before the open nobody needs it. */
function needsBroker(draft: Draft, order: OrderState): boolean {
  if (draft.brokerUp) return false;
  const instrument = draft.context.instrument(order.instrumentId);
  return instrument === undefined || takesOrdersNow(draft, order, instrument);
}

function hasMark(draft: Draft, order: OrderState): boolean {
  return markFor(draft.accountBook, draft.context.marks, order.instrumentId) !== undefined;
}

function releaseReady(draft: Draft): void {
  if (!draft.brokerUp) return;
  const isKnown = isAccountKnown(draft);
  const blocked = new Set<InstrumentId>();
  for (const order of pendingOf(draft, draft.accountBook.held)) {
    clearAgain(draft, order);
    if (draft.tokensLeft <= 0) return;
    const instrument = draft.context.instrument(order.instrumentId);
    const isReady =
      instrument !== undefined &&
      (isKnown || order.reducesPosition) &&
      !blocked.has(order.instrumentId) &&
      !isBehind(draft, order) &&
      !isAnswerAwaited(draft, order.instrumentId) &&
      takesOrdersNow(draft, order, instrument);
    // A refused order still counts in this book; the tick that its end asks for judges the others without it.
    if (isReady && isRefused(draft, fitted(draft, order), instrument)) return;
    const left = draft.order(order.id);
    if (left !== undefined && blocksLaterSends(left)) blocked.add(order.instrumentId);
  }
}

/** By equity that is old an entry would be refused for good: it waits for a look, as for a price. */
function isAccountKnown({ accountBook: { equity }, now }: Draft): boolean {
  return equity === null || isFresh(equity, now);
}

/** Spares what waits for the open a walk through the whole chain at every tick. */
function takesOrdersNow(draft: Draft, order: OrderState, instrument: Instrument): boolean {
  if (!waitsForOpen(order)) return true;
  return opensAt(draft, order, instrument) === draft.now;
}

/** When the venue takes such an order: now, or the instant it opens; null when none is in sight. */
export function opensAt(
  draft: Draft,
  { terms }: OrderState,
  { venue }: Pick<Instrument, "venue">,
): number | null {
  return takesFrom(venue, terms, { now: draft.now, calendar: draft.context.calendar });
}

/** Lets an order leave, wait on, or end. */
function isRefused(draft: Draft, order: OrderState, instrument: Instrument): boolean {
  const answer = judgeRelease(draft, order, instrument);
  if (answer.missingPrice && !isPast(priceDeadline(order), draft.now)) {
    waitForPrice(draft, order, answer);
    return false;
  }
  const refusal = finalRefusal(answer);
  if (refusal !== null) {
    reject(draft, order, refusal, answer.verdicts);
    return true;
  }
  if (answer.holdForOpenUntil !== null) {
    if (!waitsForOpen(order)) {
      hold(draft, order, { reason: "market_closed", until: holdExpiry(draft, order) });
    }
    return false;
  }
  submit(draft, order, { verdicts: answer.verdicts, mark: answer.mark });
  return false;
}

function priceDeadline({ hold: held }: OrderState): number | null {
  return held?.reason === "price" ? held.until : null;
}

/** What was held for the open keeps that hold and its expiry while it waits for the first price. */
function waitForPrice(draft: Draft, order: OrderState, answer: RiskAnswer): void {
  wantMarks(draft, answer);
  if (waitsForOpen(order) || order.hold?.reason === "price") return;
  const wait = limitsFor(draft, order).reference_price_wait_ms ?? 0;
  hold(draft, order, { reason: "price", until: draft.now + wait });
}
