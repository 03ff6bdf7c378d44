// Redis Streams keep the bus's contract.
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConsumer } from "../../src/bus/consumer.ts";
import { laneKey } from "../../src/bus/keys.ts";
import { createProducer } from "../../src/bus/producer.ts";
import type { BusConsumer } from "../../src/ports/bus.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../support/fresh.ts";
import { busContract, type MakeBus } from "./bus-contract.ts";

const DEPLOYMENT = "one";

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
    const producer = createProducer(redis.url, DEPLOYMENT);
    const consumers: BusConsumer[] = [];
    await expect.poll(() => producer.status().connected).toBe(true);
    return {
      producer,
      async consumer(name) {
        const made = createConsumer(redis.url, name, DEPLOYMENT);
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

  it("tells apart what this deployment wrote from anything else", async () => {
    const bus = await makeBus();
    const strange = createProducer(redis.url, "another");
    await expect.poll(() => strange.status().connected).toBe(true);
    const message = { lane: "signals", partition: 1, number: 1, body: "{}" } as const;
    await bus.producer.publish([message]);
    await strange.publish([{ ...message, number: 2 }]);
    await admin.xadd(laneKey("signals", 1), "*", "n", 3, "b", "{}");
    const [[, fields] = ["", []]] = await admin.xrange(laneKey("signals", 1), "-", "+");
    // What was sealed for one place counts nowhere else.
    await admin.xadd(laneKey("control", 1), "*", ...fields);
    await admin.xadd(laneKey("signals", 1), "*", ...fields.with(1, "4"));
    await admin.xadd(laneKey("signals", 1), "*", ...fields.with(3, '{"x":1}'));
    const consumer = await bus.consumer("one");
    const read = await consumer.read({ control: [1], signals: [1], count: 10, waitMs: 1_000 });
    const bodies = read.map(({ lane, number, body }) => [lane, number, body]);
    expect(bodies.filter(([, , body]) => body !== null)).toEqual([["signals", 1, "{}"]]);
    expect(read).toHaveLength(6);
    await strange.close();
    await bus.close();
  });
});
