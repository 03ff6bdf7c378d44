// Where prices come from. A source gives what it has; judging age and crossing is for whoever uses it.
import type { Instrument } from "../domain/instrument.ts";
import type { Quotation } from "../domain/quotation.ts";

export interface MarketData {
  readonly name: string;
  /**
   * The latest prices of many instruments in as few calls as the source allows. What fails while other
   * prices come is told to `failed`; only when none comes, it is thrown.
   */
  latest(
    instruments: readonly Instrument[],
    signal: AbortSignal,
    failed?: (error: unknown) => void,
  ): Promise<readonly Quotation[]>;
  /** Streams prices where the source can; null where it cannot. */
  stream(listener: MarkListener): MarkStream | null;
}

export interface MarkListener {
  /** A trade or a quote has come; the other half is what was told last. */
  onPrice(told: Quotation): void;
  onDisconnected(cause: string): void;
}

export interface MarkStream {
  /** The whole set of instruments to follow from now on. */
  follow(instruments: readonly Instrument[]): void;
  lastHeardAt(): number | null;
  close(): Promise<void>;
}
