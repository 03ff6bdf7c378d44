// Which inputs share a turn, and with it a commit: what the broker says of one order comes within a
// moment, so facts alone wait that long for each other; a signal or a command waits for nobody.
import { beforeEach, expect, it } from "vitest";
import { createAccountBook, createBook } from "../../../src/domain/apply.ts";
import { NO_OVERRIDES } from "../../../src/domain/calendar/override.ts";
import type { Account, Input } from "../../../src/domain/book.ts";
import { asId, type CommandId, type InstrumentId, type SignalId } from "../../../src/domain/ids.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { EngineStore, PartitionCommit } from "../../../src/ports/store.ts";
import { Committer } from "../../../src/worker/committer.ts";
import { PartitionRunner } from "../../../src/worker/partition-runner.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { ACCOUNTS, limits } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

const [north, south] = ACCOUNTS as readonly [Account, Account];
const tickOf = ({ id }: Account): Input => ({ kind: "tick", accountId: id });
const signal = {
  ...{ id: asId<SignalId>("018f0000-0000-7000-8000-000000000100"), number: 1, strategyId: null },
  ...{ accountId: north.id, instrumentId: asId<InstrumentId>("SIM:AAA") },
  ...{ actor: "bot", traceParent: null, unreadable: "a test" },
};
const command = {
  ...{ id: asId<CommandId>("018f0000-0000-7000-8000-000000000200"), number: 1 },
  ...{ accountId: north.id, actor: "bot", traceParent: null, unreadable: "a test" },
};

let clock: ManualClock;
let runner: PartitionRunner;
/** How many turns there were. */
let turns: number;

beforeEach(async () => {
  clock = new ManualClock();
  turns = 0;
  const book = createBook(0);
  for (const account of [north, south]) book.accounts.set(account.id, createAccountBook(account));
  // Of the record these turns need no more.
  const store = {
    loadBook: async () => book,
    commit: async (parts: readonly PartitionCommit[]) => parts.map(() => ({ result: "committed" })),
  } as unknown as EngineStore;
  const shell = {
    ...{ clock, store, committer: new Committer(store), isShutOut: () => true },
    context: (now: number) => ({
      ...{ now, limits: limits(), trading: { version: 1, rows: [] }, marks: new MarkTable() },
      ...{ rates: { rate: () => null }, calendar: NO_OVERRIDES, instrument: () => undefined },
      broker: () => ({ traits: TRAITS, tokens: 1_000, up: true }),
    }),
    ...{ refreshTradingState: async () => undefined, takeTokens: () => undefined },
    ...{ giveBackTokens: () => undefined, heard: () => undefined, perform: () => undefined },
    ...{ committed: () => undefined, decided: () => void (turns += 1) },
    fault: (_holder: unknown, reason: string, error: unknown) => {
      throw new Error(reason, { cause: error });
    },
    retrying: (_partition: number, cause: unknown) => {
      throw cause;
    },
  };
  runner = await PartitionRunner.load({ partition: 0, epoch: 1 }, shell);
  void runner.run();
  await settle();
});

it("facts that come within a moment share a turn", async () => {
  runner.inbox.offerFact(tickOf(north));
  await settle();
  expect(turns).toBe(0);
  runner.inbox.offerFact(tickOf(south));
  await clock.advance(1);
  expect([turns, runner.inbox.depth]).toEqual([1, 0]);
});

it.each([
  ["a signal", () => runner.inbox.offerSignal(signal)],
  ["a command", () => runner.inbox.offerCommand(command)],
])("%s takes waiting facts along at once", async (_what, offer) => {
  runner.inbox.offerFact(tickOf(north));
  await settle();
  offer();
  await settle();
  expect([turns, runner.inbox.depth]).toEqual([1, 0]);
});

it("a stop ends the wait", async () => {
  runner.inbox.offerFact(tickOf(north));
  await settle();
  runner.stop("handed_over");
  await settle();
  expect(turns).toBe(0);
});
