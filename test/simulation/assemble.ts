// The world that a run's workers live in: its database, stream and broker, on one clock and one set of faults.
import type { Account } from "../../src/domain/book.ts";
import { MAX_BATCH } from "../../src/worker/batch-size.ts";
import type { Deployment } from "./deployment.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { overridesOf, type Session } from "./session.ts";
import { TRAITS, type ExecutionIds } from "./sim-broker-port.ts";
import { SimBroker } from "./sim-broker.ts";
import { SimStream } from "./sim-bus.ts";
import { SimDatabase } from "./sim-database.ts";
import { ACCOUNTS, ALL_INSTRUMENTS, limits, PARTITIONS } from "./world.ts";

export interface Conditions extends Pick<Deployment, "faults" | "bugs" | "requestsPerMinute"> {
  readonly executionIds: ExecutionIds;
  /** Of the market that has hours; open unless said. */
  readonly session?: Session;
  readonly pricesUntilMs?: number;
  /** Each of its answers takes about a second. */
  readonly isBrokerSlow?: boolean;
  /** Draws what came to the runs later than the rest, so that a seed draws the rest as before. */
  readonly variety?: Random;
  readonly carriesFills?: boolean;
  readonly maxBatch?: number;
  /** Those of every run, unless a run is about one. */
  readonly accounts?: readonly Account[];
  /** Given what happened and when. */
  readonly trace?: (line: string) => void;
}

export function assemble(conditions: Conditions): Deployment {
  const { faults, bugs, requestsPerMinute, executionIds, trace, accounts = ACCOUNTS } = conditions;
  const { session = "open", variety = new Random(0) } = conditions;
  const { carriesFills = false, pricesUntilMs = Number.POSITIVE_INFINITY } = conditions;
  const scheduler = new Scheduler();
  return {
    scheduler,
    faults,
    bugs,
    database: new SimDatabase({
      partitions: PARTITIONS,
      accounts,
      instruments: ALL_INSTRUMENTS,
      limits: limits(),
      calendarOverrides: overridesOf(session),
      bugs,
    }),
    stream: new SimStream(scheduler, faults),
    brokerWorld: {
      broker: new SimBroker(scheduler, faults, carriesFills),
      scheduler,
      faults,
      instruments: ALL_INSTRUMENTS,
      traits: TRAITS,
      isSlow: conditions.isBrokerSlow ?? false,
      onUnanswered: () => undefined,
      executionIds,
      failsFor: () => null,
    },
    requestsPerMinute,
    maxBatch: conditions.maxBatch ?? MAX_BATCH,
    session,
    pricesUntilMs,
    variety,
    onDelivered: () => undefined,
    onComplaint: () => undefined,
    trace: trace === undefined ? () => undefined : (line) => trace(`${scheduler.now} ${line}`),
  };
}
