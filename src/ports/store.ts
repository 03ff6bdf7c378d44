// The record. Each method is one transaction. Everything that says "committed" is durable when the
// promise resolves; a promise that rejects with `CommitUnknown` may have been committed or not.
import type { Account, Book } from "../domain/book.ts";
import type { CalendarOverrides } from "../domain/calendar/override.ts";
import type { Command } from "../domain/command.ts";
import type { LoggedEvent, RecordedEvent } from "../domain/event.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  InstrumentId,
  OrderId,
} from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { LimitTable } from "../domain/limits.ts";
import type { Mark, RateSource } from "../domain/market.ts";
import type { SettledOrder } from "../domain/order/settled.ts";
import type { AttributedFact } from "../domain/position/change.ts";
import type { Checkpoint, CheckpointChange } from "../domain/position/checkpoints.ts";
import type { Place } from "../domain/position/place.ts";
import type { CountedAdjustment } from "../domain/position/state.ts";
import type { OrderState } from "../domain/order/state.ts";
import type { PositionState } from "../domain/position/state.ts";
import type { Signal } from "../domain/signal.ts";
import type { UnreadableCommand, UnreadableSignal } from "../domain/unreadable.ts";
import type { Listener } from "./until-heard.ts";
import type { TradingStateTable } from "../domain/trading-state.ts";

// ---- acceptance -------------------------------------------------------------------------------

/** A signal or command that wants to be accepted: everything but its number. */
export interface Acceptance {
  readonly lane: "signals" | "control";
  readonly id: string;
  readonly accountId: AccountId;
  readonly partition: number;
  /** Scope and key; null when the sender gave none. */
  readonly idempotency: { readonly scope: string; readonly key: string } | null;
  /** Canonical text of the request, compared when the key is seen again. */
  readonly fingerprint: string;
  /** The row: what the worker needs, as JSON text without the number. */
  readonly body: string;
  readonly receivedAt: number;
  readonly actor: string;
  readonly traceParent: string | null;
}

export type Accepted =
  | { readonly result: "accepted"; readonly id: string; readonly number: number }
  /** The key was seen with the same fingerprint: this is what it made then. */
  | { readonly result: "replayed"; readonly id: string; readonly number: number }
  | { readonly result: "conflict"; readonly id: string; readonly fingerprint: string };

export interface AcceptanceStore {
  /** One commit for all of them, in their order; numbers are gap-free per partition and lane. */
  accept(batch: readonly Acceptance[]): Promise<readonly Accepted[]>;
}

// ---- leases -----------------------------------------------------------------------------------

export interface Lease {
  readonly name: string;
  readonly epoch: number;
  /** By the local monotonic clock, taken before the request left: never later than the database's. */
  readonly until: number;
}

export interface LeaseStore {
  /** Takes free or expired leases, at most `count` of the names given, raising their epochs. */
  take(names: readonly string[], owner: string, count: number): Promise<readonly Lease[]>;
  /** Extends those that are still ours; the others are gone. */
  renew(leases: readonly Lease[], owner: string): Promise<readonly Lease[]>;
  release(leases: readonly Lease[], owner: string): Promise<void>;
  /**
   * Who takes part in the work, and how many leases each holds: to share them evenly. Whoever let go of
   * its presence is leaving, and has no share any more.
   */
  owners(): Promise<ReadonlyMap<string, number>>;
}

/** The lease by which an owner is counted, also while it has nothing to do. */
export const presenceOf = (owner: string): string => `worker:${owner}`;

// ---- the worker -------------------------------------------------------------------------------

export interface PartitionCommit {
  readonly partition: number;
  readonly epoch: number;
  /** The log must end here, and continues from here. */
  readonly afterSeq: number;
  readonly events: readonly RecordedEvent[];
  readonly decidedSignals: number;
  readonly decidedCommands: number;
  /** Rows that the events changed, as they are after the last of them. */
  readonly orders: readonly OrderState[];
  readonly positions: readonly PositionState[];
  /** What becomes of the checkpoints of positions. */
  readonly checkpoints: readonly CheckpointChange[];
  /** Set when an intent is among the events: the trading state must still have this version. */
  readonly tradingVersion: number | null;
}

export type CommitResult =
  | { readonly result: "committed" }
  /** Another epoch owns the partition: this worker must let go of it. */
  | { readonly result: "fenced" }
  /** The trading state changed since the decision: decide again. */
  | { readonly result: "stopped" };

/** Who says something about a partition: it counts while the epoch is still this one. */
export interface PartitionHolder {
  readonly partition: number;
  readonly epoch: number;
}

export interface PositionName {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
}

/** A fact on record; an execution names its order. */
export interface StoredFact extends AttributedFact {
  readonly orderId: OrderId | null;
}

/** So many facts behind a place; null is from the first one on. */
export interface FactPage {
  readonly after: Place | null;
  readonly limit: number;
}

