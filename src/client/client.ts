// A client for bots and for the command line: typed, exact, and safe to repeat.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  BatchReceipt,
  Command,
  CommandReceipt,
  Delivery,
  Key,
  Ledger,
  Limit,
  NewKey,
  NewSignal,
  NewWebhook,
  Order,
  OrderStory,
  Page,
  Portfolio,
  Position,
  Preview,
  ProblemDocument,
  Receipt,
  Reconciliation,
  Signal,
  StateChanged,
  TradingStates,
  Webhook,
  WebhookTest,
} from "./types.ts";

const BASE = "/api/v1/trading";

/** The API understood and said no, or could not do it now. */
export class FillstreamProblem extends Error {
  override readonly name = "FillstreamProblem";
  readonly problem: ProblemDocument;
  /** Seconds after which trying again may help; null when it will not. */
  readonly retryAfter: number | null;
  constructor(problem: ProblemDocument, retryAfter: number | null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** There was no answer: with a name on the request it is safe to ask again. */
export class FillstreamUnreachable extends Error {
  override readonly name = "FillstreamUnreachable";
}

export interface ClientOptions {
  /** By default http://localhost:8000. */
  readonly url?: string;
  readonly key?: string;
  readonly timeoutMs?: number;
  /** How often a request that is safe to repeat is repeated after no answer or a 503. */
  readonly retries?: number;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly waitSeconds?: number | undefined;
  /** Made twice it would be two: no answer is an answer. */
  readonly once?: true;
}

export class FillstreamClient {
  readonly url: string;
  readonly #key: string | undefined;
  readonly #timeoutMs: number;
  readonly #retries: number;

  constructor(options: ClientOptions = {}) {
    this.url = (options.url ?? "http://localhost:8000").replace(/\/+$/, "");
    this.#key = options.key;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#retries = options.retries ?? 3;
  }

  /** A signal without a name gets one, so that a lost answer never makes a second trade. */
  send(signal: NewSignal): Promise<Receipt> {
    return this.#ask({ method: "POST", path: `${BASE}/signal`, body: signal });
  }

  /** Waits for the decision; a receipt comes back when it takes longer. */
  sendAndWait(signal: NewSignal, waitSeconds: number): Promise<Signal | Receipt> {
    return this.#ask({ method: "POST", path: `${BASE}/signal`, body: signal, waitSeconds });
  }

  sendAll(signals: readonly NewSignal[]): Promise<BatchReceipt> {
    return this.#ask({ method: "POST", path: `${BASE}/signals`, body: { signals } });
  }

  preview(signal: NewSignal): Promise<Preview> {
    return this.#ask({ method: "POST", path: `${BASE}/orders/preview`, body: signal });
  }

  ledger(id: string): Promise<Ledger> {
    return this.#ask({ method: "GET", path: `${BASE}/signals/${encodeURIComponent(id)}` });
  }

  signals(query?: Query): Promise<Page<Signal>> {
    return this.#ask({ method: "GET", path: `${BASE}/signals`, query });
  }

  takeBack(signalId: string): Promise<CommandReceipt> {
    return this.#ask({
      method: "DELETE",
      path: `${BASE}/signals/${encodeURIComponent(signalId)}`,
    });
  }

  orders(query?: Query): Promise<Page<Order>> {
    return this.#ask({ method: "GET", path: `${BASE}/orders`, query });
  }

  order(id: string): Promise<OrderStory> {
    return this.#ask({ method: "GET", path: `${BASE}/orders/${encodeURIComponent(id)}` });
  }

  cancel(orderId: string, waitSeconds?: number): Promise<CommandReceipt | Command> {
    const path = `${BASE}/orders/${encodeURIComponent(orderId)}`;
    return this.#ask({ method: "DELETE", path, waitSeconds });
  }

  cancelAll(query?: Query): Promise<Page<CommandReceipt>> {
    return this.#ask({ method: "DELETE", path: `${BASE}/orders`, query });
  }

