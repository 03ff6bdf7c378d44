// When the partition has to look at the clock again, so that the shell needs no polling. Only instants
// in the future are named: what is due and waits for something else is looked at again a little later.
import { tradingDayAt } from "../calendar/calendar.ts";
import type { Book, Context } from "../book.ts";
import { dueAfter } from "../elapsed.ts";
import type { OrderId } from "../ids.ts";
import { Draft } from "./draft.ts";
import { opensAt, ownEnds } from "./held.ts";
import { waitsForOpen } from "./judge.ts";
import { dateOf, rollOf } from "./loss.ts";
import { clearDueAt, standingInTheWay } from "./predecessor.ts";
import { lookDueAt, unsettledDueAt } from "./unsettled.ts";

/** What is overdue and cannot be done yet is looked at again after this. */
const LOOK_AGAIN_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The instant at which a tick is due at the latest, or null when nothing waits for time. With `touched`,
 * of all orders only these are looked at: enough for who has the deadline of the others.
 */
export function nextDeadline(
  book: Book,
  context: Context,
  touched: ReadonlySet<OrderId> | null = null,
): number | null {
  let next = NEVER;
  for (const accountBook of book.accounts.values()) {
    const draft = new Draft(book, accountBook, context, TIME);
    for (const due of dueTimes(draft, touched)) {
      next = Math.min(next, due > context.now ? due : context.now + LOOK_AGAIN_MS);
    }
  }
  return next === NEVER ? null : next;
}

const TIME = { actor: "engine", correlationId: null, causationId: null, traceParent: null };

function* dueTimes(draft: Draft, touched: ReadonlySet<OrderId> | null): Generator<number> {
  const { held, heard, unsettled } = draft.accountBook;
  yield dayEnd(draft);
  yield* heldTimes(draft, touched ?? held);
  yield* unsettledTimes(draft, touched ?? unsettled);
  yield quietTime(draft, touched ?? heard.keys());
}

function dayEnd(draft: Draft): number {
  const { day, equity } = draft.accountBook;
  if (equity === null) return NEVER;
  if (day?.date !== dateOf(draft)) return draft.now;
  return tradingDayAt({ zone: draft.account.dayZone, roll: rollOf(draft.account) }, draft.now).end;
}

function* heldTimes(draft: Draft, ids: Iterable<OrderId>): Generator<number> {
  const { held } = draft.accountBook;
  for (const id of ids) {
    const order = held.has(id) ? draft.order(id) : undefined;
    if (order === undefined) continue;
    yield* ownEnds(draft, order);
    // One call that failed holds its order; nothing tells us later that the broker is there.
    if (order.hold?.reason === "broker_down" && draft.brokerUp) yield draft.now;
    for (const other of standingInTheWay(draft, order)) yield clearDueAt(draft, other);
    const instrument = draft.context.instrument(order.instrumentId);
    if (waitsForOpen(order) && instrument !== undefined) {
      yield opensAt(draft, order, instrument) ?? NEVER;
    }
  }
}

function* unsettledTimes(draft: Draft, ids: Iterable<OrderId>): Generator<number> {
  const { unsettled } = draft.accountBook;
  for (const id of ids) {
    const order = unsettled.has(id) ? draft.order(id) : undefined;
    if (order !== undefined) yield unsettledDueAt(draft, order);
  }
}

/**
 * Of working orders, when the broker is asked about them; a reconciliation counts as hearing of all that
 * are there. Those heard of longest ago come first, and whoever was heard of later is not due earlier.
 */
function quietTime(draft: Draft, ids: Iterable<OrderId>): number {
  const { heard } = draft.accountBook;
  const due = (since: number) => dueAfter(since, draft.traits.quietOrderMs, draft.now);
  const seen = lookDueAt(draft);
  let first = NEVER;
  for (const id of ids) {
    const at = heard.get(id);
    if (at === undefined) continue;
    if (due(at) >= first) break;
    const order = draft.order(id);
    if (order === undefined || order.status === "pending" || order.unresolved !== null) continue;
    first = Math.min(first, order.brokerOrderId === null ? due(at) : Math.max(due(at), seen));
  }
  return first;
}
