// A broker as the shell calls it. Every call ends in an outcome, never in an exception for something
// that a broker can do; a thrown error is a fault of ours.
import type {
  BrokerAccount,
  BrokerActivity,
  BrokerOrderSnapshot,
  BrokerPosition,
  BrokerReport,
  BrokerTraits,
  CancelOutcome,
  LookupOutcome,
  ReplaceOutcome,
  SubmitOutcome,
} from "../domain/broker.ts";
import type { Execution } from "../domain/order/state.ts";
import type { AccountId, BrokerOrderId, BrokerReference, InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { OrderTerms, Side, TermsChange } from "../domain/order/spec.ts";

export interface CallOptions {
  /** Aborts the request; before any byte left the outcome is `not_sent`, afterwards `unresolved`. */
  readonly signal: AbortSignal;
  readonly traceParent?: string | null;
  /** A read tells each request that it makes: a list of many pages costs the rate budget one for each. */
  onRequest?(): void;
  /** A read leaves out what nobody here knows the meaning of, and tells it, once for each such thing. */
  onUnreadable?(raw: string, cause: string): void;
}

export interface SubmitRequest {
  readonly instrument: Instrument;
  readonly reference: BrokerReference;
  readonly terms: OrderTerms;
}

export interface ReplaceRequest {
  readonly instrument: Instrument;
  readonly brokerOrderId: BrokerOrderId;
  readonly reference: BrokerReference;
  /** Its quantity is of the broker's own order: of our whole what filled on earlier ones may not be in it. */
  readonly change: TermsChange;
  /** Our terms as they will stand after the change. */
  readonly terms: OrderTerms;
}

export type BrokerExecution = Omit<Execution, "orderId"> & {
  readonly symbol: string;
  readonly side: Side;
  readonly reference: BrokerReference | null;
};

/** What the broker said of the rate budget with its last answer. */
export interface RateBudget {
  readonly limit: number;
  readonly remaining: number;
  /** Instant at which `remaining` is full again. */
  readonly resetAt: number;
}

/** One account at one broker. */
export interface BrokerAccountPort {
  readonly accountId: AccountId;
  readonly traits: BrokerTraits;
  submit(request: SubmitRequest, options: CallOptions): Promise<SubmitOutcome>;
  cancel(brokerOrderId: BrokerOrderId, options: CallOptions): Promise<CancelOutcome>;
  replace(request: ReplaceRequest, options: CallOptions): Promise<ReplaceOutcome>;
  findByReference(reference: BrokerReference, options: CallOptions): Promise<LookupOutcome>;
  findById(brokerOrderId: BrokerOrderId, options: CallOptions): Promise<LookupOutcome>;
  /** Every open order, paged to the end. Throws `BrokerUnavailable`. */
  openOrders(options: CallOptions): Promise<readonly BrokerOrderSnapshot[]>;
  /** Orders submitted at or after the instant, oldest first, no tie lost. */
  ordersSince(since: number, options: CallOptions): Promise<readonly BrokerOrderSnapshot[]>;
  /** The fills since the instant, oldest first, as the broker lists them: page by page. */
  executionsSince(since: number, options: CallOptions): AsyncIterable<readonly BrokerExecution[]>;
  activitiesSince(since: number, options: CallOptions): Promise<readonly BrokerActivity[]>;
  positions(options: CallOptions): Promise<readonly BrokerPosition[]>;
  account(options: CallOptions): Promise<BrokerAccount>;
  /** The broker's own clock, to measure the skew; null where it has none. */
  time(options: CallOptions): Promise<number | null>;
  instrument(symbol: string, options: CallOptions): Promise<Instrument | null>;
  /** The last budget the broker told; null before the first answer. */
  rateBudget(): RateBudget | null;
  /** Opens the stream of facts and keeps it open for ever. */
  listen(listener: BrokerListener): BrokerStream;
}

export interface BrokerListener {
  onReport(report: BrokerReport): void;
  /** Subscribed: what happened before must be caught up by REST, reports of now are already coming. */
  onConnected(): void;
  onDisconnected(cause: string): void;
  /** Something that could not be read: it is parked, never dropped. */
  onUnreadable(raw: string, cause: string): void;
}

export interface BrokerStream {
  /** Instant of the last sign of life, frames and pongs alike; null while disconnected. */
  lastHeardAt(): number | null;
  close(): Promise<void>;
}

/** The broker did not answer a read: try again later. */
export class BrokerUnavailable extends Error {
  override readonly name: string = "BrokerUnavailable";
}

/** The broker is there, and asks that nothing more be asked of it before an instant. */
export class BrokerRateLimited extends BrokerUnavailable {
  override readonly name = "BrokerRateLimited";
  readonly retryAt: number;

  constructor(message: string, retryAt: number) {
    super(message);
    this.retryAt = retryAt;
  }
}

/** The broker refuses our credentials: a person must look. */
export class BrokerRefusesCredentials extends Error {
  override readonly name = "BrokerRefusesCredentials";
}

/** Maps what people write (`btcusdt`, `btc-usd`, `AAPL`) to the broker's instrument, or null. */
export interface SymbolDirectory {
  resolve(text: string): Instrument | null;
  byId(id: InstrumentId): Instrument | null;
}
