// What requests look up again and again, kept current: accounts and instruments, limits, trading states.
import { OneReading } from "../app/one-reading.ts";
import { Directory, type VenuesOf } from "../app/directory.ts";
import type { CalendarOverrides } from "../domain/calendar/override.ts";
import type { LimitTable } from "../domain/limits.ts";
import type { TradingState, TradingStateTable } from "../domain/trading-state.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../log.ts";
import type { ConfigurationStore } from "../ports/store.ts";

/** What was read within this time is not read again for a request that names something unknown. */
const FRESH_MS = 1_000;

export interface WorldDeps {
  readonly configuration: ConfigurationStore;
  readonly venuesOf: VenuesOf;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Known {
  readonly directory: Directory;
  readonly limits: LimitTable;
  readonly trading: TradingStateTable;
  readonly calendar: CalendarOverrides;
}

export class World {
  readonly #store: ConfigurationStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly directory: Directory;
  #limits: LimitTable;
  #trading: TradingStateTable;
  #calendar: CalendarOverrides;
  #stop: (() => Promise<void>) | null = null;
  readonly #reading = new OneReading(() => this.#read());
  #readAt = Number.NEGATIVE_INFINITY;

  private constructor({ configuration, clock, log }: WorldDeps, known: Known) {
    this.#store = configuration;
    this.#clock = clock;
    this.#log = log;
    this.directory = known.directory;
    this.#limits = known.limits;
    this.#trading = known.trading;
    this.#calendar = known.calendar;
  }

  static async watch(deps: WorldDeps): Promise<World> {
    const { configuration, venuesOf } = deps;
    const [directory, limits, trading, calendar] = await Promise.all([
      Directory.read(configuration, venuesOf),
      configuration.limits(),
      configuration.tradingStates(),
      configuration.calendarOverrides(),
    ]);
    const world = new World(deps, { directory, limits, trading, calendar });
    world.#stop = await configuration.onChange(() => world.#follow());
    // A change between the first read and the subscription would otherwise wait for the next one.
    await world.refresh();
    return world;
  }

  get limits(): LimitTable {
    return this.#limits;
  }

  get trading(): TradingStateTable {
    return this.#trading;
  }

  /** What an operator knows better than the published calendars. */
  get calendar(): CalendarOverrides {
    return this.#calendar;
  }

  /** The state for all; narrower rows may be stricter. */
  get tradingState(): TradingState {
    const all = this.#trading.rows.find((row) => row.accountId === null && row.strategyId === null);
    return all?.state ?? "active";
  }

  /** What cannot be read now stays as it was known. */
  async refresh(): Promise<void> {
    await this.#follow().catch(() => undefined);
  }

  /** False when what is known was read just now: strangers who ask for nonsense cost no reading. */
  async refreshUnlessFresh(): Promise<boolean> {
    if (this.#clock.monotonic() - this.#readAt < FRESH_MS) return false;
    await this.refresh();
    return true;
  }

  async #follow(): Promise<void> {
    try {
      await this.#reading.again();
    } catch (error: unknown) {
      this.#log.warn({ err: error }, "the configuration could not be read again");
      throw error;
    }
  }

  async #read(): Promise<void> {
    const [limits, trading, calendar] = await Promise.all([
      this.#store.limits(),
      this.#store.tradingStates(),
      this.#store.calendarOverrides(),
      this.directory.refresh(this.#store),
    ]);
    this.#limits = limits;
    this.#trading = trading;
    this.#calendar = calendar;
    this.#readAt = this.#clock.monotonic();
  }

  async close(): Promise<void> {
    await this.#stop?.();
  }
}
