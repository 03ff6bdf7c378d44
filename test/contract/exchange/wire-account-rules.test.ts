// POST /v2/orders: what the account has, holds and already has open.
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Lab } from "./lab.ts";
import type { WireCase } from "./wire-case.ts";
import { CRYPTO, LIMIT, MARKET, openWireLab, order, runCase } from "./wire-case.ts";

const unprocessable = { status: 422, code: 42210000 };
const forbidden = { status: 403, code: 40310000 };
const wash = "potential wash trade detected. use complex orders";
const shortage = (requested: string, available: string) =>
  `insufficient qty available for order (requested: ${requested}, available: ${available})`;

const buy = (changes: object = {}) => order({ qty: "10", ...changes });
const sell = (changes: object = {}) => order({ side: "sell", ...changes });
const exits = { take_profit: { limit_price: "220" }, stop_loss: { stop_price: "180" } };

const MONEY: readonly WireCase[] = [
  {
    name: "more than the buying power",
    send: order({ symbol: "MSFT", qty: "1000" }),
    ...forbidden,
    message: "insufficient buying power",
    has: { buying_power: "200000", cost_basis: "500100" },
  },
  {
    name: "open orders reserve buying power",
    given: [order({ symbol: "MSFT", qty: "390", limit_price: "490" }, LIMIT)],
    send: order({ symbol: "F", qty: "1000" }),
    ...forbidden,
    has: { buying_power: "8900", cost_basis: "12000" },
  },
  {
    name: "a cancel gives the reservation back",
    given: [
      order({ symbol: "MSFT", qty: "390", limit_price: "490" }, LIMIT),
      ["DELETE", "/v2/orders/{0}"],
    ],
    send: order({ symbol: "F", qty: "1000" }),
    status: 200,
  },
  {
    name: "crypto is paid in full",
    send: order({ qty: "1.9" }, CRYPTO),
    ...forbidden,
    message: "insufficient buying power",
    has: { buying_power: "100000" },
  },
  {
    name: "a pair is paid in its coin, and there is none",
    send: order({ symbol: "BTC/USDT" }, CRYPTO),
    ...forbidden,
    has: { buying_power: "0" },
  },
  {
    name: "bitcoin sold for tether buys bitcoin again",
    given: [order({ symbol: "BTC/USDT", side: "sell", qty: "0.05" }, CRYPTO)],
    send: order({ symbol: "BTC/USDT", qty: "0.04" }, CRYPTO),
    status: 200,
  },
  {
    name: "the account's own bitcoin is sold",
    send: sell({ ...CRYPTO, side: "sell", qty: "0.1" }),
    status: 200,
    has: { position_intent: "sell_to_close" },
  },
  {
    name: "more bitcoin than the account has",
    send: sell({ ...CRYPTO, side: "sell", qty: "0.2" }),
    ...forbidden,
    message: shortage("0.2", "0.1"),
  },
  {
    name: "coins the account has none of",
    send: sell({ ...CRYPTO, symbol: "ETH/USD", side: "sell", qty: "1" }),
    ...forbidden,
    message: shortage("1", "0"),
  },
  {
    name: "trading suspended by the user",
    given: [["PATCH", "/v2/account/configurations", { suspend_trade: true }]],
    send: buy(),
    ...forbidden,
    message: "new orders are rejected by user request",
  },
  {
    name: "fractions switched off",
    given: [["PATCH", "/v2/account/configurations", { fractional_trading: false }]],
    send: order({ qty: undefined, notional: "100" }),
    ...forbidden,
  },
];

const QUANTITY: readonly WireCase[] = [
  {
    name: "selling what is held",
    given: [buy()],
    send: sell({ qty: "10" }),
    status: 200,
    has: { position_intent: "sell_to_close" },
  },
  {
    name: "selling more than is held",
    given: [buy()],
    send: sell({ qty: "11" }),
    ...forbidden,
    message: shortage("11", "10"),
    has: {
      available: "10",
      existing_qty: "10",
      held_for_orders: "0",
      symbol: "AAPL",
      related_orders: [],
    },
  },
  {
    name: "an open sell holds the shares",
    given: [buy(), sell({ qty: "8", type: "limit", limit_price: "230" })],
    send: sell({ qty: "5", type: "limit", limit_price: "231" }),
    ...forbidden,
    message: shortage("5", "2"),
    has: { held_for_orders: "8", related_orders: ["{1}"] },
  },
  {
    name: "a fractional position is sold whole",
    given: [order({ qty: "0.5" })],
    send: sell({ qty: "0.5" }),
    status: 200,
  },
  {
    name: "a trailing stop holds the shares",
    given: [buy(), sell({ qty: "10", type: "trailing_stop", trail_price: "5" })],
    send: sell({ qty: "1", type: "limit", limit_price: "230" }),
    ...forbidden,
    message: shortage("1", "0"),
  },
  {
    name: "an OCO holds the shares once",
    given: [buy(), sell({ qty: "10", type: "limit", order_class: "oco", ...exits })],
    send: sell({ qty: "1", type: "limit", limit_price: "230" }),
    ...forbidden,
    has: { held_for_orders: "10" },
  },
];