  replace(
    orderId: string,
    change: Readonly<Record<string, string | number>>,
    waitSeconds?: number,
  ): Promise<CommandReceipt | Command> {
    const path = `${BASE}/orders/${encodeURIComponent(orderId)}`;
    return this.#ask({ method: "PATCH", path, body: change, waitSeconds });
  }

  positions(query?: Query): Promise<Page<Position>> {
    return this.#ask({ method: "GET", path: `${BASE}/positions`, query });
  }

  close(
    symbol: string,
    body: { readonly qty?: string | number; readonly account?: string } = {},
    waitSeconds?: number,
  ): Promise<CommandReceipt | Command> {
    const path = `${BASE}/positions/${encodeURIComponent(symbol)}/close`;
    return this.#ask({ method: "POST", path, body, waitSeconds });
  }

  flatten(account?: string): Promise<Page<CommandReceipt>> {
    return this.#ask({ method: "POST", path: `${BASE}/flatten`, body: { account } });
  }

  portfolio(query?: Query): Promise<Page<Portfolio>> {
    return this.#ask({ method: "GET", path: `${BASE}/portfolio`, query });
  }

  limits(): Promise<Page<Limit>> {
    return this.#ask({ method: "GET", path: `${BASE}/limits` });
  }

  setLimit(change: Readonly<Record<string, unknown>>): Promise<Limit> {
    return this.#ask({ method: "PUT", path: `${BASE}/limits`, body: change });
  }

  tradingState(): Promise<TradingStates> {
    return this.#ask({ method: "GET", path: `${BASE}/trading-state` });
  }

  setTradingState(change: Readonly<Record<string, unknown>>): Promise<StateChanged> {
    return this.#ask({ method: "PUT", path: `${BASE}/trading-state`, body: change });
  }

  /** A partition that was set aside with a fault goes on. */
  resumePartition(partition: number, reason: string): Promise<{ readonly partition: number }> {
    const path = `${BASE}/partitions/${partition}/resume`;
    return this.#ask({ method: "POST", path, body: { reason } });
  }

  reconciliation(query?: Query): Promise<Reconciliation> {
    return this.#ask({ method: "GET", path: `${BASE}/reconciliation`, query });
  }

  reconcile(account?: string): Promise<Page<CommandReceipt>> {
    return this.#ask({ method: "POST", path: `${BASE}/reconciliation/run`, body: { account } });
  }

  judgeExternal(
    brokerOrderId: string,
    verdict: "adopt" | "ignore",
    waitSeconds?: number,
  ): Promise<CommandReceipt | Command> {
    const path = `${BASE}/reconciliation/orders/${encodeURIComponent(brokerOrderId)}/${verdict}`;
    return this.#ask({ method: "POST", path, waitSeconds });
  }

  /** A position that differs is ours, or so much of it is another's. */
  judgePosition(
    verdict: "adopt" | "ignore",
    body: Readonly<Record<string, string | undefined>>,
    waitSeconds?: number,
  ): Promise<CommandReceipt | Command> {
    const path = `${BASE}/reconciliation/positions/${verdict}`;
    return this.#ask({ method: "POST", path, body, waitSeconds });
  }

  acceptCash(
    body: { readonly account?: string | undefined; readonly reason: string },
    waitSeconds?: number,
  ): Promise<CommandReceipt | Command> {
    const path = `${BASE}/reconciliation/cash/accept`;
    return this.#ask({ method: "POST", path, body, waitSeconds });
  }

  command(id: string): Promise<Command> {
    return this.#ask({ method: "GET", path: `${BASE}/commands/${encodeURIComponent(id)}` });
  }

  keys(): Promise<Page<Key>> {
    return this.#ask({ method: "GET", path: `${BASE}/keys` });
  }

  createKey(key: Readonly<Record<string, unknown>>): Promise<NewKey> {
    return this.#ask({ method: "POST", path: `${BASE}/keys`, body: key, once: true });
  }

