// The exchange put together: the matching core, the prices, the ledger and the clock, with one rule
// for all fronts: nothing is told to anyone before it is written down.
import { Decimal } from "../domain/decimal.ts";
import type { ExchangeClock } from "./clock.ts";
import { AdjustableClock } from "./clock.ts";
import type { Account } from "./core/account.ts";
import { Engine } from "./core/engine.ts";
import type { Policy } from "./core/policy.ts";
import { usualPolicy } from "./core/policy.ts";
import type { Asset } from "./core/asset.ts";
import type { Entry, EntryNews, SplitRatio } from "./core/entry.ts";
import { splitPrice, splitShares } from "./core/split.ts";
import type { Changes, Update } from "./core/world.ts";
import { EquityHistory } from "./equity-history.ts";
import { listedAssets } from "./market/assets.ts";
import { Bars } from "./market/bars.ts";
import { Prints } from "./market/prints.ts";
import { Feed } from "./market/feed.ts";
import { Replay } from "./market/replay.ts";
import type { Mishaps, OnMishap } from "./mishaps.ts";
import { mishapsTo, toStandardError } from "./mishaps.ts";
import { IdSource, randomStream } from "./random.ts";
import type { SessionSource } from "./session.ts";

export interface Ledger {
  /** Written before anything of it is told. */
  write(changes: Changes, exchange: Exchange): void;
  close(): void;
}

export interface ExchangeParts {
  readonly seed: string;
  readonly clock: ExchangeClock;
  readonly sessions: SessionSource;
  readonly tickMs: number;
  /** Told of what must never happen; a line on standard error where nobody else is named. */
  readonly onMishap?: OnMishap;
}

export type UpdateListener = (update: Update) => void;
export type EntryListener = (news: EntryNews) => void;

export const OPENING_CASH = Decimal.ofInteger(100_000);
export const OPENING_BITCOIN = Decimal.of("0.1");
/** Any key pair opens an account; a limit keeps a careless client from filling the ledger with them. */
const MAX_ACCOUNTS = 1_000;

export class Exchange {
  readonly seed: string;
  readonly clock: AdjustableClock;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly replay: Replay;
  readonly bars: Bars;
  readonly prints: Prints;
  readonly #history = new EquityHistory();
  readonly policy: Policy = usualPolicy();
  readonly ids: IdSource;
  readonly tickMs: number;
  readonly mishaps: Mishaps;
  readonly #listeners = new Set<UpdateListener>();
  readonly #entryListeners = new Set<EntryListener>();
  readonly #byKey = new Map<string, Account>();
  #ledger: Ledger | null = null;
  #afterWrite: (() => void)[] = [];
  readonly #flushed: (() => void)[] = [];
  #flushArmed = false;
  #wakesAt = Number.POSITIVE_INFINITY;
  #stopTicking: (() => void) | null = null;

  constructor(parts: ExchangeParts) {
    this.seed = parts.seed;
    this.tickMs = parts.tickMs;
    this.mishaps = mishapsTo(parts.onMishap ?? toStandardError());
    this.clock = new AdjustableClock(parts.clock, (act) => this.mishaps.survive("a timer", act));
    this.ids = new IdSource(parts.seed);
    const now = this.clock.now();
    this.feed = new Feed(parts.seed, parts.tickMs, now);
    this.replay = new Replay(this.feed);
    this.bars = new Bars(this.feed, parts.seed, now);
    this.prints = new Prints(this.feed);
    this.engine = new Engine(
      {
        assets: listedAssets(),
        sessions: parts.sessions,
        ids: this.ids,
        random: randomStream(parts.seed, "fills"),
        policy: this.policy,
        observe: (update) => this.#observe(update),
        observeEntry: (news) => this.#observeEntry(news),
      },
      now,
    );
    for (const symbol of this.feed.symbols()) this.#pass(symbol, now);
    this.feed.listen((print) => this.engine.quote(print.symbol, print.quote, this.clock.now()));
  }

  /** From here on every change is written before it is told. */
  keepLedger(ledger: Ledger): void {
    this.#ledger = ledger;
    for (const account of this.engine.world.accounts.values()) {
      this.#byKey.set(account.keyId, account);
    }
  }

