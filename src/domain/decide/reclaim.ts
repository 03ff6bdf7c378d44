// Fills of an order that was not ours when they were told: once it is, what was counted for them is taken
// back and they count there, whichever of the two came first, the fill under another id included.
import { Decimal } from "../decimal.ts";
import type { ForeignFill } from "../event.ts";
import type { BrokerOrderId, OrderId } from "../ids.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { bookParked } from "./facts.ts";
import { isOwnCash, moveOthers, nameOfTheirs, othersOf, partOfOthers } from "./others.ts";
import { recordValue } from "./value.ts";

/** By this adjustment it is known that what was told under the id is ours after all. */
const nameOfOurs = (id: string): string => `${id}:ours`;

/** Once in a decision, when all its orders have the names that it gives them. */
export function reclaim(draft: Draft): void {
  const { foreign } = draft.accountBook;
  if (foreign.size === 0) return;
  for (const id of draft.touched()) {
    for (const name of namesOf(draft, id)) {
      for (const fill of foreign.get(name) ?? []) {
        takeBack(draft, fill);
        bookParked(draft, id, fill.told);
      }
    }
  }
}

function namesOf(draft: Draft, id: OrderId): Iterable<BrokerOrderId> {
  const order = draft.order(id);
  if (order === undefined || order.brokerOrderId === null) return [];
  return new Set([order.brokerOrderId, ...order.brokerOrderChain]);
}

/** All that was recorded of it, the other way round. */
function takeBack(draft: Draft, fill: ForeignFill): void {
  const { instrumentId, theirs, covered, told } = fill;
  const { id, price, fee, executedAt: at } = told.execution;
  const moved = movedBy(fill);
  const isOthers = covered?.isOthers ?? !theirs.isZero();
  const source = `a fill of the broker's order ${told.brokerOrderId ?? "unknown"}, which is ours`;
  const head = { kind: "transfer", instrumentId, strategyId: null, source } as const;
  const quantity = covered === null ? theirs.minus(moved) : Decimal.ZERO;
  const amount = isOthers ? Decimal.ZERO : fee;
  const adjustment = { ...head, id: nameOfOurs(id), quantity, price, amount, at };
  draft.record({ type: "PositionAdjusted", adjustment, undoes: id });
  const back = (name: string, cash: Decimal): void => {
    const paid = { id: nameOfOurs(name), kind: "transfer", amount: cash, source, at } as const;
    if (!cash.isZero()) draft.record({ type: "CashAdjusted", adjustment: paid });
  };
  if (!theirs.isZero()) {
    takeFromOthers(draft, fill, head);
    if (isOwnCash(draft, instrumentId)) back(nameOfTheirs(id), theirs.times(price).plus(fee));
  }
  if (covered === null || covered.isOthers) return;
  // The correction had it, at another price or at none: so much of that is taken back as well.
  const uncorrected = { ...head, id: `${id}:uncorrected`, amount: Decimal.ZERO, at: draft.now };
  const less = { ...uncorrected, quantity: moved.negated(), price: covered.price };
  draft.record({ type: "PositionAdjusted", adjustment: less });
  const value = moved.times((covered.price ?? Decimal.ZERO).minus(price));
  back(`${id}:value`, value.negated());
}

/**
 * As far as others still have it. What they have no more was sold on, or a person took it over: it is in what
 * is counted as ours, and goes out of that at the fill's price, with which the fill comes back.
 */
function takeFromOthers(
  draft: Draft,
  { instrumentId, theirs, told: { execution } }: ForeignFill,
  head: Omit<Adjustment, "id" | "quantity" | "price" | "amount" | "at">,
): void {
  const { id, price, executedAt: since } = execution;
  const moved = partOfOthers(othersOf(draft, instrumentId), theirs.negated());
  const reason = head.source;
  if (!moved.isZero()) moveOthers(draft, { instrumentId, moved, reason, since });
  const quantity = theirs.negated().minus(moved);
  if (quantity.isZero()) return;
  const figures = { quantity, price, amount: Decimal.ZERO, at: draft.now };
  const adjustment = { ...head, ...figures, id: `${id}:passed` };
  draft.record({ type: "PositionAdjusted", adjustment });
  // No money changed hands for it.
  if (isOwnCash(draft, instrumentId)) recordValue(draft, adjustment);
}

function movedBy({ told: { side, execution } }: ForeignFill): Decimal {
  const { quantity, feeInAsset } = execution;
  return (side === "sell" ? quantity.negated() : quantity).minus(feeInAsset);
}
