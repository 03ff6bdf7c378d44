// Orders after their POST: read, listed, replaced, cancelled; and positions closed.
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Lab } from "./lab.ts";
import type { Request, WireCase } from "./wire-case.ts";
import { CRYPTO, LIMIT, openWireLab, order, runCase } from "./wire-case.ts";

const invalid = { status: 422, code: 40010001 };
const unprocessable = { status: 422, code: 42210000 };
const forbidden = { status: 403, code: 40310000 };
const notFound = { status: 404, code: 40410000 };
const NOBODY = "00000000-0000-4000-8000-000000000000";

const rest = order({}, LIMIT);
const market = order();
const patch = (body: object | string): Request => ["PATCH", "/v2/orders/{0}", body];
const cancel: Request = ["DELETE", "/v2/orders/{0}"];
const list = (query: string): Request => ["GET", `/v2/orders?${query}`];
const bracket = order({
  order_class: "bracket",
  type: "limit",
  limit_price: "190",
  take_profit: { limit_price: "220" },
  stop_loss: { stop_price: "180" },
});

const READ: readonly WireCase[] = [
  {
    name: "one order",
    given: [rest],
    send: ["GET", "/v2/orders/{0}"],
    status: 200,
    has: { id: "{0}", status: "new", legs: null },
  },
  {
    name: "one order in capitals",
    given: [rest],
    send: ["GET", "/v2/orders/{0}?nested=TRUE"],
    status: 200,
  },
  {
    name: "one order with its legs",
    given: [bracket],
    send: ["GET", "/v2/orders/{0}?nested=true"],
    status: 200,
    has: { legs: [{ type: "limit" }, { type: "stop" }] },
  },
  {
    name: "no such order",
    send: ["GET", `/v2/orders/${NOBODY}`],
    ...notFound,
    message: `order not found for ${NOBODY}`,
  },
  {
    name: "an order id that is none",
    send: ["GET", "/v2/orders/17"],
    ...invalid,
    message: "order_id is missing",
  },
  {
    name: "by client order id",
    given: [order({ client_order_id: "mine" }, LIMIT)],
    send: ["GET", "/v2/orders:by_client_order_id?client_order_id=mine"],
    status: 200,
    has: { id: "{0}" },
  },
  {
    name: "by an unknown client order id",
    send: ["GET", "/v2/orders:by_client_order_id?client_order_id=blah"],
    ...notFound,
    message: "order not found for blah",
  },
  { name: "by no client order id", send: ["GET", "/v2/orders:by_client_order_id"], ...invalid },
  {
    name: "a filled order",
    given: [market],
    send: ["GET", "/v2/orders/{0}"],
    status: 200,
    has: { status: "filled", filled_qty: "1", filled_avg_price: "200.02", qty: "1" },
  },
];

