// The client over a real socket: typed answers, safe repetition, a stream that comes back by itself.
import { connect } from "node:net";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveApi, type Served } from "../../../src/api/serve.ts";
import {
  FillstreamClient,
  FillstreamProblem,
  FillstreamUnreachable,
} from "../../../src/client/client.ts";
import type { NewSignalIsWhole } from "../../../src/client/types.ts";
import { parseBlock, streamOf } from "../../../src/client/stream.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { Decider } from "../../support/decide.ts";

let api: ApiUnderTest;
let served: Served;
let client: FillstreamClient;
let decider: Decider;
beforeAll(async () => {
  api = await apiUnderTest();
  served = await serveApi(api.app, { host: "127.0.0.1", port: 0 });
  client = new FillstreamClient({ url: `http://127.0.0.1:${served.port}` });
  decider = new Decider(api.store, PARTITIONS);
  await decider.start();
});
afterAll(async () => {
  api.beginClosing();
  await served.close();
  await api.drop();
});

it("a bot can write every field that the API takes", () => {
  const isWhole: NewSignalIsWhole = true;
  expect(isWhole).toBe(true);
});

describe("the client", () => {
  it("sends, reads and cancels", async () => {
    const receipt = await client.send({ symbol: "AAPL", side: "buy", qty: "1" });
    expect(receipt.idempotent).toBe(true);
    await decider.decideAll();
    const ledger = await client.ledger(receipt.id);
    expect(ledger.outcome).toBe("rejected");
    expect((await client.positions()).data).toEqual([]);
    expect((await client.limits()).data.length).toBeGreaterThan(20);
    expect((await client.cancelAll()).data).toMatchObject([{ kind: "cancel_orders" }]);
    const closing = await client.close("AAPL");
    expect(closing).toMatchObject({ kind: "close_position" });
  });

  it("makes a webhook, tries it, and takes it away", async () => {
    const hook = { name: "desk", url: "https://hook.invalid/" };
    const { id } = await client.createWebhook(hook);
    expect(await client.testWebhook(id)).toMatchObject({ status: null });
    await client.switchWebhook(id, false);
    expect((await client.webhooks()).data).toMatchObject([{ ...hook, enabled: false }]);
    await client.replayWebhook(id, "");
    expect((await client.webhooks()).data).toMatchObject([{ enabled: true }]);
    expect((await client.deliveries(id)).data).toEqual([]);
    await client.removeWebhook(id);
    expect((await client.webhooks()).data).toEqual([]);
  });

  it("tells a problem with its code, and silence apart from it", async () => {
    const wrong = client.send({ symbol: "NOPE", side: "buy", qty: 1 });
    await expect(wrong).rejects.toBeInstanceOf(FillstreamProblem);
    await expect(wrong).rejects.toMatchObject({ problem: { code: "unknown_symbol" } });
    const nobody = new FillstreamClient({ url: "http://127.0.0.1:9", retries: 0 });
    await expect(nobody.limits()).rejects.toBeInstanceOf(FillstreamUnreachable);
  });

  it("repeats what got no answer, and it counts once", async () => {
    let calls = 0;
    // The first answer is lost on its way, after the signal was taken.
    const lossy = new Hono();
    lossy.all("*", async (context) => {
      const answer = await api.app.fetch(context.req.raw, context.env);
      calls += 1;
      return calls === 1 ? new Response("gone", { status: 502 }) : answer;
    });
    const flaky = await serveApi(lossy, { host: "127.0.0.1", port: 0 });
    const bot = new FillstreamClient({ url: `http://127.0.0.1:${flaky.port}` });
    const count = () => api.store.queries`SELECT count(*)::int AS n FROM signals`;
    const [before] = await count();
    const receipt = await bot.send({ symbol: "AAPL", side: "buy", qty: 2 });
    const [after] = await count();
    expect(receipt.replayed).toBe(true);
    expect((after?.["n"] as number) - (before?.["n"] as number)).toBe(1);
    await flaky.close();
  });

  it("a resume whose answer was lost undoes no stop that was pressed before it is repeated", async () => {
    await client.setTradingState({ state: "reducing" });
    let calls = 0;
    const lossy = new Hono();
    lossy.all("*", async (context) => {
      const answer = await api.app.fetch(context.req.raw, context.env);
      calls += 1;
      if (calls > 1) return answer;
      await client.setTradingState({ state: "halted" });
      return new Response("gone", { status: 502 });
    });
    const flaky = await serveApi(lossy, { host: "127.0.0.1", port: 0 });
    const desk = new FillstreamClient({ url: `http://127.0.0.1:${flaky.port}` });
    const resumed = await desk.setTradingState({ state: "active", reason: "all is well" });
    await flaky.close();
    expect([calls, resumed.replayed]).toEqual([2, true]);
    expect(resumed.effect.at(-1)).toContain("the state is halted by now");
    expect((await client.tradingState()).state).toBe("halted");
    await client.setTradingState({ state: "active", reason: "the test is over" });
  });
});

