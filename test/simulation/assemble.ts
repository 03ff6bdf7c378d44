// The world that a run's workers live in: its database, stream and broker, on one clock and one set of faults.
import type { Account } from "../../src/domain/book.ts";
import type { Deployment } from "./deployment.ts";
import { Scheduler } from "./scheduler.ts";
import { TRAITS, type ExecutionIds } from "./sim-broker-port.ts";
import { SimBroker } from "./sim-broker.ts";
import { SimStream } from "./sim-bus.ts";
import { SimDatabase } from "./sim-database.ts";
import { ACCOUNTS, INSTRUMENTS, limits, PARTITIONS } from "./world.ts";

export interface Conditions extends Pick<Deployment, "faults" | "bugs" | "requestsPerMinute"> {
  readonly executionIds: ExecutionIds;
  readonly carriesFills?: boolean;
  /** Those of every run, unless a run is about one. */
  readonly accounts?: readonly Account[];
  /** Given what happened and when. */
  readonly trace?: (line: string) => void;
}

export function assemble(conditions: Conditions): Deployment {
  const { faults, bugs, requestsPerMinute, executionIds, trace, accounts = ACCOUNTS } = conditions;
  const { carriesFills = false } = conditions;
  const scheduler = new Scheduler();
  return {
    scheduler,
    faults,
    bugs,
    database: new SimDatabase({
      partitions: PARTITIONS,
      accounts,
      instruments: INSTRUMENTS,
      limits: limits(),
      bugs,
    }),
    stream: new SimStream(scheduler, faults),
    brokerWorld: {
      broker: new SimBroker(scheduler, faults, carriesFills),
      scheduler,
      faults,
      instruments: INSTRUMENTS,
      traits: TRAITS,
      onUnanswered: () => undefined,
      executionIds,
      failsFor: () => null,
    },
    requestsPerMinute,
    onDelivered: () => undefined,
    onComplaint: () => undefined,
    trace: trace === undefined ? () => undefined : (line) => trace(`${scheduler.now} ${line}`),
  };
}