const LISTS: readonly WireCase[] = [
  {
    name: "open orders by default",
    given: [rest, market],
    send: list(""),
    status: 200,
    has: [{ id: "{0}" }],
  },
  {
    name: "closed orders",
    given: [rest, market],
    send: list("status=closed"),
    status: 200,
    has: [{ id: "{1}" }],
  },
  {
    name: "all orders, newest first",
    given: [rest, market],
    send: list("status=all"),
    status: 200,
    has: [{ id: "{1}" }, { id: "{0}" }],
  },
  {
    name: "all orders, oldest first",
    given: [rest, market],
    send: list("status=all&direction=asc"),
    status: 200,
    has: [{ id: "{0}" }, { id: "{1}" }],
  },
  {
    name: "a limit",
    given: [rest, market],
    send: list("status=all&limit=1"),
    status: 200,
    has: [{ id: "{1}" }],
  },
  { name: "a limit of zero", send: list("limit=0"), ...invalid },
  { name: "a limit above 500", send: list("limit=501"), ...invalid },
  { name: "a limit that is no number", send: list("limit=many"), ...invalid },
  { name: "an unknown status", send: list("status=some"), ...invalid },
  { name: "an unknown direction", send: list("direction=up"), ...invalid },
  { name: "an unknown side", send: list("side=both"), ...invalid },
  {
    name: "an after that is no time",
    send: list("after=yesterday"),
    ...invalid,
    message: "failed to parse after",
  },
  {
    name: "after the future",
    given: [rest],
    send: list("status=all&after=2099-01-01T00:00:00Z"),
    status: 200,
    has: [],
  },
  {
    name: "until the past",
    given: [rest],
    send: list("status=all&until=2001-01-01"),
    status: 200,
    has: [],
  },
  {
    name: "crypto by either symbol",
    given: [order({}, CRYPTO)],
    send: list("status=all&symbols=BTCUSD"),
    status: 200,
    has: [{ symbol: "BTC/USD" }],
  },
  {
    name: "by asset class, key repeated",
    given: [order({}, CRYPTO), rest],
    send: list("status=all&asset_class=us_equity&asset_class=crypto"),
    status: 200,
    has: [{ id: "{1}" }, { id: "{0}" }],
  },
  {
    name: "by asset class, comma separated",
    given: [order({}, CRYPTO), rest],
    send: list("status=all&asset_class=crypto,us_option"),
    status: 200,
    has: [{ id: "{0}" }],
  },
  {
    name: "after an order",
    given: [rest, market],
    send: list("status=all&after_order_id={0}"),
    status: 200,
    has: [{ id: "{1}" }],
  },
  {
    name: "before an order",
    given: [rest, market],
    send: list("status=all&before_order_id={1}"),
    status: 200,
    has: [{ id: "{0}" }],
  },
  {
    name: "before and after an order",
    given: [rest, market],
    send: list("after_order_id={0}&before_order_id={1}"),
    ...invalid,
  },
  {
    name: "legs listed flat",
    given: [bracket],
    send: list("direction=asc"),
    status: 200,
    has: [{ id: "{0}", legs: null }, { status: "held" }, { status: "held" }],
  },
  {
    name: "legs rolled up",
    given: [bracket],
    send: list("nested=true"),
    status: 200,
    has: [{ id: "{0}", legs: [{}, {}] }],
  },
];

const REPLACES: readonly WireCase[] = [
  {
    name: "a new price",
    given: [rest],
    send: patch({ limit_price: "191" }),
    status: 200,
    has: { replaces: "{0}", limit_price: "191", qty: "1", status: "new", filled_qty: "0" },
  },
  {
    name: "a new quantity",
    given: [rest],
    send: patch({ qty: "3" }),
    status: 200,
    has: { qty: "3", limit_price: "190" },
  },
  {
    name: "a new time in force",
    given: [rest],
    send: patch({ time_in_force: "gtc" }),
    status: 200,
    has: { time_in_force: "gtc" },
  },
  {
    name: "a new client order id",
    given: [rest],
    send: patch({ client_order_id: "again", limit_price: "191" }),
    status: 200,
    has: { client_order_id: "again" },
  },
  {
    name: "a client order id used before",
    given: [order({ client_order_id: "first" }, LIMIT)],
    send: patch({ client_order_id: "first", limit_price: "191" }),
    ...invalid,
    message: "client_order_id must be unique",
  },
  {
    name: "nothing new",
    given: [rest],
    send: patch({ limit_price: "190.00" }),
    ...unprocessable,
    message: "order parameters are not changed",
  },
  {
    name: "an empty change",
    given: [rest],
    send: patch({}),
    ...unprocessable,
    message: "order parameters are not changed",
  },
  {
    name: "a change that is no JSON",
    given: [rest],
    send: patch("{"),
    status: 400,
    code: 40010000,
  },
  {
    name: "a filled order",
    given: [market],
    send: patch({ qty: "2" }),
    ...unprocessable,
    message: "unable to replace order, order is not open",
  },
  {
    name: "an order replaced before",
    given: [rest, patch({ limit_price: "191" })],
    send: patch({ limit_price: "192" }),
    ...unprocessable,
    message: "order already replaced",
  },
  {
    name: "an order that waits for its session",
    given: [order({ time_in_force: "opg" })],
    send: patch({ qty: "2" }),
    ...unprocessable,
    message: "cannot replace order in accepted status",
  },
  {
    name: "an amount of money",
    given: [order({ qty: undefined, notional: "50", type: "limit", limit_price: "100" })],
    send: patch({ limit_price: "101" }),
    ...unprocessable,
  },
  {
    name: "a quantity that is no whole number",
    given: [rest],
    send: patch({ qty: "1.5" }),
    ...invalid,
    message: "qty must be integer",
  },
  { name: "a quantity of zero", given: [rest], send: patch({ qty: "0" }), ...invalid },
  {
    name: "a price in fractions of a cent",
    given: [rest],
    send: patch({ limit_price: "190.005" }),
    ...unprocessable,
  },
  {
    name: "a stop price for a limit order",
    given: [rest],
    send: patch({ stop_price: "180" }),
    ...invalid,
  },
  { name: "a trail for a limit order", given: [rest], send: patch({ trail: "1" }), ...invalid },
  {
    name: "a new trail",
    given: [order({ type: "trailing_stop", trail_price: "5" })],
    send: patch({ trail: "6" }),
    status: 200,
    has: { trail_price: "6" },
  },
  {
    name: "more than the account can pay",
    given: [rest],
    send: patch({ qty: "100000" }),
    ...forbidden,
    message: "insufficient buying power",
  },
  {
    name: "the quantity of a bracket",
    given: [bracket],
    send: patch({ qty: "2" }),
    ...unprocessable,
    message: "qty cannot be changed for advanced orders",
  },
  {
    name: "no such order to replace",
    send: ["PATCH", `/v2/orders/${NOBODY}`, { qty: "2" }],
    ...notFound,
  },
  {
    name: "an id to replace that is none",
    send: ["PATCH", "/v2/orders/x", { qty: "2" }],
    ...invalid,
  },
];

