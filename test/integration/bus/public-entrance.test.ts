// What was read of the public stream and not finished comes before anything newer: after a reply that was
// lost, after work that failed, and from whoever was the router before. Silence is noticed.
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PUBLIC_SIGNALS, ROUTER_GROUP } from "../../../src/bus/keys.ts";
import { createPublicEntrance, type PublicEntrance } from "../../../src/bus/public-entrance.ts";
import { behindProxy, type BehindProxy } from "../../support/behind-proxy.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../../support/fresh.ts";

const PATIENT = { timeout: 30_000 };
const LONG = 60_000;
const COUNT = 100;

describe.skipIf(!redisIsThere())("the public entrance", () => {
  let redis: FreshRedis;
  let writer: Redis;
  let way: BehindProxy;
  let entrance: PublicEntrance;
  beforeEach(async () => {
    redis = await freshRedis();
    writer = new Redis(redis.url);
    way = await behindProxy(redis.url);
    entrance = createPublicEntrance(way.url);
    await beginsEmpty();
  });
  afterEach(async () => {
    await entrance.close();
    await way.proxy.close();
    writer.disconnect();
    await redis.drop();
  });

  const put = (body: string) => writer.xadd(PUBLIC_SIGNALS, "*", "signal", body);
  const readBodies = async (from = entrance) => (await from.read(COUNT)).map(({ body }) => body);
  const beginsEmpty = async (): Promise<void> => {
    await expect.poll(() => readBodies().catch(() => null), PATIENT).toEqual([]);
  };
  /** As the router does, until so many have been routed; what it cannot do it tries again. */
  async function route(count: number, atOnce = COUNT): Promise<readonly (string | null)[]> {
    const routed: (string | null)[] = [];
    const routeSome = async (): Promise<number> => {
      try {
        const entries = await entrance.read(atOnce);
        await entrance.done(entries);
        routed.push(...entries.map(({ body }) => body));
      } catch {
        // The connection is made anew.
      }
      return routed.length;
    };
    await expect.poll(routeSome, PATIENT).toBeGreaterThanOrEqual(count);
    return routed;
  }
  const stillPending = async () => (await writer.xpending(PUBLIC_SIGNALS, ROUTER_GROUP))[0];

  it(
    "gives what a lost reply carried first, then what came later",
    async () => {
      let isLost = false;
      way.proxy.watch((chunk, from) => {
        if (from !== "server" || isLost || !chunk.includes("the lost one")) return true;
        isLost = true;
        setImmediate(() => {
          way.proxy.turn("cut");
          way.proxy.turn("open");
        });
        return false;
      });
      const reading = readBodies().catch(() => []);
      await put("the lost one");
      expect(await reading).toEqual([]);
      expect(isLost).toBe(true);
      await put("a later one");
      expect(await route(2)).toEqual(["the lost one", "a later one"]);
      expect(await stillPending()).toBe(0);
    },
    LONG,
  );

  it(
    "gives what a reply carried that was swallowed without a word",
    async () => {
      let isLost = false;
      way.proxy.watch((chunk, from) => {
        if (from !== "server" || isLost || !chunk.includes("the lost one")) return true;
        isLost = true;
        way.proxy.forget();
        return false;
      });
      await put("the lost one");
      const routed = await route(1);
      await put("a later one");
      expect([...routed, ...(await route(1))]).toEqual(["the lost one", "a later one"]);
      expect(await stillPending()).toBe(0);
    },
    LONG,
  );

  it("gives what was read and not finished again, before what came later", async () => {
    await put("read, but PostgreSQL was away");
    expect(await readBodies()).toEqual(["read, but PostgreSQL was away"]);
    await put("a later one");
    expect(await route(2)).toEqual(["read, but PostgreSQL was away", "a later one"]);
  });

  it(
    "gives what another router read and left, without a new connection",
    async () => {
      const other = createPublicEntrance(redis.url);
      await expect.poll(() => readBodies(other).catch(() => null), PATIENT).toEqual([]);
      await put("left behind");
      expect(await readBodies(other)).toEqual(["left behind"]);
      await other.close();
      expect(await route(1)).toEqual(["left behind"]);
    },
    LONG,
  );

  it(
    "goes on when its connections die without a word, and when each of them does",
    async () => {
      way.proxy.forget();
      await put("the first");
      expect(await route(1)).toEqual(["the first"]);
      const last = way.proxy.connections;
      for (const silent of [last - 1, last]) {
        way.proxy.watch((_chunk, _from, connection) => connection !== silent);
        await put(`with ${silent} silent`);
        expect(new Set(await route(1))).toEqual(new Set([`with ${silent} silent`]));
      }
    },
    LONG,
  );

  it(
    "asks for fewer when so many do not come in their time",
    async () => {
      way.proxy.watch((chunk, from) => {
        return from === "client" || !(chunk.includes("number 1") && chunk.includes("number 3"));
      });
      const numbers = ["number 1", "number 2", "number 3", "number 4"];
      const writing = writer.multi();
      for (const body of numbers) writing.xadd(PUBLIC_SIGNALS, "*", "signal", body);
      await writing.exec();
      expect(await route(numbers.length, numbers.length)).toEqual(numbers);
    },
    LONG,
  );

  it("says when Redis took an entry, whatever the time of reading", async () => {
    await writer.xadd(PUBLIC_SIGNALS, "1700000000123-4", "signal", "an old one");
    const [entry] = await entrance.read(COUNT);
    expect(entry).toMatchObject({ body: "an old one", at: 1_700_000_000_123 });
  });
});
