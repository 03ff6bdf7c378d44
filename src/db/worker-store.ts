// The worker's view of the record as one object, as its engine takes it.
import type {
  ConfigurationStore,
  EngineStore,
  FeedStore,
  LeaseStore,
  MarkStore,
} from "../ports/store.ts";

export type WorkerStore = EngineStore & LeaseStore & ConfigurationStore & MarkStore & FeedStore;

interface Parts {
  readonly engine: EngineStore;
  readonly leases: LeaseStore;
  readonly configuration: ConfigurationStore;
  readonly marks: MarkStore;
  readonly feeds: FeedStore;
}

export function workerStore(parts: Parts): WorkerStore {
  const { engine, leases, configuration, marks, feeds } = parts;
  return {
    commit: (commits) => engine.commit(commits),
    loadBook: (partition) => engine.loadBook(partition),
    loadOrders: (accountId, names) => engine.loadOrders(accountId, names),
    loadSettled: (accountId, ids) => engine.loadSettled(accountId, ids),
    loadAdjustments: (accountId, ids) => engine.loadAdjustments(accountId, ids),
    loadCheckpoint: (of, before) => engine.loadCheckpoint(of, before),
    loadPositionFacts: (of, page) => engine.loadPositionFacts(of, page),
    signalsAfter: (partition, number, limit) => engine.signalsAfter(partition, number, limit),
    commandsAfter: (partition, number, limit) => engine.commandsAfter(partition, number, limit),
    acceptedNumbers: (partitions) => engine.acceptedNumbers(partitions),
    setPartitionFault: (holder, reason) => engine.setPartitionFault(holder, reason),
    take: (names, owner, count) => leases.take(names, owner, count),
    renew: (held, owner) => leases.renew(held, owner),
    release: (held, owner) => leases.release(held, owner),
    owners: () => leases.owners(),
    limits: () => configuration.limits(),
    tradingStates: () => configuration.tradingStates(),
    accounts: () => configuration.accounts(),
    instruments: () => configuration.instruments(),
    calendarOverrides: () => configuration.calendarOverrides(),
    rates: () => configuration.rates(),
    onChange: (callback) => configuration.onChange(callback),
    saveMarks: (all) => marks.saveMarks(all),
    loadMarks: () => marks.loadMarks(),
    read: (cursor, limit) => feeds.read(cursor, limit),
    head: () => feeds.head(),
    loadCursor: (feed) => feeds.loadCursor(feed),
    saveCursor: (feed, cursor) => feeds.saveCursor(feed, cursor),
  };
}
