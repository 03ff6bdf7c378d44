// Keeps the marks fresh. Two modes: leading (holds the lease for prices: asks the source for every
// instrument that matters, saves what came) and following (reads what the leader saved). A price that a
// decision waits for is asked for at once by whoever needs it.
import type { InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { MarkTable } from "../domain/mark-table.ts";
import { isCrossed, valuationPrice, type Mark } from "../domain/market.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";
import type { MarkStore } from "../ports/store.ts";

const READ_TIMEOUT_MS = 4_000;
const FOLLOW_EVERY_MS = 1_000;

export interface PricePollerOptions {
  readonly source: MarketData;
  readonly store: MarkStore;
  readonly cache: MarkTable;
  readonly clock: Clock;
  readonly pollEveryMs: number;
  leads(): boolean;
  /** Instruments with a position, an open order or a recent signal, anywhere in the deployment. */
  wanted(): Promise<readonly Instrument[]>;
  instrument(id: InstrumentId): Instrument | undefined;
  onMarks(marks: readonly Mark[]): void;
  onError(error: unknown): void;
}

export class PricePoller {
  readonly #options: PricePollerOptions;
  readonly #aborter = new AbortController();
  readonly #asking = new Set<InstrumentId>();
  #askedFor: Instrument[] = [];
  #polledAt: number | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PricePollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#loop;
  }

  get polledAt(): number | null {
    return this.#polledAt;
  }

  /** A decision is held for this price: many that ask in one turn share a call. */
  want(id: InstrumentId): void {
    const instrument = this.#options.instrument(id);
    if (instrument === undefined || this.#asking.has(id)) return;
    this.#asking.add(id);
    this.#askedFor.push(instrument);
    if (this.#askedFor.length === 1) queueMicrotask(() => void this.#ask());
  }

  async #ask(): Promise<void> {
    const instruments = this.#askedFor;
    this.#askedFor = [];
    try {
      const marks = this.#take(await this.#read(instruments));
      await this.#options.store.saveMarks(marks);
    } catch (error: unknown) {
      this.#options.onError(error);
    } finally {
      for (const { id } of instruments) this.#asking.delete(id);
    }
  }

  async #run(): Promise<void> {
    const { clock, leads, pollEveryMs, onError } = this.#options;
    while (!this.#aborter.signal.aborted) {
      const leading = leads();
      try {
        await (leading ? this.#lead() : this.#follow());
      } catch (error: unknown) {
        if (!this.#aborter.signal.aborted) onError(error);
      }
      const pauseMs = leading ? pollEveryMs : Math.min(pollEveryMs, FOLLOW_EVERY_MS);
      await clock.sleep(pauseMs, this.#aborter.signal).catch(() => undefined);
    }
  }

  async #lead(): Promise<void> {
    const instruments = await this.#options.wanted();
    if (instruments.length > 0) {
      const marks = this.#take(await this.#read(instruments));
      if (marks.length > 0) await this.#options.store.saveMarks(marks);
    }
    this.#polledAt = this.#options.clock.now();
  }

  async #follow(): Promise<void> {
    this.#take(await this.#options.store.loadMarks());
    this.#polledAt = this.#options.clock.now();
  }

  async #read(instruments: readonly Instrument[]): Promise<readonly Mark[]> {
    const controller = new AbortController();
    const disarm = this.#options.clock.after(READ_TIMEOUT_MS, () => controller.abort());
    try {
      return await this.#options.source.latest(instruments, controller.signal);
    } finally {
      disarm();
    }
  }

  #take(marks: readonly Mark[]): readonly Mark[] {
    const taken = marks.filter(isBelievable);
    for (const mark of taken) this.#options.cache.put(mark);
    if (taken.length > 0) this.#options.onMarks(taken);
    return taken;
  }
}

/** A crossed quote, or one without any price, marks nothing. */
function isBelievable(mark: Mark): boolean {
  return !isCrossed(mark) && valuationPrice(mark) !== null;
}
