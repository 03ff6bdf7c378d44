// Entries of the broker's ledger around the first contact: which of them the opening balances have. An
// entry with an instant says so by it. One of which only the day is known is judged by whether the first
// look showed it: what it showed is in the balances that were recorded then and is noted under its id, as
// an adjustment of nothing; what a later look shows was posted since and counts. And when in its day such an
// entry counts.
import type { BrokerActivity } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { Draft } from "./draft.ts";
import { othersOf } from "./others.ts";

const DAY_MS = 24 * 60 * 60_000;
/** An entry may be posted a day after the day that it names; the first look is as long as that. */
const POSTED_WITHIN_MS = 2 * DAY_MS;

/** What is older is in the opening balances. */
export function isBeforeContact(activity: BrokerActivity, since: number): boolean {
  if (activity.until === undefined) return activity.at <= since;
  return activity.at <= since - POSTED_WITHIN_MS;
}

/** The first look: what only names a day is recognised by its name from now on. */
export function noteShownEntries(draft: Draft, activities: readonly BrokerActivity[]): void {
  const oldest = draft.now - POSTED_WITHIN_MS - DAY_MS;
  for (const { id: told, type, status, until, at } of activities) {
    // What was taken back already moves nothing, now or later.
    if (until === undefined || at <= oldest || status === "cancelled") continue;
    const id = status === "corrected" ? `${told}:corrected` : told;
    const source = `broker activity ${type}, in the opening balances`;
    const adjustment = { id, kind: "transfer", amount: Decimal.ZERO, source, at } as const;
    draft.record({ type: "CashAdjusted", adjustment });
  }
}

/**
 * What only names a day brings shares as that begins, and takes them away as it ends: in between whatever was
 * traded on that day was there. A fee that counted before the fill that it is for would take from nobody, and
 * leave the strategy with more than there is.
 */
export function momentOf(draft: Draft, activity: BrokerActivity): number {
  const { at, until, instrumentId, quantity } = activity;
  if (until === undefined || instrumentId === null || quantity === null) return at;
  const both = draft.held(instrumentId).plus(othersOf(draft, instrumentId));
  const isLess = both.sign() === -quantity.sign();
  return isLess ? Math.max(at, Math.min(until, draft.now)) : at;
}
