// The trade_updates socket and the server-sent events, frame by frame.
import { decode, encode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { KEYS } from "./lab.ts";
import { Ear, tradeStream, updates, wsUrl } from "./sockets.ts";
import { LIMIT, MARKET, openWireLab } from "./wire-case.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

const url = () => wsUrl(lab.running.url, "/stream");
const authorized = {
  stream: "authorization",
  data: { status: "authorized", action: "authenticate" },
};

describe("the handshake", () => {
  test("the server speaks only when spoken to, and in binary frames", async () => {
    const ear = new Ear(url());
    await ear.opened();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ear.heard).toEqual([]);
    ear.say({ action: "authenticate", data: { key_id: "lab", secret_key: "s" } });
    expect(await ear.count(1)).toEqual([authorized]);
    expect(ear.heard[0]?.binary).toBe(true);
    ear.socket.close();
  });

  test("the newer form of authentication is answered the same", async () => {
    const ear = new Ear(url());
    await ear.opened();
    ear.say({ action: "auth", key: "lab", secret: "s" });
    expect(await ear.count(1)).toEqual([authorized]);
    ear.socket.close();
  });

  test("listening before authentication is refused", async () => {
    const ear = new Ear(url());
    await ear.opened();
    ear.say({ action: "listen", data: { streams: ["trade_updates"] } });
    expect(await ear.count(1)).toEqual([
      { stream: "authorization", data: { status: "unauthorized", action: "listen" } },
    ]);
    ear.socket.close();
  });

  test("a key pair without a secret is unauthorized, and the socket stays", async () => {
    const ear = new Ear(url());
    await ear.opened();
    ear.say({ action: "auth", key: "lab" });
    expect(await ear.count(1)).toEqual([
      { stream: "authorization", data: { status: "unauthorized", action: "authenticate" } },
    ]);
    ear.say({ action: "auth", key: "lab", secret: "s" });
    expect((await ear.count(2))[1]).toEqual(authorized);
    ear.socket.close();
  });

  test("the list replaces the whole set, and unknown names are left out", async () => {
    const ear = new Ear(url());
    await ear.opened();
    ear.say({ action: "auth", key: "lab", secret: "s" });
    ear.say({ action: "listen", data: { streams: ["trade_updates", "account_updates"] } });
    ear.say({ action: "listen", data: { streams: [] } });
    const [, first, second] = await ear.count(3);
    expect(first).toEqual({ stream: "listening", data: { streams: ["trade_updates"] } });
    expect(second).toEqual({ stream: "listening", data: { streams: [] } });
    ear.socket.close();
  });

  test.each(["{", "[]", '{"action":"dance"}', "null"])(
    "%s is an error, and the end",
    async (said) => {
      const ear = new Ear(url());
      await ear.opened();
      ear.say(said);
      await ear.until(() => ear.closed);
      expect(ear.messages()).toEqual([
        { action: "error", data: { error_message: "internal server error" } },
      ]);
    },
  );

  test("a ping is answered", async () => {
    const ear = new Ear(url());
    await ear.opened();
    const pong = new Promise((resolve) => ear.socket.once("pong", resolve));
    ear.socket.ping();
    await pong;
    ear.socket.close();
  });

  test("another path is not a socket", async () => {
    const ear = new Ear(wsUrl(lab.running.url, "/elsewhere"));
    await expect(ear.opened()).rejects.toThrow("404");
  });
});

