// A rate limit in constant space: tokens come back with time, up to a burst.

export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** Instants are of a monotonic clock, in milliseconds. */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  take(count: number, now: number): boolean {
    this.#refill(now);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  remaining(now: number): number {
    this.#refill(now);
    return Math.floor(this.#tokens);
  }

  /** Seconds until `count` tokens are there; at least one. */
  waitSeconds(count: number, now: number): number {
    this.#refill(now);
    return Math.max(1, Math.ceil((count - this.#tokens) / this.#perSecond));
  }

  #refill(now: number): void {
    const earned = ((now - this.#at) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, earned));
    this.#at = now;
  }
}
