// Folds the log of one partition through the book's own writer, and compares what comes out.
import {
  adoptLoadedOrders,
  applyEvent,
  createAccountBook,
  createBook,
  tidyBook,
} from "../../domain/apply.ts";
import type { AccountBook, Book } from "../../domain/book.ts";
import type { LoggedEvent } from "../../domain/event.ts";
import type { InstrumentId, OrderId } from "../../domain/ids.ts";
import { evolve, placeOrder } from "../../domain/order/evolve.ts";
import { positionHistory } from "../../domain/position/change.ts";
import type { PositionState } from "../../domain/position/state.ts";
import type { EventRow } from "../event-codec.ts";
import { eventForFold, readOrder } from "./log-reader.ts";
import { OrderCheck, type HeldOrder } from "./order-check.ts";
import { readPositionEvents } from "./position-events.ts";
import type { Difference } from "./stored-rows.ts";
import type { Transaction } from "../client.ts";
import type { Account } from "../../domain/book.ts";

export class PartitionReplay {
  readonly book: Book;
  readonly check: OrderCheck;
  readonly #sql: Transaction;
  readonly #report: (difference: Difference) => void;

  constructor(
    sql: Transaction,
    partition: number,
    accounts: readonly Account[],
    report: (difference: Difference) => void,
  ) {
    this.#sql = sql;
    this.#report = report;
    this.book = createBook(partition);
    this.check = new OrderCheck(sql, partition, report);
    for (const account of accounts) this.book.accounts.set(account.id, createAccountBook(account));
  }

  async fold(rows: readonly EventRow[]): Promise<void> {
    for (const row of rows) {
      if (row.seq !== this.book.seq + 1) this.#reportGap(row);
      await this.#foldOne(eventForFold(row));
    }
    await this.check.trim();
    const last = rows.at(-1);
    if (last !== undefined) tidyBook(this.book, last.at);
  }

  *positions(): Generator<PositionState> {
    for (const account of this.book.accounts.values()) {
      for (const position of account.positions.all()) if (position.version > 0) yield position;
    }
  }

  #reportGap({ partition, seq }: EventRow): void {
    const key = `${partition} ${this.book.seq + 1}`;
    this.#report({ table: "order_events", key, column: null, stored: null, replayed: "an event" });
    this.book.seq = seq - 1;
  }

  async #foldOne(logged: LoggedEvent): Promise<void> {
    const account = this.book.accounts.get(logged.accountId);
    const { event } = logged;
    if (account === undefined) {
      applyEvent(this.book, logged);
      return;
    }
    if (!("orderId" in event)) {
      applyEvent(this.book, logged);
      return;
    }
    const held = await this.#held(account, event.orderId, logged);
    applyEvent(this.book, logged);
    const state = account.orders.get(event.orderId);
    if (state === undefined) return;
    held.state = state;
    noteSeq(held, logged);
    this.check.put(held);
  }

  /** The order as the replay has it, in the book: apply forgets closed ones after a while. */
  async #held(account: AccountBook, orderId: OrderId, logged: LoggedEvent): Promise<HeldOrder> {
    const { event, seq } = logged;
    if (event.type === "OrderPlaced") {
      const state = placeOrder(event.order, logged.at);
      return { state, placedSeq: seq, executionSeqs: new Map() };
    }
    const known = this.check.get(orderId);
    const held = known ?? foldOrder(await readOrder(this.#sql, { orderId, before: seq }));
    if (held === null) throw new Error(`${event.type} at ${seq} before order ${orderId}`);
    if (!account.orders.has(orderId))
      adoptLoadedOrders(this.book, account.account.id, [held.state]);
    return held;
  }

  /**
   * Positions that met a fact older than their ledger keeps are folded again from all their facts: once,
   * at the end, since until then nobody looks at them.
   */
  async finish(): Promise<void> {
    await this.check.finish();
    for (const account of this.book.accounts.values()) {
      for (const instrumentId of [...account.positions.incomplete]) {
        await this.#rebuild(account, instrumentId);
      }
    }
  }

  async #rebuild(account: AccountBook, instrumentId: InstrumentId): Promise<void> {
    const events = await readPositionEvents(this.#sql, account.account.id, instrumentId);
    const history = positionHistory(
      instrumentId,
      events.map(({ event }) => event),
      () => undefined,
    );
    account.positions.rebuild(instrumentId, history);
  }
}

function noteSeq(held: HeldOrder, { event, seq }: LoggedEvent): void {
  if (event.type === "OrderExecuted") held.executionSeqs.set(event.execution.id, seq);
  if (event.type === "ExecutionCorrected") held.executionSeqs.set(event.by.id, seq);
}

function foldOrder(events: readonly LoggedEvent[]): HeldOrder | null {
  let held: HeldOrder | null = null;
  for (const logged of events) {
    const { event, at, seq } = logged;
    if (event.type === "OrderPlaced") {
      held = { state: placeOrder(event.order, at), placedSeq: seq, executionSeqs: new Map() };
    } else if (held !== null && "orderId" in event) {
      held.state = evolve(held.state, event, at);
      noteSeq(held, logged);
    }
  }
  return held;
}
