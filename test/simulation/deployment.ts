// The processes of a run: workers and an API, each made of the real modules on simulated ports. What
// dies is started again after a while, as a supervisor would.
import type { LoggedEvent, RecordedEvent } from "../../src/domain/event.ts";
import { Engine } from "../../src/worker/engine.ts";
import { PoisonFound } from "../../src/worker/batch.ts";
import { feedPump } from "../../src/worker/feed-pump.ts";
import type { WorkerSink } from "../../src/worker/sink.ts";
import type { Bugs } from "./bugs.ts";
import type { Faults } from "./faults.ts";
import { plantInBroker, plantInBus, plantInStore } from "./planted.ts";
import { SimProcess, type IoKind } from "./process.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { createSimBrokerPort, type SimBrokerWorld } from "./sim-broker-port.ts";
import { withCash } from "./sim-cash.ts";
import { createSimConsumer, type SimStream } from "./sim-bus.ts";
import type { SimDatabase } from "./sim-database.ts";
import { createSimStore } from "./sim-store.ts";
import { ALL_INSTRUMENTS, PARTITIONS } from "./world.ts";
import { PRICE } from "./sim-broker.ts";

export interface Deployment {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly database: SimDatabase;
  readonly stream: SimStream;
  readonly brokerWorld: SimBrokerWorld;
  readonly bugs: Bugs;
  readonly trace: (line: string) => void;
  /** What a worker's account may send and ask in a minute. */
  readonly requestsPerMinute: number;
  /** Inputs that a worker decides at once. */
  readonly maxBatch: number;
  readonly session: Session;
  /** From then on no price comes, nor what happens by the way when one does. */
  readonly pricesUntilMs: number;
  readonly variety: Random;
  /** The auditor's eye: what a reader of the log is given, and what an operator is told. */
  onDelivered: (events: readonly LoggedEvent[]) => void;
  onComplaint: (complaint: string) => void;
}

const away = () => new Error("nobody answered");
const pricesCall: IoKind = {
  name: "prices",
  lowMs: 1,
  highMs: 10,
  notDone: away,
  unknown: away,
};
const feedCall: IoKind = { ...pricesCall, name: "feed" };

export class SimWorker {
  readonly #deployment: Deployment;
  readonly #name: string;
  #incarnation = 0;
  #process: SimProcess;
  #engine: Engine | null = null;

  constructor(name: string, deployment: Deployment) {
    this.#name = name;
    this.#deployment = deployment;
    this.#process = this.#spawn();
  }

  get process(): SimProcess {
    return this.#process;
  }

  get engine(): Engine | null {
    return this.#engine;
  }

  kill(): void {
    this.#deployment.trace(`kill ${this.#process.name}`);
    this.#process.kill();
    this.#engine = null;
  }

  /** Whatever killed it: after a moment it is started again. */
  reviveIfDead(): void {
    if (this.#process.isAlive) return;
    this.#engine = null;
    this.#process = this.#spawn();
  }

  /** A rolling restart: everything is handed over first. */
  async restart(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    await engine?.stop();
    this.kill();
  }

  #spawn(): SimProcess {
    const { scheduler, faults, database, stream, brokerWorld, bugs, trace } = this.#deployment;
    const deployment = this.#deployment;
    this.#incarnation += 1;
    const owner = `${this.#name}.${this.#incarnation}`;
    const process = new SimProcess(owner, scheduler, faults);
    const plot = { bugs, world: brokerWorld, database };
    const store = plantInStore(plot, createSimStore(process, database, scheduler));
    const clock = process.clock();
    trace(`start ${owner}`);
    const starting = Engine.start({
      clock,
      store,
      sink: sinkOf(owner, deployment),
      bus: plantInBus(plot, createSimConsumer(process, stream, scheduler)),
      tracer: null,
      marketData: {
        name: "simulated",
        latest: (instruments) =>
          process.io(pricesCall, () =>
            (scheduler.now > deployment.pricesUntilMs ? [] : instruments).map(({ id }) => ({
              instrumentId: id,
              trade: { price: PRICE, at: clock.now() },
              quote: { bid: PRICE, ask: PRICE, at: clock.now() },
            })),
          ),
        stream: () => null,
      },
      connect: (account) =>
        plantInBroker(
          plot,
          withCash(createSimBrokerPort(process, account.id, brokerWorld), brokerWorld.broker),
        ),
      jobs: [
        feedPump({
          feed: "readers",
          store: store.feeds,
          clock,
          read: (cursor, limit) => store.feeds.read(cursor, limit),
          deliver: (events) => process.io(feedCall, () => deployment.onDelivered(events)),
        }),
      ],
      pricedInstruments: async () => ALL_INSTRUMENTS,
      goReducing: async (reason) => deployment.onComplaint(`reducing: ${reason}`),
      wakeFeeds: () => undefined,
      options: {
        owner,
        partitions: PARTITIONS,
        pollPricesEveryMs: 5_000,
        sweepEveryMs: 1_000,
        sweepAloneEveryMs: 50,
        drainTimeoutMs: 2_000,
        requestsPerMinute: deployment.requestsPerMinute,
        maxBatch: deployment.maxBatch,
        callTimeoutMs: 3_000,
        maxConcurrentCalls: 16,
        reconcileEveryMs: 10_000,
      },
    });
    starting.then(
      (engine) => {
        if (process.isAlive) this.#engine = engine;
      },
      // A worker that cannot reach the record at its start ends, and is started again.
      () => process.kill(),
    );
    return process;
  }
}

