// The record of the simulated deployment: what PostgreSQL promises, in memory. Each method is one
// transaction at one instant. Constraints throw as the real ones do, so that a broken promise shows.
import { applyEvent, tidyBook } from "../../src/domain/apply.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { createAccountBook, createBook } from "../../src/domain/new-book.ts";
import { NO_OVERRIDES, type CalendarOverrides } from "../../src/domain/calendar/override.ts";
import type { Account, Book } from "../../src/domain/book.ts";
import { decodeCommand } from "../../src/domain/codec/command.ts";
import { decodeSignal } from "../../src/domain/codec/signal.ts";
import { EVENT_VERSION, type DomainEvent, type LoggedEvent } from "../../src/domain/event.ts";
import type { AccountId, BrokerOrderId, OrderId } from "../../src/domain/ids.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import type { LimitTable } from "../../src/domain/limits.ts";
import { MarkTable } from "../../src/domain/mark-table.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import type { Place } from "../../src/domain/position/place.ts";
import type { CountedAdjustment } from "../../src/domain/position/state.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import type { TradingState, TradingStateTable } from "../../src/domain/trading-state.ts";
import {
  presenceOf,
  type Acceptance,
  type Accepted,
  type CommitResult,
  type FeedCursor,
  type Lease,
  type PartitionCommit,
  type PartitionHolder,
  type PositionName,
} from "../../src/ports/store.ts";
import type { Bugs } from "./bugs.ts";
import { positionFacts, SimPositions, wholeLedger } from "./sim-positions.ts";

const LEASE_MS = 6_000;

interface Row {
  readonly number: number;
  readonly body: string;
  readonly id: string;
}

/** Which holder wrote which stretch of a log. */
export interface Written {
  readonly epoch: number;
  readonly afterSeq: number;
  readonly throughSeq: number;
}

interface Claim {
  readonly key: string;
  readonly by: string;
  /** Not even the same order may claim it again. */
  readonly once: boolean;
}

interface PartitionRows {
  readonly signals: Row[];
  readonly commands: Row[];
  readonly log: LoggedEvent[];
  readonly written: Written[];
  /** Of the planted bug that swaps signals: which row a number was told with. */
  handedOut?: Map<number, number>;
  decidedSignals: number;
  decidedCommands: number;
  fault: string | null;
}

export class SimDatabase {
  readonly partitions: PartitionRows[];
  readonly accounts: readonly Account[];
  readonly instruments: readonly Instrument[];
  readonly orders = new Map<OrderId, OrderState>();
  readonly holdings = new SimPositions();
  readonly #leases = new Map<string, { owner: string; epoch: number; until: number }>();
  readonly #keys = new Map<string, { id: string; number: number; fingerprint: string }>();
  readonly #references = new Map<string, string>();
  readonly #executions = new Map<string, string>();
  readonly #adjustments = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  readonly #bugs: Bugs;
  readonly marks = new MarkTable();
  readonly cursors = new Map<string, FeedCursor>();
  limits: LimitTable;
  readonly calendarOverrides: CalendarOverrides;
  trading: TradingStateTable = { version: 1, rows: [] };

  constructor(world: {
    readonly partitions: number;
    readonly accounts: readonly Account[];
    readonly instruments: readonly Instrument[];
    readonly limits: LimitTable;
    readonly calendarOverrides?: CalendarOverrides;
    readonly bugs: Bugs;
  }) {
    this.accounts = world.accounts;
    this.instruments = world.instruments;
    this.limits = world.limits;
    this.calendarOverrides = world.calendarOverrides ?? NO_OVERRIDES;
    this.#bugs = world.bugs;
    this.partitions = Array.from({ length: world.partitions }, () => ({
      signals: [],
      commands: [],
      log: [],
      written: [],
      decidedSignals: 0,
      decidedCommands: 0,
      fault: null,
    }));
  }

  /** Whether everything that was accepted has its decision. */
  get isAllDecided(): boolean {
    return this.partitions.every(
      ({ signals, commands, decidedSignals, decidedCommands }) =>
        decidedSignals === signals.length && decidedCommands === commands.length,
    );
  }

  rows(partition: number): PartitionRows {
    const rows = this.partitions[partition];
    if (rows === undefined) throw new RangeError(`no partition ${partition}`);
    return rows;
  }

  // ---- acceptance

  accept(batch: readonly Acceptance[]): readonly Accepted[] {
    return batch.map((request) => this.#acceptOne(request));
  }

  #acceptOne(request: Acceptance): Accepted {
    const key = request.idempotency && `${request.idempotency.scope} ${request.idempotency.key}`;
    const known = key === null ? undefined : this.#keys.get(key);
    if (known !== undefined) {
      const { id, number, fingerprint } = known;
      if (fingerprint !== request.fingerprint) return { result: "conflict", id, fingerprint };
      return { result: "replayed", id, number };
    }
    const rows = this.rows(request.partition);
    const lane = request.lane === "signals" ? rows.signals : rows.commands;
    const number = lane.length + 1;
    lane.push({ number, body: request.body, id: request.id });
    const { id, fingerprint } = request;
    if (key !== null) this.#keys.set(key, { id, number, fingerprint });
    return { result: "accepted", id, number };
  }

