// What happens to accounts beside trading, by the control interface, as the wire tells it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startExchange } from "../../../src/exchange/serve.ts";
import type { Lab } from "./lab.ts";
import { KEYS, openLab } from "./lab.ts";
import { LIMIT, MARKET, PRICES } from "./wire-case.ts";

type Row = Record<string, string>;
const OTHER = { "apca-api-key-id": "other", "apca-api-secret-key": "s" };

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await lab.control("POST", "/prices", PRICES);
});
afterEach(() => lab.stop());

const trade = (fields: object, headers: object = KEYS) =>
  lab.call("POST", "/v2/orders", { ...MARKET, ...fields }, headers);
async function activities(path = "", headers: object = KEYS): Promise<Row[]> {
  const { body } = await lab.call("GET", `/v2/account/activities${path}`, undefined, headers);
  return body as unknown as Row[]; // a list of activities
}
const cash = async () => (await lab.call("GET", "/v2/account")).body.cash;
const ID = /^\d{17}::[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a dividend", () => {
  test("is paid to who holds the share now, and taken from who is short of it", async () => {
    await trade({ qty: "10" });
    await trade({ qty: "4", side: "sell" }, OTHER);
    const before = await cash();
    const { status, body } = await lab.control("POST", "/dividends", {
      symbol: "AAPL",
      per_share: "0.255",
    });
    expect([status, (body.entries as unknown[]).length]).toEqual([200, 2]);
    const [paid] = await activities("/DIV");
    expect(paid).toMatchObject({
      activity_type: "DIV",
      activity_sub_type: "CDIV",
      symbol: "AAPL",
      qty: "10",
      per_share_amount: "0.255",
      net_amount: "2.55",
      status: "executed",
      currency: "USD",
    });
    expect(paid?.id).toMatch(ID);
    expect(Number(await cash())).toBeCloseTo(Number(before) + 2.55, 9);
    const [taken] = await activities("?category=non_trade_activity", OTHER);
    expect(taken).toMatchObject({ activity_sub_type: "SPD", qty: "-4", net_amount: "-1.02" });
  });

  test("is taken back or corrected under its own id, and the cash follows", async () => {
    await trade({ qty: "10" });
    const before = await cash();
    const { body } = await lab.control("POST", "/dividends", { symbol: "AAPL", per_share: "1" });
    const [{ id } = { id: "" }] = body.entries as Row[];
    const [first] = await activities("/DIV");
    await lab.control("POST", `/entries/${id}/correct`, { amount: "8.5" });
    expect(await activities("/DIV")).toMatchObject([
      { id: first?.id, status: "correct", net_amount: "8.5" },
    ]);
    expect(Number(await cash())).toBeCloseTo(Number(before) + 8.5, 9);
    await lab.control("POST", `/entries/${id}/cancel`);
    expect(await activities("/DIV")).toMatchObject([{ id: first?.id, status: "canceled" }]);
    expect(await cash()).toBe(before);
    expect((await lab.control("POST", `/entries/${id}/cancel`)).status).toBe(409);
  });

  test("is not paid for coins, for nothing, or for what is not listed", async () => {
    const pay = async (body: object) => (await lab.control("POST", "/dividends", body)).status;
    expect(await pay({ symbol: "BTC/USD", per_share: "1" })).toBe(409);
    expect(await pay({ symbol: "AAPL", per_share: "0" })).toBe(400);
    expect(await pay({ symbol: "NOPE", per_share: "1" })).toBe(404);
  });
});

describe("a split", () => {
  const split = (from: number, to: number, symbol = "AAPL") =>
    lab.control("POST", "/splits", { symbol, from, to });
  const position = async () => (await lab.call("GET", "/v2/positions/AAPL")).body;

  test("takes the old shares out and puts the new ones in, at the same cost", async () => {
    await trade({ qty: "10" });
    const { cost_basis } = await position();
    expect((await split(1, 4)).status).toBe(200);
    expect(await position()).toMatchObject({
      qty: "40",
      cost_basis,
      avg_entry_price: "50.005",
      current_price: "50",
    });
    const [added, removed] = await activities("/SPLIT");
    const half = { activity_sub_type: "FSPLIT", symbol: "AAPL", net_amount: "0" };
    expect(removed).toMatchObject({ ...half, qty: "-10", price: "200.01" });
    expect(added).toMatchObject({ ...half, qty: "40", price: "50" });
    expect(removed?.description).toBe("REMOVE, From QTY:-10, To QTY:40, Position Value:2000.1");
    expect(added?.group_id).toBe(removed?.group_id);
  });

  test("moves the price and the close of before, and lets it walk on from there", async () => {
    await lab.control("POST", "/prices/freeze", { symbols: ["AAPL"], frozen: false });
    await split(1, 4);
    const { body } = await lab.control("GET", "/prices");
    const last = Number((body.prices as Record<string, Row>)["AAPL"]?.last);
    expect(last).toBeCloseTo(50, 1);
    await lab.control("POST", "/prices/tick", { count: 3 });
    const { body: asset } = await lab.call("GET", "/v2/stocks/AAPL/snapshot");
    const trade = asset.latestTrade as { p: number };
    expect(trade.p).toBeGreaterThan(45);
    expect(trade.p).toBeLessThan(55);
  });

  test("cancels what was ordered at the old price", async () => {
    const { body: resting } = await trade(LIMIT);
    const { body: other } = await trade({ ...LIMIT, symbol: "MSFT", limit_price: "400" });
    await split(1, 4);
    const status = async (id: unknown) =>
      (await lab.call("GET", `/v2/orders/${String(id)}`)).body.status;
    expect([await status(resting.id), await status(other.id)]).toEqual(["canceled", "new"]);
    const { body } = await lab.control("GET", "/ledger/accounts/lab");
    expect(body.reserved).toBe("400");
  });

  test("of two for three, of a short position, keeps the fraction", async () => {
    await trade({ qty: "5", side: "sell" });
    await split(3, 2);
    expect(await position()).toMatchObject({ qty: "-3.333333333", side: "short" });
    expect(await activities("/SPLIT")).toMatchObject([
      { activity_sub_type: "RSPLIT", qty: "-3.333333333" },
      { qty: "5" },
    ]);
  });

  test("that changes nothing, or leaves no price, is refused", async () => {
    expect((await split(1, 1)).status).toBe(400);
    expect((await split(1, 1000, "F")).status).toBe(409);
    const [entry] = ((await lab.control("GET", "/ledger/entries")).body.entries ?? []) as Row[];
    expect(entry).toBeUndefined();
    await trade({ qty: "1" });
    await split(1, 2);
    const { body } = await lab.control("GET", "/ledger/entries?key=lab");
    const [first] = body.entries as Row[];
    expect((await lab.control("POST", `/entries/${first?.id}/cancel`)).status).toBe(409);
  });
});

