// One HTTP request from the door to its answer: who calls, how often, which route, and what to do when
// a handler refuses. Answers leave only after the ledger has been written.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../core/account.ts";
import type { Found } from "../path-table.ts";
import { IdSource } from "../random.ts";
import type { AlpacaContext } from "./context.ts";
import { askedEvents } from "./event-log.ts";
import type { EventLogs } from "./event-logs.ts";
import type { Gatekeeper } from "./credentials.ts";
import { pairFromHeaders } from "./credentials.ts";
import type { RateLimit, RateState } from "./rate-limit.ts";
import type { Handler } from "./handler.ts";
import { dataRoutes, tradingRoutes } from "./routes.ts";
import type { WireAnswer } from "./wire.ts";
import { dataError, wireError, WireFailure } from "./wire.ts";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly keyId: string | null;
  readonly host: "trading" | "data";
  readonly found: Found<Handler> | null;
  readonly rate: RateState | null;
}

export interface FrontParts {
  readonly context: AlpacaContext;
  readonly gatekeeper: Gatekeeper;
  readonly events: EventLogs;
  readonly tradingLimit: RateLimit;
  readonly dataLimit: RateLimit;
}

const NO_QUERY = new URLSearchParams();
/** Crypto prices need no key on the real host either. */
const OPEN_DATA = "/v1beta3/crypto/";

export class AlpacaFront {
  readonly #parts: FrontParts;
  readonly #trading = tradingRoutes();
  readonly #data = dataRoutes();
  readonly #requestIds: IdSource;

  constructor(parts: FrontParts) {
    this.#parts = parts;
    this.#requestIds = new IdSource(`${parts.context.exchange.seed}/requests`);
  }

  /** Reads the call off the request line and headers; the body is not needed for it. */
  begin(request: IncomingMessage): Call {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? NO_QUERY : new URLSearchParams(url.slice(mark + 1));
    const method = request.method ?? "GET";
    const keyId = this.#parts.gatekeeper.admit(pairFromHeaders(request.headers));
    const trading = this.#trading.find(method, path);
    const found = trading ?? this.#data.find(method, path);
    const host = trading === null && found !== null ? "data" : "trading";
    const limit = host === "data" ? this.#parts.dataLimit : this.#parts.tradingLimit;
    const now = this.#parts.context.exchange.clock.now();
    const rate = keyId === null ? null : limit.take(keyId, now);
    return { method, path, query, keyId, host, found, rate };
  }

  answer(call: Call, body: string): WireAnswer {
    try {
      return this.#handle(call, body);
    } catch (error: unknown) {
      if (error instanceof WireFailure) return error.answer;
      return this.#failed(call, error);
    }
  }

  /** One request that we fail at gets the answer that the real one gives then; nobody else notices. */
  #failed(call: Call, error: unknown): WireAnswer {
    this.#parts.context.exchange.mishaps.note(`${call.method} ${call.path}`, error);
    if (call.host === "data") return dataError(500, "internal server error");
    return wireError(500, 50010000, "internal server error");
  }

  /** Server-sent events: true when the response has been taken over. */
  stream(call: Call, response: ServerResponse): boolean {
    const events = this.#parts.events.get(call.path);
    if (events === undefined || call.method !== "GET" || call.keyId === null) return false;
    const account = this.#account(call.keyId);
    if (account === null || call.rate?.allowed === false) return false;
    try {
      events.read(account.id, askedEvents(call.query), response);
    } catch (error: unknown) {
      const answer = error instanceof WireFailure ? error.answer : this.#failed(call, error);
      if (!response.headersSent) this.send(call, answer, response);
      else response.destroy();
    }
    return true;
  }

  #handle(call: Call, body: string): WireAnswer {
    const { exchange } = this.#parts.context;
    if (call.keyId === null && !call.path.startsWith(OPEN_DATA)) return unauthorized(call);
    if (call.rate !== null && !call.rate.allowed) return tooMany(call);
    if (call.found === null) return this.#unknown(call);
    const account = this.#account(call.keyId);
    if (account === null) return wireError(403, 40310000, "the exchange keeps no more accounts");
    return call.found.value(this.#parts.context, {
      method: call.method,
      path: call.path,
      query: call.query,
      body,
      params: call.found.params,
      account,
      now: exchange.clock.now(),
    });
  }

  /** Open routes are served under an account of nobody, which never holds anything. */
  #account(keyId: string | null): Account | null {
    return this.#parts.context.exchange.account(keyId ?? "anonymous");
  }

  #unknown(call: Call): WireAnswer {
    const known = this.#trading.knows(call.path) || this.#data.knows(call.path);
    return known
      ? wireError(405, 40510000, "method not allowed")
      : wireError(404, 40410000, "endpoint not found");
  }

  send(call: Call, answer: WireAnswer, response: ServerResponse): void {
    const headers: string[] = [
      "content-type",
      "application/json; charset=UTF-8",
      "x-request-id",
      this.#requestIds.next(),
      "access-control-allow-origin",
      "*",
    ];
    if (call.rate !== null) {
      headers.push(
        "x-ratelimit-limit",
        String(call.rate.limit),
        "x-ratelimit-remaining",
        String(call.rate.remaining),
        "x-ratelimit-reset",
        String(call.rate.reset),
      );
    }
    if (answer.body === null) {
      response.writeHead(answer.status, headers);
      response.end();
      return;
    }
    headers.push("content-length", String(Buffer.byteLength(answer.body)));
    response.writeHead(answer.status, headers);
    response.end(answer.body);
  }
}

function unauthorized(call: Call): WireAnswer {
  if (call.host === "data") return dataError(401, "unauthorized.");
  return wireError(401, 40110000, "access key verification failed : verification failure");
}

function tooMany(call: Call): WireAnswer {
  if (call.host === "data") return dataError(429, "too many requests.");
  return wireError(429, 42910000, "rate limit exceeded");
}
