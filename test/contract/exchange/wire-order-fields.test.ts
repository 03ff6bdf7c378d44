// POST /v2/orders: what the request itself must be, before anyone looks at the account.
import { afterAll, beforeAll, describe, test } from "vitest";
import type { Lab } from "./lab.ts";
import type { WireCase } from "./wire-case.ts";
import { CRYPTO, LIMIT, MARKET, openWireLab, order, post, runCase } from "./wire-case.ts";

const invalid = { status: 422, code: 40010001 };
const unprocessable = { status: 422, code: 42210000 };
const forbidden = { status: 403, code: 40310000 };
const undecodable = { status: 400, code: 40010000, message: "failed to decode request body" };
const subPenny = (name: string, price: string) =>
  `invalid ${name} ${price}. sub-penny increment does not fulfill minimum pricing criteria`;

const STOP = { ...MARKET, type: "stop", stop_price: "210" };
const STOP_LIMIT = { ...STOP, type: "stop_limit", limit_price: "211" };
const TRAILING = { ...MARKET, type: "trailing_stop", trail_percent: "5" };
const BRACKET = {
  ...MARKET,
  order_class: "bracket",
  take_profit: { limit_price: "220" },
  stop_loss: { stop_price: "180" },
};

const BODIES: readonly WireCase[] = [
  { name: "no JSON", send: post("{nonsense"), ...undecodable },
  { name: "an empty body", send: post(""), ...undecodable },
  { name: "a JSON list", send: post("[]"), ...undecodable },
  { name: "a JSON null", send: post("null"), ...undecodable },
  { name: "a JSON string", send: post('"buy"'), ...undecodable },
  {
    name: "numbers for amounts",
    send: order({ qty: 2, limit_price: 190.5 }, LIMIT),
    status: 200,
    has: { qty: "2", limit_price: "190.5" },
  },
  {
    name: "an amount with an exponent",
    send: order({ qty: "1e-2", symbol: "ETH/USD", notional: null }, CRYPTO),
    status: 200,
    has: { qty: "0.01" },
  },
  {
    name: "an amount with padding",
    send: order({ limit_price: "190.50" }, LIMIT),
    status: 200,
    has: { limit_price: "190.5" },
  },
];

const REQUIRED: readonly WireCase[] = [
  { name: "no symbol", send: order({ symbol: undefined }), ...invalid },
  { name: "an empty symbol", send: order({ symbol: "" }), ...invalid },
  { name: "a symbol that is a number", send: order({ symbol: 7 }), ...invalid },
  {
    name: "an unknown symbol",
    send: order({ symbol: "NOPE" }),
    ...invalid,
    message: 'could not find asset "NOPE"',
  },
  { name: "a symbol in lower case", send: order({ symbol: "aapl" }), ...invalid },
  {
    name: "neither qty nor notional",
    send: order({ qty: undefined }),
    ...invalid,
    message: "qty or notional is required",
  },
  {
    name: "qty and notional",
    send: order({ notional: "10" }),
    ...invalid,
    message: "only one of qty or notional is accepted",
  },
  { name: "qty of zero", send: order({ qty: "0" }), ...invalid, message: "qty must be > 0" },
  { name: "qty below zero", send: order({ qty: "-1" }), ...invalid, message: "qty must be > 0" },
  { name: "qty that is no number", send: order({ qty: "ten" }), ...invalid },
  { name: "qty that is not finite", send: order({ qty: "1e400" }), ...invalid },
  { name: "qty with ten decimals", send: order({ qty: "0.0123456789" }), ...invalid },
  { name: "qty that is a list", send: order({ qty: [1] }), ...invalid },
  { name: "no side", send: order({ side: undefined }), ...invalid },
  { name: "an unknown side", send: order({ side: "hold" }), ...invalid },
  { name: "no type", send: order({ type: undefined }), ...invalid, message: "invalid order type" },
  {
    name: "an unknown type",
    send: order({ type: "iceberg" }),
    ...invalid,
    message: "invalid order type",
  },
  {
    name: "no time in force",
    send: order({ time_in_force: undefined }),
    ...invalid,
    message: "invalid time_in_force",
  },
  {
    name: "an unknown time in force",
    send: order({ time_in_force: "gtd" }),
    ...invalid,
    message: "invalid time_in_force",
  },
  { name: "an unknown order class", send: order({ order_class: "ladder" }), ...invalid },
  { name: "a multi-leg order", send: order({ order_class: "mleg" }), ...invalid },
  {
    name: "extended hours that are no boolean",
    send: order({ extended_hours: "yes" }, LIMIT),
    ...invalid,
  },
  {
    name: "a client order id of 129 characters",
    send: order({ client_order_id: "x".repeat(129) }),
    ...invalid,
    message: "client_order_id must be no more than 128 characters",
  },
  {
    name: "a client order id of 128 characters",
    send: order({ client_order_id: "x".repeat(128) }),
    status: 200,
    has: { client_order_id: "x".repeat(128) },
  },
  { name: "a client order id that is a number", send: order({ client_order_id: 5 }), ...invalid },
  {
    name: "a client order id used before",
    given: [order({ client_order_id: "once" })],
    send: order({ client_order_id: "once" }),
    ...invalid,
    message: "client_order_id must be unique",
  },
  {
    name: "a client order id of a cancelled order",
    given: [order({ client_order_id: "gone" }, LIMIT), ["DELETE", "/v2/orders/{0}"]],
    send: order({ client_order_id: "gone" }),
    ...invalid,
    message: "client_order_id must be unique",
  },
  {
    name: "advanced instructions",
    send: order({ advanced_instructions: { algorithm: "TWAP" } }),
    ...forbidden,
    message: "account not allowed to use advanced_instructions",
  },
];

