// A whole batch that waits is decided while the one before it is committed: it is committed behind it, nothing
// of it is done before that, and what fails takes nothing along that is not decided again.
import { beforeEach, describe, expect, it } from "vitest";
import { createAccountBook, createBook } from "../../../src/domain/new-book.ts";
import type { Account, Book, Context, Input } from "../../../src/domain/book.ts";
import type { BrokerReport, BrokerView } from "../../../src/domain/broker.ts";
import { NO_OVERRIDES } from "../../../src/domain/calendar/override.ts";
import { asId, type SignalId } from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { Signal } from "../../../src/domain/signal.ts";
import type { UnreadableSignal } from "../../../src/domain/unreadable.ts";
import {
  NeverAccepted,
  StoreUnavailable,
  type CommitResult,
  type EngineStore,
  type PartitionCommit,
} from "../../../src/ports/store.ts";
import { Committer } from "../../../src/worker/committer.ts";
import { PartitionRunner, type StopReason } from "../../../src/worker/partition-runner.ts";
import type { RunnerShell } from "../../../src/worker/runner-shell.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { ACCOUNTS, INSTRUMENTS, limits } from "../../simulation/world.ts";
import { TERMS } from "../../support/orders.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

const [ACCOUNT] = ACCOUNTS as readonly [Account];
const [SOUND] = INSTRUMENTS as readonly [Instrument];
const BATCH = 3;
const START = Date.UTC(2026, 0, 5, 15);

/** A row that nobody can read: decided, refused, and told of by its number. */
const signalOf = (number: number): UnreadableSignal => ({
  ...{ id: asId<SignalId>(`018f0000-0000-7000-8000-${String(number).padStart(10, "0")}00`) },
  ...{ number, strategyId: null, accountId: ACCOUNT.id },
  ...{ instrumentId: SOUND.id, actor: "bot", traceParent: null },
  unreadable: "a test",
});

const soundSignal = (number: number): Signal => {
  const { unreadable: _, ...head } = signalOf(number);
  return {
    ...{ ...head, wish: { kind: "trade", terms: TERMS }, reason: null, receivedAt: START },
    ...{ validUntil: null, onMarketClosed: null },
  };
};
const amount = Decimal.of("1000000");
const SEEN: Input = {
  ...{ kind: "view", accountId: ACCOUNT.id },
  view: {
    at: START,
    account: {
      ...{ number: "N", currency: "USD", tradingBlocked: false, shortingEnabled: true },
      ...{ equity: amount, cash: amount, buyingPower: amount, nonMarginableBuyingPower: null },
    },
    ...{ openOrders: [], askedOrders: [], pastOrders: [], executions: [], positions: [] },
    ...{ activities: [], logSeq: 0 },
  },
};

/** What the record has, and the commits that it has not answered yet. */
class SlowRecord {
  seq = 0;
  readonly decided: number[] = [];
  parked = 0;
  readonly waiting: { readonly part: PartitionCommit; answer(result: Answer): void }[] = [];

  get book(): Book {
    const book = createBook(0);
    book.accounts.set(ACCOUNT.id, createAccountBook(ACCOUNT));
    book.seq = this.seq;
    book.decidedSignals = this.decided.length;
    return book;
  }

  commit(part: PartitionCommit): Promise<readonly CommitResult[]> {
    return new Promise((resolve, reject) => {
      const answer = (result: Answer): void => {
        if (result instanceof Error) return reject(result);
        if (result === "committed") this.#take(part);
        resolve([{ result }]);
      };
      this.waiting.push({ part, answer });
    });
  }

  #take({ afterSeq, events }: PartitionCommit): void {
    if (afterSeq !== this.seq) throw new Error("a commit out of its turn");
    this.seq += events.length;
    for (const { event } of events) {
      if (event.type === "SignalDecided") this.decided.push(event.number);
      if (event.type === "BrokerFactParked") this.parked += 1;
    }
  }

  /** Answers the commit that has waited longest. */
  async answer(result: Answer): Promise<void> {
    this.waiting.shift()?.answer(result);
    await settle();
  }
}

type Answer = CommitResult["result"] | Error;

let clock: ManualClock;
let record: SlowRecord;
let runner: PartitionRunner;
let running: Promise<StopReason>;
/** How often the world was looked at to decide. */
let contexts: number;
let done: number[];
let tokens: { taken: number; givenBack: number };
let isStateAway: boolean;
let isHearerBroken: boolean;
let faults: string[];
let acknowledged: number[];
let distrusted: number[];