describe("the stream", () => {
  it("gives each event once, also over a lost connection", async () => {
    await decider.decideAll();
    const stop = new AbortController();
    const seen: string[] = [];
    const lost: string[] = [];
    const reading = (async () => {
      const events = streamOf(client, {
        topics: ["signal"],
        signal: stop.signal,
        onLost: (reason) => lost.push(reason),
      });
      for await (const { topic, data } of events) {
        if (topic === "signal") seen.push(String(data["id"]));
      }
    })();
    await expect.poll(() => api.api.hub.readers.size).toBe(1);
    await client.send({ symbol: "AAPL", side: "buy", qty: 1 });
    await decider.decideAll();
    await expect.poll(() => seen.length).toBe(1);
    for (const reader of api.api.hub.readers) reader.end();
    await client.send({ symbol: "AAPL", side: "buy", qty: 1 });
    await decider.decideAll();
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(2);
    expect(lost).toHaveLength(1);
    expect(new Set(seen).size).toBe(2);
    stop.abort();
    await reading;
  });

  it("ends with what the API says where it would be refused for ever, and comes back where it would not", async () => {
    const read = async (topics: string[], key?: string) => {
      const options = key === undefined ? {} : { key };
      const desk = new FillstreamClient({ url: client.url, ...options });
      for await (const event of streamOf(desk, { topics })) throw new Error(JSON.stringify(event));
    };
    await expect(read(["weather"])).rejects.toThrow(FillstreamProblem);
    let asked = 0;
    const busy = new Hono().all("*", (context) => {
      asked += 1;
      const status = asked === 1 ? 503 : 403;
      const problem = { status, code: "busy", detail: `answer ${asked}` };
      return context.json(problem, status, asked === 1 ? { "retry-after": "1" } : {});
    });
    const served = await serveApi(busy, { host: "127.0.0.1", port: 0 });
    const desk = new FillstreamClient({ url: `http://127.0.0.1:${served.port}` });
    await expect(streamOf(desk).next()).rejects.toThrow("answer 2");
    await served.close();
  });

  it.each([
    [": \n", null],
    ['id: 1.2\nevent: order\ndata: {"a":1}', { id: "1.2", topic: "order", data: { a: 1 } }],
    ['data:{"a":"x: y"}', { id: null, topic: "message", data: { a: "x: y" } }],
  ])("reads the block %j", (block, event) => {
    expect(parseBlock(block)).toEqual(event);
  });
});

it("a reader that does not keep up is dropped, and memory with it", async () => {
  const response = await fetch(`${client.url}/api/v1/trading/stream`, {
    headers: { host: "localhost" },
  });
  await expect.poll(() => api.api.hub.readers.size).toBe(1);
  const [reader] = api.api.hub.readers;
  const large = { text: "x".repeat(1024 * 1024) };
  for (let count = 0; count < 40; count += 1) reader?.show("state", "main", large);
  expect(reader?.isOpen).toBe(false);
  await expect.poll(() => api.api.hub.readers.size).toBe(0);
  await response.body?.cancel().catch(() => undefined);
});

it("who asks for the head of the stream is no reader of it", async () => {
  const response = await fetch(`${client.url}${BASE}/stream`, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(api.api.hub.readers.size).toBe(0);
});

it("a reader that stopped reading is hung up on, and counts until its connection is gone", async () => {
  const { hub } = api.api;
  const socket = connect(served.port, "127.0.0.1");
  // Whether the reset is told as an error is the system's choice.
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.pause();
  socket.write(`GET ${BASE}/stream HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  await expect.poll(() => hub.readers.size).toBe(1);
  const [reader] = hub.readers;
  const large = { text: "x".repeat(1024 * 1024) };
  // What the kernel takes is sent; then everything waits here.
  for (;;) {
    reader?.show("state", "main", large);
    if (reader?.isOpen !== true) break;
    await new Promise(setImmediate);
  }
  expect(hub.readers.size).toBe(1);
  await expect.poll(() => hub.readers.size).toBe(0);
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString("latin1")));
  socket.resume();
  await closed;
  // The end of an answer in good order.
  expect(text.endsWith("0\r\n\r\n")).toBe(false);
});
