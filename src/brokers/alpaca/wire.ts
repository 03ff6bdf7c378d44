// One HTTP exchange with Alpaca, on node:http. It costs a quarter of the CPU of the SDK's call and it
// knows, unlike fetch, whether a single byte of the request can have left (docs/adr/0020-alpaca-wire.md).
import { request as plainRequest } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import type { RateBudget } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { keptConnections, whenStanding } from "./agent.ts";
import type { Connect } from "./agent.ts";
import { budgetOf, laterBudget, retryAt } from "./rate-budget.ts";
import { storableText } from "./storable-text.ts";

export interface WireRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly traceParent?: string | null;
}

export type WireAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  /** `sent` is false only while nothing was written to a connection. */
  | { readonly kind: "failure"; readonly sent: boolean; readonly cause: string };

export interface WireOptions {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly connect?: Connect;
}

/** Alpaca's largest answer, the list of all assets, is about 8 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const USER_AGENT = "fillstream";

export class AlpacaWire {
  readonly #options: WireOptions;
  readonly #send: (options: RequestOptions) => ClientRequest;
  readonly #target: RequestOptions;
  readonly #prefix: string;
  /** Name, value, name, value: the form that node:http writes as it is. */
  readonly #headers: readonly string[];
  #budget: RateBudget | null = null;

  constructor(options: WireOptions) {
    const url = new URL(options.baseUrl);
    const secure = url.protocol === "https:";
    this.#options = options;
    this.#send = secure ? secureRequest : plainRequest;
    this.#target = {
      agent: keptConnections(secure, options.connect),
      hostname: url.hostname,
      port: url.port,
    };
    this.#prefix = url.pathname.replace(/\/+$/, "");
    this.#headers = [
      ...["host", url.host, "user-agent", USER_AGENT, "accept", "application/json"],
      ...["apca-api-key-id", options.keyId, "apca-api-secret-key", options.secret],
    ];
  }

  /** What the broker said of the rate budget last; null before the first answer. */
  budget(): RateBudget | null {
    return this.#budget;
  }

  /** When a request that was refused for its rate may be tried again. */
  retryAt(): number {
    return retryAt(this.#budget, this.#options.clock.now());
  }

  exchange(request: WireRequest): Promise<WireAnswer> {
    if (request.signal.aborted)
      return Promise.resolve(failure(false, "aborted before it was sent"));
    return new Promise((resolve) => {
      const { agent, hostname, port } = this.#target;
      const call = this.#send({
        agent,
        hostname,
        port,
        method: request.method,
        path: this.#prefix + request.path,
        headers: this.#headersOf(request),
      });
      this.#follow(call, request, resolve);
    });
  }

  #headersOf({ body, traceParent }: WireRequest): readonly string[] {
    const headers = this.#headers.slice();
    if (body !== undefined) {
      const length = String(Buffer.byteLength(body));
      headers.push("content-type", "application/json", "content-length", length);
    }
    if (typeof traceParent === "string") headers.push("traceparent", traceParent);
    return headers;
  }

  #follow(call: ClientRequest, request: WireRequest, resolve: (answer: WireAnswer) => void): void {
    let sent = false;
    const settle = (answer: WireAnswer) => {
      cancelDeadline();
      request.signal.removeEventListener("abort", onAbort);
      resolve(answer);
    };
    const giveUp = (cause: string) => {
      settle(failure(sent, cause));
      call.destroy();
    };
    const onAbort = () => giveUp("aborted");
    const { clock, timeoutMs } = this.#options;
    const cancelDeadline = clock.after(timeoutMs, () => giveUp(`no answer in ${timeoutMs} ms`));
    request.signal.addEventListener("abort", onAbort, { once: true });

    // Nothing is handed to the connection before it stands, so that `sent` is the truth.
    call.on("socket", (socket) =>
      whenStanding(socket, () => {
        if (call.destroyed) return;
        sent = true;
        call.end(request.body);
      }),
    );
    call.on("error", (error) => settle(failure(sent, describe(error))));
    call.on("response", (response) => {
      this.#hearBudget(response);
      collect(response, settle);
    });
  }

  #hearBudget(response: IncomingMessage): void {
    const heard = budgetOf(response.headers);
    if (heard !== null) this.#budget = laterBudget(this.#budget, heard);
  }
}

function collect(response: IncomingMessage, settle: (answer: WireAnswer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error("the answer is too long"));
  });
  response.on("error", (error) => settle(failure(true, describe(error))));
  response.on("end", () => {
    const body = storableText(Buffer.concat(chunks).toString("utf8"));
    settle({ kind: "answer", status: response.statusCode ?? 0, body });
  });
  // Only an answer that broke off still waits here: its status alone proves nothing.
  response.on("close", () => settle(failure(true, "the answer broke off")));
}

function failure(sent: boolean, cause: string): WireAnswer {
  return { kind: "failure", sent, cause };
}

function describe(error: Error & { readonly code?: string }): string {
  return error.code === undefined ? error.message : `${error.code}: ${error.message}`;
}
