import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAlpacaMarketData } from "../../../src/brokers/alpaca/market-data.ts";
import type { Quotation } from "../../../src/domain/quotation.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { MarkStream } from "../../../src/ports/market-data.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { eventually, realClock } from "../../support/real-clock.ts";
import { frameText, startScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import type { ScriptedAlpaca, SeenRequest } from "../../support/scripted-alpaca.ts";
import { AMZN, asset, BTC, d } from "./fixtures.ts";

const AT = "2026-11-20T15:00:00.123456789Z";
let alpaca: ScriptedAlpaca;
beforeEach(async () => {
  alpaca = await startScriptedAlpaca();
});
afterEach(() => alpaca.stop());

const source = (streaming = false, clock: Clock = realClock) =>
  createAlpacaMarketData({
    dataUrl: alpaca.url,
    dataStreamUrl: streaming ? alpaca.url.replace("http", "ws") : null,
    keyId: "key",
    secret: "hidden",
    clock,
  });
const signal = () => new AbortController().signal;

/** As the real one: one symbol that it does not take, and the whole call is refused. */
const refusing =
  (...refused: readonly string[]) =>
  (request: SeenRequest) => {
    const symbols = (request.query.get("symbols") ?? "").split(",");
    const odd = symbols.find((symbol) => refused.includes(symbol));
    if (odd === undefined) return priced(request);
    return { status: 400, body: { message: `invalid symbol: ${odd}` } };
  };

/** Raw text, because the digits of a number are the point. */
function priced({ path, query }: SeenRequest) {
  const rows = (query.get("symbols") ?? "").split(",").map((symbol) => {
    const row = path.includes("trades")
      ? `{"t":"${AT}","p":100.10,"s":1}`
      : `{"t":"${AT}","bp":100.05,"ap":1.0015e2}`;
    return `"${symbol}":${row}`;
  });
  const what = path.includes("trades") ? "trades" : "quotes";
  return { status: 200, body: `{"${what}":{${rows.join(",")}}}` };
}

describe("latest prices", () => {
  it("of stocks and pairs come in one call each for trades and for quotes", async () => {
    alpaca.script = priced;
    const marks = await source().latest([AMZN, BTC, asset("AAPL"), AMZN], signal());
    expect(
      alpaca.requests.map(({ path, query }) => `${path} ${query.get("symbols")}`).sort(),
    ).toEqual([
      "/v1beta3/crypto/us/latest/quotes BTC/USD",
      "/v1beta3/crypto/us/latest/trades BTC/USD",
      "/v2/stocks/quotes/latest AMZN,AAPL",
      "/v2/stocks/trades/latest AMZN,AAPL",
    ]);
    expect(marks.map((mark) => mark.instrumentId)).toEqual([
      "XNYS:AMZN",
      "XNYS:AAPL",
      "CRYPTO:BTC/USD",
    ]);
    expect(marks[0]).toEqual({
      instrumentId: AMZN.id,
      trade: { price: d("100.1"), at: Date.parse("2026-11-20T15:00:00.123Z") },
      quote: {
        bid: d("100.05"),
        ask: d("100.15"),
        at: Date.parse("2026-11-20T15:00:00.123Z"),
      },
    });
  });

  it("of a symbol that is not known are absent, the others come", async () => {
    alpaca.script = ({ path }) => ({
      status: 200,
      body: path.includes("trades") ? `{"trades":{"AMZN":{"t":"${AT}","p":5}}}` : '{"quotes":{}}',
    });
    const marks = await source().latest([AMZN, asset("ZZZ")], signal());
    expect(marks.map((mark) => mark.instrumentId)).toEqual([AMZN.id]);
  });

  it("of stocks come although those of pairs failed", async () => {
    alpaca.script = (request) =>
      request.path.includes("crypto") ? { status: 500 } : priced(request);
    const marks = await source().latest([AMZN, BTC], signal());
    expect(marks.map((mark) => mark.instrumentId)).toEqual([AMZN.id]);
  });

  it("that failed are told although others came", async () => {
    alpaca.script = (request) =>
      request.path.includes("crypto") ? { status: 500 } : priced(request);
    const failed: unknown[] = [];
    await source().latest([AMZN, BTC], signal(), (error) => failed.push(error));
    expect(failed.map(String)).toEqual([expect.stringMatching(/prices: 500/)]);
  });

  it("that all failed are a fault", async () => {
    alpaca.script = () => ({ status: 429 });
    await expect(source().latest([AMZN], signal())).rejects.toThrow("rate limit");
  });

  it("of five hundred symbols are asked for in three calls each", async () => {
    alpaca.script = priced;
    const many = Array.from({ length: 500 }, (_, index) => asset(`S${index}`));
    expect(await source().latest(many, signal())).toHaveLength(500);
    expect(alpaca.requests).toHaveLength(6);
  });

  it("of two hundred symbols come although one is refused, and the next poll leaves it out", async () => {
    alpaca.script = refusing("S77");
    const prices = source();
    const many = Array.from({ length: 200 }, (_, index) => asset(`S${index}`));
    const failed: unknown[] = [];
    const told = await prices.latest(many, signal(), (error) => failed.push(error));
    expect(told).toHaveLength(199);
    expect(failed.map(String)).toEqual([expect.stringMatching(/S77/)]);
    expect(alpaca.requests.length).toBeLessThan(25);

    const before = alpaca.requests.length;
    expect(await prices.latest(many, signal(), (error) => failed.push(error))).toHaveLength(199);
    expect(alpaca.requests).toHaveLength(before + 2);
    expect(failed).toHaveLength(1);
  });

  it("of a symbol that was refused are asked for again after a while", async () => {
    const clock = new ManualClock(0);
    const prices = source(false, clock);
    alpaca.script = refusing("ODD");
    expect(await prices.latest([AMZN, asset("ODD")], signal())).toHaveLength(1);
    alpaca.script = priced;
    expect(await prices.latest([AMZN, asset("ODD")], signal())).toHaveLength(1);
    await clock.advance(11 * 60_000);
    expect(await prices.latest([AMZN, asset("ODD")], signal())).toHaveLength(2);
  });

  it("come poll by poll where many symbols are refused, without a flood of calls", async () => {
    const odd = Array.from({ length: 20 }, (_, index) => `ODD${index}`);
    alpaca.script = refusing(...odd);
    const prices = source();
    const many = Array.from({ length: 180 }, (_, index) => asset(`S${index}`));
    const mixed = [...many, ...odd.map((symbol) => asset(symbol))];
    const counts: number[] = [];
    for (let poll = 0; poll < 10; poll += 1) {
      const before = alpaca.requests.length;
      await prices.latest(mixed, signal()).catch(() => undefined);
      counts.push(alpaca.requests.length - before);
    }
    expect(await prices.latest(mixed, signal())).toHaveLength(180);
    expect(Math.max(...counts)).toBeLessThan(30);
    expect(counts.at(-1)).toBe(2);
  });

  it("that are refused whatever is asked blame no symbol, and are not taken apart each time", async () => {
    alpaca.script = () => ({ status: 400, body: { message: "invalid feed" } });
    const prices = source();
    const many = Array.from({ length: 200 }, (_, index) => asset(`S${index}`));
    await expect(prices.latest(many, signal())).rejects.toThrow("invalid feed");
    const before = alpaca.requests.length;
    await expect(prices.latest(many, signal())).rejects.toThrow("invalid feed");
    expect(alpaca.requests).toHaveLength(before + 2);
    alpaca.script = priced;
    expect(await prices.latest(many, signal())).toHaveLength(200);
  });

  it("of nothing ask nothing", async () => {
    expect(await source().latest([], signal())).toEqual([]);
    expect(alpaca.requests).toHaveLength(0);
  });
});

describe("the data stream", () => {
  let stream: MarkStream | null = null;
  afterEach(() => stream?.close());

  it("is off unless switched on", () => {
    const listener = { onPrice: () => undefined, onDisconnected: () => undefined };
    expect(source().stream(listener)).toBeNull();
  });

  it("follows what it is told, and joins the last trade and the last quote", async () => {
    const told: Quotation[] = [];
    const asked: string[] = [];
    alpaca.onSocket = (socket, path) => {
      socket.send('[{"T":"success","msg":"connected"}]');
      socket.on("message", (data) => {
        const text = frameText(data);
        asked.push(`${path} ${text}`);
        if (text.includes('"auth"')) socket.send('[{"T":"success","msg":"authenticated"}]');
        if (!text.includes('"subscribe"')) return;
        socket.send('[{"T":"subscription","trades":["AMZN"],"quotes":["AMZN"]}]');
        socket.send(`[{"T":"q","S":"AMZN","bp":87.66,"ap":87.68,"t":"${AT}"}]`);
        socket.send(
          `[{"T":"t","S":"AMZN","p":87.67,"t":"${AT}"},{"T":"t","S":"ELSE","p":1,"t":"${AT}"}]`,
        );
      });
    };
    stream = source(true).stream({
      onPrice: (one) => told.push(one),
      onDisconnected: () => undefined,
    });
    stream?.follow([AMZN]);
    await eventually(() => told.length === 2, "both halves");
    expect(asked).toEqual([
      '/v2/iex {"action":"auth","key":"key","secret":"hidden"}',
      '/v2/iex {"action":"subscribe","trades":["AMZN"],"quotes":["AMZN"]}',
    ]);
    expect(told[1]).toMatchObject({
      quote: { bid: d("87.66"), ask: d("87.68") },
      trade: { price: d("87.67") },
    });

    stream?.follow([asset("AAPL"), BTC]);
    await eventually(() => asked.length === 6, "the change");
    expect(asked.slice(2).sort()).toEqual([
      '/v1beta3/crypto/us {"action":"auth","key":"key","secret":"hidden"}',
      '/v1beta3/crypto/us {"action":"subscribe","trades":["BTC/USD"],"quotes":["BTC/USD"]}',
      '/v2/iex {"action":"subscribe","trades":["AAPL"],"quotes":["AAPL"]}',
      '/v2/iex {"action":"unsubscribe","trades":["AMZN"],"quotes":["AMZN"]}',
    ]);
  });
});
