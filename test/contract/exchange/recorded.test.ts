// Recorded and published bodies of the real wire, held against what the exchange answers in the same
// situation: every key they have is there, with the same kind of value, written the same way.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { tradeStream } from "./sockets.ts";
import { CRYPTO, MARKET, openWireLab } from "./wire-case.ts";

type Body = Record<string, unknown>;

function fixture(name: string): Record<string, Body> {
  const file = new URL(`../../fixtures/alpaca/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, Body>;
}

const recorded = fixture("adapter-recorded");
const orders = fixture("adapter-published-orders");
const account = fixture("adapter-published-account");

/** What kind of value it is, as far as a client could tell one from the other. */
function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value !== "string") return typeof value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return "decimal text";
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return "uuid";
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return "instant";
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+[+-]\d{2}:\d{2}$/.test(value)) return "instant with offset";
  return "text";
}

/** Keys that need not agree: what they say depends on the situation, or on the year of the recording. */
function compare(real: Body | undefined, ours: unknown, apart: readonly string[] = []): void {
  expect(real).toBeDefined();
  const answer = ours as Body; // every body compared here is an object
  for (const [key, value] of Object.entries(real ?? {})) {
    if (apart.includes(key)) continue;
    expect(Object.keys(answer), key).toContain(key);
    expect(`${key}: ${kind(answer[key])}`).toBe(`${key}: ${kind(value)}`);
  }
}

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

const get = async (path: string) => (await lab.call("GET", path)).body;
const post = async (body: object) => (await lab.call("POST", "/v2/orders", body)).body;

describe("orders", () => {
  test("an accepted one", async () => {
    const body = { ...MARKET, qty: "2", time_in_force: "opg" };
    compare(recorded.order_accepted, await post(body), ["order_class"]);
  });

  test("a filled one", async () => {
    const { id } = await post({ ...MARKET, qty: "2" });
    compare(recorded.order_filled, await get(`/v2/orders/${String(id)}`), ["order_class"]);
  });

  test("a bracket", async () => {
    const exits = { take_profit: { limit_price: "220" }, stop_loss: { stop_price: "180" } };
    compare(recorded.order_bracket, await post({ ...MARKET, order_class: "bracket", ...exits }));
  });

  test("the published examples of crypto and equity orders", async () => {
    const limit = { type: "limit", limit_price: "50000" };
    const apart = ["order_class", "limit_price", "expires_at", "source", "type"];
    compare(orders.Crypto, await post({ ...CRYPTO, ...limit }), apart);
    compare(orders.Equity, await post({ ...MARKET, time_in_force: "opg" }), apart);
  });
});

describe("everything else", () => {
  test("the clock", async () => compare(recorded.clock, await get("/v2/clock")));
  test("a crypto asset", async () =>
    compare(recorded.asset_crypto, await get("/v2/assets/BTCUSD")));
  test("the account", async () => compare(account, await get("/v2/account")));

  test("a fill's activity", async () => {
    await post(MARKET);
    const [activity] = (await get("/v2/account/activities/FILL")) as unknown as Body[]; // a list
    compare(recorded.activity_fill, activity);
  });

  test("a crypto position, and a short one", async () => {
    // The recorded one was without a price at that moment; this exchange always has one.
    const unpriced = Object.entries(recorded.position_crypto ?? {}).filter(
      ([, value]) => value === null,
    );
    const apart = unpriced.map(([key]) => key);
    compare(recorded.position_crypto, await get("/v2/positions/BTCUSD"), apart);
    await post({ ...MARKET, symbol: "MSFT", side: "sell", qty: "3" });
    compare(recorded.position_short, await get("/v2/positions/MSFT"));
  });

  test("stream updates", async () => {
    const ear = await tradeStream(lab.running.url);
    await post({ ...MARKET, qty: "3" });
    const [, fresh, fill] = await ear.count(3);
    const data = (message: Body | undefined): Body => message?.data as Body; // as every frame has
    const order = (message: Body | undefined): Body => data(message).order as Body; // as every update has
    compare(data(recorded.update_new), data(fresh));
    compare(data(recorded.update_fill), data(fill));
    compare(order(recorded.update_fill), order(fill), ["order_class"]);
    ear.socket.close();
  });

  test("the latest trade", async () => {
    const body = await get("/v2/stocks/AAPL/trades/latest");
    compare(recorded.latest_trade, body);
    compare(recorded.latest_trade?.trade as Body, body.trade); // a trade is an object
  });
});
