// How many requests a broker account may still send. Counted in windows, as brokers count: full at the
// window's start, corrected downwards by what the broker's answers say. Part of it is kept back from new
// orders, half of that from lists as well, and half of the rest from lookups: no flood of orders, of pages
// or of questions can ever delay a cancel, and a flood of orders cannot keep us from looking.
import type { RateBudget as BrokerBudget } from "../ports/broker.ts";

const WINDOW_MS = 60_000;
/** No broker asks for a longer silence: a reset beyond it means that a clock was set. */
const LONGEST_WAIT_MS = 5 * WINDOW_MS;
/** A 429 that names an instant already gone: by whose clock is unknown, so the next try is soon. */
const PAST_RESET_WAIT_MS = 1_000;
/** One in this many requests is kept back from new orders. */
const RESERVE_PART = 10;

export class RateBudget {
  #limit: number;
  #left: number;
  #resetAt: number;
  /** By a 429: nothing that was spared makes room before its reset. */
  #isBlocked = false;

  constructor(perMinute: number, now: number) {
    this.#limit = perMinute;
    this.#left = perMinute;
    this.#resetAt = now + WINDOW_MS;
  }

  /** Requests that new orders may use now. */
  forOrders(now: number): number {
    this.#roll(now);
    return Math.max(0, this.#left - this.#reserve());
  }

  /** Requests that lists may use now: accounts, positions, pages of orders and entries. */
  forReads(now: number): number {
    this.#roll(now);
    return Math.max(0, this.#left - Math.ceil(this.#reserve() / 2));
  }

  /** Requests that questions about single orders may use now. */
  forLookups(now: number): number {
    this.#roll(now);
    return Math.max(0, this.#left - Math.ceil(this.#reserve() / 4));
  }

  /** Requests that cancels may use now: all that are left. */
  forUrgent(now: number): number {
    this.#roll(now);
    return Math.max(0, this.#left);
  }

  take(count: number, now: number): void {
    this.#roll(now);
    this.#left -= count;
  }

  /** Tokens of intents that were not committed, and of calls that did not leave. */
  giveBack(count: number): void {
    if (this.#isBlocked) return;
    this.#left = Math.min(this.#limit, this.#left + count);
  }

  /** Milliseconds until one more order fits; 0 when one fits now. */
  waitForOrder(now: number): number {
    return this.#waitUnless(this.forOrders(now), now);
  }

  waitForLookup(now: number): number {
    return this.#waitUnless(this.forLookups(now), now);
  }

  waitForUrgent(now: number): number {
    return this.#waitUnless(this.forUrgent(now), now);
  }

  /** 429: nothing leaves before the broker's own reset, and our own window says nothing against it. */
  block(until: number, now: number): void {
    this.#roll(now);
    this.#left = 0;
    this.#isBlocked = true;
    this.#resetAt = until > now ? until : now + PAST_RESET_WAIT_MS;
  }

  /** The broker's count is right when it is lower than ours: others may use the same account. */
  observe(budget: BrokerBudget, inFlight: number, now: number): void {
    this.#roll(now);
    this.#limit = budget.limit;
    if (budget.resetAt <= now) return;
    // The broker's instant is by the broker's clock, the length of its window is not.
    this.#resetAt = Math.min(budget.resetAt, now + WINDOW_MS);
    this.#left = Math.min(this.#left, budget.remaining - inFlight);
  }

  #waitUnless(free: number, now: number): number {
    return free > 0 ? 0 : Math.max(1, this.#resetAt - now);
  }

  #reserve(): number {
    return Math.floor(this.#limit / RESERVE_PART);
  }

  #roll(now: number): void {
    if (this.#resetAt - now > LONGEST_WAIT_MS) this.#resetAt = now + WINDOW_MS;
    if (now < this.#resetAt) return;
    this.#isBlocked = false;
    this.#left = this.#limit;
    this.#resetAt = now + WINDOW_MS;
  }
}