beforeEach(async () => {
  clock = new ManualClock(START);
  record = new SlowRecord();
  [contexts, done, acknowledged] = [0, [], []];
  tokens = { taken: 0, givenBack: 0 };
  [isStateAway, isHearerBroken, faults, distrusted] = [false, false, [], []];
  const store = {
    loadBook: async () => record.book,
    loadOrders: async () => [],
    commit: ([part]: readonly [PartitionCommit]) => record.commit(part),
  } as unknown as EngineStore; // nothing else of it is asked for
  const context = (now: number): Context => {
    contexts += 1;
    return {
      ...{ now, limits: limits(), trading: { version: 1, rows: [] }, marks },
      ...{ rates: { rate: () => null }, calendar: NO_OVERRIDES },
      instrument: (id) => INSTRUMENTS.find((each) => each.id === id),
      broker: () => ({ traits: TRAITS, tokens: 1_000, up: true }),
    };
  };
  const marks = new MarkTable();
  const last = Decimal.of("100");
  marks.put({ instrumentId: SOUND.id, bid: null, ask: null, last, at: START }, START);
  const none = () => undefined;
  const shell: RunnerShell = {
    ...{ clock, store, committer: new Committer(store), maxBatch: BATCH, context },
    // Nobody waits for a first look at the broker.
    isShutOut: () => true,
    isUp: () => true,
    refreshTradingState: async () => {
      if (isStateAway) throw new StoreUnavailable("gone");
    },
    takeTokens: (_account, count) => void (tokens.taken += count),
    giveBackTokens: (_account, count) => void (tokens.givenBack += count),
    ...{ heard: none, seen: none, perform: none, retrying: none },
    distrust: (partition) => void distrusted.push(partition),
    committed: ({ events }) => {
      if (isHearerBroken) throw new Error("a mistake behind the commit");
      for (const { event } of events) if (event.type === "SignalDecided") done.push(event.number);
    },
    decided: (_partition, signals) => void acknowledged.push(signals),
    fault: (_holder, reason) => void faults.push(reason),
  };
  runner = await PartitionRunner.load({ partition: 0, epoch: 1 }, shell);
  running = runner.run();
  await settle();
});

/** So many signals come at once, and the first commit is under way. */
async function press(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) runner.inbox.offerSignal(signalOf(number));
  await clock.advance(1);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Until all that came is decided and durable. */
async function finish(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) {
    await record.answer("committed");
    await clock.advance(1_000);
  }
}

