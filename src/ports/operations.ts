// What operators read and change besides orders: limits, trading states, keys, letters that could not
// be delivered, the state of the house. Writing methods are one transaction each.
import type { TradingState } from "../domain/trading-state.ts";
import type { NamedRequest, Once } from "./named-request.ts";
import type { Acceptance, Accepted } from "./store.ts";

export interface LimitRow {
  readonly key: string;
  /** Null is off. */
  readonly value: string | null;
  readonly kind: string;
  readonly choices: readonly string[] | null;
  readonly required: boolean;
  readonly hard: boolean;
  readonly shadow: boolean;
  readonly description: string;
  readonly version: number;
  readonly reason: string | null;
  readonly updated_by: string;
  readonly updated_at: Date;
}

export interface OverrideRow {
  readonly key: string;
  readonly account: string | null;
  readonly symbol: string | null;
  readonly strategy: string | null;
  readonly value: string | null;
  readonly hard: boolean;
  readonly version: number;
  readonly reason: string | null;
  readonly updated_by: string;
  readonly updated_at: Date;
  /** Why it limits nothing at present; null when it can. */
  readonly warning: string | null;
}

export interface LimitHistoryRow {
  readonly id: number;
  readonly source: string;
  readonly key: string;
  readonly account: string | null;
  readonly symbol: string | null;
  readonly strategy: string | null;
  readonly field: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly reason: string | null;
  readonly changed_by: string;
  readonly changed_at: Date;
  readonly limits_version: number;
}

export interface LimitScope {
  readonly account: string | null;
  readonly symbol: string | null;
  readonly strategy: string | null;
}

export interface LimitChange {
  readonly key: string;
  readonly scope: LimitScope | null;
  /** Undefined leaves it; null is off. `remove` takes an override away. */
  readonly value?: string | null;
  readonly hard?: boolean;
  readonly shadow?: boolean;
  readonly remove?: boolean;
  readonly reason: string | null;
}

export interface LimitChanges {
  readonly changes: readonly LimitChange[];
  readonly actor: string;
  readonly named: NamedRequest | null;
}

/** The database's own sentence, and what would be right. */
export class RefusedByDatabase extends Error {
  override readonly name = "RefusedByDatabase";
  readonly hint: string | null;
  constructor(message: string, hint: string | null) {
    super(message);
    this.hint = hint;
  }
}

export interface LimitStore {
  limitRows(): Promise<readonly LimitRow[]>;
  overrideRows(): Promise<readonly OverrideRow[]>;
  limitHistory(
    filter: { readonly key: string | null; readonly before: number | null },
    limit: number,
  ): Promise<readonly LimitHistoryRow[]>;
  /** All of them or none; throws `RefusedByDatabase`, and `NameTaken` as everything that is named. */
  changeLimits(asked: LimitChanges): Promise<Once<null>>;
}

export interface TradingStateRecord {
  readonly account: string | null;
  readonly strategy: string | null;
  readonly state: TradingState;
  readonly reason: string | null;
  readonly updated_by: string;
  readonly updated_at: Date;
}

/** An order that had left, or was leaving, when the state changed. */
export interface OnItsWayRow {
  readonly order_id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: string;
  readonly qty: string | null;
  readonly status: string;
  readonly unresolved: boolean;
  readonly role: string;
  readonly reduces_position: boolean;
}

export interface TradingStateChange {
  readonly account: string | null;
  readonly strategy: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string;
  /** Rows for the accounts affected, committed with the state. */
  readonly commands: readonly Acceptance[];
  readonly named: NamedRequest | null;
  /** Is told the state that this one replaces, which nobody can change any more; refuses by throwing. */
  readonly judge: (replaced: TradingState) => void;
}

/** What the first request with the name did. */
export interface TradingStateChanged {
  readonly version: number;
  readonly accepted: readonly Accepted[];
  /** Open at the moment of the change: nothing else can reach the broker after it. */
  readonly open: readonly OnItsWayRow[];
}

export interface TradingControl {
  tradingStateRows(): Promise<readonly TradingStateRecord[]>;
  changeTradingState(
    change: TradingStateChange,
  ): Promise<Once<TradingStateChanged> & { readonly stateNow: TradingState }>;
}

export interface DeadLetterRow {
  readonly id: string;
  readonly source: string;
  readonly entry: string;
  readonly account: string | null;
  readonly body: string;
  readonly code: string;
  readonly reason: string;
  readonly created_at: Date;
  readonly requeued_at: Date | null;
  readonly requeued_by: string | null;
  readonly requeued_as: string | null;
}

