// Entries of the broker's account that are no trades: a split, a fee in kind, a dividend, a transfer.
// Each becomes one adjustment, once, recognised by its id.
import type { BrokerActivity } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { AdjustmentKind } from "../position/state.ts";
import type { Draft } from "./draft.ts";

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
  for (const activity of activities) {
    // What is older than the first contact is in the opening balances.
    if (since === null || activity.at <= since) continue;
    if (!draft.accountBook.adjustments.has(activity.id)) takeActivity(draft, activity);
  }
}

function takeActivity(draft: Draft, activity: BrokerActivity): void {
  const { id, instrumentId, netAmount, price, at } = activity;
  const quantity = activity.quantity ?? Decimal.ZERO;
  const amount = netAmount ?? Decimal.ZERO;
  // Cash without an instrument is in the broker's own figures and in no position.
  if (instrumentId === null || (quantity.isZero() && amount.isZero())) return;
  const kind = kindOf(activity);
  const moves = kind !== "dividend" && kind !== "fee";
  draft.record({
    type: "PositionAdjusted",
    adjustment: {
      id,
      kind,
      instrumentId,
      strategyId: null,
      quantity: moves ? quantity : Decimal.ZERO,
      price: kind === "transfer" ? price : null,
      amount,
      source: `broker activity ${activity.type}`,
      at,
    },
  });
}

function kindOf({ type }: BrokerActivity): AdjustmentKind {
  const word = type.toUpperCase();
  return KINDS.find(([prefix]) => word.startsWith(prefix))?.[1] ?? "transfer";
}