const PRICES: readonly WireCase[] = [
  {
    name: "a market order with a limit price",
    send: order({ limit_price: "190" }),
    ...invalid,
    message: "market orders require no stop or limit price",
  },
  {
    name: "a market order with a stop price",
    send: order({ stop_price: "190" }),
    ...invalid,
    message: "market orders require no stop or limit price",
  },
  {
    name: "a market order with a trail price",
    send: order({ trail_price: "1" }),
    ...invalid,
    message: "market orders must not have trail_price",
  },
  {
    name: "a limit order without its price",
    send: order({ type: "limit" }),
    ...invalid,
    message: "limit orders require a limit price",
  },
  {
    name: "a limit order with a stop price",
    send: order({ stop_price: "190" }, LIMIT),
    ...invalid,
    message: "limit orders require only limit price",
  },
  {
    name: "a limit price of zero",
    send: order({ limit_price: "0" }, LIMIT),
    ...invalid,
    message: "limit price must be > 0",
  },
  {
    name: "a limit price below zero",
    send: order({ limit_price: -3 }, LIMIT),
    ...invalid,
    message: "limit price must be > 0",
  },
  {
    name: "a limit price that is no number",
    send: order({ limit_price: "cheap" }, LIMIT),
    ...invalid,
  },
  {
    name: "a stop order without its price",
    send: order({ stop_price: undefined }, STOP),
    ...invalid,
    message: "stop orders require a stop price",
  },
  {
    name: "a stop-limit order without its limit",
    send: order({ limit_price: undefined }, STOP_LIMIT),
    ...invalid,
    message: "stop limit orders require both stop and limit price",
  },
  {
    name: "a stop-limit order without its stop",
    send: order({ stop_price: undefined }, STOP_LIMIT),
    ...invalid,
    message: "stop limit orders require both stop and limit price",
  },
  {
    name: "a trailing stop without a trail",
    send: order({ trail_percent: undefined }, TRAILING),
    ...invalid,
    message: "trailing stop orders must specify one of trail_price or trail_percent",
  },
  {
    name: "a trailing stop with both trails",
    send: order({ trail_price: "2" }, TRAILING),
    ...invalid,
    message: "trailing stop orders must specify one of trail_price or trail_percent",
  },
  {
    name: "a trail of less than a tenth of a percent",
    send: order({ trail_percent: "0.05" }, TRAILING),
    ...invalid,
    message: "trail_percent must be greater than or equal to 0.1",
  },
  {
    name: "a limit price in fractions of a cent",
    send: order({ limit_price: "190.123" }, LIMIT),
    ...unprocessable,
    message: subPenny("limit_price", "190.123"),
  },
  {
    name: "a stop price in fractions of a cent",
    send: order({ stop_price: "210.005" }, STOP),
    ...unprocessable,
    message: subPenny("stop_price", "210.005"),
  },
  {
    name: "four decimals under a dollar",
    send: order({ symbol: "MULN", limit_price: "0.1999" }, LIMIT),
    status: 200,
    has: { limit_price: "0.1999" },
  },
  {
    name: "five decimals under a dollar",
    send: order({ symbol: "MULN", limit_price: "0.19995" }, LIMIT),
    ...unprocessable,
  },
];

