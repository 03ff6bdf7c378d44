// Prices from the simulated exchange: by question and by stream, with the digits it sent.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { Mark } from "../../../src/domain/market.ts";
import type { MarkStream } from "../../../src/ports/market-data.ts";
import { startMockAlpaca } from "../../support/mock-alpaca.ts";
import type { MockAlpaca } from "../../support/mock-alpaca.ts";
import { eventually } from "../../support/real-clock.ts";

let mock: MockAlpaca;
let stream: MarkStream | null = null;
beforeEach(async () => {
  mock = await startMockAlpaca();
});
afterEach(async () => {
  await stream?.close();
  stream = null;
  await mock.stop();
});

function instruments(...symbols: string[]): Instrument[] {
  return symbols.map((symbol) => {
    const found = mock.directory.resolve(symbol);
    if (found === null) throw new Error(`${symbol} is not listed`);
    return found;
  });
}
const signal = () => new AbortController().signal;
const PRICES = {
  AAPL: { bid: "231.10", ask: "231.12", last: "231.11" },
  "BTC/USD": { bid: "64250.11", ask: "64250.13", last: "64250.12" },
};

it("prices of stocks and pairs are those that the exchange shows", async () => {
  await mock.control("/prices/freeze", {});
  await mock.control("/prices", PRICES);
  const marks = await mock.marketData(false).latest(instruments("AAPL", "BTC/USD"), signal());
  const texts = marks.map(({ bid, ask, last }) => [bid, ask, last].map(String));
  expect(texts).toEqual([
    ["231.1", "231.12", "231.11"],
    ["64250.11", "64250.13", "64250.12"],
  ]);
  for (const mark of marks) expect(Math.abs(mark.at - mock.now())).toBeLessThan(60_000);
});

it("every listed instrument has a price, in a few calls", async () => {
  const listed = mock.directory.instruments.filter((instrument) => instrument.tradable);
  const marks = await mock.marketData(false).latest(listed, signal());
  expect(marks).toHaveLength(listed.length);
});

it("the stream tells each change as it happens", async () => {
  const marks: Mark[] = [];
  const causes: string[] = [];
  stream = mock.marketData(true).stream({
    onMark: (mark) => marks.push(mark),
    onDisconnected: (cause) => causes.push(cause),
  });
  stream?.follow(instruments("AAPL", "BTC/USD"));
  await eventually(() => (stream?.lastHeardAt() ?? null) !== null, "the stream is open");
  const shown = (symbol: keyof typeof PRICES) => () =>
    marks.some(
      (mark) =>
        mark.instrumentId.endsWith(symbol) &&
        mark.bid?.toString() === PRICES[symbol].bid.replace(/0$/, "") &&
        mark.last?.toString() === PRICES[symbol].last,
    );
  // A socket opens when it opens: the prices are shown until both have heard them.
  for (let turn = 0; turn < 100; turn += 1) {
    await mock.control("/prices", PRICES);
    if (shown("AAPL")() && shown("BTC/USD")()) break;
  }
  await eventually(shown("AAPL"), "the stock's price");
  await eventually(shown("BTC/USD"), "the pair's price");
  expect(causes).toEqual([]);
});