export interface DeadLetterStore {
  deadLetters(
    filter: {
      readonly accounts: readonly string[] | null;
      /** Letters that name no account as well. */
      readonly unnamed: boolean;
      readonly open: boolean;
    },
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<readonly DeadLetterRow[]>;
  deadLetter(id: string): Promise<DeadLetterRow | null>;
  markRequeued(id: string, by: string, as: string): Promise<boolean>;
}

export interface DifferenceRow {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  readonly subject: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly action: string;
  readonly at: Date;
}

export interface ExternalOrderRow {
  readonly account: string;
  readonly broker_order_id: string;
  readonly snapshot: unknown;
  readonly ignored: boolean;
  readonly first_seen_at: Date;
  readonly updated_at: Date;
}

/** A position that differs from the broker's, or what of it was left to others. */
export interface ExternalPositionRow {
  readonly account: string;
  readonly instrument_id: string;
  /** What the broker holds beyond our record. */
  readonly qty: string;
  readonly ignored: boolean;
  readonly since: Date;
}

export interface CashDifferenceRow {
  readonly account: string;
  readonly currency: string;
  readonly ours: string;
  readonly theirs: string;
  readonly since: Date;
}

export interface FrozenRow {
  readonly account: string;
  readonly instrument_id: string;
  readonly reason: string;
  readonly since: Date;
}

export interface ParkedRow {
  readonly id: string;
  readonly account: string;
  readonly description: string;
  readonly raw: string;
  readonly at: Date;
}

export interface ReconciliationQueries {
  differences(accounts: readonly string[] | null, limit: number): Promise<readonly DifferenceRow[]>;
  externalOrders(accounts: readonly string[] | null): Promise<readonly ExternalOrderRow[]>;
  /** As they stand at that instant. */
  externalPositions(
    accounts: readonly string[] | null,
    now: number,
  ): Promise<readonly ExternalPositionRow[]>;
  cashDifferences(accounts: readonly string[] | null): Promise<readonly CashDifferenceRow[]>;
  frozenSymbols(accounts: readonly string[] | null): Promise<readonly FrozenRow[]>;
  parkedFacts(accounts: readonly string[] | null, limit: number): Promise<readonly ParkedRow[]>;
}

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: string;
  readonly accounts: readonly string[] | null;
  readonly strategies: readonly string[] | null;
  readonly symbols: readonly string[] | null;
  readonly max_notional: string | null;
  readonly require_idempotency: boolean;
  readonly expires_at: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

export interface KeyStore {
  /** The key with this hash; also one that is revoked or expired, so that the answer can say so. */
  keyByHash(hash: string): Promise<ApiKeyRow | null>;
  keys(): Promise<readonly ApiKeyRow[]>;
  createKey(
    key: Omit<ApiKeyRow, "created_at" | "revoked_at" | "last_used_at"> & { readonly hash: string },
  ): Promise<void>;
  /** False when there is no such key; one that is revoked already stays as it is. */
  revokeKey(id: string, by: string): Promise<boolean>;
  touchKeys(used: ReadonlyMap<string, Date>): Promise<void>;
}

export interface PartitionStatus {
  readonly partition: number;
  readonly owner: string | null;
  readonly lease_ms: number | null;
  readonly fault: string | null;
  readonly waiting_signals: number;
  readonly waiting_commands: number;
}

export interface HouseStatus {
  /** The database's clock when it answered, to measure the skew. */
  readonly at: Date;
  readonly partitions: readonly PartitionStatus[];
  readonly jobs: readonly {
    readonly name: string;
    readonly owner: string | null;
    readonly lease_ms: number | null;
  }[];
  readonly workers: readonly { readonly owner: string; readonly seen_ms: number }[];
  readonly waiting_signals: number;
  readonly waiting_commands: number;
  readonly oldest_waiting_ms: number | null;
  readonly open_orders: Readonly<Record<string, number>>;
  readonly unresolved_orders: number;
  readonly oldest_unresolved_ms: number | null;
  readonly dead_letters: number;
  readonly frozen_symbols: number;
  readonly open_differences: number;
  /** Positions that differ and were neither corrected nor left to others. */
  readonly external_positions: number;
  /** Accounts whose cash nothing explains and nobody has accepted. */
  readonly cash_differences: number;
  /** Newest and oldest price of what is held, in milliseconds since the market said so. */
  readonly newest_price_ms: number | null;
  readonly oldest_held_price_ms: number | null;
  readonly feed_lag: readonly { readonly feed: string; readonly events: number }[];
}

/** The way to a broker account, as the worker that serves it told last. */
export interface AccountLink {
  readonly account: string;
  readonly owner: string;
  /** The broker answers requests. */
  readonly is_up: boolean;
  /** Its stream of trade updates is connected. */
  readonly is_streaming: boolean;
  readonly stream_heard_at: Date | null;
  readonly reconciled_at: Date | null;
  /** Requests that new orders may still use in this window. */
  readonly order_budget: number;
  readonly calls_waiting: number;
  /** How often the stream came back after it was lost. */
  readonly reconnects: number;
  readonly at: Date;
}

export interface PartitionControl {
  /** A person has looked: workers may take it again. False when it had no fault. */
  resumePartition(resumed: {
    readonly partition: number;
    readonly reason: string;
    readonly actor: string;
    readonly named: NamedRequest | null;
  }): Promise<Once<boolean>>;
}

/** What the admission of new signals goes by. */
export interface Backlog {
  /** Signals accepted and not decided, where a worker may decide them. */
  readonly waiting: number;
  /** Age of the oldest of them; null when there is none. */
  readonly oldestMs: number | null;
  /** Partitions with a fault: nothing is decided there until a person has looked. */
  readonly setAside: ReadonlySet<number>;
}

export interface HouseQueries {
  accountLinks(accounts: readonly string[]): Promise<readonly AccountLink[]>;
  backlog(): Promise<Backlog>;
  houseStatus(): Promise<HouseStatus>;
  /** Resolves when the database takes writes and has the schema of this release. */
  probe(): Promise<void>;
}

export interface AuditTrail {
  record(entry: {
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly detail: unknown;
  }): Promise<void>;
  auditEntries(page: {
    readonly limit: number;
    readonly before: number | null;
  }): Promise<readonly AuditRow[]>;
}

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
}

export interface Operations
  extends
    LimitStore,
    TradingControl,
    DeadLetterStore,
    ReconciliationQueries,
    KeyStore,
    PartitionControl,
    HouseQueries,
    AuditTrail {}
