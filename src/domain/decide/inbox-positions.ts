// The inbox of positions and cash that the record does not explain: a person says that it is ours, or
// that it is another's, or that the cash is as it should be. What is another's is no difference any more
// and still counts as held; a further difference beside it is judged by itself.
import type { Command, CommandOutcome } from "../command.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import { valuationPrice } from "../market.ts";
import { standingSuspicion } from "../order/reconcile.ts";
import { isAlike } from "../order/reconcile-cash.ts";
import { averageCost } from "../position/fold.ts";
import { markFor } from "../risk/split-mark.ts";
import { done, refused } from "./command-outcome.ts";
import type { RequestOf } from "./command-outcome.ts";
import { correctAsSplit, correctPosition, handOver, keepsCost, priceOf } from "./correction.ts";
import type { Draft } from "./draft.ts";
import { leaveToOthers, othersOf } from "./others.ts";

export function adoptPosition(
  draft: Draft,
  command: Command,
  request: RequestOf<"adopt_position">,
): CommandOutcome {
  const { instrumentId, reason } = request;
  const found = standingSuspicion(draft.accountBook, instrumentId, draft.now);
  // What differs first; what was left to others once nothing does.
  const quantity = found?.difference ?? othersOf(draft, instrumentId);
  if (quantity.isZero()) return nothingWaits(instrumentId);
  if (request.quantity !== null && !request.quantity.eq(quantity)) {
    const message = `${quantity.toString()} of ${instrumentId} wait to be adopted now, not ${request.quantity.toString()}: look again.`;
    return refused("difference_changed", message);
  }
  if (found === null) {
    leaveToOthers(draft, { instrumentId, amount: Decimal.ZERO, reason });
  }
  const change = { instrumentId, quantity, averagePrice: found?.averagePrice ?? null };
  if (request.price === null && keepsCost(draft, change)) {
    correctAsSplit(draft, command, { instrumentId, quantity, reason });
  } else {
    const price = request.price ?? priceOf(draft, change) ?? marketPrice(draft, instrumentId);
    const book = found === null ? handOver : correctPosition;
    book(draft, command, { instrumentId, quantity, price, reason });
  }
  return done("adopted", `${quantity.toString()} of ${instrumentId} are ours now.`);
}

export function ignorePosition(
  draft: Draft,
  command: Command,
  { instrumentId, quantity, reason }: RequestOf<"ignore_position">,
): CommandOutcome {
  const before = othersOf(draft, instrumentId);
  const found = standingSuspicion(draft.accountBook, instrumentId, draft.now);
  const amount = quantity ?? (found === null ? null : before.plus(found.difference));
  if (amount === null) return nothingWaits(instrumentId);
  if (amount.eq(before)) {
    const message = `${amount.toString()} of ${instrumentId} are another's already.`;
    return refused("nothing_to_do", message);
  }
  const held = draft
    .held(instrumentId)
    .plus(before)
    .plus(found?.difference ?? Decimal.ZERO);
  if (quantity !== null && !isPartOf(amount, held)) {
    const message = `${held.toString()} of ${instrumentId} are held: ${amount.toString()} of them cannot be another's.`;
    return refused("not_held", message);
  }
  // Where both sides agree, what becomes another's was counted as ours until now.
  if (found === null) {
    const ours = draft.accountBook.positions.net(instrumentId);
    // What leaves at its own cost gains and loses nothing.
    const cost = ours === undefined ? null : averageCost(ours);
    handOver(draft, command, {
      ...{ instrumentId, reason, quantity: before.minus(amount) },
      price: cost ?? marketPrice(draft, instrumentId),
    });
  }
  const left = { instrumentId, amount, reason };
  leaveToOthers(draft, found === null ? left : { ...left, unexplained: amount.minus(before) });
  const message = `${amount.toString()} of ${instrumentId} are another's, and count as held.`;
  return done("ignored", message);
}

export function acceptCash(draft: Draft, { reason }: RequestOf<"accept_cash">): CommandOutcome {
  const { told: amount, accepted } = draft.accountBook.cash;
  const { currency } = draft.account;
  if (isAlike(amount, accepted)) {
    return refused("nothing_to_do", "No difference in cash was told that is not accepted.");
  }
  draft.record({ type: "DifferenceAccepted", kind: "cash", subject: currency, amount, reason });
  return done("accepted", `${amount.toString()} ${currency} are accepted as they are.`);
}

/** Nothing, all of it, or something between. */
function isPartOf(amount: Decimal, held: Decimal): boolean {
  if (amount.isZero()) return true;
  return amount.isPositive() === held.isPositive() && amount.abs().lte(held.abs());
}

function nothingWaits(instrumentId: InstrumentId): CommandOutcome {
  const message = `No difference in ${instrumentId} is known: compare with the broker first, or say how many are another's.`;
  return refused("nothing_to_do", message);
}

function marketPrice({ accountBook, context }: Draft, instrumentId: InstrumentId): Decimal | null {
  const mark = markFor(accountBook, context.marks, instrumentId);
  return mark === undefined ? null : valuationPrice(mark);
}
