// One partition's worker in a few lines: takes the lease, applies events to its book, commits them.
import { applyEvent } from "../../../src/domain/apply.ts";
import type { Account, Book, Effect } from "../../../src/domain/book.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, RecordedEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  ExecutionId,
  InstrumentId,
  OrderId,
  SignalId,
} from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { OrderSpec, OrderTerms } from "../../../src/domain/order/spec.ts";
import type { Execution } from "../../../src/domain/order/state.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import type { TrackSizes } from "../../../src/domain/position/track.ts";
import type {
  AcceptanceStore,
  CommitResult,
  ConfigurationStore,
  EngineStore,
  LeaseStore,
  MarkStore,
  PartitionCommit,
} from "../../../src/ports/store.ts";
import { foldLateFacts } from "../../../src/worker/late-facts.ts";
import { touchedRows } from "../../../src/worker/touched.ts";
import { specOf } from "../../support/orders.ts";

export const PARTITIONS = 4;

export interface StoreUnderTest {
  readonly store: EngineStore & LeaseStore & ConfigurationStore & MarkStore & AcceptanceStore;
  /** A stop or a resume of everything, as an operator commits it. */
  changeTradingState(state: "active" | "reducing" | "halted"): Promise<void>;
  /** Moves the store's clock on, so that every lease taken until now is over. */
  expireLeases(): Promise<void>;
  /** What of the rows is not as the log says, where a replay can tell. */
  differences?(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export type MakeStore = (world: {
  readonly partitions: number;
  readonly accounts: readonly Account[];
  readonly instruments: readonly Instrument[];
}) => Promise<StoreUnderTest>;

function accountNamed(name: string): Account {
  return {
    id: asId<AccountId>(name),
    broker: "alpaca",
    environment: "mock",
    currency: "USD",
    dayZone: "America/New_York",
    dayRoll: "00:00",
  };
}

/** One name for each partition, so that a case can pick two that share nothing. */
export const ACCOUNTS: readonly Account[] = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let suffix = 0; ; suffix += 1) {
    const account = accountNamed(`account-${suffix}`);
    if (partitionOf(account.id, PARTITIONS) === partition) return account;
  }
});

export const AAPL = asId<InstrumentId>("XNYS:AAPL");

export const INSTRUMENTS: readonly Instrument[] = [
  {
    id: AAPL,
    venue: "XNYS",
    symbol: "AAPL",
    assetClass: "stock",
    currency: "USD",
    ticks: [{ from: Decimal.ZERO, step: Decimal.of("0.01") }],
    lot: Decimal.ONE,
    fractionable: true,
    minQuantity: null,
    maxQuantity: null,
    minNotional: null,
    shortable: true,
    tradable: true,
    priceBand: null,
  },
];

/** Instants of the scenes: a minute of a morning in 2026. */
export const MORNING = Date.UTC(2026, 0, 5, 15, 0, 0);

export function sourceId(n: number): SignalId {
  const time = MORNING.toString(16).padStart(12, "0");
  const tail = n.toString(16).padStart(10, "0");
  return asId<SignalId>(`${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}00`);
}

export const orderOfSignal = (n: number): OrderId => asId<OrderId>(`${sourceId(n).slice(0, -2)}01`);
export const referenceOf = (n: number, generation = 1): BrokerReference =>
  asId<BrokerReference>(`ref-${n}-${generation}`);
export const brokerIdOf = (n: number): BrokerOrderId => asId<BrokerOrderId>(`broker-${n}`);

export type HistoryStore = Pick<EngineStore, "loadCheckpoint" | "loadPositionFacts">;
type DeskStore = Pick<EngineStore, "commit" | "loadBook"> & Pick<LeaseStore, "take">;

export class Desk {
  readonly partition: number;
  readonly account: AccountId;
  readonly #store: DeskStore;
  book: Book;
  epoch: number;
  now = MORNING;
  readonly alarms: Effect[] = [];

  private constructor(store: DeskStore, partition: number, epoch: number, book: Book) {
    this.#store = store;
    this.partition = partition;
    this.epoch = epoch;
    this.book = book;
    const account = ACCOUNTS[partition];
    if (account === undefined) throw new RangeError(`no account in partition ${partition}`);
    this.account = account.id;
  }

  static async open(store: DeskStore, partition: number, owner = "one") {
    const [lease] = await store.take([`p${partition}`], owner, 1);
    if (lease === undefined) throw new Error(`p${partition} is not free`);
    return new Desk(store, partition, lease.epoch, await store.loadBook(partition));
  }

