// Entries of the broker's ledger around the first contact: which of them the opening balances have. An
// entry with an instant says so by it. One of which only the day is known is judged by whether the first
// look showed it: what it showed is in the balances that were recorded then and is noted under its id, as
// an adjustment of nothing; what a later look shows was posted since and counts. And when in its day such an
// entry counts.
import type { HeldBefore } from "../book.ts";
import type { BrokerActivity } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { Draft } from "./draft.ts";
import { heldAt, heldNow } from "./held-at.ts";

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
 * leave the strategy with more than there is. Where less was there at the end than it takes, or somebody has
 * less since, it goes now, from those who have some: then nobody is left with more than there is either.
 */
export function momentOf(draft: Draft, activity: BrokerActivity): number {
  const { at, until, instrumentId, quantity } = activity;
  if (until === undefined || instrumentId === null || quantity === null) return at;
  const held = heldNow(draft, instrumentId);
  const side = bothOf(held).sign();
  if (side !== -quantity.sign()) return at;
  const end = Math.max(at, Math.min(until, draft.now));
  const then = heldAt(draft, { instrumentId, at: end });
  const wasThere = then !== null && bothOf(then).plus(quantity).sign() !== -side;
  return wasThere && isStillThere(then, held) ? end : draft.now;
}

const bothOf = ({ net, others }: HeldBefore): Decimal => net.plus(others);

/** Whether nobody has less of it than then. */
function isStillThere(then: HeldBefore, held: HeldBefore): boolean {
  const isLess = (before: Decimal, after: Decimal): boolean =>
    !before.isZero() && (after.sign() !== before.sign() || after.abs().lt(before.abs()));
  if (isLess(nobodys(then), nobodys(held))) return false;
  for (const [strategyId, share] of then.shares) {
    if (isLess(share.held, held.shares.get(strategyId)?.held ?? Decimal.ZERO)) return false;
  }
  return true;
}

const nobodys = ({ net, shares }: HeldBefore): Decimal =>
  net.minus(Decimal.sum([...shares.values()].map(({ held }) => held)));