describe("a batch behind one that is being committed", () => {
  it("is decided meanwhile where it is whole", async () => {
    await press(2 * BATCH);
    expect(record.waiting.map(({ part }) => part.decidedSignals)).toEqual([BATCH]);
    expect(runner.book.decidedSignals).toBe(2 * BATCH);
    expect([done, acknowledged]).toEqual([[], []]);
  });

  it("is committed behind it, and neither is done or acknowledged before its own commit", async () => {
    await press(2 * BATCH);
    await record.answer("committed");
    expect([done, acknowledged]).toEqual([numbers(BATCH), [BATCH]]);
    expect(runner.progress.seq).toBe(record.seq);
    expect(record.waiting.map(({ part }) => part.decidedSignals)).toEqual([2 * BATCH]);
    await record.answer("committed");
    expect([done, acknowledged]).toEqual([numbers(2 * BATCH), [BATCH, 2 * BATCH]]);
  });

  it("waits where it is smaller: what comes until then joins it", async () => {
    await press(2 * BATCH - 1);
    const before = contexts;
    await clock.advance(100);
    expect([runner.book.decidedSignals, contexts]).toEqual([BATCH, before]);
    runner.inbox.offerSignal(signalOf(2 * BATCH));
    await record.answer("committed");
    expect(record.waiting.map(({ part }) => part.decidedSignals)).toEqual([2 * BATCH]);
  });

  it.each<Answer>([new StoreUnavailable("gone"), new Error("a constraint"), "stopped"])(
    "is decided again with it when that commit ends with %s",
    async (result) => {
      await press(2 * BATCH);
      await record.answer(result);
      expect([done, record.decided]).toEqual([[], []]);
      await clock.advance(1_000);
      await finish();
      expect(record.decided).toEqual(numbers(2 * BATCH));
      expect(done).toEqual(numbers(2 * BATCH));
      expect(acknowledged).toEqual(acknowledged.toSorted((one, other) => one - other));
    },
  );

  it("fails by itself", async () => {
    await press(2 * BATCH);
    await record.answer("committed");
    await record.answer(new StoreUnavailable("gone"));
    expect([done, record.decided]).toEqual([numbers(BATCH), numbers(BATCH)]);
    await clock.advance(1_000);
    await finish();
    expect(record.decided).toEqual(numbers(2 * BATCH));
    expect(done).toEqual(numbers(2 * BATCH));
  });

  it("is another worker's when that commit is fenced", async () => {
    await press(2 * BATCH);
    await record.answer("fenced");
    expect(await running).toBe("fenced");
    expect([record.waiting.length, done]).toEqual([0, []]);
  });

  it("is another worker's when the partition is handed over meanwhile", async () => {
    await press(3 * BATCH);
    runner.stop("handed_over");
    await record.answer("committed");
    expect(await running).toBe("handed_over");
    expect([record.waiting.length, done]).toEqual([0, numbers(BATCH)]);
  });

  it("gives back nothing of what is on record, though what follows the commit fails", async () => {
    runner.inbox.offerFact(SEEN);
    await clock.advance(1);
    await record.answer("committed");
    await record.answer("committed");
    runner.inbox.offerSignal(soundSignal(1));
    await clock.advance(1);
    isHearerBroken = true;
    await record.answer("committed");
    expect(tokens).toEqual({ taken: 1, givenBack: 0 });
  });

  it("that cannot be decided is put back, and what is wrong with it is found", async () => {
    for (const number of numbers(2 * BATCH)) runner.inbox.offerSignal(signalOf(number));
    await settle();
    const lists = { openOrders: [], askedOrders: [], pastOrders: [], executions: [] };
    const broken = { ...lists, account: null, at: clock.now() } as unknown as BrokerView;
    runner.inbox.offerFact({ kind: "view", accountId: ACCOUNT.id, view: broken });
    await clock.advance(1);
    expect(record.waiting).toHaveLength(1);
    await finish();
    expect(record.decided).toEqual(numbers(2 * BATCH));
    expect([runner.isIdle, record.parked, faults]).toEqual([true, 1, []]);
  });

  it("that not even its names can be read of stops the partition when its turn has come", async () => {
    for (const number of numbers(2 * BATCH)) runner.inbox.offerSignal(signalOf(number));
    await settle();
    const broken = { kind: "seen", accountId: ACCOUNT.id, reference: null, snapshot: {} };
    const report = { ...broken, brokerOrderId: "B-1", at: clock.now() } as unknown as BrokerReport;
    runner.inbox.offerFact({ kind: "report", report });
    await clock.advance(1);
    expect(faults).toEqual([]);
    await finish();
    expect(await running).toBe("faulted");
    expect([record.decided, done, faults.length]).toEqual([numbers(BATCH), numbers(BATCH), 1]);
  });

  it("gives back what it would have sent once, though the record is away behind it", async () => {
    runner.inbox.offerFact(SEEN);
    await clock.advance(1);
    await record.answer("committed");
    await record.answer("committed");
    for (const number of numbers(2 * BATCH)) runner.inbox.offerSignal(soundSignal(number));
    await clock.advance(1);
    expect([tokens.taken, tokens.givenBack]).toEqual([2 * BATCH, 0]);
    isStateAway = true;
    await record.answer("stopped");
    expect(tokens.givenBack).toBe(2 * BATCH);
    await clock.advance(1_000);
    expect(tokens.givenBack).toBe(2 * BATCH);
  });

  it("is as large as its own time allows, however long the one before it took", async () => {
    const COMMIT_MS = 150;
    for (const number of numbers(60 * BATCH)) runner.inbox.offerSignal(signalOf(number));
    await clock.advance(1);
    for (let turns = 0; turns < 60; turns += 1) {
      expect(record.waiting[0]?.part.events).toHaveLength(BATCH);
      await clock.advance(COMMIT_MS);
      await record.answer("committed");
      await clock.advance(1);
    }
    expect(record.decided).toEqual(numbers(60 * BATCH));
  });

  it("keeps the partition from being idle", async () => {
    await press(2 * BATCH);
    await record.answer("committed");
    expect(runner.isIdle).toBe(false);
    await record.answer("committed");
    expect(runner.isIdle).toBe(true);
  });
});

it("what was never accepted is let go of with all that the stream brought, and the record is read", async () => {
  await press(BATCH + 1);
  await record.answer(new NeverAccepted("no row"));
  await clock.advance(100);
  expect(distrusted).toEqual([0]);
  expect([runner.inbox.signals.next, runner.inbox.signals.size]).toEqual([1, 0]);
  expect([record.decided, faults]).toEqual([[], []]);
  // As the record has them.
  await press(2);
  await finish();
  expect(record.decided).toEqual([1, 2]);
});