  /** Applies the events and hands back the part that commits them. */
  part(events: readonly DomainEvent[], tradingVersion: number | null = null): PartitionCommit {
    const afterSeq = this.book.seq;
    return this.#partOf(this.#apply(events), afterSeq, tradingVersion);
  }

  #apply(events: readonly DomainEvent[]): readonly RecordedEvent[] {
    const recorded: RecordedEvent[] = events.map((event) => ({
      accountId: this.account,
      at: this.now,
      actor: "test",
      correlationId: null,
      causationId: null,
      event,
    }));
    for (const event of recorded) applyEvent(this.book, event);
    return recorded;
  }

  #partOf(
    recorded: readonly RecordedEvent[],
    afterSeq: number,
    tradingVersion: number | null,
  ): PartitionCommit {
    return {
      partition: this.partition,
      epoch: this.epoch,
      afterSeq,
      events: recorded,
      decidedSignals: this.book.decidedSignals,
      decidedCommands: this.book.decidedCommands,
      ...touchedRows(this.book, recorded),
      tradingVersion,
    };
  }

  async commit(...events: readonly DomainEvent[]): Promise<CommitResult> {
    const [result] = await this.#store.commit([this.part(events)]);
    if (result === undefined) throw new Error("a commit without an answer");
    return result;
  }

  /** As the worker does: what came late has its place before the rows are written. */
  async commitLate(store: HistoryStore, events: readonly DomainEvent[]): Promise<void> {
    const afterSeq = this.book.seq;
    const recorded = this.#apply(events);
    const perform = (effect: Effect): void => void this.alarms.push(effect);
    await foldLateFacts(this.book, recorded, { store, perform }, 3);
    const [result] = await this.#store.commit([this.#partOf(recorded, afterSeq, null)]);
    if (result?.result !== "committed") throw new Error("it was not committed");
  }

  /** As a worker that was started again: all it has is the record. */
  async beginAnew(sizes: TrackSizes): Promise<void> {
    this.book = await this.#store.loadBook(this.partition);
    for (const [id, account] of this.book.accounts) {
      const positions = PositionLedger.restore(id, [...account.positions.all()], sizes);
      this.book.accounts.set(id, { ...account, positions });
    }
  }

  placing(
    n: number,
    terms: Partial<OrderTerms> = {},
    rest: Partial<OrderSpec> = {},
  ): DomainEvent[] {
    const orderId = orderOfSignal(n);
    const signalId = sourceId(n);
    const order = specOf(terms, {
      id: orderId,
      accountId: this.account,
      instrumentId: AAPL,
      signalId,
      receivedAt: this.now,
      ...rest,
    });
    return [decided(n, [orderId]), { type: "OrderPlaced", orderId, order }, submitted(n)];
  }
}

export function decided(n: number, orderIds: readonly OrderId[]): DomainEvent {
  return {
    type: "SignalDecided",
    signalId: sourceId(n),
    number: n,
    instrumentId: AAPL,
    strategyId: null,
    outcome: "ordered",
    refusal: null,
    verdicts: [],
    mark: { bid: Decimal.of("99.9"), ask: null, last: Decimal.of("100"), ageMs: 12 },
    limitsVersion: 1,
    orderIds,
  };
}

export function submitted(n: number, reference = referenceOf(n)): DomainEvent {
  return {
    type: "OrderSubmitted",
    orderId: orderOfSignal(n),
    generation: 1,
    reference,
    verdicts: null,
    mark: null,
  };
}

export function accepted(n: number): DomainEvent {
  return {
    type: "OrderAccepted",
    orderId: orderOfSignal(n),
    brokerOrderId: brokerIdOf(n),
    brokerAt: MORNING + 5,
  };
}

export function fillOf(n: number, id: string, rest: Partial<Execution> = {}): Execution {
  return {
    id: asId<ExecutionId>(id),
    orderId: orderOfSignal(n),
    brokerOrderId: brokerIdOf(n),
    quantity: Decimal.of("4"),
    price: Decimal.of("99.5"),
    cumulativeQuantity: null,
    fee: Decimal.of("0.01"),
    feeInAsset: Decimal.ZERO,
    executedAt: MORNING + 10,
    source: "stream",
    ...rest,
  };
}

export function executed(n: number, id: string, rest: Partial<Execution> = {}): DomainEvent {
  return { type: "OrderExecuted", orderId: orderOfSignal(n), execution: fillOf(n, id, rest) };
}

export const cancelled = (n: number): DomainEvent => ({
  type: "OrderCancelled",
  orderId: orderOfSignal(n),
  by: "broker",
  message: null,
});
