// Whatever arrives, the exchange answers in its own error shape, and goes on.
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RunningExchange } from "../../../src/exchange/serve.ts";
import { startFuzzedExchange } from "../../support/fuzzed-exchange.ts";

let running: RunningExchange;
let mishaps: string[];
beforeAll(async () => {
  ({ running, mishaps } = await startFuzzedExchange("fuzz"));
});
afterEach(() => {
  const met = mishaps.splice(0);
  if (met.length > 0) throw new Error(met.join("\n"));
});
afterAll(() => running.stop());

const HEADERS = { "apca-api-key-id": "fuzz", "apca-api-secret-key": "s" };

const junk = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    null,
    "",
    "NaN",
    "1e999",
    "-0",
    "0x10",
    "١٢",
    "\u0000",
    "__proto__",
    [],
    {},
    "9".repeat(80),
  ),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.integer(), { maxKeys: 2 }),
);
const or = (...usual: unknown[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: junk });

const orderBody = fc.record(
  {
    symbol: or("AAPL", "BTC/USD", "BTCUSD", "MULN", "TWTR", "BRK.A", "ETH/BTC"),
    qty: or("1", 2, "0.5", "1e3", "0.000000001"),
    notional: or("10", 50.5),
    side: or("buy", "sell"),
    type: or("market", "limit", "stop", "stop_limit", "trailing_stop"),
    time_in_force: or("day", "gtc", "ioc", "fok", "opg", "cls"),
    limit_price: or("100", "230", 0.21),
    stop_price: or("100", "240"),
    trail_price: or("1"),
    trail_percent: or("5", 0.1),
    extended_hours: or(true, false),
    client_order_id: or("a", "b", "c"),
    order_class: or("", "simple", "bracket", "oco", "oto", "mleg"),
    take_profit: fc.oneof(fc.record({ limit_price: or("250") }), junk),
    stop_loss: fc.oneof(
      fc.record({ stop_price: or("90"), limit_price: or("89") }, { requiredKeys: [] }),
      junk,
    ),
    position_intent: or("buy_to_open"),
    legs: junk,
    constructor: junk,
  },
  { requiredKeys: [] },
);

/** Dates of which clients mean "always", and where a clock's range ends. */
const ODD_INSTANTS = [
  "0001-01-01",
  "0001-01-01T00:00:00Z",
  "0000-01-01",
  "0999-12-31T23:59:59-12:00",
  "1883-11-18",
  "1969-12-31T23:59:59.999999999Z",
  "9999-12-31",
  "9999-12-31T23:59:59.999999999-12:00",
];

const word = fc.oneof(
  fc.constantFrom(
    "AAPL",
    "BTC%2FUSD",
    "FILL",
    "NYSE",
    "17",
    "%",
    "%E0%A4%A",
    "..",
    "a".repeat(300),
    "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
    "__proto__",
    "constructor",
  ),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
);
const path = fc.oneof(
  fc.constantFrom(
    "/v2/orders",
    "/v2/positions",
    "/v2/account",
    "/v2/account/configurations",
    "/v2/account/activities",
    "/v2/account/portfolio/history",
    "/v2/assets",
    "/v2/clock",
    "/v2/calendar",
    "/v3/clock",
    "/v2/watchlists",
    "/v2/watchlists:by_name",
    "/v2/orders:by_client_order_id",
    "/v2/stocks/bars",
    "/v2/stocks/snapshots",
    "/v2/stocks/trades/latest",
    "/v1beta3/crypto/us/bars",
    "/v1beta3/crypto/us/latest/quotes",
  ),
  fc
    .tuple(
      fc.constantFrom(
        "/v2/orders/",
        "/v2/positions/",
        "/v2/assets/",
        "/v2/account/activities/",
        "/v3/calendar/",
        "/v2/watchlists/",
        "/v2/stocks/",
        "/control/orders/",
        "/control/faults/",
        "/",
      ),
      word,
    )
    .map(([base, last]) => base + last),
  fc.tuple(word, word).map(([left, right]) => `/v2/stocks/${left}/${right}`),
);
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "status",
        "limit",
        "after",
        "until",
        "direction",
        "nested",
        "symbols",
        "side",
        "asset_class",
        "page_size",
        "page_token",
        "activity_types",
        "category",
        "date",
        "start",
        "end",
        "period",
        "timeframe",
        "sort",
        "qty",
        "percentage",
        "cancel_orders",
        "client_order_id",
        "after_order_id",
        "markets",
        "time",
        "name",
      ),
      fc.oneof(
        fc.constantFrom(
          "all",
          "500",
          "2026-01-01",
          "2026-01-01T00:00:00Z",
          ...ODD_INSTANTS,
          "asc",
          "true",
          "AAPL",
          "BTC/USD",
          "1Day",
          "12Month",
          "1Min",
          "1D",
          "50",
        ),
        fc.string({ maxLength: 10 }),
      ),
    ),
    { maxLength: 5 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&"));

const DATED = [
  ["/v2/calendar", ["start", "end"]],
  ["/v2/calendar?date_type=SETTLEMENT", ["start", "end"]],
  ["/v2/orders", ["after", "until"]],
  ["/v2/account/activities", ["after", "until", "date"]],
  ["/v2/account/portfolio/history", ["start", "end"]],
  ["/v2/stocks/bars?symbols=AAPL&timeframe=1Day", ["start", "end"]],
  ["/v2/stocks/bars?symbols=AAPL&timeframe=12Month", ["start", "end"]],
  ["/v2/stocks/trades?symbols=AAPL", ["start", "end"]],
  ["/v1beta3/crypto/us/bars?symbols=BTC%2FUSD&timeframe=1Month", ["start", "end"]],
  ["/v3/clock", ["time"]],
  ["/v3/calendar/NYSE", ["start", "end"]],
] as const;

test.each(DATED)("%s answers whatever date is asked for, without a 5xx", async (path, names) => {
  for (const name of names) {
    for (const value of ODD_INSTANTS) {
      const mark = path.includes("?") ? "&" : "?";
      const url = `${running.url}${path}${mark}${name}=${encodeURIComponent(value)}`;
      const answer = await fetch(url, { headers: HEADERS });
      await answer.arrayBuffer();
      expect(`${value}: ${answer.status < 500}`).toBe(`${value}: true`);
    }
  }
});

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
}

