// How a broker counts the order that took an old one's place. Some show only what the old ones left of it,
// and begin at nothing filled; others the whole, with what the old ones filled. Our terms are the whole,
// whatever the broker counts, so what it shows says which of the two it is.
import { Decimal } from "../decimal.ts";
import type { BrokerOrderId } from "../ids.ts";
import { bookedOn, countingOn } from "./increment.ts";
import type { BookedExecution, Counting, OrderState, ShownOrder } from "./state.ts";
import { isTerminal } from "./status.ts";

/** A sum that the broker tells of one of its orders; the quantity with it, where it says. */
export interface ToldSum {
  readonly brokerOrderId: BrokerOrderId | null;
  readonly quantity: Decimal | null;
  readonly filledQuantity: Decimal;
}

/** What filled on the broker's orders that went before this one. */
export function filledBefore(state: OrderState, brokerOrderId: BrokerOrderId | null): Decimal {
  return Decimal.sum(chainBefore(state, brokerOrderId).map((id) => bookedOn(state, id)));
}

function chainBefore(
  { brokerOrderChain: chain }: OrderState,
  brokerOrderId: BrokerOrderId | null,
): readonly BrokerOrderId[] {
  const place = brokerOrderId === null ? -1 : chain.indexOf(brokerOrderId);
  return place < 0 ? chain : chain.slice(0, place);
}

/** What counts of our executions in a sum that the broker tells. */
export function bookedIn(state: OrderState, told: ToldSum): Decimal {
  const own = bookedOn(state, told.brokerOrderId);
  const before = filledBefore(state, told.brokerOrderId);
  switch (countingIn(state, told)) {
    case "rest":
      return own;
    case "whole":
      return own.plus(before);
    case "unknown":
      // Enough to ask for nothing, and too little to take anything back.
      return told.filledQuantity.eq(own.plus(before)) ? told.filledQuantity : own;
  }
}

/** The executions that such a sum is of, without those taken back; null where the broker has not shown how it counts. */
export function executionsIn(state: OrderState, told: ToldSum): readonly BookedExecution[] | null {
  const [ways = null, ...others] = waysOfCounting(state, told);
  return others.length > 0 ? null : ways;
}

/** The executions that it may be of: both, while the broker has not shown how it counts. */
export function waysOfCounting(
  state: OrderState,
  told: ToldSum,
): readonly (readonly BookedExecution[])[] {
  const own = countingOn(state, told.brokerOrderId);
  const counting = countingIn(state, told);
  if (counting === "rest") return [own];
  const before = chainBefore(state, told.brokerOrderId);
  const whole = [...before.flatMap((id) => countingOn(state, id)), ...own];
  return counting === "whole" ? [whole] : [own, whole];
}

/**
 * Whether the fills of the orders before are in the sum. An old order shows nothing that says so: as many
 * shares may have filled on it as before it, and nobody told us.
 */
function countingIn(state: OrderState, told: ToldSum): Counting | "unknown" {
  const { brokerOrderId, filledQuantity } = told;
  if (filledBefore(state, brokerOrderId).isZero()) return "rest";
  const isCurrent = brokerOrderId === null || brokerOrderId === state.brokerOrderId;
  if (!isCurrent) return state.counting ?? "unknown";
  const quantity = told.quantity ?? state.shown?.quantity ?? null;
  const shown = countingOf(state, { quantity, filledQuantity });
  return shown === "unknown" && state.counting === "rest" ? "rest" : shown;
}

/**
 * True when the broker's sum shows fills that were never told. What was taken back is not in that sum: if
 * it counted as told, as many shares filled anew would go unmissed. A sum from before the bust looks the
 * same, and costs a read that finds nothing.
 */
export function isMissingFills(state: OrderState, told: ToldSum): boolean {
  return told.filledQuantity.gt(bookedIn(state, told));
}

type Shown = { readonly quantity: Decimal | null; readonly filledQuantity: Decimal };

/**
 * What the broker's current order counts. A replacement that is shown before it is made has the whole
 * quantity too, and nothing filled: that says nothing.
 */
function countingOf(state: OrderState, { quantity, filledQuantity }: Shown): Counting | "unknown" {
  const { brokerOrderId, counting } = state;
  const whole = state.terms.quantity;
  const before = filledBefore(state, brokerOrderId);
  if (whole === null || quantity === null) return "unknown";
  if (state.isQuantityGuessed && counting === null) {
    // Our terms say nothing here; only what is its own does.
    const isOwn = filledQuantity.isPositive() && filledQuantity.eq(bookedOn(state, brokerOrderId));
    return isOwn ? "rest" : "unknown";
  }
  if (quantity.eq(whole)) return filledQuantity.gte(before) ? "whole" : "unknown";
  // Not always to the share: a fill of an old order may still be told, or be taken back since.
  return quantity.lt(whole) ? "rest" : "unknown";
}

/** What is shown of an order that we asked for: its whole is known, and so what of it the broker counts. */
export function countingShown(state: OrderState, shown: Shown): Counting | null {
  if (state.isQuantityGuessed) return null;
  const counting = countingOf(state, shown);
  // Beside no earlier fill the whole and the rest are the same.
  const isBoth = counting === "whole" && filledBefore(state, state.brokerOrderId).isZero();
  return counting === "unknown" || isBoth ? null : counting;
}

/** Whether what was shown last says how the broker's current order counts. */
export function isCounted(state: OrderState): boolean {
  return state.shown !== null && countingOf(state, state.shown) !== "unknown";
}

/** Worth keeping: the first that is shown of a replacement, one that shows less, or says more. */
export function isNews(state: OrderState, { quantity, filledQuantity }: ShownOrder): boolean {
  const { shown, terms, brokerOrderChain } = state;
  if (brokerOrderChain.length === 0 || terms.quantity === null) return false;
  if (isTerminal(state.status)) return false;
  if (shown === null || quantity.lt(shown.quantity)) return true;
  const isAlike = quantity.eq(shown.quantity) && filledQuantity.eq(shown.filledQuantity);
  return !isCounted(state) && !isAlike;
}

/**
 * The quantity as the broker counts its current order, for a whole that is wanted: it moves by as much as
 * ours, so that fills of the old orders that nobody told us of are counted too. Null where it has not been
 * shown how it counts.
 */
export function quantityAtBroker(state: OrderState, wanted: Decimal): Decimal | null {
  const { brokerOrderChain, shown, terms } = state;
  if (brokerOrderChain.length === 0 || terms.quantity === null) return wanted;
  if (shown === null || !isCounted(state)) return null;
  return wanted.minus(terms.quantity).plus(shown.quantity);
}
