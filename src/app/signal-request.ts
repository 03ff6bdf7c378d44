// A signal as it is sent: its fields, and the rules between them that need no market.
import { z } from "zod";
import type { Decimal } from "../domain/decimal.ts";
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE, type OrderType } from "../domain/order/spec.ts";
import {
  exact,
  exactPrice,
  exactQuantity,
  flag,
  instant,
  name,
  sentence,
  symbol,
  word,
} from "./fields.ts";
import { invalidFields, type FieldProblem } from "./problem.ts";
import { parseRequest } from "./parse.ts";

const takeProfit = z.union([
  z.strictObject({ limit_price: exactPrice() }),
  exactPrice().transform((price) => ({ limit_price: price })),
]);
const stopLoss = z.union([
  z.strictObject({ stop_price: exactPrice(), limit_price: exactPrice().nullish() }),
  exactPrice().transform((price) => ({ stop_price: price, limit_price: null })),
]);

const ORDER_CLASSES = ["simple", "bracket", "oto", "oco"] as const;

/** What an order may ask for; shared by signals, previews and the command line. */
export const signalFields = {
  symbol: symbol.describe("What to trade: `AAPL`, `BTC/USD`, `btcusdt`."),
  side: word(SIDES).nullish().describe("`buy` or `sell`; not with `position`."),
  qty: exactQuantity().nullish().describe("How many shares or coins."),
  notional: exact().nullish().describe("How much money instead of `qty`."),
  position: exactQuantity("any")
    .nullish()
    .describe("The holding to end up with instead of a trade; negative is short, 0 is flat."),
  type: word(ORDER_TYPES)
    .nullish()
    .describe("By default what the prices say: `market` when there are none."),
  limit_price: exactPrice().nullish(),
  stop_price: exactPrice().nullish(),
  trail_price: exactPrice().nullish(),
  trail_percent: exact().nullish(),
  time_in_force: word(TIMES_IN_FORCE)
    .nullish()
    .describe("By default `day` for stocks and `gtc` for crypto."),
  extended_hours: flag.nullish(),
  take_profit: takeProfit.nullish().describe("A price, or an object with `limit_price`."),
  stop_loss: stopLoss
    .nullish()
    .describe(
      "A price, or an object with `stop_price` and, if it is to be a stop limit, `limit_price`.",
    ),
  order_class: word(ORDER_CLASSES)
    .nullish()
    .describe(
      "By default what the exits say: `bracket` with both, `oto` with one of them, `simple` without. " +
        "`oco` is for a position that is held: `take_profit` and `stop_loss` of it, and whichever " +
        "comes first cancels the other.",
    ),
  account: name().nullish().describe("Needed when there is more than one."),
  strategy: name().nullish().describe("Positions are kept per strategy as well."),
  reason: sentence(500).nullish().describe("Why, for whoever reads it later."),
  valid_until: instant.nullish().describe("No order is sent after this instant."),
  on_market_closed: word(["reject", "queue"])
    .nullish()
    .describe("By default what the limit `market_closed_policy` says."),
} as const;

export const signalRequest = z.strictObject({
  ...signalFields,
  client_signal_id: name(128)
    .nullish()
    .describe("A name of your own for this signal: the same name is never traded twice."),
});
export type SignalRequest = z.output<typeof signalRequest>;

export const SIGNAL_FIELD_NAMES: readonly string[] = Object.keys(signalRequest.shape);

export function readSignalRequest(given: unknown): SignalRequest {
  const request = parseRequest(signalRequest, given, SIGNAL_FIELD_NAMES);
  const problems = problemsBetweenFields(request);
  if (problems.length > 0) throw invalidFields(problems);
  return request;
}

/** The type that was asked for, or the one that the prices speak of. */
export function typeOf(request: SignalRequest): OrderType {
  if (request.type != null) return request.type;
  if (isPairOfExits(request)) return "limit";
  if (request.trail_price != null || request.trail_percent != null) return "trailing_stop";
  if (request.stop_price != null) return request.limit_price == null ? "stop" : "stop_limit";
  return request.limit_price == null ? "market" : "limit";
}

/** Two exits of a position that is held. The take-profit is the order itself. */
export function isPairOfExits({ order_class }: Pick<SignalRequest, "order_class">): boolean {
  return order_class === "oco";
}

export function limitPriceOf(request: SignalRequest): Decimal | null {
  const given = request.limit_price ?? null;
  return isPairOfExits(request) ? (request.take_profit?.limit_price ?? given) : given;
}

