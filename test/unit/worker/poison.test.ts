// What breaks the core is set aside and the rest goes on: found by itself or by halving, decided once,
// and never blamed on an input when it was the book that was old.
import { beforeEach, describe, expect, it } from "vitest";
import type { BrokerView } from "../../../src/domain/broker.ts";
import type { Account, Context } from "../../../src/domain/book.ts";
import { NO_OVERRIDES } from "../../../src/domain/calendar/override.ts";
import { encodeSignal } from "../../../src/domain/codec/signal.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId, type AccountId, type InstrumentId, type SignalId } from "../../../src/domain/ids.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import type { Signal } from "../../../src/domain/signal.ts";
import type { UnreadableSignal } from "../../../src/domain/unreadable.ts";
import type { EngineStore } from "../../../src/ports/store.ts";
import { MAX_BATCH } from "../../../src/worker/batch-size.ts";
import { Committer } from "../../../src/worker/committer.ts";
import { PartitionRunner } from "../../../src/worker/partition-runner.ts";
import type { RunnerShell } from "../../../src/worker/runner-shell.ts";
import { NO_BUGS } from "../../simulation/bugs.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { SimDatabase } from "../../simulation/sim-database.ts";
import { ACCOUNTS, INSTRUMENTS, limits, PARTITIONS } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";
import { TERMS } from "../../support/orders.ts";

const [ACCOUNT] = ACCOUNTS;
const [SOUND] = INSTRUMENTS;
if (ACCOUNT === undefined || SOUND === undefined) throw new Error("an empty world");
const PARTITION = partitionOf(ACCOUNT.id, PARTITIONS);
const NEIGHBOUR = ACCOUNTS.find(({ id }) => partitionOf(id, PARTITIONS) !== PARTITION);
if (NEIGHBOUR === undefined) throw new Error("a world of one partition");
const BREAKING = asId<InstrumentId>("SIM:BREAKS");
const OWNER = "one";
const UNSTORABLE = "words that the record refuses";

const idOf = (n: number) =>
  asId<SignalId>(`019a0000-0000-7000-8000-${n.toString(16).padStart(10, "0")}00`);

