// Prices from the simulated exchange: by question and by stream, with the digits it sent.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { Mark } from "../../../src/domain/market.ts";
import type { Quotation } from "../../../src/domain/quotation.ts";
import type { MarkStream } from "../../../src/ports/market-data.ts";
import { PricePoller } from "../../../src/worker/price-poller.ts";
import { startMockAlpaca } from "../../support/mock-alpaca.ts";
import type { MockAlpaca } from "../../support/mock-alpaca.ts";
import { eventually, realClock } from "../../support/real-clock.ts";

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
const isThere = <Part>(part: Part | null): part is Part => part !== null;
const signal = () => new AbortController().signal;
const PRICES = {
  AAPL: { bid: "231.10", ask: "231.12", last: "231.11" },
  "BTC/USD": { bid: "64250.11", ask: "64250.13", last: "64250.12" },
};

it("prices of stocks and pairs are those that the exchange shows", async () => {
  await mock.control("/prices/freeze", {});
  await mock.control("/prices", PRICES);
  const told = await mock.marketData(false).latest(instruments("AAPL", "BTC/USD"), signal());
  const texts = told.map(({ quote, trade }) => [quote?.bid, quote?.ask, trade?.price].map(String));
  expect(texts).toEqual([
    ["231.1", "231.12", "231.11"],
    ["64250.11", "64250.13", "64250.12"],
  ]);
  for (const { at } of told.flatMap(({ trade, quote }) => [trade, quote].filter(isThere))) {
    expect(Math.abs(at - mock.now())).toBeLessThan(60_000);
  }
});

it("every listed instrument has a price, in a few calls", async () => {
  const listed = mock.directory.instruments.filter((instrument) => instrument.tradable);
  const marks = await mock.marketData(false).latest(listed, signal());
  expect(marks).toHaveLength(listed.length);
});

it("the stream tells each change as it happens", async () => {
  const told: Quotation[] = [];
  const causes: string[] = [];
  stream = mock.marketData(true).stream({
    onPrice: (one) => told.push(one),
    onDisconnected: (cause) => causes.push(cause),
  });
  stream?.follow(instruments("AAPL", "BTC/USD"));
  await eventually(() => (stream?.lastHeardAt() ?? null) !== null, "the stream is open");
  const shown = (symbol: keyof typeof PRICES) => () =>
    told.some(
      ({ instrumentId, quote, trade }) =>
        instrumentId.endsWith(symbol) &&
        quote?.bid?.toString() === PRICES[symbol].bid.replace(/0$/, "") &&
        trade?.price.toString() === PRICES[symbol].last,
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

it("a quote that crosses or has grown old marks nothing, and the price before it stays", async () => {
  await mock.control("/prices/freeze", {});
  await mock.control("/prices", PRICES);
  const cache = new MarkTable();
  const saved: Mark[] = [];
  let laterMs = 0;
  let openedAt = mock.now() - 60_000;
  const [aapl] = instruments("AAPL");
  if (aapl === undefined) throw new Error("AAPL is not listed");
  const poller = new PricePoller({
    source: mock.marketData(false),
    store: {
      saveMarks: (marks) => Promise.resolve(void saved.push(...marks)),
      loadMarks: () => Promise.resolve([]),
    },
    ...{ cache, pollEveryMs: 10, leads: () => true, wanted: () => Promise.resolve([aapl]) },
    clock: { ...realClock, now: () => mock.now() + laterMs },
    world: {
      instrument: () => aapl,
      moment: (_, now) => ({ now, hours: { kind: "session", openedAt }, quoteAgeMaxMs: 30_000 }),
    },
    onMarks: () => undefined,
    onError: () => undefined,
  });
  /** The prices as the poller has them once it has surely asked again. */
  const polled = async (): Promise<readonly string[]> => {
    for (const turn of ["one that is under way", "one after it"]) {
      const before = poller.polledAt;
      await eventually(() => poller.polledAt !== before, turn);
    }
    const { bid, ask, last } = cache.get(aapl.id) ?? {};
    return [bid, ask, last].map(String);
  };
  poller.start();
  try {
    expect(await polled()).toEqual(["231.1", "231.12", "231.11"]);
    await mock.control("/prices", { AAPL: { bid: "240", ask: "230", last: "232" } });
    expect(await polled()).toEqual(["231.1", "231.12", "231.11"]);
    await mock.control("/prices", { AAPL: { bid: "249", ask: "251", last: "250" } });
    expect(await polled()).toEqual(["249", "251", "250"]);
    // A minute later to us: the quote has grown old, the trade is of this session.
    laterMs = 60_000;
    await mock.control("/prices", { AAPL: { bid: "259", ask: "261", last: "260" } });
    expect(await polled()).toEqual(["null", "null", "260"]);
    const newest = saved.at(-1)?.at;
    // The next session opens, and nobody has traded in it yet.
    openedAt = mock.now() + 30_000;
    await mock.control("/prices", { AAPL: { bid: "269", ask: "271", last: "270" } });
    expect(await polled()).toEqual(["null", "null", "260"]);
    expect(saved.at(-1)?.at).toBe(newest);
  } finally {
    await poller.stop();
  }
});
