// What requests look up again and again, kept current: accounts and instruments, limits, trading states.
import { Directory, type VenuesOf } from "../app/directory.ts";
import type { LimitTable } from "../domain/limits.ts";
import type { TradingState, TradingStateTable } from "../domain/trading-state.ts";
import type { Logger } from "../log.ts";
import type { ConfigurationStore } from "../ports/store.ts";

export class World {
  readonly #store: ConfigurationStore;
  readonly #log: Logger;
  readonly directory: Directory;
  #limits: LimitTable;
  #trading: TradingStateTable;
  #stop: (() => Promise<void>) | null = null;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  private constructor(
    store: ConfigurationStore,
    log: Logger,
    first: { directory: Directory; limits: LimitTable; trading: TradingStateTable },
  ) {
    this.#store = store;
    this.#log = log;
    this.directory = first.directory;
    this.#limits = first.limits;
    this.#trading = first.trading;
  }

  static async watch(store: ConfigurationStore, venues: VenuesOf, log: Logger): Promise<World> {
    const [directory, limits, trading] = await Promise.all([
      Directory.read(store, venues),
      store.limits(),
      store.tradingStates(),
    ]);
    const world = new World(store, log, { directory, limits, trading });
    world.#stop = await store.onChange(() => void world.refresh());
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

  /** The state for all; narrower rows may be stricter. */
  get tradingState(): TradingState {
    const all = this.#trading.rows.find((row) => row.accountId === null && row.strategyId === null);
    return all?.state ?? "active";
  }

  /** One read at a time. Whoever asks during one gets the next: what they changed is in it. */
  refresh(): Promise<void> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#start();
    this.#next = this.#running.then(() => {
      this.#next = null;
      return this.#start();
    });
    return this.#next;
  }

  #start(): Promise<void> {
    this.#running = this.#read()
      .catch((error: unknown) => {
        this.#log.warn({ err: error }, "the configuration could not be read again");
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #read(): Promise<void> {
    const [limits, trading] = await Promise.all([
      this.#store.limits(),
      this.#store.tradingStates(),
      this.directory.refresh(this.#store),
    ]);
    this.#limits = limits;
    this.#trading = trading;
  }

  async close(): Promise<void> {
    await this.#stop?.();
  }
}
