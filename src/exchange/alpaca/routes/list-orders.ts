// GET /v2/orders: filters, bounds, direction, nesting.
import type { Order, Side } from "../../core/order.ts";
import { isClosed } from "../../core/order.ts";
import type { AlpacaContext } from "../context.ts";
import { orderJson } from "../json/order.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json } from "../wire.ts";
import { nestedOrder } from "./submit-order.ts";
import { instantMicros } from "../instants.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

interface Listing {
  readonly status: "open" | "closed" | "all";
  readonly limit: number;
  readonly descending: boolean;
  readonly nested: boolean;
  readonly matches: (order: Order) => boolean;
}

function choice<Value extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly Value[],
): Value | null {
  const given = query.get(name)?.toLowerCase() ?? "";
  if (given === "") return null;
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw invalid(`invalid ${name}: ${given}`);
  return found;
}

export function wholeNumber(query: URLSearchParams, name: string, most: number): number | null {
  const given = query.get(name) ?? "";
  if (given === "") return null;
  if (!/^\d{1,9}$/.test(given)) throw invalid(`invalid ${name}: ${given}`);
  const value = Number(given);
  if (value > most || value === 0) throw invalid(`${name} must be between 1 and ${most}`);
  return value;
}

/** Comma separated, and the key may be repeated: clients do both. */
export function list(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((part) => part.split(","))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function bySymbol(query: URLSearchParams): (order: Order) => boolean {
  const wanted = new Set(list(query, "symbols"));
  if (wanted.size === 0) return () => true;
  return ({ asset }) => wanted.has(asset.symbol) || wanted.has(asset.symbol.replace("/", ""));
}

function byClass(query: URLSearchParams): (order: Order) => boolean {
  const wanted = new Set(list(query, "asset_class"));
  if (wanted.size === 0 || wanted.has("all")) return () => true;
  return (order) => wanted.has(order.asset.assetClass);
}

/** Both bounds leave out what lies exactly on them. */
function byTime(query: URLSearchParams): (order: Order) => boolean {
  const after = instantMicros(query.get("after"), "after");
  const until = instantMicros(query.get("until"), "until");
  return ({ submittedAt }) =>
    (after === null || submittedAt > after) && (until === null || submittedAt < until);
}

function byNeighbour(context: AlpacaContext, request: WireRequest): (order: Order) => boolean {
  const { query, account } = request;
  const after = query.get("after_order_id");
  const before = query.get("before_order_id");
  if (after === null && before === null) return () => true;
  if (after !== null && before !== null) {
    throw invalid("only one of before_order_id or after_order_id is accepted");
  }
  if (query.has("after") || query.has("until")) {
    throw invalid("before_order_id and after_order_id cannot be combined with after and until");
  }
  const id = after ?? before ?? "";
  const mark = context.exchange.engine.world.orders.get(id);
  if (mark === undefined || mark.accountId !== account.id) throw invalid(`invalid order id: ${id}`);
  return after === null
    ? (order) => order.submittedAt < mark.submittedAt
    : (order) => order.submittedAt > mark.submittedAt;
}

function parse(context: AlpacaContext, request: WireRequest): Listing {
  const { query } = request;
  const side = choice<Side>(query, "side", ["buy", "sell"]);
  const tests = [
    bySymbol(query),
    byClass(query),
    byTime(query),
    byNeighbour(context, request),
    (order: Order) => side === null || order.side === side,
  ];
  return {
    status: choice(query, "status", ["open", "closed", "all"]) ?? "open",
    limit: wholeNumber(query, "limit", MAX_LIMIT) ?? DEFAULT_LIMIT,
    descending: choice(query, "direction", ["asc", "desc"]) !== "asc",
    nested: query.get("nested")?.toLowerCase() === "true",
    matches: (order) => tests.every((test) => test(order)),
  };
}

function isLeg(order: Order): boolean {
  return order.role === "stop_loss" || (order.role === "take_profit" && order.orderClass !== "oco");
}

function* inOrder(orders: readonly Order[], descending: boolean): Iterable<Order> {
  if (!descending) {
    yield* orders;
    return;
  }
  for (let index = orders.length - 1; index >= 0; index -= 1) {
    const order = orders[index];
    if (order !== undefined) yield order;
  }
}

export function listOrders(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { world } = context.exchange.engine;
  const listing = parse(context, request);
  const source =
    listing.status === "open"
      ? [...world.orders.open(request.account.id)].sort((a, b) => a.submittedAt - b.submittedAt)
      : world.orders.submitted(request.account.id);
  const found: Order[] = [];
  for (const order of inOrder(source, listing.descending)) {
    if (found.length >= listing.limit) break;
    if (listing.status === "closed" && !isClosed(order)) continue;
    if (listing.nested && isLeg(order)) continue;
    if (listing.matches(order)) found.push(order);
  }
  const render = (order: Order): unknown =>
    listing.nested ? nestedOrder(world, order) : orderJson(order);
  return json(200, found.map(render));
}
