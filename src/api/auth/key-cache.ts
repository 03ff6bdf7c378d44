// Remembers keys that were looked up, for a few seconds: a request costs one hash and no query, and a
// revoked key stops working soon after. Strangers have a budget of their own, which takes nothing from a key
// that there is.
import { timingSafeEqual } from "node:crypto";
import { Problem } from "../../app/problem.ts";
import type { Sender } from "../../app/sender.ts";
import { Decimal } from "../../domain/decimal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ApiKeyRow, KeyStore } from "../../ports/operations.ts";
import { TokenBucket } from "../http/token-bucket.ts";
import { hashKey, KEY_FORM, nameOfKey } from "./api-key.ts";
import { KeyNames } from "./key-names.ts";

const KEPT_MS = 5_000;
const MAX_STRANGERS = 10_000;
/** Guessing is hopeless at 256 bits; this only keeps it from becoming a load on the database. */
const STRANGERS_PER_SECOND = 100;
const TOUCH_EVERY_MS = 60_000;

interface Kept {
  readonly hash: Buffer;
  readonly row: ApiKeyRow | null;
  readonly sender: Sender | null;
  readonly until: number;
}

export class KeyCache {
  readonly #store: KeyStore;
  readonly #clock: Clock;
  /** As many as there are: what was found once is looked up again without asking for leave. */
  readonly #known = new Map<string, Kept>();
  readonly #strangers = new Map<string, Kept>();
  /** Whoever asks for the same key meanwhile shares the answer. */
  readonly #underWay = new Map<string, Promise<Kept>>();
  readonly #leave: TokenBucket;
  readonly #names: KeyNames;
  readonly #used = new Map<string, Date>();
  #touchedAt = 0;

  constructor(store: KeyStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const [each, now] = [STRANGERS_PER_SECOND, clock.monotonic()];
    this.#leave = new TokenBucket(each, each, now);
    this.#names = new KeyNames(store, clock);
  }

  /** Every known, forgotten or revoked key gets the same answer: nothing is told to a guesser. */
  async sender(key: string): Promise<Sender> {
    if (!KEY_FORM.test(key)) throw wrongKey();
    const hash = hashKey(key);
    const kept = this.#fresh(hash) ?? (await this.#lookUp(hash, nameOfKey(key)));
    const same = timingSafeEqual(kept.hash, Buffer.from(hash, "hex"));
    if (!same || kept.row === null || kept.sender === null) throw wrongKey();
    if (!isUsable(kept.row, this.#clock.now())) throw wrongKey();
    this.#noteUse(kept.row.id);
    return kept.sender;
  }

  #fresh(hash: string): Kept | undefined {
    const kept = this.#known.get(hash) ?? this.#strangers.get(hash);
    return kept !== undefined && kept.until > this.#clock.monotonic() ? kept : undefined;
  }

  #lookUp(hash: string, name: string): Promise<Kept> {
    const underWay = this.#underWay.get(hash);
    if (underWay !== undefined) return underWay;
    const asked = this.#ask(hash, name).finally(() => this.#underWay.delete(hash));
    this.#underWay.set(hash, asked);
    return asked;
  }

  async #ask(hash: string, name: string): Promise<Kept> {
    const now = this.#clock.monotonic();
    const mayAsk = this.#known.has(hash) || this.#leave.take(1, now);
    if (!mayAsk && !(await this.#names.mayAsk(name))) {
      throw new Problem("rate_limited", "Too many unknown keys at once.", { retryAfterSeconds: 1 });
    }
    const row = await this.#store.keyByHash(hash);
    const kept = {
      hash: Buffer.from(hash, "hex"),
      row,
      sender: row === null ? null : senderOf(row),
      until: now + KEPT_MS,
    };
    this.#keep(hash, kept);
    return kept;
  }

  #keep(hash: string, kept: Kept): void {
    this.#known.delete(hash);
    this.#strangers.delete(hash);
    if (this.#strangers.size >= MAX_STRANGERS) this.#strangers.clear();
    (kept.row === null ? this.#strangers : this.#known).set(hash, kept);
  }

  /** The time of last use is written now and then, in one statement for all keys. */
  #noteUse(id: string): void {
    const now = this.#clock.monotonic();
    this.#used.set(id, new Date(this.#clock.now()));
    if (now - this.#touchedAt < TOUCH_EVERY_MS && this.#touchedAt !== 0) return;
    this.#touchedAt = now;
    const used = new Map(this.#used);
    this.#used.clear();
    this.#store.touchKeys(used).catch(() => undefined);
  }
}

function isUsable(row: ApiKeyRow, now: number): boolean {
  const expired = row.expires_at !== null && row.expires_at.getTime() <= now;
  return row.revoked_at === null && !expired;
}

function wrongKey(): Problem {
  return new Problem("unauthenticated", "This API key is not known, or not valid any more.");
}

export function senderOf(row: ApiKeyRow): Sender {
  const upper = (symbols: readonly string[]) => symbols.map((symbol) => symbol.toUpperCase());
  return {
    actor: `key:${row.prefix}`,
    // The column's check allows exactly the roles.
    role: row.role as Sender["role"],
    accounts: setOf(row.accounts),
    strategies: setOf(row.strategies),
    symbols: row.symbols === null ? null : new Set(upper(row.symbols)),
    maxNotional: row.max_notional === null ? null : Decimal.of(row.max_notional),
    requiresIdempotency: row.require_idempotency,
  };
}

function setOf(values: readonly string[] | null): ReadonlySet<string> | null {
  return values === null ? null : new Set(values);
}
