// The inbox of positions and cash that the record does not explain: a person says that it is ours, or
// that it is another's, or that the cash is as it should be. What is another's is no difference any more
// and still counts as held; it is over when the broker's position is another one.
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
import { correctPosition } from "./correction.ts";
import type { Draft } from "./draft.ts";

export function adoptPosition(
  draft: Draft,
  command: Command,
  request: RequestOf<"adopt_position">,
): CommandOutcome {
  const { instrumentId, reason } = request;
  const found = standingSuspicion(draft.accountBook, instrumentId, draft.now);
  const quantity = othersOf(draft, instrumentId).plus(found?.difference ?? Decimal.ZERO);
  if (quantity.isZero()) return nothingWaits(instrumentId);
  const price = request.price ?? found?.averagePrice ?? marketPrice(draft, instrumentId);
  if (draft.accountBook.others.has(instrumentId)) {
    accept(draft, { instrumentId, amount: Decimal.ZERO, reason });
  }
  correctPosition(draft, command, { instrumentId, quantity, price, reason });
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
    correctPosition(draft, command, {
      ...{ instrumentId, reason, quantity: before.minus(amount) },
      price: cost ?? marketPrice(draft, instrumentId),
    });
  }
  accept(draft, { instrumentId, amount, reason });
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

function othersOf({ accountBook }: Draft, instrumentId: InstrumentId): Decimal {
  return accountBook.others.get(instrumentId) ?? Decimal.ZERO;
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

interface Accepted {
  readonly instrumentId: InstrumentId;
  readonly amount: Decimal;
  readonly reason: string;
}

function accept(draft: Draft, { instrumentId, amount, reason }: Accepted): void {
  const of = { kind: "position", subject: instrumentId, amount, reason } as const;
  draft.record({ type: "DifferenceAccepted", ...of });
}

function marketPrice({ accountBook, context }: Draft, instrumentId: InstrumentId): Decimal | null {
  const mark = markFor(accountBook, context.marks, instrumentId);
  return mark === undefined ? null : valuationPrice(mark);
}