function causeOf({ input, cause }: PoisonFound): string {
  const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `${why} by ${JSON.stringify(input)}`;
}

/** The event and the last digits of the order that it is about. */
function tell(event: RecordedEvent["event"]): string {
  if ("orderId" in event) return `${event.type} ${event.orderId.slice(-6)}`;
  if (event.type === "SignalDecided") return `${event.outcome} ${event.signalId.slice(-6)}`;
  if (event.type === "CommandDecided") return `${event.outcome.code} ${event.commandId.slice(-6)}`;
  if (event.type === "ExternalOrderSeen") return `${event.type} ${event.snapshot.brokerOrderId}`;
  if (event.type === "ExternalOrderClosed") return `${event.type} ${event.brokerOrderId}`;
  if (event.type === "BrokerFactParked") return `${event.type} ${event.parked?.brokerOrderId}`;
  return event.type;
}

function sinkOf(owner: string, deployment: Deployment): WorkerSink {
  const { trace, faults } = deployment;
  const say = (line: string) => trace(`${owner}: ${line}`);
  const committedAt = new Map<number, number>();
  return {
    alarm: (code, message) => say(`alarm ${code}: ${message}`),
    committed: ({ partition, events, ...batch }) => {
      if (batch.takenAt < (committedAt.get(partition) ?? 0)) faults.count("decided ahead");
      committedAt.set(partition, batch.committedAt);
      say(`committed p${partition} ${events.map(({ event }) => tell(event)).join(", ")}`);
    },
    brokerCall: ({ kind, result }) => {
      faults.count(`call ${kind} ${result}`);
      say(`${kind} ${result}`);
    },
    brokerReport: (_broker, kind) => say(`heard ${kind}`),
    unreadable: (accountId, _raw, cause) => say(`unreadable for ${accountId}: ${cause}`),
    session: (accountId, event, detail) => {
      faults.count(`session ${event}`);
      say(`session ${accountId} ${event} ${detail}`);
    },
    reachability: (accountId, up) => {
      faults.count(`circuit ${up ? "closed" : "opened"}`);
      say(`broker of ${accountId} is ${up ? "up" : "down"}`);
    },
    lease: (event, name) => {
      faults.count(`lease ${event}`);
      say(`lease ${event} ${name}`);
    },
    retrying: (where, cause) => {
      faults.count(`retry ${where.split(" ")[0]}${cause instanceof Error ? ` ${cause.name}` : ""}`);
      if (cause instanceof PoisonFound)
        deployment.onComplaint(`an input broke the core: ${causeOf(cause)}`);
      say(
        `retrying ${where}: ${cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause)}`,
      );
    },
    fault: (partition, reason, error) => {
      faults.count("partition faulted");
      say(
        `FAULT p${partition} ${reason}: ${error instanceof Error ? (error.stack ?? error.message) : ""}`,
      );
    },
    swept: (count) => {
      if (count > 0) faults.count("swept");
    },
  };
}
