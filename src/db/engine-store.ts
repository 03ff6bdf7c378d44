// The worker's store on PostgreSQL: the commit, and everything it reads to decide and to recover.
import { decodeCommand } from "../domain/codec/command.ts";
import { decodeSignal } from "../domain/codec/signal.ts";
import type { Book } from "../domain/book.ts";
import type { Command } from "../domain/command.ts";
import type { LoggedEvent } from "../domain/event.ts";
import type { AccountId, InstrumentId } from "../domain/ids.ts";
import type { OrderState } from "../domain/order/state.ts";
import type { Signal } from "../domain/signal.ts";
import type {
  CommitResult,
  EngineStore,
  PartitionCommit,
  PartitionHolder,
} from "../ports/store.ts";
import { plainArray } from "./array-literal.ts";
import { reading, type Sql } from "./client.ts";
import { commitParts } from "./engine/commit.ts";
import { loadBook } from "./engine/load-book.ts";
import { loadOrders, type OrderNames } from "./engine/load-orders.ts";
import { loadPositionFacts } from "./engine/load-position-facts.ts";

interface BodyRow {
  readonly number: number;
  readonly body: string;
}

export class PostgresEngineStore implements EngineStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  commit(parts: readonly PartitionCommit[]): Promise<readonly CommitResult[]> {
    return commitParts(this.#sql, parts);
  }

  loadBook(partition: number): Promise<Book> {
    return loadBook(this.#sql, partition);
  }

  loadOrders(accountId: AccountId, names: OrderNames): Promise<readonly OrderState[]> {
    return loadOrders(this.#sql, accountId, names);
  }

  loadPositionFacts(
    accountId: AccountId,
    instrumentId: InstrumentId,
  ): Promise<readonly LoggedEvent[]> {
    return loadPositionFacts(this.#sql, accountId, instrumentId);
  }

  async signalsAfter(partition: number, number: number, limit: number): Promise<readonly Signal[]> {
    const rows = await reading(
      () => this.#sql<BodyRow[]>`
        SELECT number, body::text AS body FROM signals
        WHERE partition = ${partition} AND number > ${number} ORDER BY number LIMIT ${limit}`,
    );
    return rows.map((row) => decodeSignal(row.body, row.number));
  }

  async commandsAfter(
    partition: number,
    number: number,
    limit: number,
  ): Promise<readonly Command[]> {
    const rows = await reading(
      () => this.#sql<BodyRow[]>`
        SELECT number, body::text AS body FROM commands
        WHERE partition = ${partition} AND number > ${number} ORDER BY number LIMIT ${limit}`,
    );
    return rows.map((row) => decodeCommand(row.body, row.number));
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
