// Connections that die without a word: no end, no reset, only silence. Whoever depends on one notices by
// itself, says so meanwhile, and works again on a new one.
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createConsumer } from "../../../src/bus/consumer.ts";
import { createEventFeed } from "../../../src/bus/event-feed.ts";
import { laneKey } from "../../../src/bus/keys.ts";
import { createProducer } from "../../../src/bus/producer.ts";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import type { BusConsumer, BusEntry, BusProducer } from "../../../src/ports/bus.ts";
import type { LoggedText } from "../../../src/ports/store.ts";
import { behindProxy, type BehindProxy } from "../../support/behind-proxy.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../../support/fresh.ts";

const PATIENT = { timeout: 30_000 };
const LONG = 60_000;
const PARTITION = 1;
const KEY = laneKey("signals", PARTITION);
const EVENT: LoggedText = {
  ...{ partition: PARTITION, seq: 1, at: 0, type: "SymbolFrozen" },
  accountId: asId<AccountId>("desk"),
  payload: '{"type":"SymbolFrozen","instrumentId":"SIM:AAPL","reason":""}',
};

describe.skipIf(!redisIsThere())("a connection that dies without a word", () => {
  let redis: FreshRedis;
  let writer: Redis;
  let way: BehindProxy;
  beforeEach(async () => {
    redis = await freshRedis();
    writer = new Redis(redis.url);
    way = await behindProxy(redis.url);
  });
  afterEach(async () => {
    await way.proxy.close();
    writer.disconnect();
    await redis.drop();
  });

  const put = (number: number) => writer.xadd(KEY, "*", "n", number, "b", "");
  const isUp = async (status: () => { connected: boolean }, up = true): Promise<void> => {
    await expect.poll(() => status().connected, PATIENT).toBe(up);
  };

  describe("of a consumer", () => {
    let consumer: BusConsumer;
    let seen: BusEntry[];
    let reading: Promise<void>;
    let isOver: boolean;
    beforeEach(async () => {
      [seen, isOver] = [[], false];
      consumer = createConsumer(way.url, "first", "one");
      await isUp(consumer.status);
      reading = read();
      await put(1);
      await numbersSeen(1);
    });
    afterEach(async () => {
      isOver = true;
      await consumer.close();
      await reading;
    });

    async function read(): Promise<void> {
      const lanes = [PARTITION];
      while (!isOver) {
        try {
          const asked = { control: lanes, signals: lanes, count: 100, waitMs: 1_000 };
          seen.push(...(await consumer.read(asked)));
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }
    const numbersSeen = async (...numbers: readonly number[]): Promise<void> => {
      const found = () => new Set(seen.map(({ number }) => number));
      await expect.poll(found, PATIENT).toEqual(new Set(numbers));
    };

    it(
      "is told while it lasts, and reading and acknowledging go on",
      async () => {
        way.proxy.forget();
        await isUp(consumer.status, false);
        await put(2);
        await numbersSeen(1, 2);
        const left = async (): Promise<number> => {
          await consumer.acknowledge(seen).catch(() => undefined);
          return writer.xlen(KEY);
        };
        await expect.poll(left, PATIENT).toBe(0);
        await isUp(consumer.status);
      },
      LONG,
    );

    it(
      "is told too when nothing new can be made, for as long as that is so",
      async () => {
        way.proxy.turn("hole");
        await isUp(consumer.status, false);
        way.proxy.turn("open");
        await put(2);
        await numbersSeen(1, 2);
        await isUp(consumer.status);
      },
      LONG,
    );

    it(
      "is told by each of its two connections for itself",
      async () => {
        const [reader, commands] = [1, 2];
        for (const silent of [reader, commands]) {
          const last = way.proxy.connections;
          way.proxy.watch((_chunk, _from, connection) => connection !== silent);
          // A connection that nobody uses has nothing to notice.
          const using = setInterval(() => {
            consumer.acknowledge(seen).catch(() => undefined);
          }, 100);
          await isUp(consumer.status, false);
          await expect.poll(() => way.proxy.connections, PATIENT).toBeGreaterThan(last);
          await isUp(consumer.status);
          clearInterval(using);
        }
        await put(2);
        await numbersSeen(1, 2);
      },
      LONG,
    );
  });

  it(
    "of the copy of the events: the pump is told, and what it tries again arrives",
    async () => {
      const feed = createEventFeed(way.url);
      const isDelivered = (): Promise<boolean> =>
        feed.deliver([EVENT]).then(
          () => true,
          () => false,
        );
      await expect.poll(isDelivered, PATIENT).toBe(true);
      way.proxy.forget();
      await expect.poll(isDelivered, PATIENT).toBe(false);
      await expect.poll(isDelivered, PATIENT).toBe(true);
      await feed.close();
    },
    LONG,
  );

  describe("of a producer", () => {
    let producer: BusProducer;
    beforeEach(async () => {
      producer = createProducer(way.url, "one");
      await isUp(producer.status);
    });
    afterEach(() => producer.close());

    it(
      "is told while it lasts, and publishing goes on",
      async () => {
        way.proxy.forget();
        let number = 0;
        const publish = async (): Promise<boolean> => {
          const message = { lane: "signals", partition: PARTITION, body: "" } as const;
          const published = producer.publish([{ ...message, number: (number += 1) }]);
          return published.then(
            () => producer.status().connected,
            () => false,
          );
        };
        await expect.poll(publish, PATIENT).toBe(false);
        expect(producer.status().lastError).not.toBeNull();
        await expect.poll(publish, PATIENT).toBe(true);
        const entries = await writer.xrange(KEY, "-", "+");
        expect(entries.at(-1)?.[1][1]).toBe(String(number));
      },
      LONG,
    );
  });
});
