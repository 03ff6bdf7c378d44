// What a worker is built of: ports, and how it goes about its work.
import type { Account } from "../domain/book.ts";
import type { BrokerAccountPort } from "../ports/broker.ts";
import type { BusConsumer } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";
import type { ConfigurationStore, EngineStore, LeaseStore, MarkStore } from "../ports/store.ts";
import type { Tracer } from "../ports/tracing.ts";
import type { AccountOptions } from "./accounts.ts";
import type { DeploymentJob } from "./job-host.ts";
import type { WorkerSink } from "./sink.ts";

export interface EngineOptions extends AccountOptions {
  readonly owner: string;
  readonly partitions: number;
  readonly pollPricesEveryMs: number;
  readonly sweepEveryMs: number;
  /** While the stream is missing the sweep alone drives the worker. */
  readonly sweepAloneEveryMs: number;
  readonly drainTimeoutMs: number;
  /** Inputs that a batch has at most; by default as many as pay. */
  readonly maxBatch?: number;
}

export interface EngineDeps {
  readonly clock: Clock;
  readonly sink: WorkerSink;
  readonly store: EngineStore & ConfigurationStore & MarkStore & LeaseStore;
  /** Null: no Redis. */
  readonly bus: BusConsumer | null;
  readonly marketData: MarketData;
  /** Null: no spans are recorded. */
  readonly tracer: Tracer | null;
  readonly options: EngineOptions;
  connect(account: Account): BrokerAccountPort;
  /** Work that one worker of the deployment does for all. */
  readonly jobs: readonly DeploymentJob[];
  /** Instruments anywhere in the deployment that need a price. */
  pricedInstruments(): ReturnType<ConfigurationStore["instruments"]>;
  /** Exits only, until a person resumes: called again whenever the reason shows again. */
  goReducing(reason: string): Promise<void>;
  /** After a commit: wakes whoever follows the log. */
  wakeFeeds(): void;
}
