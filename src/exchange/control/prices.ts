// Prices by hand: shown exactly, moved by a percentage, frozen, ticked, replayed from a file.
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";
import type { Quote } from "../core/world.ts";
import type { Walk } from "../market/walk.ts";
import type { ControlContext, ControlHandler } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { amount, parseBody, positive } from "./shapes.ts";

const shown = z.union([
  positive,
  z.strictObject({
    bid: positive.optional(),
    ask: positive.optional(),
    last: positive.optional(),
    bid_size: positive.optional(),
    ask_size: positive.optional(),
  }),
]);

function walkOf({ exchange }: ControlContext, symbol: string): Walk {
  const walk = exchange.feed.walk(symbol);
  if (walk === undefined) throw missing(`price of ${symbol}`);
  return walk;
}

type Shown = z.output<typeof shown>;

/** All of them, before any is shown. */
function checkPrices(context: ControlContext, symbol: string, parts: Shown): void {
  const walk = walkOf(context, symbol);
  const prices = parts instanceof Decimal ? [parts] : [parts.bid, parts.ask, parts.last];
  for (const price of prices) if (price !== undefined) checkPrice(walk, price);
}

function checkPrice({ shape, highest }: Walk, price: Decimal): void {
  if (price.lte(highest)) return;
  throw new ControlRefusal(400, `${shape.symbol}: ${price} is above ${highest}, its highest price`);
}

function quoteFrom(walk: Walk, parts: Exclude<Shown, Decimal>): Quote {
  const now = walk.quote;
  const bid = parts.bid ?? parts.last ?? parts.ask ?? now.bid;
  const ask = parts.ask ?? parts.last ?? parts.bid ?? now.ask;
  const last = parts.last ?? parts.bid ?? parts.ask ?? now.last;
  const sizes = {
    bidSize: parts.bid_size ?? now.bidSize,
    askSize: parts.ask_size ?? now.askSize,
  };
  return walk.show({ bid, ask, last, ...sizes });
}

function priceJson(walk: Walk): Record<string, unknown> {
  const { bid, ask, last, bidSize, askSize } = walk.quote;
  return {
    bid: bid.toString(),
    ask: ask.toString(),
    last: last.toString(),
    bid_size: bidSize.toString(),
    ask_size: askSize.toString(),
    frozen: walk.frozen,
  };
}

function pricesJson(context: ControlContext, symbols: Iterable<string>): Record<string, unknown> {
  const prices: Record<string, unknown> = {};
  for (const symbol of symbols) prices[symbol] = priceJson(walkOf(context, symbol));
  return { prices };
}

export const listPrices: ControlHandler = (context) =>
  ok(pricesJson(context, context.exchange.feed.symbols()));

/** `{"AAPL": "230.10"}`, or with bid, ask, last and sizes. The price stays frozen there. */
export const setPrices: ControlHandler = (context, { body, now }) => {
  const wanted = parseBody(z.record(z.string(), shown), body);
  for (const [symbol, parts] of Object.entries(wanted)) checkPrices(context, symbol, parts);
  for (const [symbol, parts] of Object.entries(wanted)) {
    const walk = walkOf(context, symbol);
    walk.frozen = true;
    if (parts instanceof Decimal) walk.holdAt(parts);
    else quoteFrom(walk, parts);
    context.exchange.feed.publish(symbol, now);
  }
  return ok(pricesJson(context, Object.keys(wanted)));
};

const PRICE_SCALE = 9;

/** Moves prices by a percentage, and lets them walk on from there if they were walking. */
export const movePrices: ControlHandler = (context, { body, now }) => {
  const shape = z.strictObject({ symbols: z.array(z.string()).min(1), percent: amount });
  const { symbols, percent } = parseBody(shape, body);
  if (percent.lte(Decimal.HUNDRED.negated())) {
    throw new ControlRefusal(400, "percent: must be above -100");
  }
  const factor = Decimal.HUNDRED.plus(percent);
  const moves = symbols.map((symbol) => {
    const walk = walkOf(context, symbol);
    const price = walk.quote.last.times(factor).dividedBy(Decimal.HUNDRED, PRICE_SCALE, "half_up");
    checkPrice(walk, price);
    return { walk, price };
  });
  for (const { walk, price } of moves) {
    walk.moveTo(price);
    context.exchange.feed.publish(walk.shape.symbol, now);
  }
  return ok(pricesJson(context, symbols));
};

export const freezePrices: ControlHandler = (context, { body }) => {
  const shape = z.strictObject({
    symbols: z.array(z.string()).optional(),
    frozen: z.boolean().default(true),
  });
  const { symbols, frozen } = parseBody(shape, body);
  const all = symbols ?? [...context.exchange.feed.symbols()];
  for (const symbol of all) walkOf(context, symbol).frozen = frozen;
  return ok({ symbols: all.length, frozen });
};

const MAX_TICKS = 100_000;

export const tickPrices: ControlHandler = (context, { body }) => {
  const shape = z.strictObject({ count: z.int().min(1).max(MAX_TICKS).default(1) });
  const { count } = parseBody(shape, body);
  for (let tick = 0; tick < count; tick += 1) context.exchange.tick();
  return ok({ ticks: count });
};

/** Rows of `time,symbol,price[,bid,ask[,bid_size,ask_size]]`, played from now on at their own pace. */
export const startReplay: ControlHandler = (context, { body, now }) => {
  const shape = z.strictObject({ csv: z.string(), speed: z.number().positive().default(1) });
  const { csv, speed } = parseBody(shape, body);
  const problem = context.exchange.replay.start(csv, speed, now);
  if (problem !== null) throw new ControlRefusal(400, problem);
  return ok({ rows: context.exchange.replay.remaining });
};

export const stopReplay: ControlHandler = (context) => {
  context.exchange.replay.stop();
  return ok({ rows: 0 });
};
