// Prices as they happen, where the source streams them. Quotes come by the hundred a second, so the
// newest of each instrument is gathered for a moment and taken together. Two modes: hung up, and open
// from the first instruments to follow until `hangUp`. The stream comes back by itself after a break,
// and the poll goes on beside it.
import type { InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { Quotation } from "../domain/quotation.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData, MarkStream } from "../ports/market-data.ts";

/** As often as a person can see; what is decided in between waits for no price. */
const GATHER_MS = 250;

export interface PriceStreamOptions {
  readonly source: Pick<MarketData, "stream">;
  readonly clock: Clock;
  take(told: readonly Quotation[]): void;
  onBreak(cause: string): void;
}

export class PriceStream {
  readonly #options: PriceStreamOptions;
  readonly #gathered = new Map<InstrumentId, Quotation>();
  #stream: MarkStream | null = null;
  #disarm: (() => void) | null = null;

  constructor(options: PriceStreamOptions) {
    this.#options = options;
  }

  /** The whole set of instruments to follow from now on. */
  follow(instruments: readonly Instrument[]): void {
    this.#stream ??= this.#options.source.stream({
      onPrice: (told) => this.#gather(told),
      onDisconnected: this.#options.onBreak,
    });
    this.#stream?.follow(instruments);
  }

  async hangUp(): Promise<void> {
    const stream = this.#stream;
    this.#stream = null;
    this.#disarm?.();
    this.#disarm = null;
    this.#gathered.clear();
    await stream?.close();
  }

  #gather(told: Quotation): void {
    // A frame that was on its way when we hung up belongs to whoever leads now.
    if (this.#stream === null) return;
    this.#gathered.set(told.instrumentId, told);
    this.#disarm ??= this.#options.clock.after(GATHER_MS, () => this.#give());
  }

  #give(): void {
    const told = [...this.#gathered.values()];
    this.#gathered.clear();
    this.#disarm = null;
    this.#options.take(told);
  }
}