  listen(listener: UpdateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  listenToEntries(listener: EntryListener): () => void {
    this.#entryListeners.add(listener);
    return () => this.#entryListeners.delete(listener);
  }

  /** Splits a share for all who hold it; its price moves in the same step. */
  split(asset: Asset, ratio: SplitRatio): readonly Entry[] {
    const now = this.clock.now();
    return this.engine.intervene(now, (world) => {
      const entries = splitShares(world, asset, ratio);
      this.feed.walk(asset.symbol)?.rescale((price) => splitPrice(price, ratio, asset));
      this.feed.publish(asset.symbol, now);
      this.#arm();
      return entries;
    });
  }

  /** The account of a key, opened at first sight; null when there are too many. */
  account(keyId: string): Account | null {
    const known = this.#byKey.get(keyId);
    if (known !== undefined) return known;
    if (this.#byKey.size >= MAX_ACCOUNTS) return null;
    const account = this.engine.openAccount(keyId, {
      cash: OPENING_CASH,
      holdings: new Map([["BTC/USD", OPENING_BITCOIN]]),
    });
    this.#byKey.set(keyId, account);
    this.#arm();
    return account;
  }

  /** Runs once everything that has happened so far is written down. */
  whenWritten(run: () => void): void {
    this.#afterWrite.push(run);
    this.#arm();
  }

  /** Lets the venue act a little later; with no delay, right after the step under way. */
  soon(delayMs: number, act: () => void): void {
    this.clock.after(delayMs, () => {
      this.#arm();
      this.engine.intervene(this.clock.now(), act);
    });
  }

  /** Runs after each batch, when its answers are out. */
  onFlushed(run: () => void): void {
    this.#flushed.push(run);
  }

  /** One batch: write what changed since the last, then let out the answers and the news. */
  flush(): void {
    this.#flushArmed = false;
    const changes = this.engine.world.takeChanges();
    const waiting = this.#afterWrite;
    this.#afterWrite = [];
    this.#ledger?.write(changes, this);
    this.engine.world.orders.putAway();
    for (const run of waiting) this.mishaps.survive("an answer", run);
    for (const run of this.#flushed) this.mishaps.survive("news", run);
    this.#wakeForScheduled();
  }

  /** What an account was worth just before an instant, as far back as this process remembers. */
  equityAt(account: Account, at: number): number | null {
    return this.#history.before(account, at);
  }

  prices(): Readonly<Record<string, string>> {
    const prices: Record<string, string> = {};
    for (const symbol of this.feed.symbols()) {
      prices[symbol] = this.feed.latest(symbol)?.quote.last.toString() ?? "";
    }
    return prices;
  }

  /** Before anything else is read back: prices go on from where they were. */
  restorePrices(prices: Readonly<Record<string, string>>): void {
    for (const [symbol, text] of Object.entries(prices)) {
      const price = Decimal.tryParse(text);
      if (price === null) continue;
      this.feed.walk(symbol)?.moveTo(price);
      this.feed.publish(symbol, this.clock.now());
    }
  }

  start(): void {
    const tick = (): void => {
      this.tick();
      this.#stopTicking = this.clock.after(this.tickMs, tick);
    };
    this.#stopTicking = this.clock.after(this.tickMs, tick);
  }

  /** One step of time: prices move, what is due happens. */
  tick(): void {
    const now = this.clock.now();
    const { mishaps } = this;
    mishaps.survive("what is due", () => this.engine.settle(now));
    this.feed.step(now, { moves: (symbol) => this.#moves(symbol), mishaps });
    mishaps.survive("recorded prices", () => this.replay.step(now));
    this.#history.take(this.engine.world.accounts.values(), now);
    this.#arm();
  }

  stop(): void {
    this.#stopTicking?.();
    this.flush();
    this.#ledger?.close();
    this.clock.stop();
  }

  /** Steps that the venue takes later have a moment of their own, between the ticks. */
  #wakeForScheduled(): void {
    const next = this.engine.world.scheduled[0];
    if (next === undefined || this.#wakesAt <= next.dueAt) return;
    this.#wakesAt = next.dueAt;
    this.clock.after(next.dueAt / 1000 - this.clock.now(), () => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#arm();
      this.engine.settle(this.clock.now());
    });
  }

  #moves(symbol: string): boolean {
    const { world } = this.engine;
    return world.assets.get(symbol)?.assetClass === "crypto" || world.session.phase !== "closed";
  }

  #pass(symbol: string, now: number): void {
    const print = this.feed.latest(symbol);
    if (print === undefined) return;
    this.engine.quote(symbol, print.quote, now);
    this.engine.world.closes.set(symbol, print.quote.last);
  }

  #observe(update: Update): void {
    for (const listener of this.#listeners) listener(update);
    this.#arm();
  }

  #observeEntry(news: EntryNews): void {
    for (const listener of this.#entryListeners) listener(news);
    this.#arm();
  }

  #arm(): void {
    if (this.#flushArmed) return;
    this.#flushArmed = true;
    setImmediate(() => {
      // A flush by hand may have come first.
      if (this.#flushArmed) this.flush();
    });
  }
}
