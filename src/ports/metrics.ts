// Numbers for the metrics, summed by the record: read when somebody asks for them, and only as far as
// the log went on since the last time.

import type { AccountLink } from "./operations.ts";

/** How far the counters have come, per partition. */
export interface MetricsPlace {
  readonly seq: number;
  readonly number: number;
}
export type MetricsCursor = ReadonlyMap<number, MetricsPlace>;

export const STAGES = ["decide", "send", "acknowledge", "fill", "received_to_filled"] as const;
export type Stage = (typeof STAGES)[number];

/** Upper bounds of the buckets in seconds: from half a millisecond to ten seconds. */
export const STAGE_BOUNDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

export interface Movement {
  readonly decisions: readonly {
    readonly outcome: string;
    readonly code: string;
    readonly count: number;
  }[];
  readonly stages: readonly {
    readonly stage: Stage;
    /** Index into the bounds; one past the last is the rest. */
    readonly bucket: number;
    readonly count: number;
    readonly seconds: number;
  }[];
}

/** Calls to a broker of one kind that ended the same way and took about as long. */
export interface BrokerCallTotal {
  readonly account: string;
  readonly kind: string;
  readonly result: string;
  /** Index into the bounds; one past the last is the rest. */
  readonly bucket: number;
  readonly calls: number;
  readonly seconds: number;
}

export interface BrokerMovement {
  readonly links: readonly AccountLink[];
  readonly calls: readonly Omit<BrokerCallTotal, "account">[];
}

export interface MetricsQueries {
  /** As the workers told it, summed over their lives. */
  brokers(): Promise<BrokerMovement>;
  place(): Promise<MetricsCursor>;
  movement(since: MetricsCursor, until: MetricsCursor): Promise<Movement>;
}
