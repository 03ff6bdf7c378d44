// Positions in a reconciliation: what strangers traded is taken over fill by fill, first contact records
// what is there, and what nothing explains is corrected once a second look still finds it.
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import {
  comparePositions,
  eachSnapshot,
  judgeDifference,
  saysSomethingAbout,
} from "../order/reconcile.ts";
import type { PositionDifference } from "../order/reconcile.ts";
import { RECONCILIATION, type AdjustmentKind } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { recordValue } from "./value.ts";
import { mayBeOurs } from "./stranger.ts";

/**
 * A fill of an order that is not ours moves the account all the same: it is counted as what it is, once,
 * by its own id. While it may still turn out to be ours it is left alone; the next view shows it again.
 */
export function takeForeignExecution(
  draft: Draft,
  told: BrokerView["executions"][number],
  view: BrokerView,
): "taken" | "later" {
  const { firstContactAt, adjustments } = draft.accountBook;
  const { id, executedAt, price, fee, feeInAsset, brokerOrderId } = told;
  // What is older than the first contact is in the opening balances.
  if (firstContactAt === null || executedAt <= firstContactAt || adjustments.has(id)) {
    return "taken";
  }
  const instrumentId = instrumentOf(draft, told.symbol, view);
  // What nobody here has a name for is in no position; the cash that it moved is told as a difference.
  if (instrumentId === null) return "taken";
  if (mayBeOurs(draft, { reference: null, instrumentId })) return "later";
  const traded = told.side === "buy" ? told.quantity : told.quantity.negated();
  draft.record({
    type: "PositionAdjusted",
    adjustment: {
      id,
      kind: "adopted",
      instrumentId,
      strategyId: null,
      quantity: traded.minus(feeInAsset),
      price,
      amount: fee.negated(),
      source: `a fill of the broker's order ${brokerOrderId ?? "unknown"}, which is not ours`,
      at: executedAt,
    },
  });
  return "taken";
}

/** The view names the instruments of its orders and positions; ours are known besides. */
function instrumentOf(draft: Draft, symbol: string, view: BrokerView): InstrumentId | null {
  for (const position of view.positions) {
    if (position.symbol === symbol) return position.instrumentId;
  }
  for (const snapshot of eachSnapshot(view)) {
    if (snapshot.symbol === symbol) return snapshot.instrumentId;
  }
  for (const { instrumentId } of draft.accountBook.positions.open()) {
    if (draft.context.instrument(instrumentId)?.symbol === symbol) return instrumentId;
  }
  return null;
}

export function reconcilePositions(draft: Draft, view: BrokerView): void {
  const { accountBook } = draft;
  const ours = (instrumentId: InstrumentId): Decimal => draft.held(instrumentId);
  const isFirstContact = accountBook.firstContactAt === null;
  for (const difference of comparePositions(accountBook, view.positions, ours)) {
    if (!saysSomethingAbout(accountBook, difference.instrumentId, view)) continue;
    if (isFirstContact) adjust(draft, difference, { kind: "opening_balance", view });
    else doubt(draft, difference, view);
  }
}

const NOTED =
  "noted: adopt or ignore it; corrected if the next reconciliation still finds it as it is";
const CORRECTED = "corrected to what the broker holds";
const UNDONE = "changed: what was left to others is looked at again";

/** A fill can fall between two reads of one view, so one look alone corrects nothing (nautilus#4736). */
function doubt(draft: Draft, difference: PositionDifference, view: BrokerView): void {
  const suspicion = judgeDifference(draft.accountBook, difference, {
    viewAt: view.at,
    now: draft.now,
  });
  if (suspicion === "waiting") return;
  const isConfirmed = suspicion === "confirmed";
  const { instrumentId, ours, theirs, averagePrice } = difference;
  const isOthers = draft.accountBook.others.has(instrumentId);
  draft.record({
    type: "DifferenceFound",
    kind: "position",
    subject: instrumentId,
    ours: ours.toString(),
    theirs: theirs.toString(),
    action: isConfirmed ? (isOthers ? UNDONE : CORRECTED) : NOTED,
    ...(averagePrice !== null && { averagePrice }),
  });
  const sizes = `${ours.toString()} here, ${theirs.toString()} at the broker`;
  draft.alarm("position_difference", `${instrumentId} of ${draft.account.id}: ${sizes}.`);
  if (!isConfirmed) return;
  if (isOthers) leaveNothing(draft, instrumentId);
  else adjust(draft, difference, { kind: "correction", view });
}

/** What was left to others is not what it was: the next looks judge the position as a whole again. */
function leaveNothing(draft: Draft, subject: InstrumentId): void {
  draft.record({
    type: "DifferenceAccepted",
    kind: "position",
    subject,
    amount: Decimal.ZERO,
    reason: "the broker's position changed",
  });
}

/** A broker tells the average price in this many digits at least. */
const AVERAGE_PRICE_STEP = Decimal.of("0.0001");

/** More or fewer shares at the cost that was there before: a split that nobody told. */
function keepsCost(draft: Draft, { instrumentId, theirs, averagePrice }: PositionDifference) {
  const position = draft.accountBook.positions.net(instrumentId);
  if (position === undefined || averagePrice === null || position.quantity.isZero()) return false;
  const off = theirs.times(averagePrice).minus(position.costBasis).abs();
  return !theirs.isZero() && off.lte(theirs.abs().times(AVERAGE_PRICE_STEP));
}

function adjust(
  draft: Draft,
  difference: PositionDifference,
  why: { readonly kind: AdjustmentKind; readonly view: BrokerView },
): void {
  const { instrumentId, ours, theirs } = difference;
  const quantity = theirs.minus(ours);
  const { kind, view } = why;
  const isSplit = kind === "correction" && keepsCost(draft, difference);
  const averagePrice = isSplit ? null : difference.averagePrice;
  const told = {
    id: `${kind} ${instrumentId} ${view.at}`,
    source: RECONCILIATION,
    at: view.at,
  } as const;
  draft.record({
    type: "PositionAdjusted",
    adjustment: {
      ...told,
      ...{ kind, instrumentId, strategyId: null, quantity },
      price: averagePrice,
      amount: Decimal.ZERO,
    },
  });
  // What was bought before our time was not paid from the cash that is there now.
  if (kind === "opening_balance") recordValue(draft, { ...told, quantity, price: averagePrice });
}