const shot: fc.Arbitrary<Shot> = fc.oneof(
  fc.record({
    method: fc.constant("POST"),
    path: fc.constant("/v2/orders"),
    query: fc.constant(""),
    body: orderBody,
  }),
  fc.record({
    method: fc.constantFrom("GET", "POST", "PATCH", "PUT", "DELETE"),
    path,
    query,
    body: fc.oneof(orderBody, junk),
  }),
);

async function fire({
  method,
  path: target,
  query: search,
  body,
}: Shot): Promise<{ status: number; text: string }> {
  const hasBody = method !== "GET" && method !== "DELETE";
  const response = await fetch(`${running.url}${target}?${search}`, {
    method,
    headers: HEADERS,
    ...(hasBody ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
  });
  return { status: response.status, text: await response.text() };
}

test("no request gets a 5xx, and every refusal has its shape", async () => {
  await fc.assert(
    fc.asyncProperty(shot, async (one) => {
      const { status, text } = await fire(one);
      expect(status, text).toBeLessThan(500);
      if (status === 204) return;
      const body: unknown = JSON.parse(text);
      if (status < 400) return;
      if (one.path.startsWith("/control"))
        expect(body).toMatchObject({ error: expect.any(String) });
      else expect(body).toMatchObject({ message: expect.any(String) });
    }),
    { numRuns: 1_500 },
  );
});

test("no bytes on the wire end the process", async () => {
  const start = fc.constantFrom(
    "",
    "GET / HTTP/1.1\r\n",
    "POST /v2/orders HTTP/1.1\r\ncontent-length: 99\r\n\r\n",
    "GET /stream HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n",
    "POST /v2/orders HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
  );
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (line, bytes) => {
      await new Promise<void>((resolve) => {
        const socket = connect(running.port, "127.0.0.1", () => {
          socket.write(line);
          socket.end(bytes);
        });
        socket.on("error", () => resolve());
        socket.on("close", () => resolve());
        socket.resume();
        socket.setTimeout(200, () => socket.destroy());
      });
    }),
    { numRuns: 100 },
  );
  expect((await fire({ method: "GET", path: "/v2/clock", query: "", body: null })).status).toBe(
    200,
  );
});

test("no frame on a socket ends the process", async () => {
  const target = fc.constantFrom(
    "/stream",
    "/v2/iex",
    "/v1beta3/crypto/us",
    "/v1beta1/news",
    "/v2/test",
  );
  const frame = fc.oneof(
    fc.json(),
    fc
      .record(
        {
          action: or("auth", "authenticate", "listen", "subscribe", "unsubscribe"),
          key: junk,
          secret: junk,
          data: junk,
          trades: junk,
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  );
  const headers = fc.constantFrom({}, { "content-type": "application/msgpack" });
  await fc.assert(
    fc.asyncProperty(
      target,
      headers,
      fc.array(frame, { maxLength: 5 }),
      async (where, given, frames) => {
        await new Promise<void>((resolve) => {
          const socket = new WebSocket(running.url.replace("http", "ws") + where, {
            headers: given,
          });
          socket.on("error", () => resolve());
          socket.on("close", () => resolve());
          socket.on("open", () => {
            for (const one of frames) socket.send(one);
            socket.close();
          });
        });
      },
    ),
    { numRuns: 150 },
  );
  expect((await fire({ method: "GET", path: "/v2/clock", query: "", body: null })).status).toBe(
    200,
  );
});

test("a body of many megabytes is turned away", async () => {
  const { status } = await fire({
    method: "POST",
    path: "/v2/orders",
    query: "",
    body: "x".repeat(3_000_000),
  });
  expect(status).toBe(413);
});
