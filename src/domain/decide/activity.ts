// Entries of the broker's account that are no trades: a split, a fee in kind, a dividend, a transfer.
// Each is recorded once, recognised by its id: as one adjustment, a split as one for each holder.
import type { Correction } from "../book.ts";
import type { BrokerActivity, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { Adjustment } from "../position/state.ts";
import type { InstrumentId } from "../ids.ts";
import { coveredBy, shownOf, Together, type Beside, type ToldLate } from "./covered.ts";
import { isBeforeContact, momentOf, noteShownEntries } from "./day-entries.ts";
import type { Draft } from "./draft.ts";
import { isFeeOfTrade, kindOf } from "./entry-kinds.ts";
import { recordMove } from "./moved.ts";
import { nameOfTheirs, payOthers } from "./others.ts";
import { recordSplit, shareOut } from "./split.ts";
import { recordValue } from "./value.ts";

/** And what the same look shows of its instrument, and tells of it. */
interface Entry extends BrokerActivity {
  readonly averagePrice: Decimal | null;
  readonly beside: Beside;
}

const NOTHING_TOLD = { sum: Decimal.ZERO, isEachExact: false };

export function takeActivities(draft: Draft, view: BrokerView): void {
  const since = draft.accountBook.firstContactAt;
  if (since === null) {
    noteShownEntries(draft, view.activities);
    return;
  }
  // What is older than the first contact is in the opening balances.
  const activities = view.activities.filter((activity) => !isBeforeContact(activity, since));
  const all = new Together(
    draft,
    activities.flatMap((activity) => lateOf(draft, activity)),
  );
  for (const activity of activities) {
    const { quantity: theirs, averagePrice } = shownOf(view, activity.instrumentId);
    const [late] = lateOf(draft, activity);
    const together = late === undefined ? NOTHING_TOLD : all.take(late);
    takeActivity(draft, { ...activity, averagePrice, beside: { theirs, together } });
  }
}

/** The shares that it moves where it is counted now. */
function lateOf(draft: Draft, activity: BrokerActivity): readonly ToldLate[] {
  const { instrumentId, at } = activity;
  const counted = countedOf(draft, activity);
  if (counted === null || instrumentId === null) return [];
  return [{ instrumentId, at, quantity: sharesOf(draft, activity, counted), isPosted: true }];
}

/** A half that is alone after that long is no half. */
const PENDING_MAX_MS = 24 * 60 * 60_000;

/** What is under way in the broker's ledger: until all of it is told a look says nothing about these. */
export function halfTold({ activities, at }: BrokerView): ReadonlySet<InstrumentId> {
  const found = new Set<InstrumentId>();
  for (const { status, instrumentId, at: toldAt } of activities) {
    const isUnderWay = status === "pending" && at - toldAt < PENDING_MAX_MS;
    if (isUnderWay && instrumentId !== null) found.add(instrumentId);
  }
  return found;
}

function takeActivity(draft: Draft, activity: Entry): void {
  const counted = countedOf(draft, activity);
  if (counted === null) tellKept(draft, activity);
  else if (count(draft, activity, counted) && counted.action !== null) {
    tell(draft, activity, counted.action);
  }
}

/** What of it counts now; null where nothing does. */
function countedOf({ accountBook }: Draft, activity: BrokerActivity): Counted | null {
  const { id, status } = activity;
  const { adjustments } = accountBook;
  const [isCounted, isCorrected] = [adjustments.has(id), adjustments.has(correctedName(id))];
  switch (status) {
    case "pending":
      return null;
    case "executed":
      return isCounted ? null : { id, of: figuresOf(activity), undoes: null, action: null };
    case "cancelled": {
      // Both: its figures are those of the correction, and what it said at first is what counts.
      if (isCounted === isCorrected || adjustments.has(cancelledName(id))) return null;
      const undoes = isCounted ? id : correctedName(id);
      const of = negated(figuresOf(activity));
      return { id: cancelledName(id), of, undoes, action: "taken back: it had been counted" };
    }
    case "corrected": {
      if (isCounted || isCorrected) return null;
      const of = figuresOf(activity);
      return { id: correctedName(id), of, undoes: null, action: "counted as corrected" };
    }
  }
}

const correctedName = (id: string): string => `${id}:corrected`;
const cancelledName = (id: string): string => `${id}:cancelled`;

/** All by which something of it may have been counted, where that decides what counts now. */
export function namesOfEntry(activity: BrokerActivity, since: number): readonly string[] {
  const { id, status } = activity;
  if (status === "pending" || isBeforeContact(activity, since)) return [];
  if (status === "executed") return [id];
  const counted = [id, correctedName(id)];
  return [...counted, cancelledName(id), ...counted.map(nameOfTheirs)];
}

/** What was counted stays as it is although the broker changed it, which a person is told. */
function tellKept(draft: Draft, activity: Entry): void {
  const { id, status } = activity;
  const { adjustments } = draft.accountBook;
  if (!adjustments.has(id)) return;
  const isCorrected = adjustments.has(correctedName(id));
  if (status === "corrected" && !isCorrected) tellCorrected(draft, activity);
  if (status !== "cancelled" || !isCorrected || adjustments.has(cancelledName(id))) return;
  record(draft, activity, { ...NOTHING_COUNTED, id: cancelledName(id) });
  tell(draft, activity, "told: what it said before it was corrected stays counted");
}

/** What it said before is not kept, so that the difference is for a person; the name marks it as told. */
function tellCorrected(draft: Draft, activity: Entry): void {
  record(draft, activity, { ...NOTHING_COUNTED, id: correctedName(activity.id) });
  tell(draft, activity, "told: it stays counted as it was before");
}

interface Figures {
  readonly quantity: Decimal;
  readonly amount: Decimal;
}

interface Counted {
  readonly id: string;
  readonly of: Figures;
  /** The adjustment that it takes back. */
  readonly undoes: string | null;
  /** What is told of it; null where it is no more than counted. */
  readonly action: string | null;
}

const NO_FIGURES: Figures = { quantity: Decimal.ZERO, amount: Decimal.ZERO };
/** Its name alone is kept. */
const NOTHING_COUNTED = { of: NO_FIGURES, undoes: null, action: null };

const figuresOf = ({ quantity, netAmount }: BrokerActivity): Figures => ({
  quantity: quantity ?? Decimal.ZERO,
  amount: netAmount ?? Decimal.ZERO,
});

const negated = ({ quantity, amount }: Figures): Figures => ({
  quantity: quantity.negated(),
  amount: amount.negated(),
});

/** False where it moves nothing: without an instrument only cash counts, beside all positions. */
function count(draft: Draft, activity: Entry, counted: Counted): boolean {
  const { quantity, amount } = counted.of;
  if (amount.isZero() && (activity.instrumentId === null || quantity.isZero())) return false;
  record(draft, activity, counted);
  return true;
}

/** Dividends and fees in money say for how many they were, and not how many came. */
function sharesOf(draft: Draft, activity: BrokerActivity, { of }: Pick<Counted, "of">): Decimal {
  const kind = kindOf(draft, activity);
  return kind === "dividend" || kind === "fee" ? Decimal.ZERO : of.quantity;
}

function record(draft: Draft, entry: Entry, { id, of, undoes }: Counted): void {
  const { instrumentId, price, at, averagePrice } = entry;
  const kind = kindOf(draft, entry);
  const source = `broker activity ${entry.type}`;
  if (instrumentId === null) {
    const { amount } = of;
    draft.record({ type: "CashAdjusted", adjustment: { id, kind, amount, source, at } });
    return;
  }
  const quantity = sharesOf(draft, entry, { of });
  const { amount } = of;
  const cost = kind === "transfer" ? price : null;
  const told = { id, kind, instrumentId, quantity, price: cost, amount, source, at };
  const correction = coveredBy(draft, { ...told, isPosted: true }, entry.beside);
  if (correction !== null) {
    recordCovered(draft, told, correction);
    return;
  }
  if (kind === "split") recordSplit(draft, told);
  else {
    const isOfTrade = isFeeOfTrade(entry);
    const moment = quantity.isZero() ? at : momentOf(draft, entry);
    recordMove(draft, { ...told, at: moment, undoes, averagePrice, isOfTrade });
  }
}

type Told = Omit<Adjustment, "strategyId">;

/** A correction that kept the cost was taken for a split, and shared out then. */
function recordCovered(draft: Draft, told: Told, correction: Correction): void {
  const { price, isOthers } = correction;
  const nothing = { quantity: Decimal.ZERO, price: null };
  const explains = { correction: correction.id, quantity: told.quantity };
  if (told.kind === "split" && (price !== null || isOthers)) shareOut(draft, told, correction);
  else {
    const amount = isOthers ? Decimal.ZERO : told.amount;
    const adjustment = { ...told, ...nothing, amount, strategyId: null };
    draft.record({ type: "PositionAdjusted", adjustment, explains });
    if (isOthers) payOthers(draft, told);
  }
  if (price === null) return;
  // What the correction counted as paid was not: a transfer keeps it as its cost, nothing else has one.
  if (told.kind === "transfer") {
    recordValue(draft, { ...told, price });
    return;
  }
  const { id, at, instrumentId, source } = { ...told, at: draft.now };
  const amount = told.quantity.times(price);
  const paid = { id: `${id}:cost`, kind: "cost", instrumentId, strategyId: null, source } as const;
  draft.record({ type: "PositionAdjusted", adjustment: { ...paid, ...nothing, amount, at } });
}

function tell(draft: Draft, activity: BrokerActivity, action: string): void {
  const { id, type, symbol, status, quantity, netAmount } = activity;
  const figures = `${quantity?.toString() ?? "0"} ${symbol ?? ""}, ${netAmount?.toString() ?? "0"} in cash`;
  draft.record({
    type: "DifferenceFound",
    kind: "execution",
    subject: id,
    ours: null,
    theirs: `${type} ${status}: ${figures}`,
    action,
  });
  const message = `The broker ${status} its entry ${id} (${type}): ${figures}.`;
  draft.alarm("activity_changed", message);
}
