// What a partition's runner is given by its worker: the record, the accounts' links to their brokers, and
// whoever is told of what was decided.
import type { Context, Effect } from "../domain/book.ts";
import type { BrokerView, CallOutcome } from "../domain/broker.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { EngineStore, PartitionHolder } from "../ports/store.ts";
import type { Committer } from "./committer.ts";
import type { CommittedBatch } from "./traces.ts";

export interface RunnerShell {
  readonly clock: Clock;
  readonly store: EngineStore;
  readonly committer: Committer;
  /** Inputs that a batch has at most. */
  readonly maxBatch: number;
  context(now: number): Context;
  refreshTradingState(): Promise<void>;
  /** The broker refuses the account's keys. */
  isShutOut(accountId: AccountId): boolean;
  /** The account's broker can be reached. */
  isUp(accountId: AccountId): boolean;
  takeTokens(accountId: AccountId, count: number): void;
  giveBackTokens(accountId: AccountId, count: number): void;
  /** The outcome of a call is committed. */
  heard(accountId: AccountId, outcome: CallOutcome): void;
  /** What was read of the account is committed. */
  seen(accountId: AccountId, view: BrokerView): void;
  /** The commit is durable: do what it asked for. */
  perform(effect: Effect): void;
  /** Numbers up to these are decided: their stream entries can go. */
  decided(partition: number, signals: number, commands: number): void;
  /** Events were committed: whoever follows the log may look. */
  committed(batch: CommittedBatch): void;
  /** The stream brought what was never accepted: what is in it is let go of, and the record is read. */
  distrust(partition: number): void;
  fault(holder: PartitionHolder, reason: string, error: unknown): void;
  retrying(partition: number, cause: unknown): void;
}