  async revokeKey(id: string): Promise<void> {
    await this.#ask({ method: "DELETE", path: `${BASE}/keys/${encodeURIComponent(id)}` });
  }

  webhooks(): Promise<Page<Webhook>> {
    return this.#ask({ method: "GET", path: `${BASE}/webhooks` });
  }

  createWebhook(webhook: Readonly<Record<string, unknown>>): Promise<NewWebhook> {
    return this.#ask({ method: "POST", path: `${BASE}/webhooks`, body: webhook, once: true });
  }

  async switchWebhook(id: string, enabled: boolean): Promise<void> {
    await this.#ask({ method: "PATCH", path: webhookPath(id), body: { enabled } });
  }

  async removeWebhook(id: string): Promise<void> {
    await this.#ask({ method: "DELETE", path: webhookPath(id) });
  }

  deliveries(id: string): Promise<Page<Delivery>> {
    return this.#ask({ method: "GET", path: `${webhookPath(id)}/deliveries` });
  }

  testWebhook(id: string): Promise<WebhookTest> {
    return this.#ask({ method: "POST", path: `${webhookPath(id)}/test` });
  }

  /** Tells again what came after a place in the log; the empty text is its very start. */
  async replayWebhook(id: string, after: string): Promise<void> {
    await this.#ask({ method: "POST", path: `${webhookPath(id)}/replay`, body: { after } });
  }

  /** An address of the API that has no method of its own here. */
  get(path: string, query?: Query): Promise<unknown> {
    return this.#ask({ method: "GET", path, query });
  }

  headers(): Record<string, string> {
    return this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` };
  }

  // The document that the API publishes, and a test holds every answer to it, says what comes back.
  async #ask<Answer>(ask: Ask): Promise<Answer> {
    const headers = this.#headersOf(ask);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await this.#once(ask, headers)) as Answer;
      } catch (error: unknown) {
        if (ask.once === true || attempt >= this.#retries || !mayRepeat(error)) throw error;
        await sleep(pauseMs(error, attempt));
      }
    }
  }

  /** One name for all attempts: that is what makes them one request. */
  #headersOf({ method, waitSeconds, body }: Ask): Record<string, string> {
    return {
      ...this.headers(),
      ...(method === "GET" ? {} : { "idempotency-key": randomUUID() }),
      ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
  }

  async #once(
    { method, path, query, body, waitSeconds = 0 }: Ask,
    headers: Record<string, string>,
  ) {
    const signal = AbortSignal.timeout(this.#timeoutMs + waitSeconds * 1_000);
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}${queryText(query)}`, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error: unknown) {
      throw new FillstreamUnreachable(`${this.url} does not answer`, { cause: error });
    }
    if (response.status === 204) return null;
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return answer;
    throw problemOf(response, answer);
  }
}

function webhookPath(id: string): string {
  return `${BASE}/webhooks/${encodeURIComponent(id)}`;
}

/** What an answer that is no success says, in the API's own words where it is one of the API's. */
export function problemOf(response: Response, answer: unknown): Error {
  const retryAfter = response.headers.get("retry-after");
  if (typeof answer !== "object" || answer === null || !("code" in answer)) {
    return new FillstreamUnreachable(
      `the other end answered ${response.status}, and is not Fillstream`,
    );
  }
  // The API's own document for problems.
  const problem = answer as ProblemDocument;
  return new FillstreamProblem(problem, retryAfter === null ? null : Number(retryAfter));
}

function mayRepeat(error: unknown): boolean {
  if (error instanceof FillstreamUnreachable) return true;
  return error instanceof FillstreamProblem && error.retryAfter !== null;
}

const FIRST_PAUSE_MS = 200;

function pauseMs(error: unknown, attempt: number): number {
  const asked = error instanceof FillstreamProblem ? (error.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(asked, FIRST_PAUSE_MS * 2 ** attempt);
}

function queryText(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
