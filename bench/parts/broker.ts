// The broker of the benchmark, as a process: the part of Alpaca's wire that is needed, an answer after
// a fixed delay, a fill behind it, and a ledger of what arrived when. Bare, so that it takes little of
// the machine; the same for everyone who is measured.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import settings from "../settings.json" with { type: "json" };
import { wallMs } from "./wall.ts";

interface Order {
  /** Its place among those of its account. */
  readonly index: number;
  readonly id: string;
  readonly key: string;
  readonly reference: string;
  readonly symbol: string;
  readonly qty: string;
  readonly side: string;
  readonly at: string;
  readonly atMs: number;
  /** Null: a market order. One with a limit stays open until it is cancelled. */
  readonly limit: string | null;
  filled: boolean;
  cancelled: boolean;
}

/** What the run asks for at its end: reference, symbol, quantity, arrival. */
export type LedgerEntry = readonly [string, string, string, number];

const PRICE = "100.00";
/** A database may know the orders of an earlier broker. */
const BORN = Math.floor(Date.now() / 1000)
  .toString(16)
  .padStart(8, "0");
/** By key, as they came, and those that are neither filled nor cancelled: a look must not cost by the past. */
const ordersByKey = new Map<string, { readonly all: Order[]; readonly open: Set<Order> }>();
const byReference = new Map<string, Order>();
const byId = new Map<string, Order>();
const listeners = new Map<string, Set<WebSocket>>();
let arrivals: LedgerEntry[] = [];
/** When each cancel arrived. */
let cancels: number[] = [];
let duplicates = 0;

/** How many symbols it lists may be asked for; the load uses the first ones. */
const listed = Number(process.argv[2] ?? settings.symbols);
const symbols = Array.from({ length: listed }, (_, index) => symbolOf(index));
/** By key and symbol: what each account holds. */
const holdings = new Map<string, Map<string, number>>();
/** Until then it takes requests and answers none. */
let hangsUntil = 0;

function symbolOf(index: number): string {
  const letters = [index % 26, Math.floor(index / 26) % 26, Math.floor(index / 676)];
  return `B${letters.map((n) => String.fromCharCode(65 + n)).join("")}`;
}

function ordersOf(key: string) {
  let own = ordersByKey.get(key);
  if (own === undefined) ordersByKey.set(key, (own = { all: [], open: new Set() }));
  return own;
}

function book(key: string, symbol: string, change: number): void {
  const own = holdings.get(key) ?? new Map<string, number>();
  own.set(symbol, (own.get(symbol) ?? 0) + change);
  holdings.set(key, own);
}

function wireOrder(order: Order): Record<string, unknown> {
  return {
    id: order.id,
    client_order_id: order.reference,
    created_at: order.at,
    updated_at: order.at,
    submitted_at: order.at,
    filled_at: order.filled ? order.at : null,
    replaced_by: null,
    replaces: null,
    symbol: order.symbol,
    asset_class: "us_equity",
    notional: null,
    qty: order.qty,
    filled_qty: order.filled ? order.qty : "0",
    filled_avg_price: order.filled ? PRICE : null,
    order_class: "",
    type: order.limit === null ? "market" : "limit",
    side: order.side,
    time_in_force: "day",
    limit_price: order.limit,
    stop_price: null,
    canceled_at: order.cancelled ? order.at : null,
    status: order.filled ? "filled" : order.cancelled ? "canceled" : "new",
    legs: null,
  };
}

function read(request: IncomingMessage, then: (body: string) => void): void {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => (body += chunk));
  request.on("end", () => then(body));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

