// The worker's store on PostgreSQL: the commit, and everything it reads to decide and to recover.
import type { Book } from "../domain/book.ts";
import type { Command } from "../domain/command.ts";
import type { AccountId, BrokerOrderId } from "../domain/ids.ts";
import type { SettledOrder } from "../domain/order/settled.ts";
import type { Checkpoint } from "../domain/position/checkpoints.ts";
import type { Place } from "../domain/position/place.ts";
import type { CountedAdjustment } from "../domain/position/state.ts";
import type { OrderState } from "../domain/order/state.ts";
import type { Signal } from "../domain/signal.ts";
import type { UnreadableCommand, UnreadableSignal } from "../domain/unreadable.ts";
import type {
  CommitResult,
  EngineStore,
  FactPage,
  PartitionCommit,
  PartitionHolder,
  PositionName,
  StoredFact,
} from "../ports/store.ts";
import { plainArray } from "./array-literal.ts";
import { loading, reading, type Fragment, type Sql } from "./client.ts";
import {
  readCommand,
  readSignal,
  type CommandRow,
  type SignalRow,
} from "./engine/accepted-rows.ts";
import { commitParts } from "./engine/commit.ts";
import { loadBook } from "./engine/load-book.ts";
import { loadAdjustments } from "./engine/load-adjustments.ts";
import { loadOrders, loadSettled, type OrderNames } from "./engine/load-orders.ts";
import { loadCheckpoint } from "./engine/load-checkpoint.ts";
import { loadPositionFacts } from "./engine/load-position-facts.ts";
import { firstBehind } from "./first-behind.ts";
import type { WarmConnections } from "./warm-connections.ts";

export class PostgresEngineStore implements EngineStore {
  readonly #sql: Sql;
  readonly #commits: WarmConnections;

  constructor(sql: Sql, commits: WarmConnections) {
    this.#sql = sql;
    this.#commits = commits;
  }

  commit(parts: readonly PartitionCommit[]): Promise<readonly CommitResult[]> {
    return this.#commits.run((sql) => commitParts(sql, parts));
  }

  loadBook(partition: number): Promise<Book> {
    return loading(() => loadBook(this.#sql, partition));
  }

  loadOrders(accountId: AccountId, names: OrderNames): Promise<readonly OrderState[]> {
    return loading(() => loadOrders(this.#sql, accountId, names));
  }

  loadSettled(
    accountId: AccountId,
    brokerOrderIds: readonly BrokerOrderId[],
  ): Promise<readonly SettledOrder[]> {
    return loading(() => loadSettled(this.#sql, accountId, brokerOrderIds));
  }

  loadAdjustments(
    accountId: AccountId,
    ids: readonly string[],
  ): Promise<readonly CountedAdjustment[]> {
    return loading(() => loadAdjustments(this.#sql, accountId, ids));
  }

  loadCheckpoint(of: PositionName, before: Place): Promise<Checkpoint | null> {
    return loading(() => loadCheckpoint(this.#sql, of, before));
  }

  loadPositionFacts(of: PositionName, page: FactPage): Promise<readonly StoredFact[]> {
    return loading(() => loadPositionFacts(this.#sql, of, page));
  }

  async signalsAfter(
    partition: number,
    number: number,
    limit: number,
  ): Promise<readonly (Signal | UnreadableSignal)[]> {
    const rows = await reading(
      () => this.#sql<SignalRow[]>`
        SELECT s.id, s.number, s.account_id, s.instrument_id, s.strategy_id, s.actor,
          s.trace_parent, s.body::text AS body
        FROM (SELECT ${this.#firstBehind("signals", partition, number)} AS number) AS first
        JOIN signals s ON s.partition = ${partition}
          AND s.number >= first.number AND s.number < first.number + ${limit}
        ORDER BY s.number`,
    );
    return rows.map((row) => readSignal(row));
  }

  async commandsAfter(
    partition: number,
    number: number,
    limit: number,
  ): Promise<readonly (Command | UnreadableCommand)[]> {
    const rows = await reading(
      () => this.#sql<CommandRow[]>`
        SELECT c.id, c.number, c.account_id, c.actor, c.trace_parent, c.body::text AS body
        FROM (SELECT ${this.#firstBehind("commands", partition, number)} AS number) AS first
        JOIN commands c ON c.partition = ${partition}
          AND c.number >= first.number AND c.number < first.number + ${limit}
        ORDER BY c.number`,
    );
    return rows.map((row) => readCommand(row));
  }

  #firstBehind(table: "signals" | "commands", partition: number, number: number): Fragment {
    const sql = this.#sql;
    return firstBehind(sql, {
      ...{ table, column: "number" },
      partition: sql`${partition}::smallint`,
      place: sql`${number}::bigint`,
    });
  }

  async acceptedNumbers(
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly signals: number; readonly commands: number }>> {
    const rows = await reading(
      () => this.#sql<{ partition: number; signals: number; commands: number }[]>`
        SELECT partition, max(last_number) FILTER (WHERE lane = 'signals') AS signals,
          max(last_number) FILTER (WHERE lane = 'control') AS commands
        FROM acceptance_counters WHERE partition = ANY (${plainArray(partitions)}::smallint[])
        GROUP BY partition`,
    );
    return new Map(
      rows.map(({ partition, signals, commands }) => [partition, { signals, commands }]),
    );
  }

  async setPartitionFault({ partition, epoch }: PartitionHolder, reason: string): Promise<void> {
    await reading(
      () => this.#sql`
        UPDATE partitions SET fault = ${reason}, faulted_at = now()
        WHERE partition = ${partition} AND epoch = ${epoch}`,
    );
  }
}
