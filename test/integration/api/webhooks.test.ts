// Notices: signed, in order, tried again, switched off after too many failures, never to a private
// address unless allowed.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_FAILURES, NoticeRunner } from "../../../src/api/notices/runner.ts";
import { isPrivateAddress } from "../../../src/api/notices/private-address.ts";
import { urlProblem } from "../../../src/api/notices/send.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { Decider } from "../../support/decide.ts";
import { realClock } from "../../support/real-clock.ts";

interface Heard {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let api: ApiUnderTest;
let decider: Decider;
let receiver: Server;
let url: string;
let answerWith = 200;
/** What happens while a notice is being taken. */
let meanwhile: (() => Promise<unknown>) | null = null;
const heard: Heard[] = [];
/** What comes to the path of another endpoint, which always answers. */
const heardByOther: Heard[] = [];

beforeAll(async () => {
  api = await apiUnderTest({ allowPrivateWebhooks: true });
  decider = new Decider(api.store, PARTITIONS);
  await decider.start();
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const isOther = request.url === "/other";
      (isOther ? heardByOther : heard).push({ headers: request.headers, body });
      const act = meanwhile ?? (() => Promise.resolve());
      meanwhile = null;
      void act().then(() => response.writeHead(isOther ? 200 : answerWith).end("ok"));
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  // The listener has an address of its own: it listens on a port, not on a path.
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  receiver.close();
  await api.drop();
});

/** Time passes by asking: pauses between attempts are not waited for. */
function runnerAt(time: { now: number }) {
  const clock = { ...realClock, monotonic: () => time.now };
  const { webhooks, feed, log, sendOptions } = api.api;
  const runner = new NoticeRunner({ webhooks, feed, log, clock, send: sendOptions });
  return async () => {
    const stop = new AbortController();
    const once = { ...clock, sleep: () => Promise.resolve(stop.abort()) };
    Object.assign(clock, once);
    await runner.run(stop.signal);
  };
}

async function makeWebhook(more: Readonly<Record<string, unknown>> = {}) {
  const { body } = await api.send("POST", `${BASE}/webhooks`, { name: "desk", url, ...more });
  return { id: String(body["id"]), secret: String(body["secret"]) };
}

async function refusedSignal(): Promise<void> {
  await api.send("POST", `${BASE}/signal`, { symbol: "AAPL", side: "sell", qty: 5 });
  await decider.decideAll();
}

describe("a webhook", () => {
  it("tells what needs a person, signed, once, and only from its making on", async () => {
    await refusedSignal();
    const { id, secret } = await makeWebhook();
    const look = runnerAt({ now: 0 });
    await refusedSignal();
    await look();
    await look();
    expect(heard).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: "" }] = heard;
    expect(JSON.parse(body)).toMatchObject({ kind: "rejected", event: { type: "signal_decided" } });
    const [, time = "", mac] =
      /^t=(\d+),v1=(\w+)$/.exec(String(headers["fillstream-signature"])) ?? [];
    expect(createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")).toBe(mac);
    const log = await api.send("GET", `${BASE}/webhooks/${id}/deliveries`);
    expect(log.body["data"]).toMatchObject([{ notice: "rejected", status: 200, attempt: 1 }]);
    const listed = await api.send("GET", `${BASE}/webhooks`);
    expect(listed.text).not.toContain(secret);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
  });

  it("tries again with the same delivery id, and is switched off in the end", async () => {
    const { id } = await makeWebhook();
    const other = await makeWebhook({ name: "other", url: url.replace("/hook", "/other") });
    const time = { now: 0 };
    const look = runnerAt(time);
    await refusedSignal();
    heard.length = 0;
    answerWith = 500;
    for (let count = 0; count < MAX_FAILURES + 3; count += 1) {
      time.now += 10 * 60_000;
      await look();
    }
    answerWith = 200;
    expect(heard).toHaveLength(MAX_FAILURES);
    expect(new Set(heard.map(({ headers }) => headers["fillstream-delivery"])).size).toBe(1);
    const told = heardByOther.map(({ headers }) => headers["fillstream-notice"]);
    expect(told).toEqual(["rejected", "webhook_off"]);
    expect(heardByOther[1]?.body).toContain("desk was switched off");
    await api.send("DELETE", `${BASE}/webhooks/${other.id}`);
    const listed = await api.send("GET", `${BASE}/webhooks`);
    expect(listed.body["data"]).toMatchObject([
      { enabled: false, disabled_reason: expect.stringContaining("it answered 500") as unknown },
    ]);
    await api.send("PATCH", `${BASE}/webhooks/${id}`, { enabled: true });
    await runnerAt(time)();
    expect(heard).toHaveLength(MAX_FAILURES + 1);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
  });

  it("is tested, and told again from the start", async () => {
    const { id } = await makeWebhook({ events: ["all"], template: "slack" });
    heard.length = 0;
    const tested = await api.send("POST", `${BASE}/webhooks/${id}/test`);
    expect(tested.body).toEqual({ status: 200, error: null });
    expect(JSON.parse(heard[0]?.body ?? "")).toEqual({ text: "A test: Fillstream can reach you." });
    await api.send("POST", `${BASE}/webhooks/${id}/replay`, { after: "" });
    await runnerAt({ now: 0 })();
    expect(heard.length).toBeGreaterThan(3);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
  });

  it("goes on from the place that it was given while it was told", async () => {
    const { id } = await makeWebhook();
    await refusedSignal();
    await refusedSignal();
    heard.length = 0;
    const look = runnerAt({ now: 0 });
    meanwhile = () => api.send("POST", `${BASE}/webhooks/${id}/replay`, { after: "" });
    await look();
    expect(heard).toHaveLength(1);
    await look();
    // Everything that was ever refused here, the one of before as well.
    expect(heard.length).toBeGreaterThan(3);
    const [first] = heard;
    const again = heard.slice(1).map(({ headers }) => headers["fillstream-delivery"]);
    expect(again).toContain(first?.headers["fillstream-delivery"]);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
  });

  it.each([
    ["switched off", "PATCH", { enabled: false }],
    ["removed", "DELETE", undefined],
  ] as const)("hears nothing more once it is %s, also within a page", async (_, method, body) => {
    const { id } = await makeWebhook();
    await refusedSignal();
    await refusedSignal();
    heard.length = 0;
    const look = runnerAt({ now: 0 });
    meanwhile = () => api.send(method, `${BASE}/webhooks/${id}`, body);
    await look();
    await look();
    expect(heard).toHaveLength(1);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
    const [left] = await api.store.queries`
      SELECT count(*)::int AS count FROM feed_cursors WHERE feed = ${`webhook ${id}`}`;
    expect(left).toEqual({ count: 0 });
  });

  it("hears of an order whose fate is unknown for too long, once", async () => {
    const { id } = await makeWebhook();
    await decider.prepare("main", { "SIM:AAPL": "200" });
    await api.send("POST", `${BASE}/signal`, { symbol: "AAPL", side: "buy", qty: 1 });
    await decider.decideAll();
    await api.store.queries`
      UPDATE orders SET unresolved = json_build_object('action', 'submit', 'since',
        (extract(epoch FROM now()) * 1000)::bigint - 31000, 'cause', 'timeout', 'lookups', 0)
      WHERE closed_at IS NULL`;
    heard.length = 0;
    const time = { now: 0 };
    const look = runnerAt(time);
    const kinds = () => heard.map(({ headers }) => headers["fillstream-notice"]);
    answerWith = 500;
    await look();
    // One failure ends the round: what happened is not tried at once behind it.
    expect(kinds()).toEqual(["unresolved"]);
    answerWith = 200;
    time.now += 10 * 60_000;
    await look();
    await look();
    expect(kinds()).toEqual(["unresolved", "unresolved"]);
    expect(new Set(heard.map(({ headers }) => headers["fillstream-delivery"])).size).toBe(1);
    await api.send("DELETE", `${BASE}/webhooks/${id}`);
  });
});

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "192.168.1.1",
    "172.31.0.1",
    "0.0.0.0",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:127.0.0.1",
    "::7f00:1",
    "fec0::1",
    "64:ff9b::7f00:1",
    "nonsense",
  ])("%s is private", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])("%s is not", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  it.each([
    ["https://example.com/hook", null],
    ["http://example.com/hook", "must be https"],
    ["https://localhost/hook", "must not be a private address"],
    ["https://[::1]/hook", "must not be a private address"],
    ["https://2130706433/", "must not be a private address"],
    ["https://user:pass@example.com/", "must not hold a user name or password"],
    ["file:///etc/passwd", "must be https"],
    ["hook", "must be an address such as https://example.com/hook"],
  ])("%s: %s", (address, problem) => {
    expect(urlProblem(address, false)).toBe(problem);
  });

  it("are checked when a webhook is made, unless they are allowed", async () => {
    const strict = await apiUnderTest();
    const { status, body } = await strict.send("POST", `${BASE}/webhooks`, { name: "x", url });
    expect([status, JSON.stringify(body["errors"])]).toEqual([
      422,
      expect.stringContaining("https"),
    ]);
    await strict.drop();
  });
});
