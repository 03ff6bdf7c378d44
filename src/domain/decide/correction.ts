// A position corrected to what the broker holds, by a person or by a second look: what changes of it, at what
// price, and who said why. A change that no fill explains says nothing of money, so that it gains and loses
// nothing here: what is added makes our average the broker's, what is gone leaves at what it had cost. What
// the broker's cash did besides is told by the comparison of cash.
import type { Command } from "../command.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import { AVERAGE_COST_SCALE, averageCost } from "../position/fold.ts";
import type { Adjustment, PositionState } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { othersOf } from "./others.ts";
import { recordSplit } from "./split.ts";
import { recordValue } from "./value.ts";

export interface Correction {
  readonly instrumentId: InstrumentId;
  /** Added to what is held. */
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly reason: string;
}

export function correctPosition(draft: Draft, command: Command, correction: Correction): void {
  record(draft, headOf(draft, command, correction.reason), correction);
}

/**
 * Shares that become another's, or ours, while both sides hold the same: nothing moves at the broker, so that
 * what leaves the cost or enters it is no cash there either.
 */
export function handOver(draft: Draft, command: Command, over: Correction): void {
  const { quantity, price, reason } = over;
  const head = { ...headOf(draft, command, reason), kind: "transfer" } as const;
  record(draft, head, over);
  recordValue(draft, { ...head, quantity, price });
}

type Head = Pick<Adjustment, "id" | "kind" | "source" | "at">;

function record(draft: Draft, head: Head, { instrumentId, quantity, price }: Correction): void {
  const moved = { instrumentId, strategyId: null, quantity, price, amount: Decimal.ZERO };
  draft.record({ type: "PositionAdjusted", adjustment: { ...head, ...moved } });
}

/** More or fewer shares at the cost that was there before: nothing was paid, and every strategy has its part. */
export function correctAsSplit(
  draft: Draft,
  command: Command,
  { instrumentId, quantity, reason }: Omit<Correction, "price">,
): void {
  const head = headOf(draft, command, reason);
  recordSplit(draft, { ...head, instrumentId, quantity, price: null, amount: Decimal.ZERO });
}

function headOf({ now: at }: Draft, { id, actor }: Command, reason: string) {
  return { id, kind: "correction", source: `${actor}: ${reason}`, at } as const;
}

/** A change that was found, and what the broker says was paid on average for all that it holds now. */
export interface Unexplained {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
}

/** A broker tells the average price in this many digits at least. */
const AVERAGE_PRICE_STEP = Decimal.of("0.0001");

/** A split that nobody told. */
export function keepsCost(draft: Draft, change: Unexplained): boolean {
  const position = settledPosition(draft, change);
  if (position === null || change.averagePrice === null) return false;
  const after = position.quantity.plus(change.quantity);
  const off = after.times(change.averagePrice).minus(position.costBasis).abs();
  return !after.isZero() && off.lte(after.abs().times(AVERAGE_PRICE_STEP));
}

/** Null where nothing tells what it is worth. */
export function priceOf(draft: Draft, change: Unexplained): Decimal | null {
  const { quantity, averagePrice } = change;
  const position = settledPosition(draft, change);
  if (position === null) return averagePrice;
  const side = position.quantity.sign();
  if (quantity.sign() === side) return addedAt(position, change) ?? averagePrice;
  const isThrough = position.quantity.plus(quantity).sign() === -side;
  return isThrough ? averagePrice : averageCost(position);
}

/** What the part has cost when the whole has what the broker says; null where that is no price. */
function addedAt(position: PositionState, { quantity, averagePrice }: Unexplained): Decimal | null {
  if (averagePrice === null) return null;
  const after = position.quantity.plus(quantity).times(averagePrice);
  const price = after
    .minus(position.costBasis)
    .dividedBy(quantity, AVERAGE_COST_SCALE, "half_even");
  return price.isPositive() ? price : null;
}

/**
 * Our position, where the broker's average can be compared with it: not while something moves it in this
 * same decision, nor beside what is left to others, whose cost is in the average as well.
 */
function settledPosition(draft: Draft, { instrumentId }: Unexplained): PositionState | null {
  const position = draft.accountBook.positions.net(instrumentId);
  if (position === undefined || position.quantity.isZero()) return null;
  const isSettled = position.quantity.eq(draft.held(instrumentId));
  return isSettled && othersOf(draft, instrumentId).isZero() ? position : null;
}