const CANCELS: readonly WireCase[] = [
  { name: "one order cancelled", given: [rest], send: cancel, status: 204 },
  {
    name: "a filled order cancelled",
    given: [market],
    send: cancel,
    ...unprocessable,
    message: 'order is already in "filled" state',
  },
  {
    name: "an order cancelled twice",
    given: [rest, cancel],
    send: cancel,
    ...unprocessable,
    message: 'order is already in "canceled" state',
  },
  { name: "no such order to cancel", send: ["DELETE", `/v2/orders/${NOBODY}`], ...notFound },
  {
    name: "an id to cancel that is none",
    send: ["DELETE", "/v2/orders/x"],
    ...invalid,
    message: "order_id is missing",
  },
  {
    name: "all cancelled when there are none",
    send: ["DELETE", "/v2/orders"],
    status: 207,
    has: [],
  },
  {
    name: "all cancelled",
    given: [rest, order({ symbol: "MSFT", limit_price: "490" }, LIMIT)],
    send: ["DELETE", "/v2/orders"],
    status: 207,
    has: [
      { id: "{0}", status: 200, body: { id: "{0}" } },
      { id: "{1}", status: 200 },
    ],
  },
  {
    name: "a cancelled bracket takes its legs along",
    given: [bracket, cancel],
    send: list("status=closed&nested=true"),
    status: 200,
    has: [{ status: "canceled", legs: [{ status: "canceled" }, { status: "canceled" }] }],
  },
];

