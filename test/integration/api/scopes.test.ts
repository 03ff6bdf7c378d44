// A key for a part of the house reaches that part only, whatever the route: cancels, changes, closes,
// corrections, limits. One table of requests, tried with a key of each kind.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../../src/app/sender.ts";
import { measuresOf } from "../../../src/compose/measures.ts";
import {
  asId,
  type AccountId,
  type InstrumentId,
  type StrategyId,
} from "../../../src/domain/ids.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";
import { realClock } from "../../support/real-clock.ts";
import { Decider } from "../../support/decide.ts";

let api: ApiUnderTest;
let decider: Decider;
let msftOrder = "";
let aaplOrder = "";
let msftSignal = "";
const keys = { all: "", symbols: "", strategies: "", capped: "" };

interface Scope {
  readonly role?: Role;
  readonly strategies?: readonly string[];
  readonly symbols?: readonly string[];
  readonly maxNotional?: string;
}

async function keyOf({ role, strategies, symbols, maxNotional }: Scope): Promise<string> {
  const bounds = { strategies: strategies ?? null, symbols: symbols ?? null };
  const { key } = await newKey(api, {
    ...bounds,
    role: role ?? "admin",
    max_notional: maxNotional ?? null,
  });
  return key;
}

function send(who: keyof typeof keys, method: string, path: string, body?: unknown) {
  return api.send(method, `${BASE}${path}`, body, { "x-api-key": keys[who] });
}

async function rest(symbol: string, limit: number): Promise<string> {
  const signal = { symbol, side: "buy", qty: 2, limit_price: limit, strategy: "other" };
  const { body } = await send("all", "POST", "/signal", signal);
  await decider.decideAll();
  const orders = await send("all", "GET", `/orders?signal_id=${String(body["id"])}`);
  return (orders.body["data"] as [{ id: string }])[0].id;
}

/** What the account holds of MSFT, as a person says it. */
async function holding(quantity: string): Promise<void> {
  const held = async (): Promise<string> => {
    const { body } = await send("all", "GET", "/positions?symbol=MSFT");
    return (body["data"] as [{ qty: string }?])[0]?.qty ?? "0";
  };
  if ((await held()) === quantity) return;
  const adjust = { symbol: "MSFT", qty: quantity, reason: "x" };
  expect((await send("all", "POST", "/reconciliation/adjust", adjust)).status).toBe(202);
  await decider.decideAll();
  expect(await held()).toBe(quantity);
}

beforeAll(async () => {
  api = await apiUnderTest({ auth: "keys" });
  decider = new Decider(api.store, PARTITIONS);
  await decider.start();
  await decider.prepare("main", { "SIM:AAPL": "200", "SIM:MSFT": "400" });
  keys.all = await keyOf({});
  keys.symbols = await keyOf({ symbols: ["AAPL"] });
  keys.strategies = await keyOf({ strategies: ["mine"] });
  keys.capped = await keyOf({ role: "trader", maxNotional: "1000" });
  msftOrder = await rest("MSFT", 390);
  aaplOrder = await rest("AAPL", 190);
  const signal = { symbol: "MSFT", side: "buy", qty: 1, strategy: "other" };
  msftSignal = String((await send("all", "POST", "/signal", signal)).body["id"]);
});
afterAll(() => api.drop());

type Request = readonly [method: string, path: string, body?: unknown];

const signal = { symbol: "MSFT", side: "buy", qty: 1, strategy: "other" };

/** What neither a key for AAPL nor a key for the strategy `mine` may do. */
const foreign = (): readonly Request[] => [
  ["POST", "/signal", signal],
  ["POST", "/orders/preview", signal],
  ["DELETE", `/signals/${msftSignal}`],
  ["DELETE", `/orders/${msftOrder}`],
  ["PATCH", `/orders/${msftOrder}`, { limit_price: 380 }],
  ["DELETE", "/orders"],
  ["DELETE", "/orders?symbol=MSFT&strategy=other"],
  ["POST", "/positions/MSFT/close"],
  ["POST", "/flatten"],
  ["PUT", "/trading-state", { state: "reducing", flatten: true }],
  ["PUT", "/trading-state", { state: "reducing", account: "main" }],
  ["PUT", "/limits", { key: "max_order_qty_stock", account: "main", value: 1000 }],
  ["PUT", "/limits", { key: "max_order_qty_stock", account: "main", symbol: "MSFT", value: 1000 }],
  ["POST", "/reconciliation/adjust", { symbol: "MSFT", qty: 1, reason: "x" }],
  ["POST", "/reconciliation/unfreeze", { symbol: "MSFT", reason: "x" }],
  ["POST", "/reconciliation/positions/adopt", { symbol: "MSFT", reason: "x" }],
  ["POST", "/reconciliation/positions/ignore", { symbol: "MSFT", reason: "x" }],
  ["POST", `/orders/${msftOrder}/settle`, { as: "never_arrived", reason: "x" }],
  ["POST", "/accounts/main/reset-loss-limit", { reason: "x" }],
  ["POST", "/webhooks", { name: "x", url: "https://example.com/" }],
  ["POST", "/keys", { name: "x", role: "admin" }],
];

