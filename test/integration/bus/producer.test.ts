// What one commit accepted is published in its order, in one go; without Redis nothing waits and nothing
// is kept.
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { laneKey } from "../../../src/bus/keys.ts";
import { createProducer } from "../../../src/bus/producer.ts";
import type { BusProducer } from "../../../src/ports/bus.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../../support/fresh.ts";

describe.skipIf(!redisIsThere())("the producer", () => {
  let redis: FreshRedis;
  let reader: Redis;
  let producer: BusProducer;
  beforeAll(async () => {
    redis = await freshRedis();
    reader = new Redis(redis.url);
    producer = createProducer(redis.url, "one");
  });
  afterAll(async () => {
    await producer.close();
    reader.disconnect();
    await redis.drop();
  });

  it("keeps the order of those who publish in one turn", async () => {
    await expect.poll(() => producer.status().connected).toBe(true);
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
    await Promise.all(
      numbers.map((number) =>
        producer.publish([{ lane: "signals", partition: 3, number, body: `b${number}` }]),
      ),
    );
    const entries = await reader.xrange(laneKey("signals", 3), "-", "+");
    expect(entries.map(([, fields]) => Number(fields[1]))).toEqual(numbers);
  });
});

it("without Redis publishing ends at once", async () => {
  const producer = createProducer("redis://127.0.0.1:9", "one");
  await producer.publish([{ lane: "control", partition: 0, number: 1, body: "" }]);
  expect(producer.status().connected).toBe(false);
  await producer.close();
});
