import { describe, expect, it } from "vitest";
import {
  dataMessagesSchema,
  decimalOfNumber,
  parseMarketJson,
  tradeSchema,
  tradesSchema,
} from "../../../src/brokers/alpaca/market-schema.ts";
import { quotationFrom } from "../../../src/brokers/alpaca/quotation.ts";
import { AMZN, d, fixture } from "./fixtures.ts";

describe("a price that is a JSON number", () => {
  it.each([
    ["3647.95", "3647.95"],
    ["0.1", "0.1"],
    ["100", "100"],
    ["1e-7", "0.0000001"],
    ["1.5E-7", "0.00000015"],
    ["1.25e3", "1250"],
    ["12e+2", "1200"],
    ["-0.5", "-0.5"],
    ["64250.123456789012345", "64250.123456789012345"],
    ["9007199254740993.1", "9007199254740993.1"],
    ["0e0", "0"],
  ])("%s is exactly %s", (text, expected) => {
    expect(decimalOfNumber(text)?.toString()).toBe(expected);
  });

  it.each(["", "NaN", "1e9999", ".5", "1.2.3"])("%s is none", (text) => {
    expect(decimalOfNumber(text)).toBeNull();
  });

  it("keeps digits that a binary float would lose", () => {
    const body = parseMarketJson(
      '{"trades":{"BTC/USD":{"t":"2026-01-01T00:00:00Z","p":64250.12345678901234}}}',
    );
    expect(tradesSchema.parse(body).trades["BTC/USD"]?.p?.toString()).toBe("64250.12345678901234");
  });

  it("of a recorded trade is read", () => {
    const trade = JSON.stringify(
      fixture<{ latest_trade: { trade: unknown } }>("recorded").latest_trade.trade,
    );
    expect(tradeSchema.parse(parseMarketJson(trade)).p?.toString()).toBe("3647.95");
  });

  it("that cannot be read is no price, and the others stand", () => {
    const body = parseMarketJson(
      '{"trades":{"A":{"t":"never","p":1},"B":{"t":"2026-01-01T00:00:00Z","p":2}}}',
    );
    const { trades } = tradesSchema.parse(body);
    expect(trades["A"]).toBeNull();
    expect(trades["B"]?.p?.toString()).toBe("2");
  });
});

describe("messages of the data stream", () => {
  it.each(["data_trade", "data_quote"])("as recorded are read: %s", (name) => {
    const text = JSON.stringify(fixture("recorded")[name]);
    const [message] = dataMessagesSchema.parse(parseMarketJson(text));
    const expected =
      name === "data_trade"
        ? { T: "t", S: "AAPL", p: d("126.55"), t: Date.parse("2021-02-22T15:51:44.208Z") }
        : { T: "q", S: "AMD", bp: d("87.66"), ap: d("87.68") };
    expect(message).toMatchObject(expected);
  });

  it("that are not ours are passed over", () => {
    const text = '[{"T":"b","S":"AAPL","o":1},{"T":"subscription","trades":[]}]';
    expect(dataMessagesSchema.parse(parseMarketJson(text)).map(({ T }) => T)).toEqual([
      "other",
      "subscription",
    ]);
  });

  it.each([
    ["data_connected", { T: "success", msg: "connected" }],
    ["data_authenticated", { T: "success", msg: "authenticated" }],
    ["data_subscription", { T: "subscription" }],
    ["data_auth_failed", { T: "error", code: 402, msg: "auth failed" }],
  ])("of the handshake as recorded are read: %s", (name, expected) => {
    const text = JSON.stringify(fixture("recorded")[name]);
    expect(dataMessagesSchema.parse(parseMarketJson(text))).toEqual([expected]);
  });

  it("that say what is wrong keep their code", () => {
    const text = '[{"T":"error","code":406,"msg":"connection limit exceeded"}]';
    expect(dataMessagesSchema.parse(parseMarketJson(text))).toEqual([
      { T: "error", code: 406, msg: "connection limit exceeded" },
    ]);
  });
});

describe("a quotation", () => {
  const trade = (t: number) => ({ t, p: d("100") });
  const quote = (t: number) => ({ t, bp: d("99"), ap: d("101") });

  it("keeps the instant of each half", () => {
    expect(quotationFrom(AMZN.id, trade(1_000), quote(2_000))).toEqual({
      instrumentId: AMZN.id,
      trade: { price: d("100"), at: 1_000 },
      quote: { bid: d("99"), ask: d("101"), at: 2_000 },
    });
  });

  it("of one side is one", () => {
    const told = quotationFrom(AMZN.id, null, { t: 5, bp: null, ap: d("101") });
    expect(told).toMatchObject({ trade: null, quote: { bid: null, ask: d("101"), at: 5 } });
  });

  it("of nothing is none", () => {
    expect(quotationFrom(AMZN.id, null, null)).toBeNull();
    expect(quotationFrom(AMZN.id, { t: 5, p: null }, { t: 5, bp: null, ap: null })).toBeNull();
  });
});