describe.each(["symbols", "strategies"] as const)("a key for some %s", (who) => {
  it("changes nothing of the others", async () => {
    for (const [method, path, body] of foreign()) {
      const { status } = await send(who, method, path, body);
      expect([method, path, status]).toEqual([method, path, 403]);
    }
    const batch = await send(who, "POST", "/signals", { signals: [signal] });
    expect(batch.body).toMatchObject({ accepted: 0, refused: 1 });
  });
});

it("a key for some symbols does with them what its role may", async () => {
  const change = await send("symbols", "PATCH", `/orders/${aaplOrder}`, { limit_price: 180 });
  expect(change.status).toBe(202);
  expect((await send("symbols", "DELETE", `/orders/${aaplOrder}`)).status).toBe(202);
  expect((await send("symbols", "DELETE", "/orders?symbol=AAPL")).status).toBe(202);
  const adjust = { symbol: "AAPL", qty: 1, reason: "x" };
  expect((await send("symbols", "POST", "/reconciliation/adjust", adjust)).status).toBe(202);
});

describe("a largest amount is measured at what an order may really cost", () => {
  it.each([
    ["a sale below the market", { symbol: "AAPL", side: "sell", qty: 10, limit_price: 1 }],
    ["a stop that the market has passed", { symbol: "AAPL", side: "buy", qty: 10, stop_price: 1 }],
    ["a target at a price below", { symbol: "AAPL", position: -10, limit_price: 1 }],
  ])("%s", async (_, body) => {
    const refused = await send("capped", "POST", "/signal", body);
    expect([refused.status, refused.body["code"]]).toEqual([403, "exceeds_key_limit"]);
  });

  it("a purchase never costs more than its limit", async () => {
    const body = { symbol: "AAPL", side: "buy", qty: 10, limit_price: 99 };
    expect((await send("capped", "POST", "/signal", body)).status).toBe(202);
  });

  it.each([
    ["flat", { position: 0 }],
    ["beyond flat", { position: -1 }],
    ["more", { position: 14 }],
    ["what others hold, for a strategy that holds nothing", { position: 10, strategy: "new" }],
  ])("a position is measured by the way there: to %s", async (_, wish) => {
    await holding("10");
    const body = { symbol: "MSFT", ...wish };
    const refused = await send("capped", "POST", "/signal", body);
    expect([refused.status, refused.body["code"]]).toEqual([403, "exceeds_key_limit"]);
  });

  it("a position that is large and near is no large order", async () => {
    await holding("10");
    expect((await send("capped", "POST", "/signal", { symbol: "MSFT", position: 9 })).status).toBe(
      202,
    );
  });

  it("a position is refused where no price is known", async () => {
    const body = { symbol: "BTC/USD", position: 0 };
    const refused = await send("capped", "POST", "/signal", body);
    expect([refused.status, refused.body["code"]]).toEqual([403, "exceeds_key_limit"]);
  });

  it("senders on the public stream are measured by the same", async () => {
    await holding("10");
    const measureOf = await measuresOf(api.store, realClock);
    const [accountId, instrumentId] = [asId<AccountId>("main"), asId<InstrumentId>("SIM:MSFT")];
    const told = [null, asId<StrategyId>("new")].map((strategyId) => {
      const { price, held } = measureOf({ accountId, instrumentId, strategyId });
      return [price?.toString(), held?.toString()];
    });
    expect(told).toEqual([
      ["400", "10"],
      ["400", "0"],
    ]);
    const unpriced = asId<InstrumentId>("CRYPTO:BTC/USD");
    expect(measureOf({ accountId, instrumentId: unpriced, strategyId: null }).price).toBeNull();
  });

  it("also when an order is changed", async () => {
    const sale = { symbol: "AAPL", side: "sell", qty: 4, limit_price: 210 };
    const { body } = await send("capped", "POST", "/signal", sale);
    await send("all", "PUT", "/limits", { key: "allow_short", value: true });
    await decider.decideAll();
    const { body: found } = await send("all", "GET", `/orders?signal_id=${String(body["id"])}`);
    const [order] = found["data"] as [{ id: string }];
    const grown = await send("capped", "PATCH", `/orders/${order.id}`, { qty: 40, limit_price: 2 });
    expect([grown.status, grown.body["code"]]).toEqual([403, "exceeds_key_limit"]);
  });
});
