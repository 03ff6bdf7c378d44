// The simulation's store in memory keeps the contract that PostgreSQL keeps: what the simulation proves
// about the worker holds on the real one. Its network is left out here; the clock is the test's.
import { describe } from "vitest";
import { NO_OVERRIDES } from "../../src/domain/calendar/override.ts";
import { NO_RATES } from "../../src/domain/rate-table.ts";
import { defaultLimitTable } from "../../src/domain/risk/limit-table.ts";
import type { Lease } from "../../src/ports/store.ts";
import { untilHeard } from "../../src/ports/until-heard.ts";
import { NO_BUGS } from "../simulation/bugs.ts";
import { SimDatabase } from "../simulation/sim-database.ts";
import type { SimStore } from "../simulation/sim-store.ts";
import { storeContract, type MakeStore } from "./store-contract.ts";

const LEASE_MS = 6_000;

const makeStore: MakeStore = (world) => {
  const database = new SimDatabase({ ...world, limits: defaultLimitTable(), bugs: NO_BUGS });
  const clock = { now: 0 };
  return Promise.resolve({
    store: directly(database, clock),
    changeTradingState: (state) => soon(() => database.changeTradingState(state, "test", [])),
    expireLeases: () =>
      soon(() => {
        clock.now += LEASE_MS + 1;
      }),
    close: () => Promise.resolve(),
  });
};

/** As a promise, thrown errors included. */
async function soon<Result>(work: () => Result): Promise<Result> {
  return work();
}

function directly(database: SimDatabase, clock: { readonly now: number }): Omit<SimStore, "feeds"> {
  const dated = (found: readonly { name: string; epoch: number }[]): Lease[] =>
    found.map((lease) => ({ ...lease, until: clock.now + LEASE_MS }));
  return {
    accept: (batch) => soon(() => database.accept(batch)),
    commit: (parts) => soon(() => database.commit(parts)),
    loadBook: (partition) => soon(() => database.loadBook(partition)),
    loadSettled: (accountId, ids) => soon(() => database.loadSettled(accountId, ids)),
    loadAdjustments: (accountId, ids) => soon(() => database.loadAdjustments(accountId, ids)),
    loadOrders: (accountId, names) => soon(() => database.loadOrders(accountId, names)),
    loadCheckpoint: (of, before) => soon(() => database.holdings.loadCheckpoint(of, before)),
    loadPositionFacts: (of, page) => soon(() => database.loadPositionFacts(of, page)),
    signalsAfter: (...asked) => soon(() => database.signalsAfter(...asked)),
    commandsAfter: (...asked) => soon(() => database.commandsAfter(...asked)),
    acceptedNumbers: (partitions) => soon(() => acceptedNumbers(database, partitions)),
    setPartitionFault: (holder, reason) => soon(() => database.setFault(holder, reason)),
    limits: () => soon(() => database.limits),
    tradingStates: () => soon(() => database.trading),
    accounts: () => soon(() => database.accounts),
    instruments: () => soon(() => database.instruments),
    calendarOverrides: () => soon(() => NO_OVERRIDES),
    rates: () => soon(() => NO_RATES),
    onChange: (callback) =>
      soon(() => {
        const teller = untilHeard(callback, (delayMs, again) => setTimeout(again, delayMs));
        const stop = database.onChange(teller.tell);
        return async () => {
          stop();
          teller.stop();
        };
      }),
    saveMarks: (marks) =>
      soon(() => {
        for (const mark of marks) database.marks.put(mark);
      }),
    loadMarks: () => soon(() => [...database.marks.values()]),
    take: (names, owner, count) => soon(() => dated(database.take(names, owner, count, clock.now))),
    renew: (held, owner) => soon(() => dated(database.renew(held, owner, clock.now))),
    release: (held, owner) => soon(() => database.release(held, owner)),
    owners: () => soon(() => database.owners(clock.now)),
  };
}

function acceptedNumbers(database: SimDatabase, partitions: readonly number[]) {
  return new Map(
    partitions.map((partition) => {
      const { signals, commands } = database.rows(partition);
      return [partition, { signals: signals.length, commands: commands.length }];
    }),
  );
}

describe("the store of the simulation", () => storeContract(makeStore));
