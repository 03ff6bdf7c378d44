// The market side: an order meets the simulated quote and the resting orders of other accounts, by
// price, then by time.
import { Decimal } from "../../domain/decimal.ts";
import type { Book } from "./book.ts";
import { close } from "./closing.ts";
import { fill } from "./fill.ts";
import type { Order, Side } from "./order.ts";
import { isClosed, leaves, workingType } from "./order.ts";
import type { Quote, World } from "./world.ts";

/** Whether `price` is at least as good for this side as `other`. */
function asGood(side: Side, price: Decimal, other: Decimal): boolean {
  return side === "buy" ? price.lte(other) : price.gte(other);
}

function farSide(quote: Quote, side: Side): { readonly price: Decimal; readonly size: Decimal } {
  return side === "buy"
    ? { price: quote.ask, size: quote.askSize }
    : { price: quote.bid, size: quote.bidSize };
}

function restingAgainst(book: Book, order: Order): Order | null {
  const candidates = order.side === "buy" ? book.sells : book.buys;
  for (const resting of candidates) {
    // An order never trades with its own account: the wash-trade rule refuses most such pairs at the
    // door, and those it exempts pass each other by.
    if (resting.accountId !== order.accountId) return resting;
  }
  return null;
}

/** How much of the displayed size this order may still take from this quote. */
function offered(world: World, order: Order, quote: Quote): Decimal {
  const { liquidity } = world.policy;
  const { size } = farSide(quote, order.side);
  if (liquidity === "unlimited" || order.notional !== null) {
    return leaves(order, farSide(quote, order.side).price);
  }
  if (liquidity === "shared") return world.sharedSize(order.asset.symbol, order.side, quote);
  return order.takenQuote === quote.sequence ? size.minus(order.takenSize) : size;
}

function noteTaken(world: World, order: Order, quote: Quote, quantity: Decimal): void {
  if (world.policy.liquidity === "shared") {
    world.takeShared(order.asset.symbol, order.side, quote, quantity);
  }
  const before = order.takenQuote === quote.sequence ? order.takenSize : Decimal.ZERO;
  order.takenQuote = quote.sequence;
  order.takenSize = before.plus(quantity);
}

/** Now and then a fill is cut short at a random whole number; the rest waits for the next quote. */
function cutShort(world: World, order: Order, quote: Quote, quantity: Decimal): Decimal {
  const { partialFillProbability } = world.policy;
  if (partialFillProbability <= 0 || quantity.lte(Decimal.ONE)) return quantity;
  if (world.random.fraction() >= partialFillProbability) return quantity;
  const percent = Decimal.ofInteger(world.random.between(10, 90));
  const part = quantity.times(percent).dividedBy(Decimal.HUNDRED, 0, "up");
  noteTaken(world, order, quote, farSide(quote, order.side).size);
  return Decimal.min(part, quantity);
}

function tradeWithResting(world: World, order: Order, resting: Order, price: Decimal): void {
  const quantity = Decimal.min(leaves(order, price), leaves(resting, price));
  fill(world, resting, quantity, price);
  fill(world, order, quantity, price);
}

/** One trade, with whichever side of the market is best; false when nothing matches any more. */
function tradeOnce(world: World, order: Order, limit: Decimal | null): boolean {
  const quote = world.quotes.get(order.asset.symbol);
  if (quote === undefined) return false;
  const far = farSide(quote, order.side);
  const resting = restingAgainst(world.book(order.asset.symbol), order);
  const restingPrice = resting?.limitPrice ?? null;
  if (resting !== null && restingPrice !== null && asGood(order.side, restingPrice, far.price)) {
    if (limit !== null && !asGood(order.side, restingPrice, limit)) return false;
    tradeWithResting(world, order, resting, restingPrice);
    return true;
  }
  if (limit !== null && !asGood(order.side, far.price, limit)) return false;
  const wanted = Decimal.min(leaves(order, far.price), offered(world, order, quote));
  if (!wanted.isPositive()) return false;
  const quantity = cutShort(world, order, quote, wanted);
  noteTaken(world, order, quote, quantity);
  fill(world, order, quantity, far.price);
  return true;
}

/** What could trade at once, for fill-or-kill. */
function reachable(world: World, order: Order, limit: Decimal | null): Decimal {
  const quote = world.quotes.get(order.asset.symbol);
  if (quote === undefined) return Decimal.ZERO;
  const far = farSide(quote, order.side);
  const book = world.book(order.asset.symbol);
  let total = Decimal.ZERO;
  for (const resting of order.side === "buy" ? book.sells : book.buys) {
    const price = resting.limitPrice;
    if (price === null || (limit !== null && !asGood(order.side, price, limit))) break;
    if (resting.accountId !== order.accountId && asGood(order.side, price, far.price)) {
      total = total.plus(leaves(resting, price));
    }
  }
  if (limit !== null && !asGood(order.side, far.price, limit)) return total;
  return total.plus(offered(world, order, quote));
}

/** Trades what can be traded now, and puts the rest where it belongs. */
export function work(world: World, order: Order): void {
  const limit = workingType(order) === "limit" ? order.limitPrice : null;
  if (order.timeInForce === "fok") {
    const needed = leaves(order, world.quotes.get(order.asset.symbol)?.ask ?? null);
    if (reachable(world, order, limit).lt(needed)) {
      close(world, order, "canceled");
      return;
    }
  }
  while (!isClosed(order) && tradeOnce(world, order, limit)) continue;
  if (isClosed(order)) return;
  if (order.timeInForce === "ioc" || order.timeInForce === "fok") {
    close(world, order, "canceled");
    return;
  }
  order.place = limit === null ? "marketable" : "book";
  world.book(order.asset.symbol).add(order);
}

/** Resting orders that a new quote reaches trade at their own price: they were there first. */
function tradeResting(world: World, symbol: string, side: Side, quote: Quote): void {
  const book = world.book(symbol);
  const far = farSide(quote, side).price;
  const reached: Order[] = [];
  for (const order of side === "buy" ? book.buys : book.sells) {
    if (order.limitPrice === null || !asGood(side, far, order.limitPrice)) break;
    reached.push(order);
  }
  for (const order of reached) {
    const price = order.limitPrice;
    if (price === null || isClosed(order)) continue;
    const wanted = Decimal.min(leaves(order, price), offered(world, order, quote));
    if (!wanted.isPositive()) continue;
    const quantity = cutShort(world, order, quote, wanted);
    noteTaken(world, order, quote, quantity);
    fill(world, order, quantity, price);
  }
}

/** Lets what waits in the book trade with a new quote. */
export function meetQuote(world: World, symbol: string, quote: Quote): void {
  const book = world.books.get(symbol);
  if (book === undefined) return;
  for (const order of [...book.marketable]) {
    if (isClosed(order)) continue;
    book.remove(order);
    work(world, order);
  }
  for (const side of ["buy", "sell"] as const) tradeResting(world, symbol, side, quote);
}

/** In an auction everything that is marketable at the one price trades there, whole. */
export function tradeInAuction(world: World, order: Order, price: Decimal): void {
  const limit = order.type === "limit" ? order.limitPrice : null;
  if (limit !== null && !asGood(order.side, price, limit)) return;
  fill(world, order, leaves(order, price), price);
}
