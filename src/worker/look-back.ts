// From when on a look at the broker reads its fills. The first one looks at what is there now: its past is
// the opening balance. Most of those behind it go on by the broker's own clock, where the last one ended;
// now and then one goes further back, for facts that came late.
import { countAfter } from "../domain/ascending.ts";
import type { AccountBook } from "../domain/book.ts";
import type { BrokerOrderSnapshot, BrokerView } from "../domain/broker.ts";
import { withLegs } from "../domain/order/reconcile.ts";
import { isMissingFills } from "../domain/order/shown.ts";

/** Read again before the last view, for clocks that differ and facts that came late. */
export const OVERLAP_MS = 5 * 60_000;
/**
 * Or less far, as far as so many orders reach back: an ordinary budget of requests does not carry more in
 * five minutes, and without one every look would be full of what is known.
 */
const OVERLAP_ORDERS = 2_000;
/** What a broker lists a little after it happened. */
const MIN_OVERLAP_MS = 30_000;
const MINUTE_MS = 60_000;

export interface Shown {
  /** Of the account at the broker, of this look. */
  readonly snapshots: readonly BrokerOrderSnapshot[];
  readonly now: number;
  readonly brokerNow: number | null;
}

export class LookBack {
  /** The end of the last look that was decided, by the broker's clock. */
  #seenTo: number | null = null;
  /** Of the last one that went far back: when it was begun. */
  #farAt: number | null = null;
  #begun: { readonly at: number; readonly isFar: boolean } | null = null;

  /** For a look that is begun now. */
  since(account: AccountBook, shown: Shown): number {
    const { now, brokerNow } = shown;
    // By the broker's clock: with ours an hour ahead, "since" would be in its future.
    const end = brokerNow ?? now;
    const far = Math.min(lackingSince(account, shown), end) - overlapOf(account, now);
    const seenTo = this.#seenTo;
    const isFar = seenTo === null || brokerNow === null || this.#isFarDue(account, shown);
    this.#begun = { at: now, isFar };
    return isFar ? far : Math.min(seenTo, end) - MIN_OVERLAP_MS;
  }

  /** The view is decided, and that is durable. */
  seen({ at, brokerAt }: BrokerView): void {
    this.#seenTo = brokerAt ?? null;
    if (this.#begun?.at === at && this.#begun.isFar) this.#farAt = at;
  }

  /** Where anything is doubted, what is thought to be known may be what is wrong. */
  #isFarDue(account: AccountBook, shown: Shown): boolean {
    if (this.#farAt === null || Math.abs(shown.now - this.#farAt) >= OVERLAP_MS) return true;
    if (account.parked.size > 0 || account.suspected.size > 0) return true;
    return lacking(account, shown.snapshots).length > 0;
  }
}

function overlapOf({ recentOrders }: AccountBook, now: number): number {
  const lastMinute = countAfter(recentOrders, now - MINUTE_MS);
  const fitting = lastMinute === 0 ? OVERLAP_MS : (OVERLAP_ORDERS / lastMinute) * MINUTE_MS;
  return Math.max(MIN_OVERLAP_MS, Math.min(OVERLAP_MS, fitting));
}

/**
 * The last view, or, where the broker has filled more of an order than we have booked, that order's own
 * acceptance: it is told by the broker's clock, which ours may be hours away from.
 */
function lackingSince(account: AccountBook, { snapshots, now }: Shown): number {
  const placed = lacking(account, snapshots);
  return Math.min(now, account.equity?.at ?? now, ...placed);
}

/** When orders were placed of which the broker shows more filled than we have booked. */
function lacking(account: AccountBook, snapshots: readonly BrokerOrderSnapshot[]): number[] {
  const placed: number[] = [];
  for (const snapshot of withLegs(snapshots)) {
    const id = account.byBrokerOrderId.get(snapshot.brokerOrderId);
    const order = id === undefined ? undefined : account.orders.get(id);
    // Of this order of the broker's: what filled on the ones before it may be more than it shows.
    if (order === undefined || !isMissingFills(order, snapshot)) continue;
    placed.push(snapshot.submittedAt, order.acceptedAt ?? order.placedAt);
  }
  return placed;
}