export interface EngineStore {
  /** All of it or none of it, in one round trip; one result for each partition's part. */
  commit(parts: readonly PartitionCommit[]): Promise<readonly CommitResult[]>;
  /** The book as of the last commit: accounts, open orders, positions, counters. */
  loadBook(partition: number): Promise<Book>;
  /** Closed orders that a late fact names. */
  loadOrders(
    accountId: AccountId,
    names: {
      readonly ids: readonly OrderId[];
      readonly references: readonly BrokerReference[];
      readonly brokerOrderIds: readonly BrokerOrderId[];
    },
  ): Promise<readonly OrderState[]>;
  /** Of the orders that the broker names so those that are closed, in a few figures: a look may name thousands. */
  loadSettled(
    accountId: AccountId,
    brokerOrderIds: readonly BrokerOrderId[],
  ): Promise<readonly SettledOrder[]>;
  /** Those of these adjustments that were ever counted: more than a book remembers. */
  loadAdjustments(
    accountId: AccountId,
    ids: readonly string[],
  ): Promise<readonly CountedAdjustment[]>;
  /** The newest checkpoint of a position that stands before a place, or none. */
  loadCheckpoint(of: PositionName, before: Place): Promise<Checkpoint | null>;
  /** What a position is made of behind a place, in order, when a fact came that is older than what the book holds. */
  loadPositionFacts(of: PositionName, page: FactPage): Promise<readonly StoredFact[]>;
  signalsAfter(
    partition: number,
    number: number,
    limit: number,
  ): Promise<readonly (Signal | UnreadableSignal)[]>;
  commandsAfter(
    partition: number,
    number: number,
    limit: number,
  ): Promise<readonly (Command | UnreadableCommand)[]>;
  /** For the partitions given: the highest numbers accepted. One cheap query: the sweep. */
  acceptedNumbers(
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly signals: number; readonly commands: number }>>;
  /** From a holder of the past it is not believed: the partition is in other hands, and well. */
  setPartitionFault(holder: PartitionHolder, reason: string): Promise<void>;
}

// ---- configuration ----------------------------------------------------------------------------

export interface ConfigurationStore {
  limits(): Promise<LimitTable>;
  tradingStates(): Promise<TradingStateTable>;
  accounts(): Promise<readonly Account[]>;
  instruments(): Promise<readonly Instrument[]>;
  /** What an operator knows better than the published calendars. */
  calendarOverrides(): Promise<CalendarOverrides>;
  /** Conversion rates by day. */
  rates(): Promise<RateSource>;
  /**
   * Calls back soon after any of these changed, and again until the callback has taken it over; one call
   * at a time. Returns how to stop.
   */
  onChange(callback: Listener): Promise<() => Promise<void>>;
}

export interface MarkStore {
  /** Marks, and with them the value of every open position, in one statement. */
  saveMarks(marks: readonly Mark[]): Promise<void>;
  loadMarks(): Promise<readonly Mark[]>;
}

// ---- feeds ------------------------------------------------------------------------------------

/** How far a reader has come, per partition; absent means from the beginning. */
export type FeedCursor = ReadonlyMap<number, number>;

/** An event for a reader outside: what it says is the text of the log, which nobody here takes apart. */
export interface LoggedText {
  readonly partition: number;
  readonly seq: number;
  readonly type: string;
  readonly accountId: AccountId;
  readonly at: number;
  readonly payload: string;
}

export interface LogText {
  /** What `FeedStore.read` reads, as text. */
  readText(cursor: FeedCursor, limit: number): Promise<readonly LoggedText[]>;
}

export interface FeedStore {
  /** Events behind the cursor, in order within each partition, at most `limit`. */
  read(cursor: FeedCursor, limit: number): Promise<readonly LoggedEvent[]>;
  /** The cursor of the newest event. */
  head(): Promise<FeedCursor>;
  loadCursor(feed: string): Promise<FeedCursor>;
  saveCursor(feed: string, cursor: FeedCursor): Promise<void>;
}

/** Of readers whose place a person may change while they read. */
export interface SharedFeedStore extends FeedStore {
  /** From one place to another, of a reader that has a place; false where somebody has moved it meanwhile. */
  advanceCursor(feed: string, from: FeedCursor, to: FeedCursor): Promise<boolean>;
}

/** The reply to a commit was lost: ask before doing anything again. */
export class CommitUnknown extends Error {
  override readonly name = "CommitUnknown";
}

/** Too much waits for its commit; nothing was stored. */
export class AcceptQueueFull extends Error {
  override readonly name = "AcceptQueueFull";
}

/** The store cannot be reached now; trying again is safe. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** A signal or command was decided that no row has: nothing of that commit happened. */
export class NeverAccepted extends Error {
  override readonly name = "NeverAccepted";
}

/** No input is to blame for such a fault: the same may go well in a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof CommitUnknown;
}
