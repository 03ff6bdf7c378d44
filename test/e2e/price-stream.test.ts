// Prices as they happen, through the whole house: once the exchange answers no poll any more, only its
// data stream can tell what a position is worth.
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../src/embedded/port.ts";
import {
  build,
  callJson,
  start,
  temporaryDirectory,
  until,
  type Start,
} from "../support/fillstream.ts";

const directory = temporaryDirectory();
let house: Start;
let exchange: string;

beforeAll(async () => {
  build();
  const port = String(await freePort());
  exchange = `http://127.0.0.1:${port}`;
  house = await start(directory.path, {
    EXCHANGE_PORT: port,
    ALPACA_DATA_STREAM_URL: `ws://127.0.0.1:${port}`,
    PRICES_EVERY_MS: "500",
  });
  await house.ready();
});
afterAll(async () => {
  house.process.kill("SIGTERM");
  await house.ended();
  directory.remove();
});

interface Position {
  readonly symbol: string;
  readonly qty: string;
  readonly last_price: string | null;
  readonly market_value: string | null;
}

async function position(symbol: string): Promise<Position | undefined> {
  const url = `${house.url}/api/v1/trading/positions`;
  const { data } = await callJson<{ data: readonly Position[] }>(url);
  return data.find((one) => one.symbol === symbol);
}

/** How many polls the exchange has refused. */
async function refused(): Promise<number> {
  const { faults } = await callJson<{ faults: readonly { readonly struck: number }[] }>(
    `${exchange}/control/faults`,
  );
  return Math.min(...faults.map(({ struck }) => struck));
}

async function isWorth(symbol: string, price: string): Promise<void> {
  await until(
    async () => (await position(symbol))?.last_price === price,
    () => `${symbol} is not marked at ${price}:\n${house.output()}`,
  );
}

test("a position follows the data stream while no poll is answered", async () => {
  const signal = { symbol: "AAPL", side: "buy", qty: 5 };
  await callJson(`${house.url}/api/v1/trading/signal`, signal);
  await until(
    async () => (await position("AAPL"))?.qty === "5",
    () => `AAPL was not bought:\n${house.output()}`,
  );
  for (const path of ["/v2/stocks/", "/v1beta3/crypto/"]) {
    await callJson(`${exchange}/control/faults`, { kind: "status_before", where: { path } });
  }
  // Three polls of two calls each: none that was answered is under way any more.
  await until(
    async () => (await refused()) >= 6,
    () => `no prices are asked for:\n${house.output()}`,
  );
  await callJson(`${exchange}/control/prices`, { AAPL: "321.5", "BTC/USD": "54321" });
  await isWorth("AAPL", "321.5");
  expect((await position("AAPL"))?.market_value).toBe("1607.5");
  await isWorth("BTC/USD", "54321");

  // A stream that was cut comes back by itself, and goes on.
  await callJson(`${exchange}/control/streams/close`, { code: null });
  await callJson(`${exchange}/control/prices`, { AAPL: "322.25" });
  await isWorth("AAPL", "322.25");
});