type PriceField = "limit_price" | "stop_price" | "trail_price" | "trail_percent";
const PRICE_FIELDS: readonly PriceField[] = [
  "limit_price",
  "stop_price",
  "trail_price",
  "trail_percent",
];
/** Prices that an order of a type takes; a trailing stop takes one of its two. */
const TAKES: Readonly<Record<OrderType, readonly PriceField[]>> = {
  market: [],
  limit: ["limit_price"],
  stop: ["stop_price"],
  stop_limit: ["stop_price", "limit_price"],
  trailing_stop: ["trail_price", "trail_percent"],
};

export function problemsBetweenFields(request: SignalRequest): readonly FieldProblem[] {
  return [...amountProblems(request), ...priceProblems(request), ...classProblems(request)];
}

function amountProblems(request: SignalRequest): FieldProblem[] {
  const { side, qty, notional, position } = request;
  const problems: FieldProblem[] = [];
  if (position != null) {
    const wrong = { side, qty, notional };
    for (const [field, value] of Object.entries(wrong)) {
      if (value != null) problems.push({ field, message: "does not go with position" });
    }
    return problems;
  }
  if (side == null) problems.push({ field: "side", message: "is required" });
  if (qty == null && notional == null) {
    problems.push({ field: "qty", message: "is required (or notional, or position)" });
  }
  if (qty != null && notional != null) {
    problems.push({ field: "notional", message: "does not go with qty: give one of them" });
  }
  return problems;
}

function priceProblems(request: SignalRequest): FieldProblem[] {
  const type = typeOf(request);
  const takes = TAKES[type];
  const problems: FieldProblem[] = PRICE_FIELDS.filter(
    (field) => request[field] != null && !takes.includes(field),
  ).map((field) => ({ field, message: `does not go with an order of type ${type}` }));
  if (type === "trailing_stop") {
    const given = takes.filter((field) => request[field] != null).length;
    if (given === 0)
      problems.push({ field: "trail_percent", message: "is required (or trail_price)" });
    if (given === 2) {
      problems.push({ field: "trail_price", message: "does not go with trail_percent: give one" });
    }
  } else {
    for (const field of takes) {
      // Of a pair of exits it is the take-profit's, and is missed there.
      if (field === "limit_price" && isPairOfExits(request)) continue;
      if (request[field] == null) {
        problems.push({ field, message: `is required for an order of type ${type}` });
      }
    }
  }
  return problems;
}

/** Exits that each class has; `oto` has one of them. */
const EXITS_OF: Readonly<Record<"simple" | "bracket" | "oco", readonly Exit[]>> = {
  simple: [],
  bracket: ["take_profit", "stop_loss"],
  oco: ["take_profit", "stop_loss"],
};
type Exit = "take_profit" | "stop_loss";
const EXITS: readonly Exit[] = ["take_profit", "stop_loss"];

function classProblems(request: SignalRequest): FieldProblem[] {
  const { order_class: wanted } = request;
  if (wanted == null) return [];
  const of = `order_class ${wanted}`;
  const given = EXITS.filter((exit) => request[exit] != null);
  if (wanted === "oto") {
    if (given.length === 1) return [];
    return given.length === 0
      ? [{ field: "take_profit", message: `is required for ${of} (or stop_loss)` }]
      : [{ field: "stop_loss", message: `does not go with take_profit in ${of}: give one` }];
  }
  const needed = EXITS_OF[wanted];
  return [
    ...needed
      .filter((exit) => !given.includes(exit))
      .map((field) => ({ field, message: `is required for ${of}` })),
    ...given
      .filter((exit) => !needed.includes(exit))
      .map((field) => ({ field, message: `does not go with ${of}` })),
    ...(wanted === "oco" ? pairProblems(request, of) : []),
  ];
}

function pairProblems(request: SignalRequest, of: string): FieldProblem[] {
  const { limit_price: limit, take_profit: profit, type } = request;
  const problems: FieldProblem[] = [];
  for (const field of ["position", "notional"] as const) {
    if (request[field] != null) problems.push({ field, message: `does not go with ${of}` });
  }
  if (type != null && type !== "limit") {
    problems.push({ field: "type", message: `must be limit for ${of}` });
  }
  if (limit != null && profit != null && !limit.eq(profit.limit_price)) {
    const message = `must be that of take_profit for ${of}, or left out`;
    problems.push({ field: "limit_price", message });
  }
  return problems;
}
