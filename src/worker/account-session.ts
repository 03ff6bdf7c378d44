// Everything that is bound to one broker account while this worker holds its partition: the stream of
// facts, catching up after every gap in it, reconciliation on a timer. Two modes: buffering (connected,
// but what happened before is still being read) and live.
import type { BrokerReport, BrokerView } from "../domain/broker.ts";
import type { AccountBook } from "../domain/book.ts";
import {
  BrokerRateLimited,
  BrokerRefusesCredentials,
  type BrokerAccountPort,
  type BrokerStream,
} from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { RateBudget } from "./rate-budget.ts";
import { readBrokerView, type ViewRequest } from "./broker-view.ts";
import { LookBack } from "./look-back.ts";
import { untilTurn } from "./look-turn.ts";
import { Patience } from "./patience.ts";
import { EVEN, LEISURELY, restsOf } from "./rests.ts";
import { readTokens } from "./read-tokens.ts";
import { StreamGap } from "./stream-gap.ts";

/** A request of a look without another one behind it: it has led nowhere. */
const READ_TIMEOUT_MS = 10_000;
/** What the orders of a gap in the stream may take. */
const PAST_TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 15_000;
/** Reports kept while the past is being read, and for how long; those beyond it go on at once. */
const MAX_BUFFERED = 50_000;
const BUFFER_TIMEOUT_MS = 10_000;

export type SessionEvent =
  "connected" | "disconnected" | "reconciled" | "reconcile_failed" | "credentials_refused";

export interface SessionOptions {
  readonly port: BrokerAccountPort;
  readonly clock: Clock;
  readonly budget: RateBudget;
  readonly reconcileEveryMs: number;
  /** The account as decided so far; null when its partition is not here any more. */
  book(): AccountBook | null;
  /** How far the log of its partition surely goes. */
  logSeq(): number;
  settled: ViewRequest["settled"];
  onReport(report: BrokerReport): void;
  onView(view: BrokerView): void;
  onUnreadable(raw: string, cause: string): void;
  onState(event: SessionEvent, detail: string): void;
}

export class AccountSession {
  readonly #options: SessionOptions;
  readonly #aborter = new AbortController();
  #stream: BrokerStream | null = null;
  #buffer: BrokerReport[] | null = [];
  #disarmBuffer: () => void = () => undefined;
  #connected = false;
  readonly #gap = new StreamGap();
  readonly #lookBack = new LookBack();
  #reconciledAt: number | null = null;
  #wanted = true;
  #wake: (() => void) | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#keepBack();
    this.#stream = this.#options.port.listen({
      onReport: (report) => this.#heard(report),
      onConnected: () => this.#onConnected(),
      onDisconnected: (cause) => this.#onDisconnected(cause),
      onUnreadable: this.#options.onUnreadable,
    });
    this.#loop = this.#run();
  }

  /** Read everything from the broker soon: a gap is suspected, or a person asked. */
  reconcileSoon(): void {
    this.#wanted = true;
    this.#wake?.();
  }

  /** A view of this session is decided and durable. */
  seen(view: BrokerView): void {
    this.#lookBack.seen(view);
  }

  status(): { connected: boolean; lastHeardAt: number | null; reconciledAt: number | null } {
    return {
      connected: this.#connected,
      lastHeardAt: this.#stream?.lastHeardAt() ?? null,
      reconciledAt: this.#reconciledAt,
    };
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    this.#disarmBuffer();
    this.#wake?.();
    await this.#stream?.close();
    await this.#loop;
  }

  #onConnected(): void {
    this.#connected = true;
    this.#gap.open();
    this.#keepBack();
    this.#options.onState("connected", "");
    this.reconcileSoon();
  }

  #onDisconnected(cause: string): void {
    this.#connected = false;
    this.#gap.open();
    this.#options.onState("disconnected", cause);
  }

  #heard(report: BrokerReport): void {
    // Facts are safe in any order and any number; the buffer only spares the core from sorting them.
    if (this.#buffer === null || this.#buffer.length >= MAX_BUFFERED)
      this.#options.onReport(report);
    else this.#buffer.push(report);
  }

  /** What is heard waits for the look at what was before it; not for one that takes long. */
  #keepBack(): void {
    this.#buffer ??= [];
    this.#disarmBuffer();
    this.#disarmBuffer = this.#options.clock.after(BUFFER_TIMEOUT_MS, () => this.#release());
  }

  #release(): void {
    this.#disarmBuffer();
    const buffered = this.#buffer ?? [];
    this.#buffer = null;
    for (const report of buffered) this.#options.onReport(report);
  }

  async #run(): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (!this.#aborter.signal.aborted) {
      this.#wanted = false;
      const read = await this.#reconcile();
      this.#release();
      retryMs = read ? RETRY_FIRST_MS : Math.min(retryMs * 2, RETRY_LONGEST_MS);
      if (!this.#wanted) await this.#pause(read ? this.#untilTurn() : retryMs);
    }
  }

  #untilTurn(): number {
    const { port, clock, reconcileEveryMs } = this.#options;
    return untilTurn(port.accountId, reconcileEveryMs, clock.now());
  }

  async #reconcile(): Promise<boolean> {
    const { port, clock, budget, book, logSeq, onView, onState } = this.#options;
    const { settled, onUnreadable } = this.#options;
    const account = book();
    if (account === null) return true;
    const gap = this.#gap.look(account.equity?.at ?? clock.now(), this.#connected);
    const isAwaited = this.#buffer !== null || gap.since !== null;
    const controller = new AbortController();
    const stop = () => controller.abort();
    const patience = new Patience(clock, READ_TIMEOUT_MS, stop);
    const past = new AbortController();
    const disarmPast = clock.after(PAST_TIMEOUT_MS, () => past.abort());
    this.#aborter.signal.addEventListener("abort", stop, { once: true });
    try {
      const { view, pastIsRead } = await readBrokerView({
        port,
        account,
        tokens: readTokens(budget, port, clock),
        lookBack: this.#lookBack,
        now: clock.now(),
        logSeq: logSeq(),
        gapSince: gap.since,
        signal: controller.signal,
        pastSignal: past.signal,
        ...{ settled, onUnreadable, onRequest: () => patience.goOn() },
        rest: restsOf(clock, controller.signal, isAwaited ? EVEN : LEISURELY),
      });
      if (this.#aborter.signal.aborted) return true;
      this.#reconciledAt = clock.now();
      if (pastIsRead) gap.done(view.pastOrders.length === 0);
      onView(view);
      onState("reconciled", "");
      return true;
    } catch (error: unknown) {
      if (error instanceof BrokerRateLimited) budget.block(error.retryAt, clock.now());
      if (error instanceof BrokerRefusesCredentials) onState("credentials_refused", error.message);
      else if (!this.#aborter.signal.aborted) onState("reconcile_failed", describe(error));
      return false;
    } finally {
      patience.end();
      disarmPast();
      // What one of its reads has ended, the others need not go on with.
      controller.abort();
      this.#aborter.signal.removeEventListener("abort", stop);
    }
  }

  async #pause(ms: number): Promise<void> {
    // Stopped while the past was being read: nobody would end the pause.
    if (this.#aborter.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const disarm = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        disarm();
        resolve();
      };
    });
    this.#wake = null;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown error";
}
