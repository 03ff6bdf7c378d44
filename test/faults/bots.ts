// The senders: each trades one symbol of one account and sends the next signal when the last one is
// acknowledged. Whatever happens to a request, it is sent again with the same key, as a bot would. Now
// and then an order is one that rests, and is cancelled when it is known.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

export interface Acknowledged {
  readonly key: string;
  readonly id: string;
  readonly account: string;
  readonly symbol: string;
  /** When it was posted first, and when the 202 was there. */
  readonly postedAt: number;
  readonly answeredAt: number;
}

const receipt = z.object({ id: z.string() });
const ledger = z.object({ outcome: z.string().nullable(), order_ids: z.array(z.string()) });
const SYMBOLS = ["AAPL", "MSFT"];
const PACE_MS = 400;
const RETRY_MS = 150;
const TIMEOUT_MS = 4_000;
const MOST_HELD = 6;
/** Answers that ask for another try: the first one with this key is still under way, or there are too many. */
const AGAIN: ReadonlySet<number> = new Set([409, 429]);
/** Every so many signals one asks for a price that nobody gives, and ends unfilled. */
const FAR_EVERY = 7;
/** Every so many one rests there until its sender cancels it. */
const REST_EVERY = 11;

interface Asked {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

export class Bots {
  readonly acknowledged: Acknowledged[] = [];
  /** Requests that failed or were refused for now, and those answered as known already. */
  retries = 0;
  replays = 0;
  /** Orders whose cancel was acknowledged. */
  readonly cancelled: string[] = [];
  /** Answers that no retry can mend: the suite itself is wrong then. */
  readonly problems: string[] = [];
  readonly #url: string;
  readonly #accounts: readonly string[];
  #running: Promise<unknown> = Promise.resolve();
  #wanted = false;
  #made = 0;
  readonly #held = new Map<string, number>();

  constructor(url: string, accounts: readonly string[]) {
    this.#url = `${url}/api/v1/trading`;
    this.#accounts = accounts;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    const pairs = this.#accounts.flatMap((account) =>
      SYMBOLS.map((symbol) => ({ account, symbol })),
    );
    this.#running = Promise.all(pairs.map((pair) => this.#trade(pair)));
  }

  /** What was begun is brought to its 202 first: nothing is left of which we do not know. */
  async pause(): Promise<void> {
    this.#wanted = false;
    await this.#running;
  }

  since(instant: number): readonly Acknowledged[] {
    return this.acknowledged.filter(({ postedAt }) => postedAt >= instant);
  }

  async #trade(pair: { account: string; symbol: string }): Promise<void> {
    while (this.#wanted) {
      await sleep(PACE_MS * (0.5 + Math.random()));
      if (!this.#wanted) return;
      this.#made += 1;
      const key = `signal-${this.#made}`;
      const postedAt = Date.now();
      const wish = this.#wish(pair, this.#made);
      const body = { ...pair, ...wish.terms };
      const id = await this.#send(key, { method: "POST", path: "/signal", body });
      if (id === null) return;
      this.acknowledged.push({ key, id, ...pair, postedAt, answeredAt: Date.now() });
      if (wish.rests && !(await this.#takeDown(key, id))) return;
    }
  }

  /** False when the suite itself is wrong. */
  async #takeDown(key: string, signalId: string): Promise<boolean> {
    const [orderId] = await this.#ordersOf(signalId);
    if (orderId === undefined) return true;
    const path = `/orders/${orderId}`;
    const command = await this.#send(`cancel-${key}`, { method: "DELETE", path });
    if (command !== null) this.cancelled.push(orderId);
    return command !== null;
  }

  /** Once it is decided; none when it was refused. */
  async #ordersOf(signalId: string): Promise<readonly string[]> {
    for (;;) {
      const answer = await this.#once(null, { method: "GET", path: `/signals/${signalId}` });
      if (answer?.status === 200) {
        const { outcome, order_ids: orders } = ledger.parse(JSON.parse(answer.text));
        if (outcome !== null) return orders;
      }
      await sleep(RETRY_MS);
    }
  }

  #wish({ account, symbol }: { account: string; symbol: string }, number: number) {
    const far = { side: "buy", qty: 1, type: "limit", limit_price: "100" };
    if (number % REST_EVERY === 0) return { terms: { ...far, time_in_force: "gtc" }, rests: true };
    if (number % FAR_EVERY === 0) return { terms: { ...far, time_in_force: "ioc" }, rests: false };
    const place = `${account} ${symbol}`;
    const held = this.#held.get(place) ?? 0;
    const buys = held < 1 || (held < MOST_HELD && number % 3 !== 0);
    const qty = 1 + (number % 2);
    this.#held.set(place, held + (buys ? qty : -1));
    return { terms: buys ? { side: "buy", qty } : { side: "sell", qty: 1 }, rests: false };
  }

  async #send(key: string, request: Asked): Promise<string | null> {
    for (;;) {
      const answer = await this.#once(key, request);
      if (answer !== null && answer.status === 202) {
        if (answer.replayed) this.replays += 1;
        return answer.id;
      }
      if (answer !== null && answer.status < 500 && !AGAIN.has(answer.status)) {
        this.problems.push(`${key}: ${answer.status} ${answer.text}`);
        return null;
      }
      this.retries += 1;
      await sleep(RETRY_MS);
    }
  }

  async #once(key: string | null, { method, path, body }: Asked) {
    try {
      const answer = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          ...(key === null ? {} : { "idempotency-key": key }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await answer.text();
      const replayed = answer.headers.get("idempotency-replayed") === "true";
      const id = answer.status === 202 ? receipt.parse(JSON.parse(text)).id : "";
      return { status: answer.status, text, id, replayed };
    } catch {
      return null;
    }
  }
}
