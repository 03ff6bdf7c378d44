// The market data sockets, frame by frame.
import { decode, encode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { Ear, wsUrl } from "./sockets.ts";
import { openWireLab } from "./wire-case.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

const CONNECTED = [{ T: "success", msg: "connected" }];
const AUTHENTICATED = [{ T: "success", msg: "authenticated" }];
const error = (code: number, msg: string) => [{ T: "error", code, msg }];

async function open(path: string, headers: Record<string, string> = {}): Promise<Ear> {
  const ear = new Ear(wsUrl(lab.running.url, path), headers);
  await ear.opened();
  return ear;
}

async function authenticated(path: string, key: string): Promise<Ear> {
  const ear = await open(path);
  ear.say({ action: "auth", key, secret: "s" });
  await ear.count(2);
  return ear;
}

/** Closing takes a moment on both sides, and a key may have one socket per feed. */
async function close(ear: Ear): Promise<void> {
  ear.socket.close();
  await ear.until(() => ear.closed);
}

describe("the handshake", () => {
  test("connected, authenticated, subscribed", async () => {
    const ear = await open("/v2/iex");
    ear.say({ action: "auth", key: "h1", secret: "s" });
    ear.say({ action: "subscribe", trades: ["AAPL"], quotes: ["MSFT"], bars: ["*"] });
    expect(await ear.count(3)).toEqual([
      CONNECTED,
      AUTHENTICATED,
      [
        {
          T: "subscription",
          trades: ["AAPL"],
          quotes: ["MSFT"],
          bars: ["*"],
          updatedBars: [],
          dailyBars: [],
          statuses: [],
          lulds: [],
          corrections: ["AAPL"],
          cancelErrors: ["AAPL"],
        },
      ],
    ]);
    expect(ear.heard.every(({ binary }) => !binary)).toBe(true);
    ear.say({ action: "unsubscribe", trades: ["AAPL"] });
    const [, , , left] = await ear.count(4);
    expect(left).toMatchObject([{ trades: [], quotes: ["MSFT"], corrections: [] }]);
    await close(ear);
  });

  test("keys in the headers of the upgrade do", async () => {
    const ear = await open("/v2/sip", { "APCA-API-KEY-ID": "h2", "APCA-API-SECRET-KEY": "s" });
    expect(await ear.count(2)).toEqual([CONNECTED, AUTHENTICATED]);
    await close(ear);
  });

  test("crypto has order books, and no corrections", async () => {
    const ear = await authenticated("/v1beta3/crypto/us", "h3");
    ear.say({ action: "subscribe", orderbooks: ["BTC/USD"] });
    expect((await ear.count(3))[2]).toEqual([
      {
        T: "subscription",
        trades: [],
        quotes: [],
        orderbooks: ["BTC/USD"],
        bars: [],
        updatedBars: [],
        dailyBars: [],
      },
    ]);
    await close(ear);
  });

  test.each([
    ["not JSON", "{", 400, "invalid syntax"],
    ["an unknown action", { action: "dance" }, 400, "invalid syntax"],
    ["symbols that are no list", { action: "subscribe", trades: "AAPL" }, 400, "invalid syntax"],
    [
      "a second authentication",
      { action: "auth", key: "k", secret: "s" },
      403,
      "already authenticated",
    ],
    [
      "an unknown channel",
      { action: "subscribe", orderbooks: ["AAPL"] },
      410,
      "invalid subscribe action for this feed",
    ],
  ])("%s is an error", async (name, said, code, msg) => {
    const ear = await authenticated("/v2/iex", name);
    ear.say(said);
    expect((await ear.count(3))[2]).toEqual(error(code, msg));
    await close(ear);
  });

  test("subscribing before authentication is an error", async () => {
    const ear = await open("/v2/iex");
    ear.say({ action: "subscribe", trades: ["AAPL"] });
    expect((await ear.count(2))[1]).toEqual(error(401, "not authenticated"));
    await close(ear);
  });

  test("half a key pair ends the socket", async () => {
    const ear = await open("/v2/iex");
    ear.say({ action: "auth", key: "k" });
    await ear.until(() => ear.closed);
    expect(ear.messages()[1]).toEqual(error(402, "auth failed"));
  });

  test("one connection per key and feed", async () => {
    const first = await authenticated("/v2/iex", "twice");
    const second = await open("/v2/iex");
    second.say({ action: "auth", key: "twice", secret: "s" });
    await second.until(() => second.closed);
    expect(second.messages()[1]).toEqual(error(406, "connection limit exceeded"));
    const elsewhere = await authenticated("/v1beta3/crypto/us", "twice");
    await close(elsewhere);
    await close(first);
    const again = await authenticated("/v2/iex", "twice");
    expect(again.messages()[1]).toEqual(AUTHENTICATED);
    await close(again);
  });

  test("options speak MessagePack only", async () => {
    const ear = await open("/v1beta1/indicative");
    await ear.until(() => ear.closed);
    expect(ear.messages()[1]).toEqual(
      error(412, "option messages are only available in MessagePack"),
    );
  });
});

describe("prices", () => {
  test("trades and quotes come as asked, with T first", async () => {
    const ear = await authenticated("/v2/iex", "p1");
    ear.say({ action: "subscribe", trades: ["AAPL"], quotes: ["MSFT"] });
    await ear.count(3);
    await lab.control("POST", "/prices", { AAPL: "201.5", MSFT: "501", F: "13" });
    const [, , , prices] = await ear.count(4);
    expect(prices).toMatchObject([
      { T: "t", S: "AAPL", p: 201.5, x: "V", c: ["@"], z: "C" },
      { T: "q", S: "MSFT", c: ["R"] },
    ]);
    expect(ear.heard[3]?.text.startsWith('[{"T":"t","S":"AAPL"')).toBe(true);
    await close(ear);
  });

  test("a star takes everything of the feed's class", async () => {
    const ear = await authenticated("/v1beta3/crypto/us", "p2");
    ear.say({ action: "subscribe", trades: ["*"], orderbooks: ["*"] });
    await ear.count(3);
    await lab.control("POST", "/prices", { "BTC/USD": "60500", AAPL: "202" });
    const [, , , prices] = await ear.count(4);
    expect(prices).toMatchObject([
      { T: "t", S: "BTC/USD", p: 60_500 },
      { T: "o", S: "BTC/USD", r: true },
    ]);
    await close(ear);
  });

  test("MessagePack carries instants as such", async () => {
    const ear = new Ear(wsUrl(lab.running.url, "/v2/iex"), {
      "Content-Type": "application/msgpack",
    });
    const frames: unknown[] = [];
    ear.socket.on("message", (raw: Buffer) => frames.push(decode(raw)));
    await ear.opened();
    ear.say({ action: "auth", key: "p3", secret: "s" });
    ear.say({ action: "subscribe", trades: ["AAPL"] });
    await ear.until(() => frames.length >= 3);
    await lab.control("POST", "/prices", { AAPL: "203" });
    await ear.until(() => frames.length >= 4);
    expect(frames[3]).toMatchObject([{ T: "t", S: "AAPL", p: 203, t: expect.any(Date) }]);
    expect(ear.heard.every(({ binary }) => binary)).toBe(true);
    await close(ear);
  });

  test("what the client says is read as JSON and as MessagePack, in text and in binary", async () => {
    const ear = await open("/v2/iex");
    ear.socket.send(encode({ action: "auth", key: "p5", secret: "s" }));
    ear.socket.send(Buffer.from(JSON.stringify({ action: "subscribe", trades: ["AAPL"] })));
    ear.say({ action: "subscribe", quotes: ["MSFT"] });
    const [, admitted, first, second] = await ear.count(4);
    expect(admitted).toEqual(AUTHENTICATED);
    expect(first).toMatchObject([{ trades: ["AAPL"], quotes: [] }]);
    expect(second).toMatchObject([{ trades: ["AAPL"], quotes: ["MSFT"] }]);
    await close(ear);
  });

  test("pairs come in MessagePack with their values as in JSON", async () => {
    const packed = new Ear(wsUrl(lab.running.url, "/v1beta3/crypto/us"), {
      "Content-Type": "application/msgpack",
    });
    const frames: unknown[] = [];
    packed.socket.on("message", (raw: Buffer) => frames.push(decode(raw)));
    await packed.opened();
    packed.socket.send(encode({ action: "auth", key: "p6", secret: "s" }));
    packed.socket.send(encode({ action: "subscribe", trades: ["BTC/USD"], quotes: ["BTC/USD"] }));
    await packed.until(() => frames.length >= 3);
    const plain = await authenticated("/v1beta3/crypto/us", "p7");
    plain.say({ action: "subscribe", trades: ["BTC/USD"], quotes: ["BTC/USD"] });
    await plain.count(3);
    await lab.control("POST", "/prices", { "BTC/USD": "61000.5" });
    const [, , , prices] = await plain.count(4);
    await packed.until(() => frames.length >= 4);
    // Instants are a type of their own there; as JSON they are the same text, to the millisecond.
    const said = (frames[3] as { t: Date }[]).map((row) => ({ ...row, t: row.t.getTime() })); // a batch
    const text = (prices as unknown as { t: string }[]).map((row) => ({
      ...row,
      t: Date.parse(row.t),
    }));
    expect(said).toEqual(text);
    await close(packed);
    await close(plain);
  });

  test("the test feed is always on", async () => {
    const ear = await authenticated("/v2/test", "p4");
    ear.say({ action: "subscribe", quotes: ["FAKEPACA"] });
    await ear.count(3);
    await lab.control("POST", "/prices/tick", { count: 1 });
    expect((await ear.count(4))[3]).toMatchObject([{ T: "q", S: "FAKEPACA" }]);
    await close(ear);
  });
});
