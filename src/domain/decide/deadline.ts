// When the partition has to look at the clock again, so that the shell needs no polling. Only instants
// in the future are named: what is due and waits for something else is looked at again a little later.
import { tradingDayAt } from "../calendar/calendar.ts";
import type { Book, Context } from "../book.ts";
import { dueAfter } from "../elapsed.ts";
import { Draft } from "./draft.ts";
import { ageDeadline, opensAt } from "./held.ts";
import { waitsForOpen } from "./judge.ts";
import { dateOf, rollOf } from "./loss.ts";
import { clearDueAt, standingInTheWay } from "./predecessor.ts";
import { unsettledDueAt } from "./unsettled.ts";

/** What is overdue and cannot be done yet is looked at again after this. */
const LOOK_AGAIN_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;

/** The instant at which a tick is due at the latest, or null when nothing waits for time. */
export function nextDeadline(book: Book, context: Context): number | null {
  let next = NEVER;
  for (const accountBook of book.accounts.values()) {
    const draft = new Draft(book, accountBook, context, TIME);
    for (const due of dueTimes(draft)) {
      next = Math.min(next, due > context.now ? due : context.now + LOOK_AGAIN_MS);
    }
  }
  return next === NEVER ? null : next;
}

const TIME = { actor: "engine", correlationId: null, causationId: null, traceParent: null };

function* dueTimes(draft: Draft): Generator<number> {
  yield dayEnd(draft);
  yield* heldTimes(draft);
  yield* unsettledTimes(draft);
  yield quietTime(draft);
}

function dayEnd(draft: Draft): number {
  const { day, equity } = draft.accountBook;
  if (equity === null) return NEVER;
  if (day?.date !== dateOf(draft)) return draft.now;
  return tradingDayAt({ zone: draft.account.dayZone, roll: rollOf(draft.account) }, draft.now).end;
}

function* heldTimes(draft: Draft): Generator<number> {
  for (const id of draft.accountBook.held) {
    const order = draft.order(id);
    if (order === undefined) continue;
    if (order.validUntil !== null) yield order.validUntil;
    // An age is refused when it is strictly over, so the tick comes one millisecond later.
    yield ageDeadline(draft, order) + 1;
    yield order.hold?.until ?? NEVER;
    // One call that failed holds its order; nothing tells us later that the broker is there.
    if (order.hold?.reason === "broker_down" && draft.brokerUp) yield draft.now;
    for (const other of standingInTheWay(draft, order)) yield clearDueAt(draft, other);
    const instrument = draft.context.instrument(order.instrumentId);
    if (waitsForOpen(order) && instrument !== undefined) {
      yield opensAt(draft, order, instrument) ?? NEVER;
    }
  }
}

function* unsettledTimes(draft: Draft): Generator<number> {
  for (const id of draft.accountBook.unsettled) {
    const order = draft.order(id);
    if (order !== undefined) yield unsettledDueAt(draft, order);
  }
}

/** Of the working order heard of longest ago; a reconciliation counts as hearing of all of them. */
function quietTime(draft: Draft): number {
  const { heard, equity } = draft.accountBook;
  for (const [id, at] of heard) {
    const order = draft.order(id);
    if (order === undefined || order.status === "pending" || order.unresolved !== null) continue;
    const due = (since: number) => dueAfter(since, draft.traits.quietOrderMs, draft.now);
    return order.brokerOrderId === null ? due(at) : Math.max(due(at), due(equity?.at ?? 0));
  }
  return NEVER;
}
