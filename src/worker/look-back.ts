// From when on a look at the broker reads its fills. The first one looks at what is there now: its past is
// the opening balance. Most of those behind it go on by the broker's own clock, where the last one ended;
// every five minutes one goes as far back before the last such one, for what the broker lists late. Of an
// account that trades faster than a budget of requests allows they read the newest fills alone, which the
// stream told already: whoever lacks one is an order that is open here and nowhere else, and is asked for.
// Where something is doubted, one goes back to where such skipping began, ten minutes at most.
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
/** But no less late than this. */
const MIN_BUSY_MS = 10_000;
/** What a look reads again of what the last one read, unless the account is as busy as that. */
const MIN_OVERLAP_MS = 30_000;
/** How far back what was skipped is read: some hundred thousand fills of the busiest account. */
const LONGEST_DOUBT_MS = 2 * OVERLAP_MS;
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
  /** Up to there nothing was left unread, as far as doubts ever reach. */
  #readTo: number | null = null;
  #farAt = Number.NEGATIVE_INFINITY;
  #begun: Begun | null = null;

  /** For a look that is begun now. */
  since(account: AccountBook, shown: Shown): number {
    const { now } = shown;
    const lacking = lackingOf(account, shown.snapshots);
    const isDoubted = this.#isDoubted(account, shown);
    const isFar = isDoubted || lacking.length > 0 || Math.abs(now - this.#farAt) >= OVERLAP_MS;
    const since = this.#since({ isDoubted, isFar, ...timesOf(account, shown, lacking) });
    this.#begun = { at: now, since, isFar, isDoubted };
    return since;
  }

  #since({ isDoubted, isFar, begin, end, busyMs }: Asked): number {
    const unseen = (this.#seenTo ?? begin) - MIN_OVERLAP_MS;
    const near = Math.max(unseen, end - busyMs);
    if (!isFar) return near;
    const late = Math.min(begin, this.#seenFarTo ?? begin) - OVERLAP_MS;
    if (!isDoubted) return Math.min(near, Math.max(late, end - busyMs));
    const far = Math.max(late, begin - Math.max(busyMs, MIN_OVERLAP_MS));
    const unread = (this.#readTo ?? begin) - MIN_OVERLAP_MS;
    return Math.min(unseen, far, Math.max(unread, begin - LONGEST_DOUBT_MS));
  }

  /** The view is decided, and that is durable. */
  seen({ at, brokerAt }: BrokerView): void {
    this.#seenTo = brokerAt ?? null;
    if (this.#begun?.at !== at) return;
    const { since, isFar, isDoubted } = this.#begun;
    if (isDoubted || this.#readTo === null || since <= this.#readTo) this.#readTo = this.#seenTo;
    if (!isFar) return;
    this.#seenFarTo = this.#seenTo;
    this.#farAt = at;
  }

  /** What is thought to be known may be what is wrong. */
  #isDoubted(account: AccountBook, { brokerNow, gapSince }: Shown): boolean {
    if (this.#seenTo === null || brokerNow === null || brokerNow < this.#seenTo) return true;
    return gapSince !== null || account.suspected.size > 0 || this.#isParkedUnread(account);
  }

  /** One that was read for as long as it may be listed late is in no list, and is looked for in vain. */
  #isParkedUnread({ parked }: AccountBook): boolean {
    const listedTo = (this.#readTo ?? Number.NEGATIVE_INFINITY) - OVERLAP_MS;
    for (const { execution } of parked.values()) if (execution.executedAt > listedTo) return true;
    return false;
  }
}

interface Begun {
  readonly at: number;
  readonly since: number;
  readonly isFar: boolean;
  readonly isDoubted: boolean;
}

interface Asked extends Pick<Begun, "isFar" | "isDoubted"> {
  /** The broker's time, or when what lacks a fill was placed. */
  readonly end: number;
  /** That, or when the account was looked at last. */
  readonly begin: number;
  /** In which so many orders were placed as a look reads again. */
  readonly busyMs: number;
}

function timesOf(
  account: AccountBook,
  { now, brokerNow }: Shown,
  lacking: readonly number[],
): Pick<Asked, "begin" | "end" | "busyMs"> {
  const end = Math.min(brokerNow ?? now, ...lacking);
  // By the broker's clock: with ours an hour ahead, "since" would be in its future.
  const begin = Math.min(account.equity?.at ?? now, now, end);
  return { begin, end, busyMs: timeOfOrders(account, now) };
}

/** In which so many orders were placed, at the pace of the last minute. */
function timeOfOrders({ recentOrders }: AccountBook, now: number): number {
  const lastMinute = countAfter(recentOrders, now - MINUTE_MS);
  return Math.max(MIN_BUSY_MS, (OVERLAP_ORDERS / lastMinute) * MINUTE_MS);
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
