// What strangers traded in the account, taken over fill by fill: of what is left to others it is theirs, and
// what goes beyond that moves our position.
import type { Correction } from "../book.ts";
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { Explains, ForeignFill, ParkedExecution } from "../event.ts";
import type { InstrumentId } from "../ids.ts";
import { eachSnapshot } from "../order/reconcile.ts";
import { coveredBy, shownOf, Together, youngestFirst, type ToldLate } from "./covered.ts";
import type { Draft } from "./draft.ts";
import { isOwnCash, moveOthers, nameOfTheirs, othersOf, partOfOthers } from "./others.ts";
import { mayBeOurs } from "./stranger.ts";
import { recordValue } from "./value.ts";

type Told = BrokerView["executions"][number];

interface Fill extends ToldLate {
  readonly told: Told;
}

/**
 * A fill of an order that is not ours moves the account all the same: it is counted as what it is, once,
 * by its own id. False where one may still turn out to be ours: it is left alone, the next view shows it again.
 */
export function takeForeignExecutions(
  draft: Draft,
  executions: readonly Told[],
  view: BrokerView,
): boolean {
  const fills: Fill[] = [];
  let isWhole = true;
  for (const told of executions) {
    const instrumentId = toldOf(draft, told, view);
    if (instrumentId === null) continue;
    if (mayBeOurs(draft, { reference: null, instrumentId })) isWhole = false;
    else fills.push(fillOf(told, instrumentId));
  }
  const all = new Together(draft, fills);
  for (const fill of youngestFirst(draft, fills)) {
    const theirs = shownOf(view, fill.instrumentId).quantity;
    take(draft, fill, coveredBy(draft, fill, { theirs, together: all.take(fill) }));
  }
  return isWhole;
}

/** Null where there is nothing to count. */
function toldOf(draft: Draft, told: Told, view: BrokerView): InstrumentId | null {
  const { firstContactAt, adjustments } = draft.accountBook;
  const { id, executedAt } = told;
  // What is older than the first contact is in the opening balances.
  if (firstContactAt === null || executedAt <= firstContactAt || adjustments.has(id)) return null;
  // What nobody here has a name for is in no position; the cash that it moved is told as a difference.
  return parkedOf(draft, told) ?? instrumentOf(draft, told.symbol, view);
}

/** The stream named it; once the position is flat again, the view names it no more. */
function parkedOf(draft: Draft, { brokerOrderId }: Told): InstrumentId | null {
  if (brokerOrderId === null) return null;
  for (const parked of draft.accountBook.parked.values()) {
    if (parked.brokerOrderId === brokerOrderId) return parked.instrumentId;
  }
  return null;
}

function fillOf(told: Told, instrumentId: InstrumentId): Fill {
  const { side, quantity, feeInAsset, executedAt: at } = told;
  const moved = (side === "buy" ? quantity : quantity.negated()).minus(feeInAsset);
  return { told, instrumentId, quantity: moved, at, isPosted: false };
}

function take(draft: Draft, fill: Fill, correction: Correction | null): void {
  const { told, instrumentId, quantity: moved } = fill;
  if (correction === null) {
    const theirs = partOfOthers(othersOf(draft, instrumentId), moved);
    const isOthers = !theirs.isZero();
    const quantity = moved.minus(theirs);
    adopt(draft, told, { instrumentId, quantity, isOthers, theirs, covered: null });
    if (isOthers) moveTheirs(draft, told, { instrumentId, theirs });
    return;
  }
  const { isOthers } = correction;
  const explains = { correction: correction.id, quantity: moved };
  const covered = { price: correction.price, isOthers };
  const counted = { instrumentId, theirs: isOthers ? moved : Decimal.ZERO, covered };
  adopt(draft, told, { ...counted, quantity: Decimal.ZERO, isOthers, explains });
  if (isOthers) {
    payForOthers(draft, told, { instrumentId, theirs: moved });
    return;
  }
  // The correction counted another price as paid, or none.
  const price = (correction.price ?? Decimal.ZERO).minus(told.price);
  const { id, executedAt: at } = told;
  recordValue(draft, { id, source: sourceOf(told), at, quantity: moved, price });
}

const sourceOf = ({ brokerOrderId }: Pick<Told, "brokerOrderId">): string =>
  `a fill of the broker's order ${brokerOrderId ?? "unknown"}, which is not ours`;

/** Recorded where nothing of it is ours, too: by this it is known, and what was parked of it is settled. */
function adopt(
  draft: Draft,
  told: Told,
  of: Omit<ForeignFill, "told"> & {
    readonly quantity: Decimal;
    readonly isOthers: boolean;
    readonly explains?: Explains;
  },
): void {
  const { id, price, fee, executedAt: at } = told;
  const { instrumentId, quantity, isOthers, explains, theirs, covered } = of;
  draft.record({
    type: "PositionAdjusted",
    adjustment: {
      ...{ id, kind: "adopted", instrumentId, strategyId: null, quantity, price, at },
      amount: isOthers ? Decimal.ZERO : fee.negated(),
      source: sourceOf(told),
    },
    ...(explains !== undefined && { explains }),
    foreign: { told: parkedAs(told, instrumentId), instrumentId, theirs, covered },
  });
}

/** As it would be kept if nobody knew yet whose it is. */
function parkedAs(told: Told, instrumentId: InstrumentId): ParkedExecution {
  const { brokerOrderId, side, id, quantity, price, cumulativeQuantity } = told;
  const { fee, feeInAsset, executedAt, source } = told;
  const figures = { quantity, price, cumulativeQuantity, fee, feeInAsset, executedAt, source };
  const execution = { id, brokerOrderId, ...figures };
  return { brokerOrderId, reference: null, instrumentId, side, execution };
}

/** The money changed hands in the account, so that it explains its cash; no gain of ours is in it. */
function moveTheirs(
  draft: Draft,
  told: Told,
  of: { readonly instrumentId: InstrumentId; readonly theirs: Decimal },
): void {
  const { instrumentId, theirs: moved } = of;
  moveOthers(draft, { instrumentId, moved, reason: sourceOf(told), since: told.executedAt });
  payForOthers(draft, told, of);
}

function payForOthers(
  draft: Draft,
  told: Told,
  { instrumentId, theirs }: { readonly instrumentId: InstrumentId; readonly theirs: Decimal },
): void {
  const { id, price, fee, executedAt: at } = told;
  const source = sourceOf(told);
  if (!isOwnCash(draft, instrumentId)) return;
  const paid = theirs.times(price).plus(fee).negated();
  const adjustment = { id: nameOfTheirs(id), kind: "adopted", amount: paid, source, at } as const;
  draft.record({ type: "CashAdjusted", adjustment });
}

/** The view names the instruments of its orders and positions; ours and others' are known besides. */
function instrumentOf(draft: Draft, symbol: string, view: BrokerView): InstrumentId | null {
  for (const position of view.positions) {
    if (position.symbol === symbol) return position.instrumentId;
  }
  for (const snapshot of eachSnapshot(view)) {
    if (snapshot.symbol === symbol) return snapshot.instrumentId;
  }
  const isNamed = (id: InstrumentId) => draft.context.instrument(id)?.symbol === symbol;
  for (const { instrumentId } of draft.accountBook.positions.open()) {
    if (isNamed(instrumentId)) return instrumentId;
  }
  return [...draft.others.keys()].find(isNamed) ?? null;
}
