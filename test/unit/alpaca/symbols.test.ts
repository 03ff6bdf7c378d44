import { describe, expect, it } from "vitest";
import { instrumentOf } from "../../../src/brokers/alpaca/instrument.ts";
import { assetSchema } from "../../../src/brokers/alpaca/schema.ts";
import { AlpacaSymbols } from "../../../src/brokers/alpaca/symbols.ts";
import { tickAt } from "../../../src/domain/instrument.ts";
import { asset, BTC, d, directory, fixture, RULES } from "./fixtures.ts";

describe("a symbol as people write it", () => {
  it.each([
    ["AAPL", "AAPL"],
    ["aapl", "AAPL"],
    [" AAPL ", "AAPL"],
    ["NASDAQ:AAPL", "AAPL"],
    ["XNYS:AAPL", "AAPL"],
    ["BRK-B", "BRK.B"],
    ["BRK/B", "BRK.B"],
    ["brk.b", "BRK.B"],
    ["BTC/USD", "BTC/USD"],
    ["BTCUSD", "BTC/USD"],
    ["btc-usd", "BTC/USD"],
    ["btc_usd", "BTC/USD"],
    ["BTCUSDT", "BTC/USD"],
    ["BINANCE:BTCUSDT", "BTC/USD"],
    ["ethusdc", "ETH/USD"],
    ["BTC/USDT", "BTC/USDT"],
    ["USDTUSD", "USDT/USD"],
  ])("%s is %s", (text, symbol) => expect(directory.resolve(text)?.symbol).toBe(symbol));

  it.each(["", "ZZZZ", "LSE:AAPL", "BTC", "USDT", "BTCEUR", "A".repeat(500), ":", "XNYS:"])(
    "%s is nothing",
    (text) => expect(directory.resolve(text)).toBeNull(),
  );

  it("a pair quoted in a coin is known but cannot be traded", () => {
    expect(directory.resolve("ETH/BTC")?.tradable).toBe(false);
    expect(directory.resolve("BTC/USDT")?.tradable).toBe(false);
  });

  it("without aliases a dollar token is not the dollar", () => {
    const strict = new AlpacaSymbols([BTC, asset("BTC/USDT")], {});
    expect(strict.resolve("BTCUSDT")?.symbol).toBe("BTC/USDT");
    expect(new AlpacaSymbols([BTC], {}).resolve("BTCUSDT")).toBeNull();
  });

  it("an instrument is found by its id", () => {
    expect(directory.byId(BTC.id)).toBe(BTC);
  });
});

describe("an asset as an instrument", () => {
  it("a stock has cents from a dollar on, and hundredths of a cent below", () => {
    const stock = asset("AAPL");
    expect(tickAt(stock, d("0.99")).toString()).toBe("0.0001");
    expect(tickAt(stock, d("1")).toString()).toBe("0.01");
    expect(stock).toMatchObject({
      venue: "XNYS",
      lot: d("1"),
      fractionable: true,
      currency: "USD",
    });
  });

  it("a pair has the steps that its asset tells", () => {
    const wire = assetSchema.parse(fixture("recorded")["asset_crypto"]);
    expect(instrumentOf(wire, RULES)).toMatchObject({
      id: "CRYPTO:BTC/USD",
      ticks: [{ from: d("0"), step: d("1") }],
      lot: d("0.0001"),
      minQuantity: d("0.0001"),
      shortable: false,
      tradable: true,
    });
  });

  it.each([
    [{ borrow_status: "hard_to_borrow", easy_to_borrow: true }, false],
    [{ borrow_status: "easy_to_borrow", easy_to_borrow: false }, true],
    [{ easy_to_borrow: false }, false],
    [{ shortable: false }, false],
  ])("with %o it can be sold short: %s", (more, shortable) => {
    expect(asset("AAPL", more).shortable).toBe(shortable);
  });

  it.each([{ status: "inactive" }, { tradable: false }])("with %o it cannot be traded", (more) => {
    expect(asset("AAPL", more).tradable).toBe(false);
  });

  it("an option is none of ours", () => {
    const wire = assetSchema.parse({
      class: "us_option",
      symbol: "AAPL260116C00100000",
      status: "active",
      tradable: true,
    });
    expect(instrumentOf(wire, RULES)).toBeNull();
  });
});
