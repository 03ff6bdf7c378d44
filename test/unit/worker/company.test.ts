// Which inputs share a turn, and with it a commit: what the broker says of one order comes within a
// moment, so facts alone wait that long for each other; a signal or a command waits for nobody. Behind a turn
// that took long all but commands gather for a while.
import { beforeEach, describe, expect, it } from "vitest";
import { createAccountBook, createBook } from "../../../src/domain/new-book.ts";
import { NO_OVERRIDES } from "../../../src/domain/calendar/override.ts";
import type { Account, Input } from "../../../src/domain/book.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId, type CommandId, type InstrumentId, type SignalId } from "../../../src/domain/ids.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { EngineStore, PartitionCommit } from "../../../src/ports/store.ts";
import { Committer } from "../../../src/worker/committer.ts";
import { PartitionRunner, type StopReason } from "../../../src/worker/partition-runner.ts";
import type { CommittedBatch } from "../../../src/worker/traces.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { ACCOUNTS, limits } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

const START = Date.UTC(2026, 0, 5, 15);
const [north, south] = ACCOUNTS as readonly [Account, Account];
const tickOf = ({ id }: Account): Input => ({ kind: "tick", accountId: id });
const amount = Decimal.of("1000000");
/** What a look at the broker brings: of facts of the broker, the one that needs no order. */
const viewOf = ({ id }: Account): Input => ({
  ...{ kind: "view", accountId: id },
  view: {
    at: START,
    account: {
      ...{ number: `N-${id}`, currency: "USD", tradingBlocked: false, shortingEnabled: true },
      ...{ equity: amount, cash: amount, buyingPower: amount, nonMarginableBuyingPower: null },
    },
    ...{ openOrders: [], askedOrders: [], pastOrders: [], executions: [], positions: [] },
    ...{ activities: [], logSeq: 0 },
  },
});
const signal = {
  ...{ id: asId<SignalId>("018f0000-0000-7000-8000-000000000100"), number: 1, strategyId: null },
  ...{ accountId: north.id, instrumentId: asId<InstrumentId>("SIM:AAA") },
  ...{ actor: "bot", traceParent: null, unreadable: "a test" },
};
const command = {
  ...{ id: asId<CommandId>("018f0000-0000-7000-8000-000000000200"), number: 1 },
  ...{ accountId: north.id, actor: "bot", traceParent: null, unreadable: "a test" },
};

/** As many as are company enough, and some. */
const MANY = 30;

let clock: ManualClock;
let runner: PartitionRunner;
let running: Promise<StopReason>;
/** How long a commit takes. */
let commitMs: number;
/** The kinds of the inputs of each commit. */
let commits: (readonly Input["kind"][])[];

beforeEach(async () => {
  clock = new ManualClock(START);
  commits = [];
  commitMs = 0;
  const book = createBook(0);
  for (const account of [north, south]) book.accounts.set(account.id, createAccountBook(account));
  // Of the record these turns need no more.
  const store = {
    loadBook: async () => book,
    commit: async (parts: readonly PartitionCommit[]) => {
      if (commitMs > 0) await clock.sleep(commitMs);
      return parts.map(() => ({ result: "committed" }));
    },
  } as unknown as EngineStore;
  const shell = {
    ...{ clock, store, committer: new Committer(store), maxBatch: 500, isShutOut: () => true },
    isUp: () => true,
    context: (now: number) => ({
      ...{ now, limits: limits(), trading: { version: 1, rows: [] }, marks: new MarkTable() },
      ...{ rates: { rate: () => null }, calendar: NO_OVERRIDES, instrument: () => undefined },
      broker: () => ({ traits: TRAITS, tokens: 1_000, up: true }),
    }),
    ...{ refreshTradingState: async () => undefined, takeTokens: () => undefined },
    ...{
      giveBackTokens: () => undefined,
      heard: () => undefined,
      seen: () => undefined,
      perform: () => undefined,
    },
    committed: ({ inputs }: CommittedBatch) => void commits.push(inputs.map(({ kind }) => kind)),
    decided: () => undefined,
    distrust: () => undefined,
    fault: (_holder: unknown, reason: string, error: unknown) => {
      throw new Error(reason, { cause: error });
    },
    retrying: (_partition: number, cause: unknown) => {
      throw cause;
    },
  };
  runner = await PartitionRunner.load({ partition: 0, epoch: 1 }, shell);
  running = runner.run();
  await settle();
});

it("facts that come within a moment share a turn", async () => {
  runner.inbox.offerFact(viewOf(north));
  await settle();
  expect(commits).toEqual([]);
  runner.inbox.offerFact(viewOf(south));
  await clock.advance(1);
  expect(commits[0]).toEqual(["view", "view"]);
});

