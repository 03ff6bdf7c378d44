// What anybody may put on the stream `trade_signals`: a signal, or a dead letter, and never a stop for
// what stands behind it.
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_SIGNALS } from "../../../src/bus/keys.ts";
import { openRouter, type Router } from "../../../src/compose/router.ts";
import { loadConfig } from "../../../src/config.ts";
import { JobHost } from "../../../src/worker/job-host.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { freshRedis, redisIsThere, type FreshRedis } from "../../support/fresh.ts";
import { realClock } from "../../support/real-clock.ts";

type Field = string | Buffer;
const GOOD = { symbol: "AAPL", side: "buy", qty: 1 };
const text = (more: object = {}): string => JSON.stringify({ ...GOOD, ...more });
const PATIENT = { timeout: 4_000 };
const LATE = { timeout: 20_000 };
const NUL = Buffer.from([0]);

const HOSTILE: readonly (readonly [string, readonly Field[], string])[] = [
  ["no field of that name", ["foo", "bar"], "malformed_request"],
  ["nothing", ["signal", ""], "malformed_request"],
  ["half a JSON", ["signal", "{"], "malformed_request"],
  ["a list", ["signal", "[]"], "invalid_request"],
  ["a typo", ["signal", text({ limt_price: 1 })], "invalid_request"],
  ["an unknown symbol", ["signal", text({ symbol: "NOPE" })], "unknown_symbol"],
  ["a zero byte for a signal", ["signal", NUL], "malformed_request"],
  ["a zero byte behind the signal", ["signal", `${text()}\0`], "malformed_request"],
  ["a zero byte in a symbol", ["signal", text({ symbol: "A\0" })], "invalid_request"],
  ["a zero byte for a key", ["signal", text(), "key", NUL], "invalid_request"],
  ["an empty key", ["signal", text(), "key", ""], "invalid_request"],
  ["an endless key", ["signal", text(), "key", "k".repeat(5000)], "invalid_request"],
  ["a zero byte in a field's name", ["a\0b", "c\0"], "malformed_request"],
  ["ten thousand brackets", ["signal", "[".repeat(10_000)], "malformed_request"],
  ["three megabytes", ["signal", text({ reason: "x".repeat(3_000_000) })], "too_large"],
];

describe.skipIf(!redisIsThere())("the public stream", () => {
  let api: ApiUnderTest;
  let redis: FreshRedis;
  let writer: Redis;
  let router: Router;
  let jobs: JobHost;

  beforeAll(async () => {
    [api, redis] = await Promise.all([apiUnderTest(), freshRedis()]);
    writer = new Redis(redis.url);
    const config = loadConfig({ environment: { REDIS_URL: redis.url, STREAM_SIGNALS: "on" } });
    const { store } = api;
    const opened = await openRouter({
      config: { ...config, partitions: PARTITIONS },
      ...{
        store,
        deployment: "one",
        configuration: store.configuration,
        clock: realClock,
        tracer: null,
      },
    });
    if (opened === null) throw new Error("the stream is on, so there is a router");
    router = opened;
    // What it throws is tried again, as in a worker: at first while Redis connects.
    jobs = new JobHost([router.job], realClock, () => undefined);
    jobs.start(router.job.name);
  });
  afterAll(async () => {
    const stopped = jobs.stopAll();
    await router.close();
    await stopped;
    writer.disconnect();
    await api.drop();
    await redis.drop();
  });

  const put = (...fields: readonly Field[]) => writer.xadd(PUBLIC_SIGNALS, "*", ...fields);
  const count = async (path: string): Promise<number> => {
    const { body } = await api.send("GET", `${BASE}/${path}`);
    return (body["data"] as unknown[]).length;
  };

  it.each(HOSTILE)("%s is a dead letter, and the next signal passes", async (_, fields, code) => {
    const before = await count("signals?limit=100");
    const entry = await put(...fields);
    await put("signal", text());
    await expect.poll(() => writer.xlen(PUBLIC_SIGNALS), PATIENT).toBe(0);
    expect(await count("signals?limit=100")).toBe(before + 1);
    const { body } = await api.send("GET", `${BASE}/dead-letters?limit=1`);
    expect(body["data"]).toMatchObject([{ entry, code, source: "trade_signals" }]);
  });

  it("one name is one signal, and another body under it is a dead letter", async () => {
    const before = await count("signals?limit=100");
    await put("signal", text(), "key", "one");
    await put("signal", text(), "key", "one");
    const other = await put("signal", text({ qty: 2 }), "key", "one");
    await expect.poll(() => writer.xlen(PUBLIC_SIGNALS), PATIENT).toBe(0);
    expect(await count("signals?limit=100")).toBe(before + 1);
    const { body } = await api.send("GET", `${BASE}/dead-letters?limit=1`);
    expect(body["data"]).toMatchObject([{ entry: other, code: "idempotency_mismatch" }]);
  });

  it("an entry is as old as its id says, however late it is read, and none from the future", async () => {
    const receivedAt = async (entryId: string): Promise<number> => {
      const before = await count("signals?limit=100");
      // The stream begins anew: only then may an id be older than the last one.
      await writer.del(PUBLIC_SIGNALS);
      await writer.xadd(PUBLIC_SIGNALS, entryId, "signal", text());
      await expect.poll(() => count("signals?limit=100"), LATE).toBe(before + 1);
      const { body } = await api.send("GET", `${BASE}/signals?limit=1`);
      const [signal] = body["data"] as readonly { readonly received_at: string }[];
      return Date.parse(signal?.received_at ?? "");
    };
    const longAgo = Date.parse("2026-01-05T15:00:00Z");
    expect(await receivedAt(`${longAgo}-0`)).toBe(longAgo);
    expect(await receivedAt("18446744073709551614-0")).toBeLessThanOrEqual(Date.now());
    await writer.del(PUBLIC_SIGNALS);
  });

  it("one that the record refuses is a dead letter, and its neighbours are signals", async () => {
    const { queries } = api.store;
    await queries`ALTER TABLE signals ADD CONSTRAINT refuses CHECK (body::text NOT LIKE '%poison%')`;
    const before = await count("signals?limit=100");
    const put = writer.multi();
    for (const reason of ["before", "poison", "after"]) {
      put.xadd(PUBLIC_SIGNALS, "*", "signal", text({ reason }));
    }
    await put.exec();
    await expect.poll(() => writer.xlen(PUBLIC_SIGNALS), LATE).toBe(0);
    expect(await count("signals?limit=100")).toBe(before + 2);
    const { body } = await api.send("GET", `${BASE}/dead-letters?limit=1`);
    expect(body["data"]).toMatchObject([{ code: "refused_by_database" }]);
    expect(JSON.stringify(body["data"])).toContain("poison");
  });
});
