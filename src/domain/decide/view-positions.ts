// Positions in a reconciliation: first contact records what is there, and what nothing explains is
// corrected once a second look still finds it.
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import {
  comparePositions,
  FRESH_MS,
  judgeDifference,
  saysSomethingAbout,
} from "../order/reconcile.ts";
import type { PositionDifference } from "../order/reconcile.ts";
import { RECONCILIATION, type AdjustmentKind } from "../position/state.ts";
import { halfTold } from "./activity.ts";
import { keepsCost, priceOf } from "./correction.ts";
import type { Draft } from "./draft.ts";
import { missingFills } from "./missing-fills.ts";
import { othersOf, withOthers } from "./others.ts";
import { recordSplit } from "./split.ts";
import { untoldLater } from "./untold.ts";
import { recordValue } from "./value.ts";

export function reconcilePositions(draft: Draft, view: BrokerView): void {
  const { accountBook } = draft;
  const ours = (instrumentId: InstrumentId): Decimal => draft.held(instrumentId);
  const known = { positions: accountBook.positions, others: draft.others };
  const isFirstContact = accountBook.firstContactAt === null;
  const underWay = new Set([...halfTold(view), ...draft.filledSince(view.at - FRESH_MS)]);
  const missing = new Set([...missingFills(draft, view), ...untoldLater(draft, view)]);
  const filled = draft.filledSince(0);
  const differences = comparePositions(known, view.positions, ours);
  const differing = new Set(differences.map(({ instrumentId }) => instrumentId));
  for (const instrumentId of accountBook.suspected.keys()) {
    if (differing.has(instrumentId) || underWay.has(instrumentId)) continue;
    if (saysSomethingAbout(accountBook, instrumentId, view)) tellGone(draft, instrumentId);
  }
  for (const difference of differences) {
    if (underWay.has(difference.instrumentId)) continue;
    if (!saysSomethingAbout(accountBook, difference.instrumentId, view)) continue;
    if (isFirstContact) adjust(draft, difference, { kind: "opening_balance", view });
    else {
      const { instrumentId } = difference;
      const [isMissing, isFilled] = [missing.has(instrumentId), filled.has(instrumentId)];
      doubt(draft, difference, { view, isMissing, isFilled });
    }
  }
}

/** What is explained by this very look is told by that; what only vanished, or was taken back, is told here. */
function tellGone(draft: Draft, subject: InstrumentId): void {
  if (draft.holdings.isSettled(subject)) return;
  const both = withOthers(draft, subject).toString();
  const told = { type: "DifferenceFound", kind: "position", subject, ours: both } as const;
  draft.record({ ...told, theirs: both, action: "gone: both sides hold the same again" });
}

const NOTED =
  "noted: adopt or ignore it; corrected if the next reconciliation still finds it as it is";
const NOTED_BESIDE = "noted: adopt or ignore it; what is left to others stays as it is until then";
const CORRECTED = "corrected to what the broker holds";

interface Seen {
  readonly view: BrokerView;
  /** The same look shows a fill of ours, or a bust, that is not told yet: it counts when it is. */
  readonly isMissing: boolean;
  /** It brought a fill: that begins the doubt anew, as one by the stream does. */
  readonly isFilled: boolean;
}

/** A fill can fall between two reads of one view, so one look alone corrects nothing (nautilus#4736). */
function doubt(
  draft: Draft,
  difference: PositionDifference,
  { view, isMissing, isFilled }: Seen,
): void {
  const suspicion = judgeDifference(draft.accountBook, difference, {
    viewAt: view.at,
    now: draft.now,
  });
  if (suspicion === "waiting") return;
  const isConfirmed = suspicion === "confirmed" && !isFilled;
  const { instrumentId, ours, theirs, averagePrice } = difference;
  const isBeside = !othersOf(draft, instrumentId).isZero();
  // Beside what is left to others it may be theirs as well: a person says whose it is.
  if (isConfirmed && (isBeside || isMissing)) return;
  draft.record({
    type: "DifferenceFound",
    kind: "position",
    subject: instrumentId,
    ours: ours.toString(),
    theirs: theirs.toString(),
    action: isConfirmed ? CORRECTED : isBeside ? NOTED_BESIDE : NOTED,
    ...(averagePrice !== null && { averagePrice }),
  });
  const sizes = `${ours.toString()} here, ${theirs.toString()} at the broker`;
  draft.alarm("position_difference", `${instrumentId} of ${draft.account.id}: ${sizes}.`);
  if (isConfirmed) adjust(draft, difference, { kind: "correction", view });
}

function adjust(
  draft: Draft,
  difference: PositionDifference,
  why: { readonly kind: AdjustmentKind; readonly view: BrokerView },
): void {
  const { instrumentId, ours, theirs, averagePrice } = difference;
  const quantity = theirs.minus(ours);
  const { kind, view } = why;
  const change = { instrumentId, quantity, averagePrice };
  const isSplit = kind === "correction" && keepsCost(draft, change);
  const price = isSplit ? null : priceOf(draft, change);
  const told = {
    id: `${kind} ${instrumentId} ${view.at}`,
    source: RECONCILIATION,
    at: view.at,
  } as const;
  const adjustment = {
    ...told,
    ...{ kind, instrumentId, quantity, price, amount: Decimal.ZERO },
  };
  if (isSplit) recordSplit(draft, adjustment);
  else draft.record({ type: "PositionAdjusted", adjustment: { ...adjustment, strategyId: null } });
  // What was bought before our time was not paid from the cash that is there now.
  if (kind === "opening_balance") recordValue(draft, { ...told, quantity, price });
}