function submit(key: string, body: string, response: ServerResponse): void {
  const arrived = wallMs();
  // The senders of the benchmark write these fields as text.
  const asked = JSON.parse(body) as Record<
    "symbol" | "qty" | "side" | "client_order_id",
    string
  > & { readonly limit_price?: string };
  const reference = asked.client_order_id;
  if (byReference.has(reference)) {
    duplicates += 1;
    return answer(response, 422, { code: 40010001, message: "client_order_id must be unique" });
  }
  const { all, open } = ordersOf(key);
  const order: Order = {
    ...{ index: all.length, key, reference },
    ...{ symbol: asked.symbol, qty: asked.qty, side: asked.side },
    id: `${BORN}-0000-4000-8000-${byId.size.toString(16).padStart(12, "0")}`,
    ...{ at: new Date(arrived).toISOString(), atMs: Math.floor(arrived) },
    limit: asked.limit_price ?? null,
    filled: false,
    cancelled: false,
  };
  all.push(order);
  open.add(order);
  byReference.set(reference, order);
  byId.set(order.id, order);
  arrivals.push([reference, order.symbol, order.qty, arrived]);
  setTimeout(() => {
    answer(response, 200, wireOrder(order));
    tell(order, "new", {});
    if (order.limit !== null) return;
    order.filled = true;
    open.delete(order);
    book(key, order.symbol, order.side === "buy" ? Number(order.qty) : -Number(order.qty));
    tell(order, "fill", { execution_id: `e-${order.id}`, price: PRICE, qty: order.qty });
  }, settings.brokerDelayMs + hungMs());
}

function cancel(pathname: string, response: ServerResponse): void {
  const order = byId.get(pathname.slice("/v2/orders/".length));
  if (order === undefined) return answer(response, 404, { code: 40410000, message: "not found" });
  cancels.push(wallMs());
  order.cancelled = true;
  ordersOf(order.key).open.delete(order);
  response.writeHead(204).end();
  tell(order, "canceled", {});
}

function hungMs(): number {
  return Math.max(0, hangsUntil - wallMs());
}

function tell(order: Order, event: string, more: Record<string, unknown>): void {
  const data = { event, timestamp: order.at, order: wireOrder(order), ...more };
  const frame = Buffer.from(JSON.stringify({ stream: "trade_updates", data }));
  for (const socket of listeners.get(order.key) ?? []) socket.send(frame);
}

function pageOf(query: URLSearchParams, key: string, after: string | null): Order[] {
  const since = Date.parse(query.get("after") ?? "1970-01-01T00:00:00Z");
  const size = Number(query.get("limit") ?? query.get("page_size") ?? 100);
  const { all, open } = ordersOf(key);
  const behind = after === null ? -1 : (byId.get(after)?.index ?? -1);
  if (query.get("status") === "open") {
    const left = [...open].filter(({ index, atMs }) => index > behind && atMs > since);
    return left.slice(0, size);
  }
  const from = Math.max(behind + 1, firstAfter(all, since));
  return all.slice(from, from + size);
}

/** The place of the first order that is younger; they are in the order of their arrival. */
function firstAfter(orders: readonly Order[], since: number): number {
  let [low, high] = [0, orders.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((orders[middle]?.atMs ?? since) <= since) low = middle + 1;
    else high = middle;
  }
  return low;
}

function positionsOf(key: string): unknown[] {
  return [...(holdings.get(key) ?? [])]
    .filter(([, qty]) => qty !== 0)
    .map(([symbol, qty]) => ({
      ...{ symbol, asset_class: "us_equity", qty: String(qty) },
      ...{ side: qty < 0 ? "short" : "long", avg_entry_price: PRICE },
    }));
}

function fillsOf(query: URLSearchParams, key: string): unknown[] {
  if (!query.has("activity_types")) return [];
  return pageOf(query, key, query.get("page_token"))
    .filter((order) => order.filled)
    .map((order) => ({
      ...{ id: order.id, order_id: order.id, transaction_time: order.at, price: PRICE },
      ...{ qty: order.qty, side: order.side, symbol: order.symbol, cum_qty: order.qty },
    }));
}

function asset(symbol: string): unknown {
  return {
    ...{ class: "us_equity", symbol, status: "active", tradable: true, shortable: true },
    ...{ easy_to_borrow: true, fractionable: true },
  };
}

