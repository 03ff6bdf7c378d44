// Requests per sender, with the standard headers. In memory of each process: it fails open with the
// process, since the limits that protect money are elsewhere.
import { Problem } from "../../app/problem.ts";
import type { Clock } from "../../ports/clock.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

const MAX_SENDERS = 10_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #policy: string;

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#policy = `"requests";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`;
  }

  /** The headers for the answer, or the problem that there were too many. */
  take(sender: string, count: number): Readonly<Record<string, string>> {
    const now = this.#clock.monotonic();
    const bucket = this.#bucketOf(sender, now);
    if (!bucket.take(count, now)) {
      const seconds = bucket.waitSeconds(count, now);
      throw new Problem(
        "rate_limited",
        `At most ${this.#limit.perSecond} requests a second are taken from one sender.`,
        { retryAfterSeconds: seconds },
      );
    }
    return {
      "ratelimit-policy": this.#policy,
      ratelimit: `"requests";r=${bucket.remaining(now)};t=1`,
    };
  }

  #bucketOf(sender: string, now: number): TokenBucket {
    const found = this.#buckets.get(sender);
    if (found !== undefined) return found;
    if (this.#buckets.size >= MAX_SENDERS) this.#buckets.clear();
    const made = new TokenBucket(this.#limit.perSecond, this.#limit.burst, now);
    this.#buckets.set(sender, made);
    return made;
  }
}