describe("what breaks the core", () => {
  let database: SimDatabase;
  let clock: ManualClock;
  let told: string[];
  /** Signals that the record refuses to store the decision of. */
  let unstorable: Set<SignalId>;

  beforeEach(() => {
    const world = { partitions: PARTITIONS, accounts: ACCOUNTS, instruments: INSTRUMENTS };
    database = new SimDatabase({ ...world, limits: limits(), bugs: NO_BUGS });
    clock = new ManualClock();
    told = [];
    seen = [];
    unstorable = new Set();
  });

  const signalOf = (by: Account, number: number, instrumentId: InstrumentId): Signal => ({
    id: idOf(partitionOf(by.id, PARTITIONS) * 1_000 + number),
    number,
    accountId: by.id,
    instrumentId,
    strategyId: null,
    wish: { kind: "trade", terms: TERMS },
    reason: null,
    validUntil: null,
    onMarketClosed: null,
    receivedAt: clock.now(),
    actor: "bot",
    traceParent: null,
  });

  const accept = (...instruments: InstrumentId[]) => acceptFrom(ACCOUNT, instruments);

  function acceptFrom(by: Account, instruments: readonly InstrumentId[]): Signal[] {
    const partition = partitionOf(by.id, PARTITIONS);
    const lane = database.rows(partition).signals;
    return instruments.map((instrumentId) => {
      const signal = signalOf(by, lane.length + 1, instrumentId);
      const { number: _, ...body } = signal;
      database.accept([
        {
          lane: "signals",
          id: signal.id,
          accountId: by.id,
          partition,
          idempotency: null,
          fingerprint: signal.id,
          body: encodeSignal(body),
          receivedAt: signal.receivedAt,
          actor: "bot",
          traceParent: null,
        },
      ]);
      return signal;
    });
  }

  const damaged = (signal: Signal, unreadable: string): UnreadableSignal => {
    const { id, number, accountId, instrumentId, strategyId, actor, traceParent } = signal;
    const head = { id, number, accountId, instrumentId, strategyId, actor, traceParent };
    return { ...head, unreadable };
  };

  const isRefused = (event: DomainEvent) => {
    if (event.type !== "SignalDecided") return false;
    if (event.refusal?.message.includes(UNSTORABLE) === true) return true;
    return unstorable.has(event.signalId) && event.refusal?.code !== "poison";
  };

  /** When the views of the account were read that are on record. */
  let seen: number[];

  const store = (): EngineStore => ({
    commit: async (parts) => {
      if (parts.some(({ events }) => events.some(({ event }) => isRefused(event)))) {
        throw new Error("a constraint of the record");
      }
      return database.commit(parts);
    },
    loadBook: async (partition) => database.loadBook(partition),
    loadSettled: async (id, names) => database.loadSettled(id, names),
    loadAdjustments: async (id, ids) => database.loadAdjustments(id, ids),
    loadOrders: async (id, names) => database.loadOrders(id, names),
    loadCheckpoint: async () => null,
    loadPositionFacts: async () => [],
    signalsAfter: async (...asked) => database.signalsAfter(...asked),
    commandsAfter: async (...asked) => database.commandsAfter(...asked),
    acceptedNumbers: async () => new Map(),
    setPartitionFault: async (holder, reason) => database.setFault(holder, reason),
  });

  const context = (now: number): Context => ({
    now,
    limits: limits(),
    trading: database.trading,
    marks: new MarkTable(),
    rates: { rate: () => null },
    calendar: NO_OVERRIDES,
    instrument: (id) => {
      if (id === BREAKING) throw new TypeError("a mistake in the core");
      return INSTRUMENTS.find((each) => each.id === id);
    },
    broker: () => ({ traits: TRAITS, tokens: 1_000, up: true }),
  });

  const shell = (): RunnerShell => ({
    clock,
    store: store(),
    committer: new Committer(store()),
    maxBatch: MAX_BATCH,
    context,
    isShutOut: () => false,
    isUp: () => true,
    refreshTradingState: async () => undefined,
    takeTokens: () => undefined,
    giveBackTokens: () => undefined,
    heard: () => undefined,
    seen: (accountId, { at }) => void (accountId === ACCOUNT.id && seen.push(at)),
    perform: () => undefined,
    decided: () => undefined,
    distrust: () => undefined,
    committed: () => undefined,
    fault: ({ partition }, reason) => told.push(`fault ${partition}: ${reason}`),
    retrying: (_partition, cause) => told.push(cause instanceof Error ? cause.message : "?"),
  });

  const begin = async (by: Account = ACCOUNT, within = shell()): Promise<PartitionRunner> => {
    const partition = partitionOf(by.id, PARTITIONS);
    const [lease] = database.take([`p${partition}`], OWNER, 1, clock.now());
    if (lease === undefined) throw new Error("the partition is not free");
    const runner = await PartitionRunner.load({ partition, epoch: lease.epoch }, within);
    for (const accountId of runner.book.accounts.keys()) observe(runner, accountId);
    return runner;
  };

  /** First contact is behind us, so that signals are decided. */
  function observe(
    runner: PartitionRunner,
    accountId: AccountId,
    more: Partial<BrokerView> = {},
  ): void {
    runner.inbox.offerFact({
      kind: "view",
      accountId,
      view: {
        at: clock.now(),
        account: {
          number: `N-${accountId}`,
          currency: "USD",
          tradingBlocked: false,
          equity: Decimal.of("1000000"),
          cash: Decimal.of("1000000"),
          buyingPower: Decimal.of("1000000"),
          nonMarginableBuyingPower: null,
          shortingEnabled: true,
        },
        openOrders: [],
        askedOrders: [],
        pastOrders: [],
        logSeq: 0,
        executions: [],
        positions: [],
        activities: [],
        ...more,
      },
    });
  }

  async function decideAll(
    runner: PartitionRunner,
    signals: readonly (Signal | UnreadableSignal)[],
  ): Promise<void> {
    void runner.run();
    await clock.advance(100);
    for (const signal of signals) runner.inbox.offerSignal(signal);
    await clock.advance(20_000);
    runner.stop("handed_over");
    await settle();
  }

  const outcomes = (of: Account = ACCOUNT) =>
    database
      .rows(partitionOf(of.id, PARTITIONS))
      .log.flatMap(({ event }) =>
        event.type === "SignalDecided" ? [event.refusal?.code ?? event.outcome] : [],
      );

  it("is refused, once, and what came before and after is decided", async () => {
    const signals = accept(SOUND.id, BREAKING, SOUND.id);
    await decideAll(await begin(), signals);
    expect(outcomes()).toHaveLength(3);
    expect(outcomes()[1]).toBe("poison");
    expect(outcomes().filter((code) => code === "poison")).toHaveLength(1);
    expect(told.filter((line) => line.startsWith("fault"))).toEqual([]);
  });

  it("is a view, which was not seen: the next one reads on from the one before it", async () => {
    const runner = await begin();
    const running = runner.run();
    await clock.advance(100);
    const before = [...seen];
    expect(before).toHaveLength(1);
    const broken = { account: null } as unknown as Partial<BrokerView>; // nothing that can be read
    observe(runner, ACCOUNT.id, { ...broken, at: clock.now() + 1 });
    await clock.advance(2_000);
    expect(told).not.toEqual([]);
    const last = clock.now();
    observe(runner, ACCOUNT.id);
    await clock.advance(100);
    expect(seen).toEqual([...before, last]);
    runner.stop("handed_over");
    await running;
  });

  it("is found also when there are several of it", async () => {
    const signals = accept(BREAKING, SOUND.id, BREAKING, BREAKING, SOUND.id);
    await decideAll(await begin(), signals);
    expect(outcomes().map((code) => code === "poison")).toEqual([true, false, true, true, false]);
  });

  it("is a row that nobody can read, and those behind it are decided", async () => {
    const [first, second, third] = accept(SOUND.id, SOUND.id, SOUND.id);
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("three");
    await decideAll(await begin(), [first, damaged(second, "wish"), third]);
    expect(outcomes().map((code) => code === "poison")).toEqual([false, true, false]);
    expect(told).toEqual([]);
  });

  it("is a row that nobody can read, whose fault the record cannot hold either", async () => {
    const [first, second, third] = accept(SOUND.id, SOUND.id, SOUND.id);
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("three");
    await decideAll(await begin(), [first, damaged(second, UNSTORABLE), third]);
    expect(outcomes().map((code) => code === "poison")).toEqual([false, true, false]);
    expect(told.filter((line) => line.startsWith("fault"))).toEqual([]);
  });

  it("is found by halving when it is the record that refuses it", async () => {
    const signals = accept(SOUND.id, SOUND.id, SOUND.id, SOUND.id, SOUND.id);
    unstorable.add(idOf(4));
    await decideAll(await begin(), signals);
    expect(outcomes().map((code) => code === "poison")).toEqual([false, false, false, true, false]);
  });
  for (const count of [1, 2, 3]) {
    it(`is not the neighbour's whose decision shared a commit with ${count} of it`, async () => {
      const within = shell();
      const runner = await begin(ACCOUNT, within);
      const neighbour = await begin(NEIGHBOUR, within);
      const bad = acceptFrom(
        ACCOUNT,
        Array.from({ length: count }, () => SOUND.id),
      );
      for (const { id } of bad) unstorable.add(id);
      const running = [runner.run(), neighbour.run()];
      await clock.advance(100);
      for (const signal of bad) runner.inbox.offerSignal(signal);
      for (const signal of acceptFrom(NEIGHBOUR, [SOUND.id])) neighbour.inbox.offerSignal(signal);
      await clock.advance(20_000);
      runner.stop("handed_over");
      neighbour.stop("handed_over");
      await settle();
      expect(await Promise.all(running)).toEqual(["handed_over", "handed_over"]);
      expect(outcomes()).toEqual(bad.map(() => "poison"));
      expect(outcomes(NEIGHBOUR)).toEqual(["held"]);
    });
  }
});
