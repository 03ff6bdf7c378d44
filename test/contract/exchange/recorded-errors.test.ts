// The recorded error bodies, each provoked from the exchange: the same status and the same body. The
// adapter's tests read the same file, so that both sides mean the same by it.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, openLab } from "./lab.ts";
import type { Answer, Lab } from "./lab.ts";
import type { WireCase } from "./wire-case.ts";
import { LIMIT, MARKET, openWireLab, order, post, runCase } from "./wire-case.ts";

interface Recorded {
  readonly name?: string;
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const file = new URL("../../fixtures/alpaca/adapter-errors.json", import.meta.url);
const bodies = JSON.parse(readFileSync(file, "utf8")) as readonly Recorded[];
const recorded = new Map(
  bodies.flatMap((row) => (row.name === undefined ? [] : [[row.name, row]])),
);

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

/** Numbers and ids of the moment: their kind has to agree, not their value. */
const OF_THE_MOMENT = new Set([
  "buying_power",
  "cost_basis",
  "existing_order_id",
  "related_orders",
]);

function same({ status, body }: Answer, name: string): void {
  const real = recorded.get(name);
  expect(real, name).toBeDefined();
  const at = (key: string, value: unknown): unknown =>
    OF_THE_MOMENT.has(key) ? (Array.isArray(value) ? "a list" : typeof value) : value;
  const plain = (said: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(said).map(([key, value]) => [key, at(key, value)]));
  expect({ status, body: plain(body) }).toEqual({
    status: real?.status,
    body: plain(real?.body ?? {}),
  });
}

const flags = (body: object): WireCase["send"] => ["PATCH", "/v2/account/configurations", body];
type Case = Pick<WireCase, "given" | "send">;

const CASES: Readonly<Record<string, Case>> = {
  "malformed JSON": { send: post('{"symbol":') },
  "buying power": { send: order({ qty: "100000" }) },
  "wash trade": {
    given: [order({ type: "stop", stop_price: "250" })],
    send: order({ side: "sell" }),
  },
  "unknown order": { send: ["GET", "/v2/orders:by_client_order_id?client_order_id=7f6f03e6"] },
  "client order id twice": {
    given: [order({ client_order_id: "twice" })],
    send: order({ client_order_id: "twice" }),
  },
  "quantity of zero": { send: order({ qty: "0" }) },
  "sub-penny price": { send: order({ limit_price: "290.123" }, LIMIT) },
  "quantity held": {
    given: [order({ qty: "2" }), order({ qty: "2", side: "sell", limit_price: "250" }, LIMIT)],
    send: order({ qty: "2", side: "sell" }),
  },
  "unknown position": { send: ["GET", "/v2/positions/AAPL"] },
  "unknown asset": { send: ["GET", "/v2/assets/BLAH"] },
  "unknown watchlist": { send: ["GET", "/v2/watchlists/17"] },
  "order for an unknown asset": { send: order({ symbol: "NOPE" }) },
  "no quantity": { send: post({ ...MARKET, qty: undefined }) },
  "two quantities": { send: order({ notional: "100" }) },
  "limit without price": { send: order({ type: "limit" }) },
  "stop without price": { send: order({ type: "stop" }) },
  "client order id too long": { send: order({ client_order_id: "x".repeat(129) }) },
  "malformed order id": { send: ["GET", "/v2/orders/7f6f03e6"] },
  "unknown activity type": { send: ["GET", "/v2/account/activities/FFFFF"] },
  "malformed instant": { send: ["GET", "/v2/account/activities?after=soon"] },
  "cancel of a filled order": { given: [order()], send: ["DELETE", "/v2/orders/{0}"] },
  "shorting switched off": {
    given: [flags({ no_shorting: true })],
    send: order({ side: "sell" }),
  },
  "trading switched off": { given: [flags({ suspend_trade: true })], send: order() },
  "nothing changed": {
    given: [order({}, LIMIT)],
    send: ["PATCH", "/v2/orders/{0}", { limit_price: "190" }],
  },
  "malformed pair": { send: ["GET", "/v1beta3/crypto/us/latest/trades?symbols=BTCUSD"] },
};

test.each(Object.keys(CASES))("%s", async (name) => {
  const one = CASES[name];
  if (one === undefined) throw new Error(`no case ${name}`);
  const status = recorded.get(name)?.status ?? 0;
  same(await runCase(lab, { name: `recorded ${name}`, status, ...one }), name);
});

test("without keys", async () => {
  same(await lab.call("GET", "/v2/account", undefined, {}), "no keys");
  const data = await lab.call("GET", "/v2/stocks/AAPL/trades/latest", undefined, {});
  same(data, "no keys for market data");
});

test("more than the minute allows", async () => {
  const tight = await openLab({ rateLimitPerMinute: 1 });
  await tight.call("GET", "/v2/clock");
  same(await tight.call("GET", "/v2/clock"), "rate limit");
  await tight.call("GET", "/v2/stocks/AAPL/trades/latest");
  same(await tight.call("GET", "/v2/stocks/AAPL/trades/latest"), "rate limit of market data");
  await tight.stop();
});

test("a failure of its own, which has to be asked for", async () => {
  const rule = { kind: "status_before", status: 500, times: 1, where: { path: "/v2/positions" } };
  await lab.control("POST", "/faults", rule);
  same(await lab.call("GET", "/v2/positions", undefined, KEYS), "internal error");
});

test("every recorded error is provoked", () => {
  const special = ["no keys", "no keys for market data", "rate limit", "internal error"];
  const known = [...Object.keys(CASES), ...special, "rate limit of market data"];
  expect([...recorded.keys()].sort()).toEqual(known.sort());
});
