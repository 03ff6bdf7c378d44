// A producer whose Redis swallows everything holds a bounded amount, fails what is beyond it at once, says
// so, and keeps nothing of what it gave up.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProducer } from "../../../src/bus/producer.ts";
import type { BusProducer } from "../../../src/ports/bus.ts";
import { behindProxy, type BehindProxy } from "../../support/behind-proxy.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../../support/fresh.ts";

const PATIENT = { timeout: 30_000 };
const MEGABYTE = 1_000_000;
const BODY = 2_000;
const AT_ONCE = 1_000;
const MUCH = 60 * MEGABYTE;

describe.skipIf(!redisIsThere())("a producer in a black hole", () => {
  let redis: FreshRedis;
  let way: BehindProxy;
  let producer: BusProducer;
  beforeAll(async () => {
    redis = await freshRedis();
    way = await behindProxy(redis.url);
    producer = createProducer(way.url, "one");
  });
  afterAll(async () => {
    await producer.close();
    await way.proxy.close();
    await redis.drop();
  });

  it("holds a bounded amount, says so, and lets go of it", async () => {
    await expect.poll(() => producer.status().connected, PATIENT).toBe(true);
    const before = usedHeap();
    let [settled, failed, number, most] = [0, 0, 0, 0];
    way.proxy.turn("hole");
    for (let sent = 0; sent < MUCH; sent += AT_ONCE * BODY) {
      for (let index = 0; index < AT_ONCE; index += 1) {
        number += 1;
        // A text of its own: a repeated one would cost nothing.
        const body = Buffer.alloc(BODY, String(number)).toString("latin1");
        producer
          .publish([{ lane: "signals", partition: 1, number, body }])
          .catch(() => (failed += 1))
          .finally(() => (settled += 1));
      }
      await sleep(1);
      most = Math.max(most, number - settled);
    }
    expect(most * BODY).toBeLessThan(MUCH / 2);
    await expect.poll(() => number - settled, PATIENT).toBe(0);
    expect(failed).toBeGreaterThan(0);
    expect(producer.status().connected).toBe(false);
    expect(producer.status().lastError).not.toBeNull();
    expect(usedHeap() - before).toBeLessThan(MUCH / 4);
  }, 60_000);

  it("publishes again when it can", async () => {
    way.proxy.turn("open");
    await expect.poll(() => producer.status().connected, PATIENT).toBe(true);
    await producer.publish([{ lane: "signals", partition: 1, number: 1, body: "" }]);
    expect(producer.status()).toEqual({ connected: true, lastError: null });
  }, 60_000);
});

function usedHeap(): number {
  setFlagsFromString("--expose_gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
