// Fillstream on the day: the real engine on a record and a stream in memory, which never fail here; what
// fails is the broker.
import type { Account } from "../../../src/domain/book.ts";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import { buildLimitTable } from "../../../src/domain/risk/limit-table.ts";
import type { LimitTable } from "../../../src/domain/limits.ts";
import { Engine } from "../../../src/worker/engine.ts";
import type { WorkerSink } from "../../../src/worker/sink.ts";
import { Faults } from "../faults.ts";
import type { SimProcess } from "../process.ts";
import type { Random } from "../random.ts";
import type { Scheduler } from "../scheduler.ts";
import { createSimConsumer, SimStream } from "../sim-bus.ts";
import { SimDatabase } from "../sim-database.ts";
import { createSimStore } from "../sim-store.ts";
import type { Venue } from "./venue.ts";

export const PARTITIONS = 4;
export const ACCOUNTS: readonly Account[] = ["north", "east", "south", "west"].map((name) => ({
  id: asId<AccountId>(name),
  broker: "alpaca",
  environment: "mock",
  currency: "USD",
  dayZone: "America/New_York",
  dayRoll: "00:00",
}));

/** Wide: on this day it is the broker who refuses. */
const SETTINGS: Readonly<Record<string, string | null>> = {
  max_position_size_usd: null,
  max_orders_per_minute: null,
  max_orders_per_day: null,
  max_open_orders: null,
  max_positions: null,
  max_leverage: null,
  max_daily_loss_percent: null,
  check_wash_trade: "false",
  allow_short: "true",
};

export interface House {
  readonly engine: Engine;
  readonly database: SimDatabase;
  readonly stream: SimStream;
  readonly process: SimProcess;
  readonly counts: ReadonlyMap<string, number>;
  readonly complaints: readonly string[];
}

export interface HouseParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly process: SimProcess;
  readonly venue: Venue;
  readonly trace: (line: string) => void;
}

export async function openHouse(parts: HouseParts): Promise<House> {
  const { scheduler, process, venue } = parts;
  const calm = Faults.none(parts.random);
  const database = new SimDatabase({
    partitions: PARTITIONS,
    accounts: ACCOUNTS,
    instruments: venue.instruments,
    limits: limits(),
    bugs: new Set(),
  });
  const stream = new SimStream(scheduler, calm);
  const counts = new Map<string, number>();
  const complaints: string[] = [];
  const engine = await Engine.start({
    clock: process.clock(),
    store: createSimStore(process, database, scheduler),
    sink: sinkOf({ counts, complaints, trace: parts.trace }),
    bus: createSimConsumer(process, stream, scheduler),
    tracer: null,
    marketData: venue.marketData,
    connect: (account) => venue.connect(account),
    jobs: [],
    pricedInstruments: async () => venue.instruments,
    goReducing: async (reason) => void complaints.push(`reducing: ${reason}`),
    wakeFeeds: () => undefined,
    options: {
      owner: "day",
      partitions: PARTITIONS,
      pollPricesEveryMs: 30_000,
      sweepEveryMs: 30_000,
      sweepAloneEveryMs: 50,
      drainTimeoutMs: 2_000,
      requestsPerMinute: 600,
      callTimeoutMs: 3_000,
      maxConcurrentCalls: 16,
      reconcileEveryMs: 120_000,
    },
  });
  return { engine, database, stream, process, counts, complaints };
}

function limits(): LimitTable {
  const rows = Object.entries(SETTINGS).map(([key, value]) => ({
    ...{ key, value },
    ...{ hard: false, shadow: false },
  }));
  const built = buildLimitTable(1, rows, []);
  if (!built.ok) throw new Error(built.problems.join(" "));
  return built.table;
}

interface Ears {
  readonly counts: Map<string, number>;
  readonly complaints: string[];
  readonly trace: (line: string) => void;
}

function sinkOf({ counts, complaints, trace }: Ears): WorkerSink {
  const count = (what: string) => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const complain = (what: string) => {
    complaints.push(what);
    trace(what);
  };
  return {
    alarm: (code, message) => {
      count(`alarm ${code}`);
      trace(`alarm ${code}: ${message}`);
    },
    committed: ({ events }) => {
      for (const { event } of events) trace(JSON.stringify(event));
    },
    brokerCall: ({ kind, result }) => {
      count(`call ${kind} ${result}`);
      trace(`call ${kind} ${result}`);
    },
    brokerReport: (_broker, kind) => count(`heard ${kind}`),
    unreadable: (accountId, raw, cause) => complain(`unreadable for ${accountId}: ${cause} ${raw}`),
    session: (accountId, event, detail) => {
      count(`session ${event}`);
      trace(`session ${accountId} ${event} ${detail}`);
    },
    reachability: (_accountId, up) => count(`circuit ${up ? "closed" : "opened"}`),
    lease: () => undefined,
    retrying: (where, cause) => {
      count(`retry ${where}`);
      trace(`retrying ${where}: ${cause instanceof Error ? cause.message : String(cause)}`);
    },
    fault: (partition, reason, error) =>
      complain(
        `partition ${partition} is faulted: ${reason} ${error instanceof Error ? (error.stack ?? "") : ""}`,
      ),
    swept: () => undefined,
  };
}
