// The store's ports as one process sees them: every call travels, and may be lost on either way.
import { NO_RATES } from "../../src/domain/rate-table.ts";
import { CommitUnknown, StoreUnavailable } from "../../src/ports/store.ts";
import { untilHeard } from "../../src/ports/until-heard.ts";
import type {
  AcceptanceStore,
  ConfigurationStore,
  EngineStore,
  FeedCursor,
  FeedStore,
  Lease,
  LeaseStore,
  MarkStore,
} from "../../src/ports/store.ts";
import type { IoKind, SimProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimDatabase } from "./sim-database.ts";

export type SimStore = EngineStore &
  ConfigurationStore &
  MarkStore &
  LeaseStore &
  AcceptanceStore & { readonly feeds: FeedStore };

const unavailable = () => new StoreUnavailable("the connection was lost");
const read: IoKind = {
  name: "store.read",
  lowMs: 0,
  highMs: 2,
  notDone: unavailable,
  unknown: unavailable,
};
const write: IoKind = {
  name: "store.commit",
  lowMs: 0,
  highMs: 3,
  notDone: unavailable,
  unknown: () => new CommitUnknown("the reply to a commit was lost"),
};
const lease: IoKind = { ...read, name: "store.lease" };

export function createSimStore(
  process: SimProcess,
  database: SimDatabase,
  scheduler: Scheduler,
): SimStore {
  const ask = <Result>(work: () => Result) => process.io(read, work);
  const change = <Result>(work: () => Result) => process.io(write, work);
  /** A lease is measured from before its request left. */
  const leases = async (work: () => { name: string; epoch: number }[]): Promise<Lease[]> => {
    const until = scheduler.now + LEASE_MS;
    return (await process.io(lease, work)).map(({ name, epoch }) => ({ name, epoch, until }));
  };
  return {
    accept: (batch) => change(() => database.accept(batch)),
    commit: (parts) => change(() => database.commit(parts)),
    loadBook: (partition) => ask(() => database.openBook(partition)),
    loadOrders: (accountId, names) => ask(() => database.loadOrders(accountId, names)),
    loadSettled: (accountId, ids) => ask(() => database.loadSettled(accountId, ids)),
    loadAdjustments: (accountId, ids) => ask(() => database.loadAdjustments(accountId, ids)),
    loadCheckpoint: (of, before) => ask(() => database.holdings.loadCheckpoint(of, before)),
    loadPositionFacts: (of, page) => ask(() => database.loadPositionFacts(of, page)),
    signalsAfter: (partition, number, limit) =>
      ask(() => database.signalsAfter(partition, number, limit)),
    commandsAfter: (partition, number, limit) =>
      ask(() => database.commandsAfter(partition, number, limit)),
    acceptedNumbers: (partitions) =>
      ask(
        () =>
          new Map(
            partitions.map((partition) => {
              const rows = database.rows(partition);
              return [partition, { signals: rows.signals.length, commands: rows.commands.length }];
            }),
          ),
      ),
    setPartitionFault: (holder, reason) => change(() => database.setFault(holder, reason)),
    limits: () => ask(() => database.limits),
    tradingStates: () => ask(() => database.trading),
    accounts: () => ask(() => database.accounts),
    instruments: () => ask(() => database.instruments),
    calendarOverrides: () => ask(() => database.calendarOverrides),
    rates: () => ask(() => NO_RATES),
    onChange: async (callback) => {
      const later = (delayMs: number, work: () => void) =>
        void scheduler.after(delayMs, () => process.deliver(work));
      const teller = untilHeard(callback, later);
      const stop = database.onChange(() => later(1, teller.tell));
      return async () => {
        stop();
        teller.stop();
      };
    },
    saveMarks: (marks) =>
      change(() => {
        for (const mark of marks) database.marks.put(mark);
      }),
    loadMarks: () => ask(() => [...database.marks.values()]),
    feeds: {
      read: (cursor, limit) => ask(() => database.eventsBehind(cursor, limit)),
      head: () => ask(() => database.head()),
      loadCursor: (feed) => ask((): FeedCursor => database.cursors.get(feed) ?? new Map()),
      saveCursor: (feed, cursor) =>
        change(() => {
          database.cursors.set(feed, new Map(cursor));
        }),
    },
    take: (names, owner, count) => leases(() => database.take(names, owner, count, scheduler.now)),
    renew: (held, owner) => leases(() => database.renew(held, owner, scheduler.now)),
    release: (held, owner) => process.io(lease, () => database.release(held, owner)),
    owners: () => process.io(lease, () => database.owners(scheduler.now)),
  };
}

const LEASE_MS = 6_000;