/** Each pair of keys opens an account of its own. */
const account = (key: string) => ({
  ...{ account_number: `BENCH-${key}`, status: "ACTIVE", currency: "USD", equity: "100000000000" },
  ...{ cash: "100000000000", buying_power: "100000000000", shorting_enabled: true },
});

function reads(url: URL, key: string): unknown {
  const { pathname, searchParams: query } = url;
  const now = new Date().toISOString();
  if (pathname === "/v2/account") return account(key);
  if (pathname === "/v2/clock")
    return { timestamp: now, is_open: true, next_open: now, next_close: now };
  if (pathname === "/v2/positions") return positionsOf(key);
  if (pathname === "/v2/assets") {
    return query.get("asset_class") === "crypto" ? [] : symbols.map(asset);
  }
  if (pathname.startsWith("/v2/assets/")) return asset(pathname.slice("/v2/assets/".length));
  if (pathname === "/v2/orders:by_client_order_id") {
    const order = byReference.get(query.get("client_order_id") ?? "");
    return order === undefined ? null : wireOrder(order);
  }
  if (pathname === "/v2/orders") {
    return pageOf(query, key, query.get("after_order_id")).map(wireOrder);
  }
  if (pathname.startsWith("/v2/account/activities")) return fillsOf(query, key);
  const wanted = (query.get("symbols") ?? "").split(",");
  const each = (of: unknown): unknown => Object.fromEntries(wanted.map((symbol) => [symbol, of]));
  if (pathname.endsWith("/trades/latest")) return { trades: each({ t: now, p: 100 }) };
  if (pathname.endsWith("/quotes/latest")) return { quotes: each({ t: now, bp: 99.99, ap: 100 }) };
  const order = byId.get(pathname.slice("/v2/orders/".length));
  return order === undefined ? null : wireOrder(order);
}

const server = createServer((request, response) => {
  const key = String(request.headers["apca-api-key-id"] ?? "");
  if (request.method === "POST") return read(request, (body) => submit(key, body, response));
  const url = new URL(request.url ?? "/", "http://broker");
  if (request.method === "DELETE") return cancel(url.pathname, response);
  const respond = (): void => {
    const found = reads(url, key);
    if (found === null) answer(response, 404, { code: 40410000, message: "not found" });
    else answer(response, 200, found);
  };
  if (hungMs() > 0) setTimeout(respond, hungMs());
  else respond();
});
server.keepAliveTimeout = 60_000;

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket) => {
  let key = "";
  socket.on("close", () => listeners.get(key)?.delete(socket));
  socket.on("message", (data: Buffer) => {
    // The adapter's own two messages.
    const { action, data: body } = JSON.parse(data.toString("utf8")) as {
      action: string;
      data: { key_id: string };
    };
    const say = (stream: string, said: unknown): void =>
      socket.send(Buffer.from(JSON.stringify({ stream, data: said })));
    if (action === "authenticate") {
      key = body.key_id;
      return say("authorization", { status: "authorized", action: "authenticate" });
    }
    listeners.set(key, (listeners.get(key) ?? new Set()).add(socket));
    say("listening", { streams: ["trade_updates"] });
  });
});

/** What the run asks of the broker; every word is answered. */
export type BrokerWord =
  | { readonly word: "ledger" }
  /** Empties every account. */
  | { readonly word: "forget" }
  | { readonly word: "hang"; readonly ms: number }
  | { readonly word: "hold"; readonly key: string; readonly positions: Record<string, number> };

process.on("message", (asked: BrokerWord) => {
  if (asked.word === "forget") holdings.clear();
  if (asked.word === "hang") hangsUntil = wallMs() + asked.ms;
  if (asked.word === "hold") {
    for (const [symbol, qty] of Object.entries(asked.positions)) book(asked.key, symbol, qty);
  }
  process.send?.({ arrivals, duplicates, cancels });
  if (asked.word === "ledger") [arrivals, cancels] = [[], []];
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  process.send?.({ ready: port, symbols: symbols.slice(0, settings.symbols) });
});