describe("updates", () => {
  test("an order's life, with everything a client needs", async () => {
    const ear = await tradeStream(lab.running.url);
    await lab.call("POST", "/v2/orders", { ...MARKET, qty: "7" });
    await ear.count(3);
    const [pending, fresh, fill] = updates(ear);
    expect(pending).toMatchObject({ event: "pending_new", order: { status: "pending_new" } });
    expect(pending).not.toHaveProperty("execution_id");
    expect(fresh).toMatchObject({
      event: "new",
      execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(fill).toMatchObject({
      event: "fill",
      price: "200.02",
      qty: "7",
      position_qty: "7",
      order: {
        status: "filled",
        filled_qty: "7",
        filled_avg_price: "200.02",
        cancel_requested_at: null,
      },
    });
    for (const { timestamp, at, event_id } of updates(ear)) {
      expect(timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
      expect(at).toBe(timestamp);
      expect(event_id).toMatch(/^[0-7][0-9A-Z]{25}$/);
    }
    ear.socket.close();
  });

  test("a replace tells the old order, then the new one", async () => {
    const ear = await tradeStream(lab.running.url);
    const { body } = await lab.call("POST", "/v2/orders", LIMIT);
    await lab.call("PATCH", `/v2/orders/${String(body.id)}`, { limit_price: "191" });
    await ear.count(4);
    const [, , replaced, fresh] = updates(ear);
    expect(replaced).toMatchObject({
      event: "replaced",
      order: { id: body.id, status: "replaced" },
    });
    expect(fresh).toMatchObject({ event: "new", order: { replaces: body.id, limit_price: "191" } });
    expect(replaced?.order.replaced_by).toBe(fresh?.order.id);
    ear.socket.close();
  });

  test("the answer to a POST comes before what the stream says of it", async () => {
    const ear = await tradeStream(lab.running.url);
    const order: string[] = [];
    ear.socket.on("message", () => order.push("frame"));
    await lab.call("POST", "/v2/orders", LIMIT).then(() => order.push("answer"));
    await ear.count(2);
    // Two sockets race on the way to the client; on this side the answer is written first.
    expect(order).toHaveLength(3);
    ear.socket.close();
  });

  test("accounts hear only their own", async () => {
    const mine = await tradeStream(lab.running.url, "mine");
    const yours = await tradeStream(lab.running.url, "yours");
    await lab.call("POST", "/v2/orders", MARKET, { ...KEYS, "apca-api-key-id": "mine" });
    await mine.count(3);
    expect(yours.heard).toEqual([]);
    mine.socket.close();
    yours.socket.close();
  });

  test("execution ids and activity ids relate as the setting says", async () => {
    for (const setting of ["same", "different", "none"] as const) {
      await lab.control("PATCH", "/settings", { activity_ids: setting });
      const ear = await tradeStream(lab.running.url, setting);
      const headers = { ...KEYS, "apca-api-key-id": setting };
      await lab.call("POST", "/v2/orders", MARKET, headers);
      await ear.count(3);
      const told = updates(ear)[2]?.execution_id;
      const { body } = await lab.call("GET", "/v2/account/activities/FILL", undefined, headers);
      const [activity] = body as unknown as { id: string }[]; // a list of activities
      expect(activity?.id).toMatch(/^\d{17}::[0-9a-f-]{36}$/);
      const uuid = activity?.id.split("::")[1];
      if (setting === "same") expect(told).toBe(uuid);
      else if (setting === "different") expect(told).not.toBe(uuid);
      else expect(told).toBeUndefined();
      ear.socket.close();
    }
    await lab.control("PATCH", "/settings", { activity_ids: "different" });
  });
});

describe("server-sent events", () => {
  async function events(query: string, key: string): Promise<Record<string, unknown>[]> {
    const response = await fetch(`${lab.running.url}/v2/events/trades${query}`, {
      headers: { ...KEYS, "apca-api-key-id": key },
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const text = await response.text();
    return text
      .split("\n\n")
      .filter((block) => block.startsWith("data: "))
      .map((block) => JSON.parse(block.slice(6)));
  }

  test("the past is told from a moment or an event on, and the stream ends at its bound", async () => {
    const headers = { ...KEYS, "apca-api-key-id": "sse" };
    await lab.call("POST", "/v2/orders", MARKET, headers);
    const until = new Date(Date.now() + 50).toISOString();
    const all = await events(`?since=2026-01-01&until=${until}`, "sse");
    expect(all.map(({ event }) => event)).toEqual(["pending_new", "new", "fill"]);
    expect(all[0]).toHaveProperty("account_id");
    const second = String(all[1]?.event_id);
    await lab.call("POST", "/v2/orders", MARKET, headers);
    const rest = await events(`?since_id=${String(all[0]?.event_id)}&until_id=${second}`, "sse");
    expect(rest.map(({ event_id }) => event_id)).toEqual([second]);
  });

  test.each([
    "?until=2026-01-01",
    "?until_id=01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "?since=soon",
    "?since_id=1",
  ])("%s is refused", async (query) => {
    const response = await fetch(`${lab.running.url}/v2/events/trades${query}`, { headers: KEYS });
    expect(response.status).toBe(422);
    await response.text();
  });

  test("without a key there are none", async () => {
    const response = await fetch(`${lab.running.url}/v2/events/trades`);
    expect(response.status).toBe(401);
    await response.text();
  });
});

describe("frames", () => {
  const handshake = [
    { action: "auth", key: "lab", secret: "s" },
    { action: "listen", data: { streams: ["trade_updates"] } },
  ];
  const listening = { stream: "listening", data: { streams: ["trade_updates"] } };

  /** Both sockets hear the same updates, so that they can be compared value by value. */
  async function bothCodecs(send: (said: object) => Buffer | Uint8Array | string) {
    const packed = new Ear(url(), { "Content-Type": "application/msgpack" });
    const frames: unknown[] = [];
    packed.socket.on("message", (raw: Buffer) => frames.push(decode(raw)));
    await packed.opened();
    for (const said of handshake) packed.socket.send(send(said));
    await packed.until(() => frames.length >= 2);
    const plain = await tradeStream(lab.running.url);
    await lab.call("POST", "/v2/orders", MARKET);
    await packed.until(() => frames.length >= 5);
    const updatesInJson = await plain.count(3);
    packed.socket.close();
    plain.socket.close();
    return { packed, frames, updatesInJson };
  }

  test.each<[string, (said: object) => Buffer | Uint8Array | string]>([
    ["MessagePack", (said) => encode(said)],
    ["JSON text", (said) => JSON.stringify(said)],
    ["JSON in binary frames", (said) => Buffer.from(JSON.stringify(said))],
  ])("who asks for MessagePack gets it, also when speaking %s", async (_, send) => {
    const { packed, frames, updatesInJson } = await bothCodecs(send);
    expect(packed.heard.every(({ binary }) => binary)).toBe(true);
    expect(frames).toEqual([authorized, listening, ...updatesInJson]);
  });

  test("an error is MessagePack too", async () => {
    const ear = new Ear(url(), { "Content-Type": "application/msgpack" });
    const frames: unknown[] = [];
    ear.socket.on("message", (raw: Buffer) => frames.push(decode(raw)));
    await ear.opened();
    ear.socket.send(encode(["no", "object"]));
    await ear.until(() => ear.closed);
    expect(frames).toEqual([{ action: "error", data: { error_message: "internal server error" } }]);
  });

  test("JSON comes in text frames where live accounts are asked for", async () => {
    await lab.control("PATCH", "/settings", { stream_frames: "text" });
    const ear = new Ear(url());
    await ear.opened();
    for (const said of handshake) ear.say(said);
    await ear.count(2);
    await lab.call("POST", "/v2/orders", MARKET);
    expect((await ear.count(5)).slice(0, 2)).toEqual([authorized, listening]);
    expect(ear.heard.map(({ binary }) => binary)).toEqual([false, false, false, false, false]);
    await lab.control("PATCH", "/settings", { stream_frames: "binary" });
    await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(8);
    expect(ear.heard.slice(5).map(({ binary }) => binary)).toEqual([true, true, true]);
    ear.socket.close();
  });
});
