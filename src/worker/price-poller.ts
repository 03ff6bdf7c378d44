// Keeps the marks fresh. Two modes: leading (holds the lease for prices: asks the source for every
// instrument that matters and hears the stream where there is one, saves what it believes) and following
// (takes what the leader saved as it is: it was judged when it was told, and its age goes with it). A
// price that a decision waits for is asked for at once by whoever needs it. Saving holds up none of it.
import { groupsOf } from "../domain/groups.ts";
import type { InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { MarkTable } from "../domain/mark-table.ts";
import type { Mark } from "../domain/market.ts";
import { believe, type Moment, type Quotation } from "../domain/quotation.ts";
import { decisionMark } from "../domain/risk/price.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";
import type { MarkStore } from "../ports/store.ts";
import { MarkSaver } from "./mark-saver.ts";
import { PriceStream } from "./price-stream.ts";
import { restsOf } from "./rests.ts";

const READ_TIMEOUT_MS = 4_000;
/** Instruments whose prices are asked for at once, and valued at once: thousands would hold up all else. */
const GROUP = 600;
/** So many groups that fail one behind the other: the source is away, and the next poll goes on behind them. */
const MAX_FAILED = 2;
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
  /** What is known of instruments, and how their markets stand. */
  readonly world: {
    instrument(id: InstrumentId): Instrument | undefined;
    moment(instrument: Instrument, now: number): Moment;
  };
  onMarks(marks: readonly Mark[]): void;
  onError(error: unknown): void;
}

export class PricePoller {
  readonly #options: PricePollerOptions;
  readonly #aborter = new AbortController();
  readonly #asking = new Set<InstrumentId>();
  readonly #stream: PriceStream;
  readonly #saver: MarkSaver;
  #askedFor: Instrument[] = [];
  #polledAt: number | null = null;
  /** The group that a poll begins with. */
  #begin = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PricePollerOptions) {
    this.#options = options;
    const { source, store, clock, onError } = options;
    this.#saver = new MarkSaver(store, onError);
    this.#stream = new PriceStream({
      source,
      clock,
      take: (told) => this.#keep(told),
      onBreak: (cause) => onError(new Error(`the stream of prices: ${cause}`)),
    });
  }

  /** What was saved before is put back as it was: how old it may be is for who uses it. */
  recall(): Promise<void> {
    return this.#follow();
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#loop;
    await this.#stream.hangUp();
    await this.#saver.idle();
  }

  get polledAt(): number | null {
    return this.#polledAt;
  }

  /** A decision is held for this price: many that ask in one turn share a call. */
  want(id: InstrumentId): void {
    const instrument = this.#options.world.instrument(id);
    if (instrument === undefined || this.#asking.has(id)) return;
    this.#asking.add(id);
    this.#askedFor.push(instrument);
    if (this.#askedFor.length === 1) queueMicrotask(() => void this.#ask());
  }

  async #ask(): Promise<void> {
    const instruments = this.#askedFor;
    this.#askedFor = [];
    try {
      this.#keep(await this.#read(instruments));
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
      const begun = clock.monotonic();
      try {
        if (!leading) await this.#stream.hangUp();
        await (leading ? this.#lead() : this.#follow());
      } catch (error: unknown) {
        if (!this.#aborter.signal.aborted) onError(error);
      }
      const everyMs = leading ? pollEveryMs : Math.min(pollEveryMs, FOLLOW_EVERY_MS);
      const tookMs = clock.monotonic() - begun;
      await clock
        .sleep(Math.max(everyMs / 2, everyMs - tookMs), this.#aborter.signal)
        .catch(() => undefined);
    }
  }

  async #lead(): Promise<void> {
    const instruments = await this.#options.wanted();
    this.#stream.follow(instruments);
    const { clock, leads } = this.#options;
    const rest = restsOf(clock, this.#aborter.signal);
    const groups = groupsOf(instruments, GROUP);
    let failed = 0;
    let isWhole = true;
    for (let turn = 0; turn < groups.length && failed < MAX_FAILED; turn += 1) {
      if (turn > 0) await rest();
      if (!leads()) return;
      const isRead = await this.#readGroup(groups[(this.#begin + turn) % groups.length] ?? []);
      failed = isRead ? 0 : failed + 1;
      isWhole &&= isRead;
      if (failed === MAX_FAILED) this.#begin = (this.#begin + turn + 1) % groups.length;
    }
    if (isWhole) this.#polledAt = clock.now();
  }

  /** False where it failed; the others have theirs. */
  async #readGroup(instruments: readonly Instrument[]): Promise<boolean> {
    try {
      this.#keep(await this.#read(instruments));
      return true;
    } catch (error: unknown) {
      if (!this.#aborter.signal.aborted) this.#options.onError(error);
      return false;
    }
  }

  async #follow(): Promise<void> {
    const { store, clock } = this.#options;
    const rest = restsOf(clock, this.#aborter.signal);
    for (const [index, saved] of groupsOf(await store.loadMarks(), GROUP).entries()) {
      if (index > 0) await rest();
      this.#take(
        saved.map((mark) => decisionMark(mark, clock.now())).filter((mark) => mark !== null),
      );
    }
    this.#polledAt = this.#options.clock.now();
  }

  async #read(instruments: readonly Instrument[]): Promise<readonly Quotation[]> {
    const { source, clock, onError } = this.#options;
    const controller = new AbortController();
    const disarm = clock.after(READ_TIMEOUT_MS, () => controller.abort());
    try {
      return await source.latest(instruments, controller.signal, onError);
    } finally {
      disarm();
    }
  }

  #keep(told: readonly Quotation[]): void {
    const marks = told.map((one) => this.#believed(one)).filter((mark) => mark !== null);
    this.#take(marks);
    this.#saver.save(marks);
  }

  #take(marks: readonly Mark[]): void {
    const now = this.#options.clock.now();
    for (const mark of marks) this.#options.cache.put(mark, now);
    if (marks.length > 0) this.#options.onMarks(marks);
  }

  #believed(told: Quotation): Mark | null {
    const { world, clock } = this.#options;
    const instrument = world.instrument(told.instrumentId);
    return instrument === undefined ? null : believe(told, world.moment(instrument, clock.now()));
  }
}
