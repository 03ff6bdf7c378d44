// Where every event leads from every status: the whole table, once. A row is an event, a column the
// status before it, a cell the move. `evolve` obeys it, a test enumerates it.
//
// pending → submitted → accepted → partially_filled → filled is the ordinary way; cancelled, rejected
// and expired are its other ends. Facts come in any order, so every cell has an answer.
import { Decimal } from "../decimal.ts";
import type { DomainEvent } from "../event.ts";
import type { OrderId } from "../ids.ts";
import type { OrderStatus } from "./spec.ts";
import type { OrderState } from "./state.ts";

export type OrderEvent = Extract<DomainEvent, { readonly orderId: OrderId }>;
export type OrderEventType = OrderEvent["type"];

/**
 * A status: the order goes there. Otherwise:
 * - `stay`: what the event says is taken over, the status stays.
 * - `late`: counted and dated, nothing else changes (invariant 10).
 * - `fill`: filled when nothing is left, else partially_filled.
 * - `late_fill`: as `fill` when the closing was our own conclusion; else filled when nothing is left,
 *   else the status stays.
 * - `reopen`: accepted when the closing was our own conclusion; else nothing but the names it brings.
 * - `resize`: what was filled is measured again against the new quantity.
 * - `thin`: executions were taken away or changed; an open order is measured again.
 */
export type Move =
  OrderStatus | "stay" | "late" | "fill" | "late_fill" | "reopen" | "resize" | "thin";

type Row = Readonly<Record<OrderStatus, Move>>;

/** One move for each status, in the order of the columns below. */
function row(...moves: readonly [Move, Move, Move, Move, Move, Move, Move, Move]): Row {
  const [pending, submitted, accepted, partially_filled, filled, cancelled, rejected, expired] =
    moves;
  return { pending, submitted, accepted, partially_filled, filled, cancelled, rejected, expired };
}

// prettier-ignore
export const TRANSITIONS: Readonly<Record<OrderEventType, Row>> = {
  //                      pending      submitted    accepted     part.filled  filled       cancelled    rejected     expired
  // An id is placed once; the database refuses a second.
  OrderPlaced:        row("late",      "late",      "late",      "late",      "late",      "late",      "late",      "late"),
  // A send that surely did not arrive (429, nothing left this machine) may be sent again: back to pending,
  // with the same reference. Once the broker has the order, a hold means nothing.
  OrderHeld:          row("stay",      "pending",   "late",      "late",      "late",      "late",      "late",      "late"),
  // Sent again under the same reference. An answer that overtook the intent's own event outranks it.
  OrderSubmitted:     row("submitted", "submitted", "late",      "late",      "late",      "late",      "late",      "late"),
  // Pending: we believed it never arrived, and it did. After a fill or an end: the late answer brings the
  // broker's id and undoes nothing, unless the end was only our conclusion (never_arrived).
  OrderAccepted:      row("accepted",  "accepted",  "stay",      "stay",      "stay",      "reopen",    "reopen",    "reopen"),
  // An execution always counts: before the answer, after the cancel, on an order we gave up.
  OrderExecuted:      row("fill",      "fill",      "fill",      "fill",      "stay",      "late_fill", "late_fill", "late_fill"),
  // Only the broker knows when a notional is used up.
  OrderCompleted:     row("filled",    "filled",    "filled",    "filled",    "late",      "late",      "late",      "late"),
  // A bust takes quantity away but never reopens an ended order: its life at the broker is over.
  ExecutionBusted:    row("stay",      "stay",      "thin",      "thin",      "stay",      "stay",      "stay",      "stay"),
  ExecutionCorrected: row("fill",      "fill",      "thin",      "thin",      "stay",      "late_fill", "late_fill", "late_fill"),
  CancelRequested:    row("stay",      "stay",      "stay",      "stay",      "late",      "late",      "late",      "late"),
  CancelRefused:      row("stay",      "stay",      "stay",      "stay",      "late",      "late",      "late",      "late"),
  // The broker filled it before our cancel came: filled stands.
  OrderCancelled:     row("cancelled", "cancelled", "cancelled", "cancelled", "late",      "late",      "late",      "late"),
  ReplaceRequested:   row("stay",      "stay",      "stay",      "stay",      "late",      "late",      "late",      "late"),
  // Also after the end: what was asked for is no longer asked for.
  ReplaceRefused:     row("stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay"),
  // Pending: ours alone, changed in place. Filled: a replace to more that was heard after the fill of the
  // old quantity leaves something to fill. Other ends: the new names are kept, for late fills.
  OrderReplaced:      row("stay",      "accepted",  "resize",    "resize",    "resize",    "stay",      "stay",      "stay"),
  ReplacementShown:   row("stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay"),
  // Partially filled: a broker may drop the rest; what was filled stays.
  OrderRejected:      row("rejected",  "rejected",  "rejected",  "rejected",  "late",      "late",      "late",      "late"),
  OrderExpired:       row("expired",   "expired",   "expired",   "expired",   "late",      "late",      "late",      "late"),
  OrderUnresolved:    row("stay",      "stay",      "stay",      "stay",      "late",      "late",      "late",      "late"),
  OrderResolved:      row("stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay"),
  OrderFlagged:       row("stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay",      "stay"),
};

const TERMINAL: Readonly<Record<OrderStatus, boolean>> = {
  pending: false,
  submitted: false,
  accepted: false,
  partially_filled: false,
  filled: true,
  cancelled: true,
  rejected: true,
  expired: true,
};

export function isTerminal(status: OrderStatus): boolean {
  return TERMINAL[status];
}

/** Ended by our own conclusion although it was sent once: it may live at the broker after all. */
export function isPresumedGone(state: OrderState): boolean {
  const wasSent = state.reference !== null || state.brokerOrderId !== null;
  return TERMINAL[state.status] && state.closedBy !== "broker" && wasSent;
}

/** Average prices are for reading; sums are kept exactly in `filledNotional`. */
export const AVERAGE_PRICE_SCALE = 12;

/** Null while nothing is filled. */
export function averagePrice(
  state: Pick<OrderState, "filledQuantity" | "filledNotional">,
): Decimal | null {
  if (state.filledQuantity.isZero()) return null;
  return state.filledNotional.dividedBy(state.filledQuantity, AVERAGE_PRICE_SCALE, "half_even");
}

/** What may still fill; null when only a notional was asked for. Nothing once the order has ended. */
export function remainingQuantity(state: OrderState): Decimal | null {
  if (TERMINAL[state.status]) return Decimal.ZERO;
  return left(state.terms.quantity, state.filledQuantity);
}

export function remainingNotional(state: OrderState): Decimal | null {
  if (TERMINAL[state.status]) return Decimal.ZERO;
  return left(state.terms.notional, state.filledNotional);
}

/**
 * The most that may still fill, held, in flight and unresolved included: while a replace is on its
 * way the larger of old and new. Exactly one of the two is set, as in the terms.
 */
export function workingExposure(state: OrderState): {
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
} {
  const now = remainingQuantity(state);
  const asked = state.pendingReplace?.change.quantity;
  if (now === null || asked === undefined || TERMINAL[state.status]) {
    return { quantity: now, notional: now === null ? remainingNotional(state) : null };
  }
  return { quantity: Decimal.max(now, asked.minus(state.filledQuantity)), notional: null };
}

function left(asked: Decimal | null, filled: Decimal): Decimal | null {
  return asked === null ? null : Decimal.max(asked.minus(filled), Decimal.ZERO);
}