const SHORT: readonly WireCase[] = [
  { name: "a short sale", send: sell(), status: 200, has: { position_intent: "sell_to_open" } },
  {
    name: "a short sale of a fraction",
    send: sell({ qty: "0.5" }),
    ...unprocessable,
    message: "fractional orders cannot be sold short",
  },
  {
    name: "a short sale of an amount",
    send: sell({ qty: undefined, notional: "100" }),
    ...unprocessable,
    message: "fractional orders cannot be sold short",
  },
  {
    name: "a short sale of what cannot be borrowed",
    send: sell({ symbol: "MULN" }),
    ...forbidden,
    message: 'asset "MULN" cannot be sold short',
  },
  {
    name: "a short sale by an account that may not",
    given: [["PATCH", "/v2/account/configurations", { no_shorting: true }]],
    send: sell(),
    ...forbidden,
    message: "account is not allowed to short",
  },
  {
    name: "covering a short",
    given: [sell({ qty: "5" })],
    send: order({ qty: "5" }),
    status: 200,
    has: { position_intent: "buy_to_close" },
  },
  {
    name: "buying through a short",
    given: [sell({ qty: "5" })],
    send: order({ qty: "6" }),
    ...forbidden,
    message: shortage("6", "5"),
  },
  {
    name: "a long buy while a short sale is open",
    given: [sell({ type: "limit", limit_price: "230" })],
    send: order({ limit_price: "190" }, LIMIT),
    ...forbidden,
    message: "cannot open a long buy while a short sell order is open",
  },
  {
    name: "an intent that does not fit",
    send: order({ position_intent: "buy_to_close" }),
    ...unprocessable,
    message: "position intent mismatch, inferred: buy_to_open, specified: buy_to_close",
  },
  { name: "an intent that fits", send: order({ position_intent: "buy_to_open" }), status: 200 },
  {
    name: "an unknown intent",
    send: order({ position_intent: "hold" }),
    status: 422,
    code: 40010001,
  },
];

const WASH: readonly WireCase[] = [
  {
    name: "a market sell against an open limit buy",
    given: [buy(), order({}, LIMIT)],
    send: sell(),
    ...forbidden,
    message: wash,
    has: { existing_order_id: "{1}", reject_reason: "opposite side limit order exists" },
  },
  {
    name: "a limit sell that would meet an open limit buy",
    given: [buy(), order({}, LIMIT)],
    send: sell({ type: "limit", limit_price: "190" }),
    ...forbidden,
    message: wash,
  },
  {
    name: "a limit sell above an open limit buy",
    given: [buy(), order({}, LIMIT)],
    send: sell({ type: "limit", limit_price: "190.01" }),
    status: 200,
  },
  {
    name: "a limit sell against an open stop buy",
    given: [buy(), order({ type: "stop", stop_price: "230" })],
    send: sell({ type: "limit", limit_price: "250" }),
    ...forbidden,
    has: { existing_order_id: "{1}", reject_reason: "opposite side market/stop order exists" },
  },
  {
    name: "a stop sell against an open limit buy",
    given: [buy(), order({}, LIMIT)],
    send: sell({ type: "stop", stop_price: "180" }),
    ...forbidden,
    message: wash,
  },
  {
    name: "a trailing stop is exempt",
    given: [buy(), order({}, LIMIT)],
    send: sell({ type: "trailing_stop", trail_percent: "5" }),
    status: 200,
  },
  {
    name: "an OCO is exempt",
    given: [buy(), order({}, LIMIT)],
    send: sell({ type: "limit", order_class: "oco", ...exits }),
    status: 200,
  },
  {
    name: "crypto is not exempt",
    given: [order({ type: "limit", limit_price: "50000" }, CRYPTO)],
    send: order({ side: "sell", type: "limit", limit_price: "49000" }, CRYPTO),
    ...forbidden,
    message: wash,
  },
  {
    name: "another symbol does not matter",
    given: [buy(), order({ symbol: "MSFT", limit_price: "490" }, LIMIT)],
    send: sell(),
    status: 200,
  },
];

const EXITS: readonly WireCase[] = [
  {
    name: "a bracket that would close",
    given: [sell({ qty: "5" })],
    send: order({ qty: "5", order_class: "bracket", ...exits }),
    ...unprocessable,
    message: "bracket orders must be entry orders",
  },
  {
    name: "a short bracket",
    send: sell({
      order_class: "bracket",
      take_profit: { limit_price: "180" },
      stop_loss: { stop_price: "220" },
    }),
    status: 200,
    has: {
      legs: [
        { side: "buy", limit_price: "180" },
        { side: "buy", stop_price: "220" },
      ],
    },
  },
  {
    name: "a short bracket with crossed exits",
    send: sell({
      order_class: "bracket",
      take_profit: { limit_price: "220" },
      stop_loss: { stop_price: "180" },
    }),
    ...unprocessable,
    message: "take_profit.limit_price must be < stop_loss.stop_price",
  },
  {
    name: "an OCO without a top-level price",
    given: [buy()],
    send: sell({ type: "limit", order_class: "oco", ...exits }),
    status: 200,
    has: { limit_price: "220", legs: [{ status: "held", stop_price: "180" }] },
  },
  {
    name: "an OCO whose stop is above the market",
    given: [buy()],
    send: sell({
      type: "limit",
      order_class: "oco",
      take_profit: { limit_price: "220" },
      stop_loss: { stop_price: "205" },
    }),
    ...unprocessable,
  },
  {
    name: "a sell stop above the market",
    given: [buy()],
    send: sell({ type: "stop", stop_price: "205" }),
    ...unprocessable,
    message: "stop price must be less than current price",
    has: { market_price: "200.01", stop_price: "205" },
  },
];

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

describe.each([
  ["money", MONEY],
  ["quantity", QUANTITY],
  ["selling short", SHORT],
  ["wash trades", WASH],
  ["exits", EXITS],
])("%s", (_, cases) => {
  test.each(cases)("$name", async (one) => {
    await runCase(lab, one);
  });
});

test("the market order of the cases is what it says", async () => {
  await runCase(lab, {
    name: "plain",
    send: order({}, MARKET),
    status: 200,
    has: { type: "market" },
  });
});
