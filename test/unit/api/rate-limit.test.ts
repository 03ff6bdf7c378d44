// So many requests a second, each sender by itself.
import { describe, expect, it } from "vitest";
import { RateLimiter } from "../../../src/api/http/rate-limit.ts";
import type { Clock } from "../../../src/ports/clock.ts";

function clockAt(time: { now: number }): Clock {
  return {
    now: () => time.now,
    monotonic: () => time.now,
    sleep: () => Promise.resolve(),
    after: () => () => undefined,
  };
}

describe("the rate limit", () => {
  it("lets a burst through, then asks to wait, then goes on", () => {
    const time = { now: 0 };
    const limiter = new RateLimiter({ perSecond: 2, burst: 4 }, clockAt(time));
    for (let count = 0; count < 4; count += 1) limiter.take("one", 1);
    expect(() => limiter.take("one", 1)).toThrow(
      expect.objectContaining({ code: "rate_limited", retryAfterSeconds: 1 }),
    );
    expect(limiter.take("two", 1)).toMatchObject({ ratelimit: '"requests";r=3;t=1' });
    time.now = 500;
    expect(limiter.take("one", 1)).toMatchObject({ "ratelimit-policy": '"requests";q=4;w=2' });
  });
});
