// Redis Streams keep the bus's contract.
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { createConsumer } from "../../src/bus/consumer.ts";
import { laneKey } from "../../src/bus/keys.ts";
import { createProducer } from "../../src/bus/producer.ts";
import type { BusConsumer } from "../../src/ports/bus.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../support/fresh.ts";
import { busContract, type MakeBus } from "./bus-contract.ts";

describe.skipIf(!redisIsThere())("the bus on Redis", () => {
  let redis: FreshRedis;
  let admin: Redis;

  beforeAll(async () => {
    redis = await freshRedis();
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.drop();
  });

  const makeBus: MakeBus = async () => {
    await admin.flushdb();
    const producer = createProducer(redis.url);
    const consumers: BusConsumer[] = [];
    await expect.poll(() => producer.status().connected).toBe(true);
    return {
      producer,
      async consumer(name) {
        const made = createConsumer(redis.url, name);
        consumers.push(made);
        await expect.poll(() => made.status().connected).toBe(true);
        return made;
      },
      async flush() {
        await admin.flushdb();
      },
      async held(partition) {
        const keys = [laneKey("signals", partition), laneKey("control", partition)];
        const lengths = await Promise.all(keys.map((key) => admin.xlen(key)));
        return lengths.reduce((sum, length) => sum + length, 0);
      },
      settle: (work) => work,
      async close() {
        await Promise.all([producer.close(), ...consumers.map((each) => each.close())]);
      },
    };
  };

  busContract(makeBus);
});
