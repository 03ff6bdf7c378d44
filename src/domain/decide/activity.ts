// Entries of the broker's account that are no trades: a split, a fee in kind, a dividend, a transfer.
// Each is recorded once, recognised by its id: as one adjustment, a split as one for each holder.
import type { BrokerActivity } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { AdjustmentKind } from "../position/state.ts";
import { isBeforeContact, noteShownEntries } from "./day-entries.ts";
import type { Draft } from "./draft.ts";
import { recordValue } from "./value.ts";

/** By how the entry's type begins; brokers add letters behind. Whatever else moves shares is a transfer. */
const KINDS: readonly (readonly [prefix: string, kind: AdjustmentKind])[] = [
  ["CFEE", "fee_in_kind"],
  ["FEE", "fee"],
  ["PTC", "fee"],
  ["DIV", "dividend"],
  ["INT", "dividend"],
  ["SPLIT", "split"],
  ["SSP", "split"],
  ["SSO", "split"],
];

export function takeActivities(draft: Draft, activities: readonly BrokerActivity[]): void {
  const since = draft.accountBook.firstContactAt;
  if (since === null) {
    noteShownEntries(draft, activities);
    return;
  }
  for (const activity of activities) {
    if (!isBeforeContact(activity, since)) takeActivity(draft, activity);
  }
}

function takeActivity(draft: Draft, activity: BrokerActivity): void {
  const { id, status } = activity;
  const { adjustments } = draft.accountBook;
  const isCounted = adjustments.has(id);
  switch (status) {
    case "executed":
      if (!isCounted) count(draft, activity, { id, of: figuresOf(activity) });
      return;
    case "cancelled":
      if (isCounted || adjustments.has(correctedName(id))) takeBack(draft, activity, isCounted);
      return;
    case "corrected":
      if (adjustments.has(correctedName(id))) return;
      if (isCounted) tellCorrected(draft, activity);
      else countCorrected(draft, activity);
  }
}

const correctedName = (id: string): string => `${id}:corrected`;

function takeBack(draft: Draft, activity: BrokerActivity, isCounted: boolean): void {
  const { adjustments } = draft.accountBook;
  const id = `${activity.id}:cancelled`;
  if (adjustments.has(id)) return;
  if (isCounted && adjustments.has(correctedName(activity.id))) {
    // Its figures are those of the correction, and what it said at first is what counts.
    record(draft, activity, { id, of: NO_FIGURES });
    tell(draft, activity, "told: what it said before it was corrected stays counted");
    return;
  }
  const isMoved = count(draft, activity, { id, of: negated(figuresOf(activity)) });
  if (isMoved) tell(draft, activity, "taken back: it had been counted");
}

function countCorrected(draft: Draft, activity: BrokerActivity): void {
  const of = figuresOf(activity);
  const isMoved = count(draft, activity, { id: correctedName(activity.id), of });
  if (isMoved) tell(draft, activity, "counted as corrected");
}

/** What it said before is not kept, so that the difference is for a person; the name marks it as told. */
function tellCorrected(draft: Draft, activity: BrokerActivity): void {
  record(draft, activity, { id: correctedName(activity.id), of: NO_FIGURES });
  tell(draft, activity, "told: it stays counted as it was before");
}

interface Figures {
  readonly quantity: Decimal;
  readonly amount: Decimal;
}

interface Counted {
  readonly id: string;
  readonly of: Figures;
}

const NO_FIGURES: Figures = { quantity: Decimal.ZERO, amount: Decimal.ZERO };

const figuresOf = ({ quantity, netAmount }: BrokerActivity): Figures => ({
  quantity: quantity ?? Decimal.ZERO,
  amount: netAmount ?? Decimal.ZERO,
});

const negated = ({ quantity, amount }: Figures): Figures => ({
  quantity: quantity.negated(),
  amount: amount.negated(),
});

/** False where it moves nothing: without an instrument only cash counts, beside all positions. */
function count(draft: Draft, activity: BrokerActivity, counted: Counted): boolean {
  const { quantity, amount } = counted.of;
  if (amount.isZero() && (activity.instrumentId === null || quantity.isZero())) return false;
  record(draft, activity, counted);
  return true;
}

function record(draft: Draft, activity: BrokerActivity, { id, of }: Counted): void {
  const { instrumentId, price, at } = activity;
  const kind = kindOf(activity);
  const source = `broker activity ${activity.type}`;
  if (instrumentId === null) {
    const { amount } = of;
    draft.record({ type: "CashAdjusted", adjustment: { id, kind, amount, source, at } });
    return;
  }
  const moves = kind !== "dividend" && kind !== "fee";
  const quantity = moves ? of.quantity : Decimal.ZERO;
  const shares = kind === "split" ? sharesOf(draft, instrumentId, quantity) : [];
  const adjustment = { kind, instrumentId, price: kind === "transfer" ? price : null, source, at };
  for (const { strategyId, part } of shares) {
    const own = { id: `${id}@${strategyId}`, strategyId, quantity: part, amount: Decimal.ZERO };
    draft.record({ type: "PositionAdjusted", adjustment: { ...adjustment, ...own } });
  }
  const rest = quantity.minus(Decimal.sum(shares.map(({ part }) => part)));
  draft.record({
    type: "PositionAdjusted",
    adjustment: { ...adjustment, id, strategyId: null, quantity: rest, amount: of.amount },
  });
  if (kind === "transfer") recordValue(draft, { id, source, at, quantity: of.quantity, price });
}

const SHARE_SCALE = 9;

/** A split splits what each strategy holds; what nobody's strategy holds, and fractions, are the rest. */
function sharesOf(draft: Draft, instrumentId: InstrumentId, change: Decimal) {
  const net = draft.held(instrumentId);
  if (net.isZero() || change.isZero()) return [];
  return [...draft.accountBook.positions.of(instrumentId)].flatMap(({ strategyId, quantity }) => {
    if (strategyId === null || quantity.isZero()) return [];
    const part = quantity.times(change).dividedBy(net, SHARE_SCALE, "down");
    return part.isZero() ? [] : [{ strategyId, part }];
  });
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

function kindOf({ type }: BrokerActivity): AdjustmentKind {
  const word = type.toUpperCase();
  return KINDS.find(([prefix]) => word.startsWith(prefix))?.[1] ?? "transfer";
}
