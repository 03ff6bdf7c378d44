// What the API needs from outside, and what it is told about itself. Ports and values only.
import type { AdmissionLimits } from "../app/admission.ts";
import type { VenuesOf } from "../app/directory.ts";
import type { BrokerTraits } from "../domain/broker.ts";
import type { Account } from "../domain/book.ts";
import type { Logger } from "../log.ts";
import type { BusProducer } from "../ports/bus.ts";
import type { Clock, IdSource } from "../ports/clock.ts";
import type { MetricsQueries } from "../ports/metrics.ts";
import type { Operations } from "../ports/operations.ts";
import type { Queries } from "../ports/queries.ts";
import type {
  AcceptanceStore,
  ConfigurationStore,
  EngineStore,
  FeedStore,
  SharedFeedStore,
  MarkStore,
} from "../ports/store.ts";
import type { Tracer } from "../ports/tracing.ts";
import type { Exclusive, WebhookStore } from "../ports/webhooks.ts";
import type { JwtSettings } from "./auth/jwt.ts";
import type { RateLimit } from "./http/rate-limit.ts";

export interface ApiSettings {
  readonly mode: "mock" | "paper" | "live";
  readonly version: string;
  readonly partitions: number;
  readonly auth: "keys" | "off";
  /** The API listens on this machine only: without keys, other names than its own are refused. */
  readonly isLoopback: boolean;
  readonly jwt?: JwtSettings | null;
  /** For each key; without keys nobody is counted. */
  readonly rateLimit?: RateLimit;
  readonly admission?: AdmissionLimits;
  /** Alerts of TradingView are taken from these addresses only; null is any. */
  readonly tradingViewAddresses?: readonly string[] | null;
  /** Proxies whose word on where a request comes from is taken. */
  readonly trustedProxies?: readonly string[];
  /** Webhooks may go to addresses of the own network, and without TLS. */
  readonly allowPrivateWebhooks?: boolean;
}

export interface ApiDeps {
  readonly settings: ApiSettings;
  readonly acceptance: AcceptanceStore;
  readonly bus: BusProducer | null;
  readonly configuration: ConfigurationStore;
  readonly queries: Queries;
  readonly operations: Operations;
  readonly metrics: MetricsQueries;
  readonly feed: SharedFeedStore;
  /** The log for the readers of the stream: as many as come, each from its own place. */
  readonly streamed: Pick<FeedStore, "head" | "read">;
  readonly webhooks: WebhookStore;
  /** Null in tests that send nothing: then nobody is told. */
  readonly exclusive: Exclusive | null;
  /** For previews: every price. */
  readonly marks: Pick<MarkStore, "loadMarks">;
  /** For previews: the worker's own book, read from the tables. */
  readonly engine: Pick<EngineStore, "loadBook">;
  readonly traitsOf: (account: Account) => BrokerTraits;
  readonly venuesOf: VenuesOf;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Null: no spans are recorded. */
  readonly tracer: Tracer | null;
  readonly log: Logger;
}
