// From when on a look at the broker reads its fills. The first one looks at what is there now: its past is
// the opening balance. Most of those behind it go on by the broker's own clock, where the last one ended;
// every five minutes one goes as far back before the last such one, for what the broker lists late.
import { countAfter } from "../domain/ascending.ts";
import type { AccountBook } from "../domain/book.ts";
import type { BrokerOrderSnapshot, BrokerView } from "../domain/broker.ts";
import { withLegs } from "../domain/order/reconcile.ts";
import { isMissingFills } from "../domain/order/shown.ts";

/** How late a fill may be listed, and how far clocks may differ. */
export const OVERLAP_MS = 5 * 60_000;
/**
 * Or less late, as far as so many orders reach back: an ordinary budget of requests does not carry more in
 * ten minutes, and without one every look would be full of what is known.
 */
const OVERLAP_ORDERS = 4_000;
/** What every look reads again. */
const MIN_OVERLAP_MS = 30_000;
const MINUTE_MS = 60_000;

export interface Shown {
  /** Of the account at the broker, of this look. */
  readonly snapshots: readonly BrokerOrderSnapshot[];
  readonly now: number;
  readonly brokerNow: number | null;
  /** Since when the stream may have told less than happened; null while it was whole. */
  readonly gapSince: number | null;
}

export class LookBack {
  /** Ends of looks that were decided, by the broker's clock: of the last one, and of the last that read far. */
  #seenTo: number | null = null;
  #seenFarTo: number | null = null;
  #farAt = Number.NEGATIVE_INFINITY;
  #begun: { readonly at: number; readonly isFar: boolean } | null = null;

  /** For a look that is begun now. */
  since(account: AccountBook, shown: Shown): number {
    const { now, brokerNow } = shown;
    const lacking = lackingOf(account, shown.snapshots);
    const isFar = lacking.length > 0 || this.#isFarDue(account, shown);
    this.#begun = { at: now, isFar };
    const near = (this.#seenTo ?? Number.POSITIVE_INFINITY) - MIN_OVERLAP_MS;
    if (!isFar) return near;
    // By the broker's clock: with ours an hour ahead, "since" would be in its future.
    const end = Math.min(account.equity?.at ?? now, now, brokerNow ?? now, ...lacking);
    const before = Math.min(end, this.#seenFarTo ?? end) - OVERLAP_MS;
    return Math.min(near, Math.max(before, end - timeOfOrders(account, now)));
  }

  /** The view is decided, and that is durable. */
  seen({ at, brokerAt }: BrokerView): void {
    this.#seenTo = brokerAt ?? null;
    if (this.#begun?.at !== at || !this.#begun.isFar) return;
    this.#seenFarTo = this.#seenTo;
    this.#farAt = at;
  }

  /** Now and then, and where what is thought to be known may be what is wrong. */
  #isFarDue(account: AccountBook, { now, brokerNow, gapSince }: Shown): boolean {
    if (this.#seenTo === null || brokerNow === null || brokerNow < this.#seenTo) return true;
    if (Math.abs(now - this.#farAt) >= OVERLAP_MS || gapSince !== null) return true;
    return account.parked.size > 0 || account.suspected.size > 0;
  }
}

/** In which so many orders were placed, at the pace of the last minute. */
function timeOfOrders({ recentOrders }: AccountBook, now: number): number {
  const lastMinute = countAfter(recentOrders, now - MINUTE_MS);
  return Math.max(MIN_OVERLAP_MS, (OVERLAP_ORDERS / lastMinute) * MINUTE_MS);
}

/**
 * When orders were placed of which the broker shows more filled than we have booked: told by its clock, which
 * ours may be hours away from.
 */
function lackingOf(account: AccountBook, snapshots: readonly BrokerOrderSnapshot[]): number[] {
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
