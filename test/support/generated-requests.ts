// Requests as strangers send them: of the right shape with wrong values, of the wrong shape, and noise.
// One seed makes one sequence.
import type { z } from "zod";
import type { Route } from "../../src/api/route.ts";

export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** mulberry32: small, fast, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS = [
  "AAPL",
  "msft",
  "BTC/USD",
  "btcusdt",
  "NOPE",
  "main",
  "buy",
  "SELL",
  "limit",
  "market",
  "trailing_stop",
  "gtc",
  "day",
  "reducing",
  "active",
  "max_position_size_usd",
  "allow_short",
  "queue",
  "admin",
  "open",
  "2026-07-03T15:00:00Z",
  "01900000-0000-7000-8000-000000000000",
  "true",
  "",
  " ",
  "\u0000",
  "💥",
  "\ud800",
  "a".repeat(300),
  "'; DROP TABLE orders; --",
  "../../etc/passwd",
  "%00",
  "__proto__",
  "<script>",
  "{{ticker}}",
];
const NUMBERS = [
  "0",
  "1",
  "10",
  "-1",
  "0.1",
  "180.50",
  "1e-7",
  "1e30",
  "1e400",
  "-0",
  "99999999999999999999",
  "0.0000000000000000000001",
  "9007199254740993",
];

export class RequestGenerator {
  readonly #random: () => number;
  readonly #routes: readonly Route[];

  constructor(seed: number, routes: readonly Route[]) {
    this.#random = seeded(seed);
    this.#routes = routes;
  }

  next(): GeneratedRequest {
    const route = this.#pick(this.#routes);
    const path = route.path.replace(/:[a-z]+/g, () => encoded(this.#word()));
    const method = this.#chance(0.03) ? this.#pick(["GET", "POST", "PUT", "DELETE"]) : route.method;
    const body = method === "GET" ? undefined : this.#body(route);
    return {
      method,
      path: path + this.#query(route),
      headers: this.#headers(),
      ...(body === undefined ? {} : { body }),
    };
  }

  #query({ query }: Route): string {
    const names = shapeOf(query);
    const pairs: string[] = [];
    for (const name of names) {
      if (this.#chance(0.15)) pairs.push(`${name}=${encoded(this.#word())}`);
    }
    if (this.#chance(0.02)) pairs.push(`${encoded(this.#word())}=1`);
    return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  }

  #body({ body }: Route): string | undefined {
    if (body === undefined) return this.#chance(0.1) ? this.#noise() : undefined;
    if (this.#chance(0.08)) return this.#noise();
    const names = shapeOf(body);
    const fields: string[] = [];
    for (const name of names) {
      if (this.#chance(0.35)) fields.push(`${JSON.stringify(name)}:${this.#value(2)}`);
    }
    if (this.#chance(0.05)) fields.push(`${JSON.stringify(this.#word())}:${this.#value(1)}`);
    return `{${fields.join(",")}}`;
  }

  /** JSON text: numbers are written by hand, since JSON.stringify could not write these. */
  #value(depth: number): string {
    const kind = this.#random();
    if (kind < 0.45) return JSON.stringify(this.#word());
    if (kind < 0.75) return this.#pick(NUMBERS);
    if (kind < 0.85) return this.#pick(["true", "false", "null"]);
    if (depth === 0) return "[]";
    if (kind < 0.92) return `[${this.#value(depth - 1)},${this.#value(depth - 1)}]`;
    const name = this.#pick(["limit_price", "stop_price", "symbol", "__proto__", "side"]);
    return `{${JSON.stringify(name)}:${this.#value(depth - 1)}}`;
  }

  #noise(): string {
    const bytes = Array.from({ length: Math.floor(this.#random() * 60) }, () =>
      String.fromCharCode(Math.floor(this.#random() * 256)),
    ).join("");
    return this.#pick([
      bytes,
      "[".repeat(5_000),
      '{"a":1,"a":2}',
      "null",
      "17",
      '{"symbol":"AAPL","side":"buy","qty":1',
      `{"reason":"${"x".repeat(70_000)}"}`,
    ]);
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.#chance(0.95)) headers["content-type"] = "application/json";
    else if (this.#chance(0.5)) headers["content-type"] = "text/plain";
    if (this.#chance(0.1)) headers["idempotency-key"] = this.#pick(["k1", "k2", " ", "ü", '"k3"']);
    if (this.#chance(0.05)) headers["prefer"] = this.#pick(["wait=0", "wait=x", "wait=0, foo"]);
    if (this.#chance(0.05)) headers["traceparent"] = this.#pick(["00-00-00-00", "garbage"]);
    if (this.#chance(0.02)) headers["host"] = "evil.example";
    if (this.#chance(0.02)) headers["origin"] = "http://evil.example";
    return headers;
  }

  #word(): string {
    return this.#chance(0.1) ? this.#pick(NUMBERS) : this.#pick(WORDS);
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}

/** A lone surrogate has no encoding of its own: its bytes are sent as they are. */
function encoded(text: string): string {
  return text === "\ud800" ? "%ED%A0%80" : encodeURIComponent(text);
}

function shapeOf(schema: z.ZodType | undefined): readonly string[] {
  return schema !== undefined && "shape" in schema ? Object.keys(schema.shape as object) : [];
}