describe("cash", () => {
  test("comes and goes by entries of their own types", async () => {
    const send = (body: object) => lab.control("POST", "/accounts/lab/transfers", body);
    await send({ amount: "500" });
    await send({ amount: "-20.5" });
    await send({ amount: "3", type: "JNLC", description: "between accounts" });
    expect((await send({ amount: "3", type: "CSW" })).status).toBe(400);
    expect(await cash()).toBe("100482.5");
    expect(await activities("/TRANS")).toMatchObject([
      { activity_type: "CSW", net_amount: "-20.5" },
      { activity_type: "CSD", net_amount: "500" },
    ]);
    expect(await activities("/JNLC")).toMatchObject([{ description: "between accounts" }]);
    expect(await activities("/MISC")).toMatchObject([{ activity_type: "JNLC" }]);
    expect(await activities("?order_id=f96f132b-3c28-4e24-ac01-0e6f38e26698")).toEqual([]);
  });

  test("is in the history of the portfolio, for who asks", async () => {
    await lab.control("POST", "/accounts/lab/transfers", { amount: "500" });
    await lab.control("POST", "/accounts/lab/transfers", { amount: "0.25" });
    await lab.control("POST", "/accounts/lab/transfers", { amount: "-1", type: "JNLC" });
    const history = async (types: string) => {
      const path = `/v2/account/portfolio/history?period=1D&timeframe=1H${types}`;
      const { timestamp, cashflow } = (await lab.call("GET", path)).body;
      const flows = cashflow as Record<string, number[]>;
      for (const flow of Object.values(flows)) {
        expect(flow).toHaveLength((timestamp as unknown[]).length);
      }
      return Object.fromEntries(Object.entries(flows).map(([type, flow]) => [type, flow.at(-1)]));
    };
    expect(await history("")).toEqual({});
    expect(await history("&cashflow_types=ALL")).toEqual({ CSD: 500.25, JNLC: -1 });
    expect(await history("&cashflow_types=JNLC,DIV")).toEqual({ JNLC: -1 });
  });
});

test("what was paid, split and sent is there after a kill, and the price with it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "fillstream-entries-"));
  const options = { dataDir: directory, tickMs: 3_600_000, seed: "entries" };
  try {
    const first = await openLab(options);
    await first.control("POST", "/prices", PRICES);
    await first.call("POST", "/v2/orders", { ...MARKET, qty: "10" });
    await first.control("POST", "/dividends", { symbol: "AAPL", per_share: "1" });
    await first.control("POST", "/splits", { symbol: "AAPL", from: 1, to: 4 });
    const sent = await first.control("POST", "/accounts/lab/transfers", { amount: "7" });
    const [{ id } = { id: "" }] = sent.body.entries as Row[];
    await first.control("POST", `/entries/${id}/cancel`);
    const read = async (of: Lab) => [
      (await of.call("GET", "/v2/account/activities")).body,
      (await of.call("GET", "/v2/positions/AAPL")).body,
      (await of.call("GET", "/v2/account")).body.cash,
    ];
    const before = await read(first);
    // Dropped without a word, as by a kill: nothing is written when it ends.
    const second = await startExchange({ port: 0, rateLimitPerMinute: 1e6, ...options });
    await second.stop();
    const third = await openLab(options);
    const [entries, position, money] = await read(third);
    expect(entries).toEqual(before[0]);
    expect(money).toBe(before[2]);
    expect(position).toMatchObject({ qty: "40", current_price: "50" });
    await third.stop();
    await first.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
