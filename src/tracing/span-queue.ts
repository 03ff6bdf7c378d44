// Finished spans on their way to the collector: kept up to a limit, sent a batch at a time, dropped
// when the collector is slow or away. Nobody who trades waits for it.
import type { FinishedSpan } from "./otlp-json.ts";

export interface SpanQueueOptions {
  /** Rejects when the collector did not take the batch. */
  readonly send: (spans: readonly FinishedSpan[], signal: AbortSignal) => Promise<void>;
  /** Told at most once a minute. */
  readonly onLoss: (lost: number, cause: unknown) => void;
  readonly monotonic: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly flushEveryMs?: number;
  readonly maxQueued?: number;
}

const FLUSH_EVERY_MS = 1_000;
const MAX_QUEUED = 4_096;
const MAX_BATCH = 512;
const SEND_TIMEOUT_MS = 5_000;
const LAST_SEND_MS = 1_000;
const TELL_EVERY_MS = 60_000;

export class SpanQueue {
  readonly #options: SpanQueueOptions;
  readonly #aborter = new AbortController();
  #waiting: FinishedSpan[] = [];
  #sending: Promise<void> | null = null;
  #disarm: (() => void) | null = null;
  #lost = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  put(span: FinishedSpan): void {
    const { maxQueued = MAX_QUEUED } = this.#options;
    if (this.#closed) return;
    if (this.#waiting.length >= maxQueued) {
      this.#lose(1, new Error("more spans than the collector takes"));
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= MAX_BATCH) this.#flush();
    else this.#flushSoon();
  }

  /** Sends what waits, for a moment only: the end of a process does not hang on its collector. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#disarm?.();
    const disarm = this.#options.after(LAST_SEND_MS, () => this.#aborter.abort());
    this.#flush();
    await this.#sending;
    disarm();
  }

  #flushSoon(): void {
    const { after, flushEveryMs = FLUSH_EVERY_MS } = this.#options;
    this.#disarm ??= after(flushEveryMs, () => {
      this.#disarm = null;
      this.#flush();
    });
  }

  #flush(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
      if (this.#waiting.length > 0 && !this.#closed) this.#flushSoon();
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        const deadline = AbortSignal.timeout(SEND_TIMEOUT_MS);
        await this.#options.send(batch, AbortSignal.any([this.#aborter.signal, deadline]));
      } catch (error: unknown) {
        this.#lose(batch.length, error);
        // What came meanwhile goes with the next flush: a collector that is away is not asked in a loop.
        if (!this.#closed) return;
      }
    }
  }

  #lose(count: number, cause: unknown): void {
    this.#lost += count;
    const now = this.#options.monotonic();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#options.onLoss(this.#lost, cause);
    this.#lost = 0;
  }
}
