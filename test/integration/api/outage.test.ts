// What is refused when it cannot be kept: with a time to come back, and nothing stored.
import { afterAll, describe, expect, it } from "vitest";
import {
  addAccount,
  apiUnderTest,
  BASE,
  PARTITIONS,
  type ApiUnderTest,
} from "../../support/api.ts";
import { Decider } from "../../support/decide.ts";

const SIGNAL = { symbol: "AAPL", side: "buy", qty: 1 };
const opened: ApiUnderTest[] = [];
afterAll(async () => {
  for (const api of opened) await api.drop();
});

async function open(...settings: Parameters<typeof apiUnderTest>): Promise<ApiUnderTest> {
  const api = await apiUnderTest(...settings);
  opened.push(api);
  return api;
}

describe("without the database", () => {
  it("nothing is accepted, and everybody is told to come back", async () => {
    const api = await open();
    await api.store.close();
    const requests = [
      ["POST", "/signal", SIGNAL],
      ["POST", "/signals", { signals: [SIGNAL] }],
      ["PUT", "/trading-state", { state: "halted" }],
      ["PUT", "/limits", { key: "allow_short", value: true }],
      ["POST", "/flatten", {}],
      ["GET", "/orders", undefined],
      ["GET", "/stream", undefined],
    ] as const;
    for (const [method, path, body] of requests) {
      const { status, headers, body: problem } = await api.send(method, `${BASE}${path}`, body);
      expect([path, status, problem["code"]]).toEqual([path, 503, "store_unavailable"]);
      expect(headers.get("retry-after")).toBe("1");
    }
    expect((await api.send("GET", "/api/health/live")).status).toBe(200);
    expect((await api.send("GET", "/api/health/ready")).status).toBe(503);
    const { text } = await api.send("GET", "/metrics");
    expect(text).toContain("fillstream_database_up 0");
  });
});

it("before the first account nothing is ready, and signals are told to come back", async () => {
  const api = await open({}, { accounts: [] });
  const readiness = () => api.send("GET", "/api/health/ready");
  for (const early of [await readiness(), await api.send("POST", `${BASE}/signal`, SIGNAL)]) {
    expect([early.status, early.body["code"]]).toEqual([503, "not_set_up"]);
    expect(early.headers.get("retry-after")).toBe("1");
  }
  await addAccount(api.store, "main");
  await expect.poll(async () => (await readiness()).status, { timeout: 10_000 }).toBe(200);
  expect((await api.send("POST", `${BASE}/signal`, SIGNAL)).status).toBe(202);
});

it("without a Redis all works, and health says that it is not as it should be, and what to install", async () => {
  const api = await open({}, { redis: false });
  const worker = new Decider(api.store, PARTITIONS);
  await worker.start();
  await worker.hold();
  expect((await api.send("POST", `${BASE}/signal`, SIGNAL)).status).toBe(202);
  const { status, body } = await api.send("GET", "/api/health");
  expect([status, body["status"], body["redis"]]).toEqual([200, "degraded", "none"]);
  const detailed = await api.send("GET", "/api/health/detailed");
  expect(detailed.body["status"]).toBe("degraded");
  expect(detailed.body["problems"]).toContainEqual(
    expect.stringMatching(/no Redis.*Install redis-server/) as string,
  );
});

describe("when too much waits", () => {
  it("signals are refused with nothing stored, and a stop still passes", async () => {
    const api = await open({ admission: { maxInFlight: 10, maxOldestMs: 0 } });
    expect((await api.send("POST", `${BASE}/signal`, SIGNAL)).status).toBe(202);
    await expect.poll(() => api.api.admission.backlog.waiting, { timeout: 5_000 }).toBe(1);
    const refused = await api.send("POST", `${BASE}/signal`, SIGNAL);
    expect([refused.status, refused.body["code"]]).toEqual([503, "overloaded"]);
    expect(refused.headers.get("retry-after")).toBe("1");
    const [row] = await api.store.queries`SELECT count(*)::int AS count FROM signals`;
    expect(row?.["count"]).toBe(1);
    const stop = await api.send("PUT", `${BASE}/trading-state`, { state: "halted" });
    expect(stop.status).toBe(200);
    expect((await api.send("POST", `${BASE}/flatten`, {})).status).toBe(202);
  });

  it("a batch that would not fit is refused whole", async () => {
    const api = await open({ admission: { maxInFlight: 3, maxOldestMs: 1e12 } });
    const signals = [SIGNAL, SIGNAL, SIGNAL, SIGNAL];
    const { status } = await api.send("POST", `${BASE}/signals`, { signals });
    expect(status).toBe(503);
    const [row] = await api.store.queries`SELECT count(*)::int AS count FROM signals`;
    expect(row?.["count"]).toBe(0);
  });
});

it("an account that was made a moment ago is found", async () => {
  const api = await open();
  await addAccount(api.store, "younger");
  await expect
    .poll(
      async () => {
        const signal = { ...SIGNAL, account: "younger" };
        return (await api.send("POST", `${BASE}/signal`, signal)).status;
      },
      { timeout: 5_000, interval: 200 },
    )
    .toBe(202);
});

it("a closing API says that it is not ready", async () => {
  const api = await open();
  api.beginClosing();
  expect((await api.send("GET", "/api/health/ready")).status).toBe(503);
  expect((await api.send("GET", `${BASE}/stream`)).status).toBe(503);
});