  /** A change of state and its command rows, in one transaction. */
  changeTradingState(state: TradingState, reason: string, commands: readonly Acceptance[]): void {
    this.trading = {
      version: this.trading.version + 1,
      rows: [{ accountId: null, strategyId: null, state, reason }],
    };
    this.accept(commands);
    this.notify();
  }

  // ---- leases

  take(
    names: readonly string[],
    owner: string,
    count: number,
    now: number,
  ): { name: string; epoch: number }[] {
    const taken: { name: string; epoch: number }[] = [];
    for (const name of names) {
      if (taken.length >= count) break;
      const row = this.#leases.get(name);
      if ((row !== undefined && row.until > now) || this.#isFaulted(name)) continue;
      const epoch = (row?.epoch ?? 0) + 1;
      this.#leases.set(name, { owner, epoch, until: now + LEASE_MS });
      taken.push({ name, epoch });
    }
    return taken;
  }

  #isFaulted(name: string): boolean {
    return this.partitions.some(
      ({ fault }, partition) => fault !== null && name === `p${partition}`,
    );
  }

  setFault({ partition, epoch }: PartitionHolder, reason: string): void {
    if (this.#leases.get(`p${partition}`)?.epoch === epoch) this.rows(partition).fault = reason;
  }

  /** Every lease taken until now is over. */
  expireLeases(): void {
    for (const row of this.#leases.values()) row.until = 0;
  }

  renew(leases: readonly Lease[], owner: string, now: number): { name: string; epoch: number }[] {
    return leases.flatMap(({ name, epoch }) => {
      const row = this.#leases.get(name);
      if (row === undefined || row.owner !== owner || row.epoch !== epoch) return [];
      row.until = now + LEASE_MS;
      return [{ name, epoch }];
    });
  }

  release(leases: readonly Lease[], owner: string): void {
    for (const { name, epoch } of leases) {
      const row = this.#leases.get(name);
      if (row !== undefined && row.owner === owner && row.epoch === epoch) row.until = 0;
    }
  }

  owners(now: number): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    const present = new Set<string>();
    for (const [name, { owner, until }] of this.#leases) {
      if (until <= now) continue;
      held.set(owner, (held.get(owner) ?? 0) + 1);
      if (name === presenceOf(owner)) present.add(owner);
    }
    return new Map([...held].filter(([owner]) => present.has(owner)));
  }

  // ---- the worker

  /** All of it or none of it: a constraint that one part breaks undoes the others. */
  commit(parts: readonly PartitionCommit[]): readonly CommitResult[] {
    const results = parts.map((part) => this.#judge(part));
    const wanted = parts.filter((_, index) => results[index]?.result === "committed");
    const names = this.#namesTaken(wanted);
    for (const part of wanted) this.#write(part);
    for (const [reference, orderId] of names.references) this.#references.set(reference, orderId);
    for (const [execution, orderId] of names.executions) this.#executions.set(execution, orderId);
    for (const [key, id] of names.adjustments) this.#adjustments.set(key, id);
    return results;
  }

  #judge(part: PartitionCommit): CommitResult {
    const rows = this.rows(part.partition);
    const lease = this.#leases.get(`p${part.partition}`);
    const isFenced = lease === undefined || lease.epoch !== part.epoch;
    if (isFenced && !this.#bugs.has("no fence")) return { result: "fenced" };
    const isStopped = part.tradingVersion !== null && part.tradingVersion !== this.trading.version;
    if (isStopped && !this.#bugs.has("stop checked too early")) return { result: "stopped" };
    if (rows.log.length !== part.afterSeq && !this.#bugs.has("no fence")) {
      throw new Error(
        `the log of ${part.partition} ends at ${rows.log.length}, not ${part.afterSeq}`,
      );
    }
    return { result: "committed" };
  }

  #write(part: PartitionCommit): void {
    const rows = this.rows(part.partition);
    const { epoch, afterSeq, events } = part;
    rows.written.push({ epoch, afterSeq, throughSeq: afterSeq + events.length });
    for (const recorded of part.events) {
      const seq = rows.log.length + 1;
      rows.log.push({ ...recorded, partition: part.partition, seq, version: EVENT_VERSION });
    }
    for (const order of part.orders) this.orders.set(order.id, order);
    this.holdings.write(part.positions, part.checkpoints);
    rows.decidedSignals = Math.max(rows.decidedSignals, part.decidedSignals);
    rows.decidedCommands = Math.max(rows.decidedCommands, part.decidedCommands);
  }

  /** The unique constraints: a reference and an execution belong to one order each, an adjustment is made once. */
  #namesTaken(parts: readonly PartitionCommit[]) {
    const references = new Map<string, string>();
    const executions = new Map<string, string>();
    const adjustments = new Map<string, string>();
    const claim = (kept: Map<string, string>, fresh: Map<string, string>, claim: Claim) => {
      const owner = kept.get(claim.key) ?? fresh.get(claim.key);
      if (owner !== undefined && (owner !== claim.by || claim.once)) {
        throw new Error(`${claim.key} is taken by ${owner}`);
      }
      fresh.set(claim.key, claim.by);
    };
    for (const { accountId, event } of parts.flatMap(({ events }) => events)) {
      if (event.type === "OrderSubmitted" || event.type === "ReplaceRequested") {
        const key = `${accountId} ${event.reference}`;
        claim(this.#references, references, { key, by: event.orderId, once: false });
      }
      if (event.type === "OrderExecuted" && !this.#bugs.has("no deduplication")) {
        const key = `${accountId} ${event.execution.id}`;
        claim(this.#executions, executions, { key, by: event.orderId, once: true });
      }
      if (event.type === "PositionAdjusted" || event.type === "CashAdjusted") {
        const { id } = event.adjustment;
        claim(this.#adjustments, adjustments, { key: `${accountId} ${id}`, by: id, once: true });
      }
    }
    return { references, executions, adjustments };
  }

  /** As a worker is given it: what is over comes back when something names it, doubts with the next look. */
  openBook(partition: number): Book {
    const book = this.loadBook(partition);
    tidyBook(book, Number.POSITIVE_INFINITY);
    for (const [accountId, accountBook] of book.accounts) {
      const positions = this.holdings.ledgerOf(accountId);
      book.accounts.set(accountId, { ...accountBook, positions });
    }
    for (const { suspected, adjustments, ours } of book.accounts.values()) {
      suspected.clear();
      adjustments.clear();
      ours.clear();
    }
    return book;
  }

  loadBook(partition: number): Book {
    const book = createBook(partition);
    for (const account of this.accounts) {
      if (partitionOf(account.id, this.partitions.length) === partition) {
        book.accounts.set(account.id, createAccountBook(account, wholeLedger(account.id)));
      }
    }
    for (const event of this.rows(partition).log) applyEvent(book, event);
    return book;
  }

  loadOrders(
    accountId: AccountId,
    names: {
      ids: readonly string[];
      references: readonly string[];
      brokerOrderIds: readonly string[];
    },
  ) {
    return [...this.orders.values()].filter(
      (order) =>
        order.accountId === accountId &&
        (names.ids.includes(order.id) ||
          names.references.some(
            (name) => this.#references.get(`${accountId} ${name}`) === order.id,
          ) ||
          [order.brokerOrderId, ...order.brokerOrderChain].some(
            (id) => id !== null && names.brokerOrderIds.includes(id),
          )),
    );
  }

  loadSettled(accountId: AccountId, brokerOrderIds: readonly BrokerOrderId[]) {
    const names = { ids: [], references: [], brokerOrderIds };
    return this.loadOrders(accountId, names)
      .filter(({ closedAt }) => closedAt !== null)
      .flatMap(({ brokerOrderId, brokerOrderChain, filledQuantity, filledNotional }) =>
        brokerOrderIds
          .filter((id) => id === brokerOrderId || brokerOrderChain.includes(id))
          .map((id) => ({ brokerOrderId: id, filledQuantity, filledNotional })),
      );
  }

  loadAdjustments(accountId: AccountId, ids: readonly string[]): readonly CountedAdjustment[] {
    const counted = this.partitions.flatMap(({ log }) =>
      log.flatMap(({ accountId: of, event }) => (of === accountId ? countedBy(event) : [])),
    );
    return counted.filter(({ id }) => ids.includes(id));
  }

  loadPositionFacts(of: PositionName, page: { after: Place | null; limit: number }) {
    const log = this.partitions.flatMap((rows) => rows.log);
    return positionFacts(of, page, { orders: this.orders.values(), log });
  }

  signalsAfter(partition: number, number: number, limit: number) {
    const rows = this.rows(partition).signals.slice(number, number + limit);
    return rows.map((row) => decodeSignal(row.body, row.number));
  }

  commandsAfter(partition: number, number: number, limit: number) {
    const rows = this.rows(partition).commands.slice(number, number + limit);
    return rows.map((row) => decodeCommand(row.body, row.number));
  }

  // ---- feeds

  eventsBehind(cursor: FeedCursor, limit: number): readonly LoggedEvent[] {
    const behind = this.partitions.flatMap(({ log }, partition) =>
      log.slice(cursor.get(partition) ?? 0),
    );
    return behind.slice(0, limit);
  }

  head(): FeedCursor {
    return new Map(this.partitions.map(({ log }, partition) => [partition, log.length]));
  }

  // ---- configuration

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function countedBy(event: DomainEvent): readonly CountedAdjustment[] {
  if (event.type === "PositionAdjusted") {
    const { id, instrumentId, quantity, amount } = event.adjustment;
    return [{ id, instrumentId, quantity, amount }];
  }
  if (event.type !== "CashAdjusted") return [];
  const { id, amount } = event.adjustment;
  return [{ id, instrumentId: null, quantity: Decimal.ZERO, amount }];
}
