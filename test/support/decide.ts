// The worker's decisions without a worker: takes what was accepted, decides it on the book of the
// tables, commits it. What a broker would say is told by the test.
import type { Context, Input } from "../../src/domain/book.ts";
import type { BrokerReport } from "../../src/domain/broker.ts";
import { ALPACA_TRAITS } from "../../src/brokers/alpaca/traits.ts";
import { tradingDay } from "../../src/domain/calendar/trading-day.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import type { RecordedEvent } from "../../src/domain/event.ts";
import { asId, type AccountId, type InstrumentId } from "../../src/domain/ids.ts";
import { MarkTable } from "../../src/domain/mark-table.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import type { PostgresStore } from "../../src/db/postgres-store.ts";
import type { Lease } from "../../src/ports/store.ts";
import { applyEvent } from "../../src/domain/apply.ts";
import { decideBatch } from "../../src/worker/batch.ts";
import { touchedRows } from "../../src/worker/touched.ts";

export class Decider {
  readonly #store: PostgresStore;
  readonly #partitions: number;
  #leases: readonly Lease[] = [];

  constructor(store: PostgresStore, partitions: number) {
    this.#store = store;
    this.#partitions = partitions;
  }

  async start(): Promise<void> {
    const names = Array.from({ length: this.#partitions }, (_, index) => `p${index}`);
    this.#leases = await this.#store.leases.take(names, "test", this.#partitions);
  }

  /** The leases again, however long the test has taken. */
  async hold(): Promise<void> {
    const kept = await this.#store.leases.renew(this.#leases, "test");
    const names = this.#leases.map(({ name }) => name);
    const lost = names.filter((name) => !kept.some((lease) => lease.name === name));
    this.#leases = [...kept, ...(await this.#store.leases.take(lost, "test", lost.length))];
  }

  /** A price of this moment, and money to trade with. */
  async prepare(account: string, prices: Readonly<Record<string, string>>): Promise<void> {
    await this.#store.marks.saveMarks(
      Object.entries(prices).map(([id, price]) => ({
        instrumentId: asId<InstrumentId>(id),
        bid: Decimal.of(price),
        ask: Decimal.of(price),
        last: Decimal.of(price),
        at: Date.now(),
      })),
    );
    const at = Date.now();
    const head = {
      accountId: asId<AccountId>(account),
      at,
      actor: "reconciler",
      correlationId: null,
      causationId: null,
    };
    await this.#record(account, [
      {
        ...head,
        event: {
          type: "AccountObserved",
          equity: Decimal.of("100000"),
          cash: Decimal.of("100000"),
          buyingPower: Decimal.of("200000"),
          nonMarginableBuyingPower: Decimal.of("100000"),
          shortingEnabled: true,
          asOf: at,
        },
      },
      {
        ...head,
        event: {
          type: "TradingDayStarted",
          date: tradingDay("America/New_York", "00:00", at),
          equityBaseline: Decimal.of("100000"),
          realizedBaseline: Decimal.ZERO,
          unrealizedBaseline: Decimal.ZERO,
        },
      },
    ]);
  }

  /** Decides every command, then every signal that waits. */
  async decideAll(): Promise<void> {
    for (const { name, epoch } of this.#leases) {
      const partition = Number(name.slice(1));
      const book = await this.#store.engine.loadBook(partition);
      const [commands, signals] = await Promise.all([
        this.#store.engine.commandsAfter(partition, book.decidedCommands, 1_000),
        this.#store.engine.signalsAfter(partition, book.decidedSignals, 1_000),
      ]);
      const inputs: Input[] = [
        ...commands.map((command) => ({ kind: "command" as const, command })),
        ...signals.map((signal) => ({ kind: "signal" as const, signal })),
      ];
      await this.#commit(partition, epoch, inputs);
    }
  }

  async report(account: string, report: BrokerReport): Promise<void> {
    const partition = partitionOf(asId<AccountId>(account), this.#partitions);
    const lease = this.#leases.find(({ name }) => name === `p${partition}`);
    if (lease === undefined) throw new Error("no lease");
    await this.#commit(partition, lease.epoch, [{ kind: "report", report }]);
  }

  async #commit(partition: number, epoch: number, inputs: readonly Input[]): Promise<void> {
    if (inputs.length === 0) return;
    const book = await this.#store.engine.loadBook(partition);
    const batch = decideBatch({
      book,
      inputs,
      poison: new Set(),
      context: await this.#context(),
      takeTokens: () => undefined,
    });
    await this.#write({ partition, epoch, book, ...batch });
  }

  async #record(account: string, events: readonly RecordedEvent[]): Promise<void> {
    const partition = partitionOf(asId<AccountId>(account), this.#partitions);
    const lease = this.#leases.find(({ name }) => name === `p${partition}`);
    if (lease === undefined) throw new Error("no lease");
    const book = await this.#store.engine.loadBook(partition);
    const afterSeq = book.seq;
    for (const event of events) applyEvent(book, event);
    await this.#write({
      partition,
      epoch: lease.epoch,
      book,
      events,
      afterSeq,
      tradingVersion: null,
    });
  }

  async #write(part: {
    readonly partition: number;
    readonly epoch: number;
    readonly book: Parameters<typeof touchedRows>[0];
    readonly events: readonly RecordedEvent[];
    readonly afterSeq: number;
    readonly tradingVersion: number | null;
  }): Promise<void> {
    const { partition, epoch, book, events, afterSeq, tradingVersion } = part;
    const [result] = await this.#store.engine.commit([
      {
        partition,
        epoch,
        afterSeq,
        events,
        decidedSignals: book.decidedSignals,
        decidedCommands: book.decidedCommands,
        ...touchedRows(book, events),
        tradingVersion,
      },
    ]);
    if (result?.result !== "committed") throw new Error(`the commit ended ${result?.result}`);
  }

  async #context(): Promise<Context> {
    const [limits, trading, instruments, marks] = await Promise.all([
      this.#store.configuration.limits(),
      this.#store.configuration.tradingStates(),
      this.#store.configuration.instruments(),
      this.#store.marks.loadMarks(),
    ]);
    const table = new MarkTable();
    for (const mark of marks) table.put(mark);
    const byId = new Map(instruments.map((each) => [each.id, each]));
    return {
      now: Date.now(),
      limits,
      trading,
      marks: table,
      rates: { rate: () => null },
      calendar: [],
      instrument: (id) => byId.get(id),
      broker: () => ({ traits: ALPACA_TRAITS, tokens: 1_000, up: true }),
    };
  }
}