const MATRIX: readonly WireCase[] = [
  { name: "market gtc", send: order({ time_in_force: "gtc" }), status: 200 },
  { name: "market ioc", send: order({ time_in_force: "ioc" }), status: 200 },
  { name: "market fok", send: order({ time_in_force: "fok" }), status: 200 },
  {
    name: "market on open",
    send: order({ time_in_force: "opg" }),
    status: 200,
    has: { status: "accepted" },
  },
  {
    name: "limit on close",
    send: order({ time_in_force: "cls" }, LIMIT),
    status: 200,
    has: { status: "accepted" },
  },
  { name: "stop day", send: order({}, STOP), status: 200, has: { stop_price: "210" } },
  { name: "stop ioc", send: order({ time_in_force: "ioc" }, STOP), ...unprocessable },
  { name: "stop-limit gtc", send: order({ time_in_force: "gtc" }, STOP_LIMIT), status: 200 },
  { name: "trailing stop fok", send: order({ time_in_force: "fok" }, TRAILING), ...unprocessable },
  {
    name: "extended hours limit day",
    send: order({ extended_hours: true }, LIMIT),
    status: 200,
    has: { extended_hours: true },
  },
  {
    name: "extended hours limit gtc",
    send: order({ extended_hours: true, time_in_force: "gtc" }, LIMIT),
    status: 200,
  },
  {
    name: "extended hours market",
    send: order({ extended_hours: true }),
    ...unprocessable,
    message: "extended hours order must be DAY or GTC limit orders",
  },
  {
    name: "extended hours limit ioc",
    send: order({ extended_hours: true, time_in_force: "ioc" }, LIMIT),
    ...unprocessable,
    message: "extended hours order must be DAY or GTC limit orders",
  },
  {
    name: "extended hours stop",
    send: order({ extended_hours: true }, STOP),
    ...unprocessable,
    message: "stop orders are not eligible for extended hours trading",
  },
  { name: "a fraction, market day", send: order({ qty: "0.5" }), status: 200, has: { qty: "0.5" } },
  { name: "a fraction, limit day", send: order({ qty: "0.5" }, LIMIT), status: 200 },
  { name: "a fraction, stop day", send: order({ qty: "0.5" }, STOP), status: 200 },
  {
    name: "a fraction, gtc",
    send: order({ qty: "0.5", time_in_force: "gtc" }),
    ...unprocessable,
    message: "fractional orders must be DAY orders",
  },
  {
    name: "a fraction in a bracket",
    send: order({ qty: "0.5" }, BRACKET),
    ...unprocessable,
    message: "fractional orders must be simple orders",
  },
  {
    name: "a fraction of what has none",
    send: order({ symbol: "BRK.A", qty: "0.001" }),
    ...forbidden,
    message: "requested asset is not fractionable",
  },
  {
    name: "a trailing stop of a fraction",
    send: order({ qty: "0.5" }, TRAILING),
    ...unprocessable,
  },
  {
    name: "notional, market day",
    send: order({ qty: undefined, notional: "100" }),
    status: 200,
    has: { qty: null, notional: "100" },
  },
  {
    name: "notional below a dollar",
    send: order({ qty: undefined, notional: "0.99" }),
    ...unprocessable,
    message: "notional must be >= 1.00",
  },
  {
    name: "notional, gtc",
    send: order({ qty: undefined, notional: "10", time_in_force: "gtc" }),
    ...unprocessable,
    message: "fractional orders must be DAY orders",
  },
  {
    name: "crypto day",
    send: order({ time_in_force: "day" }, CRYPTO),
    ...unprocessable,
    message: "invalid crypto time_in_force",
  },
  { name: "crypto ioc", send: order({ time_in_force: "ioc" }, CRYPTO), status: 200 },
  {
    name: "crypto fok",
    send: order({ time_in_force: "fok" }, CRYPTO),
    ...unprocessable,
    message: "invalid crypto time_in_force",
  },
  {
    name: "crypto stop",
    send: order({ type: "stop", stop_price: "61000" }, CRYPTO),
    ...unprocessable,
  },
  {
    name: "crypto stop-limit",
    send: order({ type: "stop_limit", stop_price: "61000", limit_price: "61100" }, CRYPTO),
    status: 200,
  },
  {
    name: "crypto trailing stop",
    send: order({ type: "trailing_stop", trail_percent: "1" }, CRYPTO),
    ...unprocessable,
  },
  {
    name: "crypto in a bracket",
    send: order(
      {
        order_class: "bracket",
        take_profit: { limit_price: "70000" },
        stop_loss: { stop_price: "50000" },
      },
      CRYPTO,
    ),
    ...unprocessable,
  },
  {
    name: "crypto for less than ten dollars",
    send: order({ qty: "0.0001" }, CRYPTO),
    ...forbidden,
    message: "cost basis must be >= minimal amount of order 10",
  },
  {
    name: "crypto for more than two hundred thousand",
    send: order({ qty: "4" }, CRYPTO),
    ...forbidden,
  },
  {
    name: "crypto without its slash",
    send: order({ symbol: "BTCUSD" }, CRYPTO),
    status: 200,
    has: { symbol: "BTC/USD", asset_class: "crypto" },
  },
  {
    name: "crypto with nine decimals",
    send: order({ qty: "0.001234567" }, CRYPTO),
    status: 200,
    has: { qty: "0.001234567" },
  },
  {
    name: "an asset id for a symbol",
    send: order({ symbol: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415" }),
    status: 200,
    has: { symbol: "AAPL" },
  },
  {
    name: "a symbol with its exchange",
    send: order({ symbol: "AAPL:NASDAQ" }),
    status: 200,
    has: { symbol: "AAPL" },
  },
  {
    name: "a symbol with its exchange and class",
    send: order({ symbol: "AAPL:NASDAQ:us_equity" }),
    status: 200,
  },
  { name: "a symbol with another exchange", send: order({ symbol: "AAPL:NYSE" }), ...invalid },
  { name: "an asset that does not trade", send: order({ symbol: "TWTR" }), ...unprocessable },
];

const CLASSES: readonly WireCase[] = [
  {
    name: "a simple order with a take-profit",
    send: order({ take_profit: { limit_price: "220" } }),
    ...invalid,
  },
  {
    name: "a bracket without its stop-loss",
    send: order({ stop_loss: undefined }, BRACKET),
    ...invalid,
  },
  {
    name: "a bracket without its take-profit",
    send: order({ take_profit: undefined }, BRACKET),
    ...invalid,
  },
  {
    name: "a take-profit without its price",
    send: order({ take_profit: {} }, BRACKET),
    ...invalid,
  },
  {
    name: "a take-profit that is a number",
    send: order({ take_profit: 220 }, BRACKET),
    ...invalid,
  },
  {
    name: "a stop-loss without its price",
    send: order({ stop_loss: { limit_price: "179" } }, BRACKET),
    ...invalid,
  },
  { name: "a bracket ioc", send: order({ time_in_force: "ioc" }, BRACKET), ...unprocessable },
  {
    name: "a bracket in extended hours",
    send: order({ extended_hours: true, type: "limit", limit_price: "200" }, BRACKET),
    ...unprocessable,
  },
  {
    name: "a bracket around a stop",
    send: order({ type: "stop", stop_price: "210" }, BRACKET),
    ...unprocessable,
  },
  {
    name: "a bracket with crossed exits",
    send: order({ take_profit: { limit_price: "170" } }, BRACKET),
    ...unprocessable,
  },
  {
    name: "a bracket's take-profit below its price",
    send: order({ take_profit: { limit_price: "200.02" } }, BRACKET),
    ...unprocessable,
    message: "take_profit.limit_price must be >= base_price + 0.01",
    has: { base_price: "200.02" },
  },
  {
    name: "a bracket's stop-loss above its price",
    send: order({ stop_loss: { stop_price: "200.02" } }, BRACKET),
    ...unprocessable,
    message: "stop_loss.stop_price must be <= base_price - 0.01",
    has: { base_price: "200.02" },
  },
  {
    name: "a bracket's base is its limit",
    send: order({ type: "limit", limit_price: "195", stop_loss: { stop_price: "196" } }, BRACKET),
    ...unprocessable,
    has: { base_price: "195" },
  },
  {
    name: "a bracket",
    send: order({}, BRACKET),
    status: 200,
    has: {
      order_class: "bracket",
      legs: [
        { type: "limit", side: "sell", status: "held", limit_price: "220" },
        { type: "stop", side: "sell", status: "held", stop_price: "180" },
      ],
    },
  },
  {
    name: "a bracket whose stop has a limit",
    send: order({ stop_loss: { stop_price: "180", limit_price: "179" } }, BRACKET),
    status: 200,
    has: { legs: [{ type: "limit" }, { type: "stop_limit", limit_price: "179" }] },
  },
  { name: "an OTO with both exits", send: order({ order_class: "oto" }, BRACKET), ...invalid },
  {
    name: "an OTO with a stop-loss",
    send: order({ order_class: "oto", take_profit: undefined }, BRACKET),
    status: 200,
    has: { legs: [{ type: "stop", status: "held" }] },
  },
  {
    name: "an OCO that is no limit order",
    send: order({ order_class: "oco", side: "sell" }, BRACKET),
    ...invalid,
    message: "oco orders must be limit orders",
  },
  {
    name: "an OCO without a position",
    send: order({ order_class: "oco", side: "sell", type: "limit" }, BRACKET),
    ...forbidden,
  },
  {
    name: "a bracket with a sub-penny exit",
    send: order({ take_profit: { limit_price: "220.005" } }, BRACKET),
    ...unprocessable,
  },
];

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

describe.each([
  ["bodies", BODIES],
  ["required fields", REQUIRED],
  ["prices", PRICES],
  ["types and times in force", MATRIX],
  ["order classes", CLASSES],
])("%s", (_, cases) => {
  test.each(cases)("$name", async (one) => {
    await runCase(lab, one);
  });
});