it.each([
  ["signal", () => runner.inbox.offerSignal(signal)],
  ["command", () => runner.inbox.offerCommand(command)],
  ["tick", () => runner.inbox.offerFact(tickOf(north))],
])("a %s takes waiting facts along at once", async (what, offer) => {
  runner.inbox.offerFact(viewOf(south));
  await settle();
  offer();
  await settle();
  expect(commits[0]?.toSorted()).toEqual([what, "view"].toSorted());
});

it("many facts are company enough", async () => {
  for (let each = 0; each < MANY; each += 1) runner.inbox.offerFact(viewOf(north));
  await settle();
  expect(commits[0]).toHaveLength(MANY);
});

it("a stop ends the wait", async () => {
  runner.inbox.offerFact(viewOf(north));
  await settle();
  runner.stop("handed_over");
  expect(await running).toBe("handed_over");
  expect(commits).toEqual([]);
});

const second = { ...signal, id: asId<SignalId>("018f0000-0000-7000-8000-000000000101"), number: 2 };

/** The first turn, whose commit takes so long, until it is over. */
async function afterTurnOf(ms: number): Promise<void> {
  commitMs = ms;
  runner.inbox.offerSignal(signal);
  await clock.advance(ms);
  await settle();
  expect(commits).toEqual([["signal"]]);
  commitMs = 0;
}

it("nothing waits behind a turn that was quick", async () => {
  await afterTurnOf(4);
  runner.inbox.offerSignal(second);
  await settle();
  expect(commits).toHaveLength(2);
});

it.each([
  { took: 14, rest: 10 },
  { took: 1_000, rest: 25 },
])("behind a turn of $took ms signals and facts gather for $rest ms", async ({ took, rest }) => {
  await afterTurnOf(took);
  runner.inbox.offerSignal(second);
  await clock.advance(rest - 1);
  runner.inbox.offerFact(viewOf(north));
  await settle();
  expect(commits).toHaveLength(1);
  await clock.advance(1);
  expect(commits[1]?.toSorted()).toEqual(["signal", "view"]);
});

describe.each([
  ["a command", () => runner.inbox.offerCommand(command)],
  ["company", () => Array.from({ length: MANY }, () => runner.inbox.offerFact(viewOf(north)))],
])("%s", (_, offer) => {
  it("ends that rest", async () => {
    await afterTurnOf(1_000);
    runner.inbox.offerSignal(second);
    await settle();
    expect(commits).toHaveLength(1);
    offer();
    await settle();
    expect(commits.length).toBeGreaterThan(1);
  });

  it("that came meanwhile lets there be none", async () => {
    commitMs = 1_000;
    runner.inbox.offerSignal(signal);
    await settle();
    offer();
    runner.inbox.offerSignal(second);
    commitMs = 0;
    await clock.advance(1_000);
    await settle();
    expect(commits.length).toBeGreaterThan(1);
  });
});

it("a fact that came meanwhile waits for no more than the rest", async () => {
  await afterTurnOf(1_000);
  runner.inbox.offerFact(viewOf(north));
  await clock.advance(25);
  expect(commits[1]).toEqual(["view"]);
});

it("one less than company does not end it", async () => {
  await afterTurnOf(1_000);
  for (let each = 1; each < 25; each += 1) runner.inbox.offerFact(viewOf(north));
  await settle();
  expect(commits).toHaveLength(1);
  runner.inbox.offerFact(viewOf(north));
  await settle();
  expect(commits[1]).toHaveLength(25);
});

it("a rest that was ended early does not cut the next one short", async () => {
  await afterTurnOf(1_000);
  commitMs = 20;
  runner.inbox.offerCommand(command);
  await clock.advance(20);
  expect(commits).toHaveLength(2);
  runner.inbox.offerSignal(second);
  await clock.advance(15);
  expect(commits).toHaveLength(2);
  commitMs = 0;
  await clock.advance(1);
  expect(commits).toHaveLength(3);
});

it("a hand-over ends that rest, takes no signal any more, and has none behind its own turns", async () => {
  await afterTurnOf(1_000);
  runner.inbox.offerFact(viewOf(north));
  runner.inbox.offerSignal(second);
  await settle();
  expect(commits).toHaveLength(1);
  commitMs = 1_000;
  runner.leave();
  await clock.advance(1_000);
  expect(commits).toEqual([["signal"], ["view"]]);
  runner.inbox.offerFact(viewOf(south));
  await clock.advance(1_000);
  expect(commits).toHaveLength(3);
});

it.each([
  { what: "an empty inbox", offer: () => undefined, leaves: false },
  { what: "a signal", offer: () => runner.inbox.offerSignal(second), leaves: false },
  { what: "an empty inbox, at a hand-over", offer: () => undefined, leaves: true },
])("a stop ends that rest with $what", async ({ offer, leaves }) => {
  await afterTurnOf(1_000);
  offer();
  await settle();
  let ended: StopReason | null = null;
  void running.then((reason) => (ended = reason));
  if (leaves) runner.leave();
  runner.stop("handed_over");
  await settle();
  expect(ended).toBe("handed_over");
  expect(commits).toHaveLength(1);
});
