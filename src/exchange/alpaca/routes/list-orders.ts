// GET /v2/orders: filters, bounds, direction, nesting.
import type { Account } from "../../core/account.ts";
import type { Micros, Order, Side } from "../../core/order.ts";
import { isClosed } from "../../core/order.ts";
import type { World } from "../../core/world.ts";
import type { AlpacaContext } from "../context.ts";
import { nestedOrderText, orderText } from "../json/order.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, text } from "../wire.ts";
import { instantMicros } from "../instants.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

interface Listing {
  readonly status: "open" | "closed" | "all";
  readonly limit: number;
  readonly descending: boolean;
  readonly nested: boolean;
  readonly bounds: TimeBounds;
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

interface TimeBounds {
  readonly after: Micros | null;
  readonly until: Micros | null;
}

/** By time, or by the neighbourhood of another order; every bound leaves out what lies on it. */
function boundsOf(context: AlpacaContext, { query, account }: WireRequest): TimeBounds {
  const time = {
    after: instantMicros(query.get("after"), "after"),
    until: instantMicros(query.get("until"), "until"),
  };
  const after = query.get("after_order_id");
  const before = query.get("before_order_id");
  if (after === null && before === null) return time;
  if (after !== null && before !== null) {
    throw invalid("only one of before_order_id or after_order_id is accepted");
  }
  if (time.after !== null || time.until !== null) {
    throw invalid("before_order_id and after_order_id cannot be combined with after and until");
  }
  const id = after ?? before ?? "";
  const mark = context.exchange.engine.world.orders.get(id);
  if (mark === undefined || mark.accountId !== account.id) throw invalid(`invalid order id: ${id}`);
  const { submittedAt } = mark;
  return after === null ? { after: null, until: submittedAt } : { after: submittedAt, until: null };
}

function parse(context: AlpacaContext, request: WireRequest): Listing {
  const { query } = request;
  const side = choice<Side>(query, "side", ["buy", "sell"]);
  const tests = [
    bySymbol(query),
    byClass(query),
    (order: Order) => side === null || order.side === side,
  ];
  return {
    status: choice(query, "status", ["open", "closed", "all"]) ?? "open",
    limit: wholeNumber(query, "limit", MAX_LIMIT) ?? DEFAULT_LIMIT,
    descending: choice(query, "direction", ["asc", "desc"]) !== "asc",
    nested: query.get("nested")?.toLowerCase() === "true",
    bounds: boundsOf(context, request),
    matches: (order) => tests.every((test) => test(order)),
  };
}

function isLeg(order: Order): boolean {
  return order.role === "stop_loss" || (order.role === "take_profit" && order.orderClass !== "oco");
}

/** Open orders are few and at hand; for all others the list by submission is walked. */
function source(world: World, account: Account, listing: Listing): Iterable<Order> {
  const { after, until } = listing.bounds;
  if (listing.status !== "open") {
    const { descending } = listing;
    return world.orders.submitted(account.id, { after, until, descending });
  }
  const sign = listing.descending ? -1 : 1;
  return [...world.orders.open(account.id)]
    .filter(({ submittedAt }) => (after ?? -1) < submittedAt && submittedAt < (until ?? Infinity))
    .sort((left, right) => sign * (left.submittedAt - right.submittedAt));
}

export function listOrders(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { world } = context.exchange.engine;
  const listing = parse(context, request);
  const found: Order[] = [];
  for (const order of source(world, request.account, listing)) {
    if (found.length >= listing.limit) break;
    if (listing.status === "closed" && !isClosed(order)) continue;
    if (listing.nested && isLeg(order)) continue;
    if (listing.matches(order)) found.push(order);
  }
  const render = (order: Order): string =>
    listing.nested ? nestedOrderText(world, order) : orderText(order);
  return text(200, `[${found.map(render).join(",")}]`);
}