const POSITIONS: readonly WireCase[] = [
  {
    name: "the bitcoin everyone starts with",
    send: ["GET", "/v2/positions"],
    status: 200,
    has: [
      { symbol: "BTCUSD", qty: "0.1", asset_class: "crypto", exchange: "CRYPTO", side: "long" },
    ],
  },
  {
    name: "a position's figures",
    given: [order({ qty: "7" })],
    send: ["GET", "/v2/positions/AAPL"],
    status: 200,
    has: {
      qty: "7",
      avg_entry_price: "200.02",
      cost_basis: "1400.14",
      market_value: "1400.07",
      unrealized_pl: "-0.07",
      qty_available: "7",
      asset_marginable: true,
    },
  },
  {
    name: "a short position's figures",
    given: [order({ side: "sell", qty: "100" })],
    send: ["GET", "/v2/positions/AAPL"],
    status: 200,
    has: {
      qty: "-100",
      side: "short",
      cost_basis: "-20000",
      market_value: "-20001",
      unrealized_pl: "-1",
      unrealized_plpc: "-0.00005",
      qty_available: "-100",
    },
  },
  {
    name: "no position",
    send: ["GET", "/v2/positions/AAPL"],
    ...notFound,
    message: "position does not exist",
  },
  {
    name: "a position in an unknown symbol",
    send: ["GET", "/v2/positions/NOPE"],
    ...notFound,
    message: "symbol not found: NOPE",
  },
  {
    name: "a crypto position with a raw slash",
    send: ["GET", "/v2/positions/BTC/USD"],
    ...notFound,
  },
  {
    name: "a crypto position with its slash escaped",
    send: ["GET", "/v2/positions/BTC%2FUSD"],
    status: 200,
    has: { symbol: "BTCUSD" },
  },
  {
    name: "closed whole",
    given: [order({ qty: "7" })],
    send: ["DELETE", "/v2/positions/AAPL"],
    status: 200,
    has: { side: "sell", type: "market", qty: "7", time_in_force: "day" },
  },
  {
    name: "closed in part",
    given: [order({ qty: "7" })],
    send: ["DELETE", "/v2/positions/AAPL?qty=3"],
    status: 200,
    has: { qty: "3" },
  },
  {
    name: "closed by percentage",
    given: [order({ qty: "7" })],
    send: ["DELETE", "/v2/positions/AAPL?percentage=50"],
    status: 200,
    has: { qty: "3.5" },
  },
  {
    name: "closed by both",
    given: [order({ qty: "7" })],
    send: ["DELETE", "/v2/positions/AAPL?percentage=50&qty=1"],
    ...invalid,
  },
  {
    name: "closed by too much",
    given: [order({ qty: "7" })],
    send: ["DELETE", "/v2/positions/AAPL?percentage=101"],
    ...invalid,
  },
  {
    name: "closed with nothing there",
    send: ["DELETE", "/v2/positions/AAPL"],
    ...notFound,
    message: "position does not exist",
  },
  {
    name: "closed while an order holds it",
    given: [
      order({ qty: "2" }),
      order({ qty: "2", side: "sell", type: "limit", limit_price: "230" }),
    ],
    send: ["DELETE", "/v2/positions/AAPL"],
    ...forbidden,
    message: "insufficient qty available for order (requested: 2, available: 0)",
    has: { existing_qty: "2", held_for_orders: "2", related_orders: ["{1}"] },
  },
  {
    name: "a short closed by a buy",
    given: [order({ side: "sell", qty: "5" })],
    send: ["DELETE", "/v2/positions/AAPL"],
    status: 200,
    has: { side: "buy", qty: "5" },
  },
  {
    name: "all closed",
    given: [order({ qty: "2" })],
    send: ["DELETE", "/v2/positions"],
    status: 207,
    has: [
      { symbol: "BTCUSD", status: 200, body: { side: "sell" } },
      { symbol: "AAPL", status: 200 },
    ],
  },
  {
    name: "all closed while an order holds one",
    given: [
      order({ qty: "2" }),
      order({ qty: "2", side: "sell", type: "limit", limit_price: "230" }),
    ],
    send: ["DELETE", "/v2/positions"],
    status: 207,
    has: [
      { symbol: "BTCUSD" },
      { symbol: "AAPL", status: 403, body: { code: 40310000, held_for_orders: "2" } },
    ],
  },
  {
    name: "all closed, orders first",
    given: [
      order({ qty: "2" }),
      order({ qty: "2", side: "sell", type: "limit", limit_price: "230" }),
    ],
    send: ["DELETE", "/v2/positions?cancel_orders=true"],
    status: 207,
    has: [
      { symbol: "{1}", status: 200 },
      { symbol: "BTCUSD", status: 200 },
      { symbol: "AAPL", status: 200 },
    ],
  },
];

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

describe.each([
  ["reading", READ],
  ["lists", LISTS],
  ["replacing", REPLACES],
  ["cancelling", CANCELS],
  ["positions", POSITIONS],
])("%s", (_, cases) => {
  test.each(cases)("$name", async (one) => {
    await runCase(lab, one);
  });
});
