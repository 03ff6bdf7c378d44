// Everything a decision may look at besides the book: limits, trading state, instruments, prices. Kept
// current by one watcher per worker; a decision sees one consistent snapshot of it.
import { OneReading } from "../app/one-reading.ts";
import type { Account, Context } from "../domain/book.ts";
import type { CalendarOverrides } from "../domain/calendar/override.ts";
import type { AccountId, InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { LimitTable } from "../domain/limits.ts";
import type { MarkSource, RateSource } from "../domain/market.ts";
import { marketHours, type Moment } from "../domain/quotation.ts";
import type { TradingStateTable } from "../domain/trading-state.ts";
import type { ConfigurationStore } from "../ports/store.ts";

export interface WorldOptions {
  readonly store: ConfigurationStore;
  readonly marks: MarkSource;
  /** A change could not be read; it is tried again. */
  onError(error: unknown): void;
}

export class World {
  readonly #store: ConfigurationStore;
  readonly #marks: MarkSource;
  #limits: LimitTable;
  #trading: TradingStateTable;
  #accounts: readonly Account[];
  #instruments: ReadonlyMap<InstrumentId, Instrument>;
  #calendar: CalendarOverrides;
  #rates: RateSource;
  #unsubscribe: (() => Promise<void>) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #reading = new OneReading(() => this.#read());

  private constructor(store: ConfigurationStore, marks: MarkSource, first: Snapshot) {
    this.#store = store;
    this.#marks = marks;
    this.#limits = first.limits;
    this.#trading = first.trading;
    this.#accounts = first.accounts;
    this.#instruments = first.instruments;
    this.#calendar = first.calendar;
    this.#rates = first.rates;
  }

  static async watch({ store, marks, onError }: WorldOptions): Promise<World> {
    const world = new World(store, marks, await read(store));
    world.#unsubscribe = await store.onChange(async () => {
      try {
        await world.refresh();
      } catch (error: unknown) {
        onError(error);
        throw error;
      }
    });
    // A change between the first read and the subscription would otherwise wait for the next one.
    await world.refresh();
    return world;
  }

  refresh(): Promise<void> {
    return this.#reading.again();
  }

  async #read(): Promise<void> {
    const fresh = await read(this.#store);
    this.#limits = fresh.limits;
    this.#trading = fresh.trading;
    this.#accounts = fresh.accounts;
    this.#instruments = fresh.instruments;
    this.#calendar = fresh.calendar;
    this.#rates = fresh.rates;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  get accounts(): readonly Account[] {
    return this.#accounts;
  }

  get tradingVersion(): number {
    return this.#trading.version;
  }

  readonly instrument = (id: InstrumentId): Instrument | undefined => this.#instruments.get(id);

  /** A quote is as old as it may be for whichever account allows the most. */
  moment({ venue, symbol }: Instrument, now: number): Moment {
    let quoteAgeMaxMs: number | null = 0;
    for (const { id } of this.#accounts) {
      const { quote_age_max_ms: allowed } = this.#limits.for(id, symbol, null);
      quoteAgeMaxMs =
        allowed === null || quoteAgeMaxMs === null ? null : Math.max(allowed, quoteAgeMaxMs);
    }
    return { now, hours: marketHours(venue, now, this.#calendar), quoteAgeMaxMs };
  }

  context(now: number, broker: (accountId: AccountId) => ReturnType<Context["broker"]>): Context {
    return {
      now,
      limits: this.#limits,
      trading: this.#trading,
      marks: this.#marks,
      rates: this.#rates,
      calendar: this.#calendar,
      instrument: this.instrument,
      broker,
    };
  }

  async close(): Promise<void> {
    await this.#unsubscribe?.();
  }
}

interface Snapshot {
  readonly limits: LimitTable;
  readonly trading: TradingStateTable;
  readonly accounts: readonly Account[];
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly calendar: CalendarOverrides;
  readonly rates: RateSource;
}

async function read(store: ConfigurationStore): Promise<Snapshot> {
  const [limits, trading, accounts, instruments, calendar, rates] = await Promise.all([
    store.limits(),
    store.tradingStates(),
    store.accounts(),
    store.instruments(),
    store.calendarOverrides(),
    store.rates(),
  ]);
  return {
    limits,
    trading,
    accounts,
    instruments: new Map(instruments.map((row) => [row.id, row])),
    calendar,
    rates,
  };
}
