// Whatever the control interface is told, and whatever is traded and closed at the prices that it set,
// the exchange answers, shows quotes that can be prices, keeps no order that can never fill, and ticks on.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isClosed } from "../../../src/exchange/core/order.ts";
import type { RunningExchange } from "../../../src/exchange/serve.ts";
import { startFuzzedExchange } from "../../support/fuzzed-exchange.ts";

let running: RunningExchange;
let mishaps: string[];
beforeAll(async () => {
  ({ running, mishaps } = await startFuzzedExchange("hostile"));
});
afterAll(() => running.stop());

interface Shot {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

const symbol = fc.constantFrom("AAPL", "MULN", "BTC/USD", "ETH/BTC", "SHIB/USD", "TWTR", "NONE");
const odd = fc.oneof(
  fc.constantFrom(
    ...["0.001", "0.01", "0.02", "1", "230.105", "9999", "1e9", "1e12", "1e13", "1e-9", "1e-14"],
    ...[
      "99999999999999999999",
      "99999999999999999999999",
      "1e30",
      "0",
      "-1",
      "-99.99999",
      "NaN",
      "",
    ],
  ),
  fc.integer({ min: -5, max: 1_000_000 }),
  fc.double({ noNaN: true }),
);
const parts = (...names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, odd])), { requiredKeys: [] });
const post = (path: string, body: fc.Arbitrary<unknown>): fc.Arbitrary<Shot> =>
  body.map((value) => ({ method: "POST", path, body: value }));
const keyed = (value: fc.Arbitrary<unknown>) =>
  fc.tuple(symbol, value).map(([name, one]) => ({ [name]: one }));

const control = fc.oneof(
  post("/control/prices", keyed(odd)),
  post("/control/prices", keyed(parts("bid", "ask", "last", "bid_size", "ask_size"))),
  post(
    "/control/prices/move",
    fc.record({ symbols: fc.array(symbol, { maxLength: 2 }), percent: odd }),
  ),
  post("/control/prices/freeze", fc.record({ frozen: fc.boolean() })),
  post(
    "/control/prices/replay",
    fc.record({
      csv: fc.tuple(symbol, odd, odd, odd).map((cells) => `0,${cells.join(",")}`),
      speed: fc.constantFrom(1, 1e308, 1e-308),
    }),
  ),
  post("/control/splits", fc.record({ symbol, from: odd, to: odd })),
  post("/control/dividends", fc.record({ symbol, per_share: odd })),
  post("/control/accounts/hostile/cash", parts("amount")),
  post("/control/accounts/hostile/transfers", parts("amount")),
  post("/control/orders/mine/fill", parts("qty", "price")),
  post("/control/streams/close", fc.record({ code: fc.integer({ min: 999, max: 5_000 }) })),
  post(
    "/control/time",
    fc.oneof(
      fc.record({ advance_ms: odd }),
      fc.record({ jump_to: fc.constantFrom("9999-12-31T23:00:00Z", "2026-02-30T00:00:00Z") }),
    ),
  ),
  post("/control/session", fc.record({ phase: fc.constantFrom("closed", "pre", "post", null) })),
  fc
    .record({ crypto_fee_rate: odd, partial_fill_probability: odd }, { requiredKeys: [] })
    .map((body): Shot => ({ method: "PATCH", path: "/control/settings", body })),
);

const order = fc.record(
  {
    symbol: fc.constantFrom("AAPL", "MULN", "BTC/USD", "ETH/BTC", "SHIB/USD"),
    side: fc.constantFrom("buy", "sell"),
    type: fc.constantFrom("market", "limit", "stop", "trailing_stop"),
    time_in_force: fc.constantFrom("day", "gtc", "ioc"),
    qty: odd,
    notional: odd,
    limit_price: odd,
    stop_price: odd,
    trail_percent: odd,
    client_order_id: fc.constant("mine"),
  },
  { requiredKeys: ["symbol", "side", "type", "time_in_force"] },
);
const closing = fc
  .tuple(fc.constantFrom("AAPL", "BTCUSD", "MULN"), fc.constantFrom("qty", "percentage"), odd)
  .map(([name, by, value]): Shot => ({
    method: "DELETE",
    path: `/v2/positions/${name}?${by}=${value}`,
  }));
const market = fc.record({
  symbol: fc.constantFrom("AAPL", "BTC/USD", "MULN"),
  side: fc.constantFrom("buy", "sell"),
  type: fc.constant("market"),
  time_in_force: fc.constantFrom("day", "gtc"),
  notional: fc.constantFrom("1", "10", "100"),
});
const trading = fc.oneof(
  post("/v2/orders", order),
  post("/v2/orders", market),
  closing,
  fc.constantFrom<Shot>(
    { method: "DELETE", path: "/v2/positions" },
    { method: "DELETE", path: "/v2/orders" },
    { method: "GET", path: "/v2/positions" },
    { method: "GET", path: "/v2/account/portfolio/history?timeframe=1D" },
    { method: "GET", path: "/v2/stocks/snapshots?symbols=AAPL,MULN" },
    { method: "GET", path: "/v1beta3/crypto/us/snapshots?symbols=BTC/USD,SHIB/USD" },
  ),
);

const HEADERS = { "apca-api-key-id": "hostile", "apca-api-secret-key": "s" };

async function fire({ method, path, body }: Shot): Promise<void> {
  const response = await fetch(running.url + path, {
    method,
    headers: HEADERS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.status, `${path}: ${text}`).toBeLessThan(500);
}

function checkQuotes(): void {
  for (const name of running.exchange.feed.symbols()) {
    const { bid, ask, last } = running.exchange.feed.latest(name)?.quote ?? {};
    const isPrice = [bid, ask, last].every((price) => price?.isPositive());
    expect(`${name} ${isPrice} ${isPrice ? "" : `${bid} ${ask} ${last}`}`).toBe(`${name} true `);
  }
}

function checkOrders(): void {
  for (const one of running.exchange.engine.world.orders.all()) {
    if (isClosed(one) || one.quantity === null) continue;
    expect(`${one.quantity.minus(one.filledQuantity).isPositive()}`).toBe("true");
  }
}

test("no control input, price, order or close gets a 5xx or stops the ticks", async () => {
  const shots = fc.array(fc.oneof(control, trading), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(shots, async (sequence) => {
      for (const shot of sequence) await fire(shot);
      await fire({ method: "POST", path: "/control/prices/tick", body: { count: 2 } });
      checkQuotes();
      checkOrders();
      expect(mishaps.splice(0)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
