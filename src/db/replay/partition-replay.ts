// Folds the log of one partition through the book's own writer, and compares what comes out.
import { adoptLoadedOrders, applyEvent, tidyBook } from "../../domain/apply.ts";
import { createAccountBook, createBook } from "../../domain/new-book.ts";
import type { Account, Book } from "../../domain/book.ts";
import type { OrderId } from "../../domain/ids.ts";
import { evolve, placeOrder } from "../../domain/order/evolve.ts";
import type { PositionState } from "../../domain/position/state.ts";
import { AdjustmentCheck } from "./adjustment-check.ts";
import { gapsBetween, readOrder, type FoldedEvent, type LogBatch } from "./log-reader.ts";
import { OrderCheck, type HeldOrder, type Portions } from "./order-check.ts";
import { checkHistories } from "./position-check.ts";
import type { Difference } from "./stored-rows.ts";
import type { Transaction } from "../client.ts";

/** Two views of one snapshot: what is read of the log does not wait for what it is compared with. */
export interface Snapshot {
  readonly log: Transaction;
  readonly rows: Transaction;
  readonly portions: Portions;
}

export class PartitionReplay {
  readonly book: Book;
  readonly check: OrderCheck;
  readonly adjustments: AdjustmentCheck;
  readonly #snapshot: Snapshot;
  readonly #report: (difference: Difference) => void;

  constructor(
    snapshot: Snapshot,
    partition: number,
    accounts: readonly Account[],
    report: (difference: Difference) => void,
  ) {
    const { rows, portions } = snapshot;
    this.#snapshot = snapshot;
    this.#report = report;
    this.book = createBook(partition);
    this.check = new OrderCheck({ rows, partition, report, portions });
    const together = portions.compared;
    this.adjustments = new AdjustmentCheck({ rows, partition, report, together });
    for (const account of accounts) this.book.accounts.set(account.id, createAccountBook(account));
  }

  async fold({ events, last, count }: LogBatch): Promise<void> {
    if (count !== last - this.book.seq) await this.#reportGaps(last);
    for (const logged of events) {
      const forgotten = this.#forgottenOrder(logged);
      if (forgotten !== null) await this.#bringBack(forgotten, logged.seq);
      this.#foldOne(logged);
      this.adjustments.add(logged);
    }
    this.book.seq = last;
    await this.check.trim();
    await this.adjustments.trim();
    // Where it would keep checkpoints is no matter of this fold.
    for (const { positions } of this.book.accounts.values()) positions.takeCheckpoints();
    const newest = events.at(-1);
    if (newest !== undefined) tidyBook(this.book, newest.at);
  }

  *positions(): Generator<PositionState> {
    for (const account of this.book.accounts.values()) {
      for (const position of account.positions.all()) if (position.version > 0) yield position;
    }
  }

  async #reportGaps(last: number): Promise<void> {
    const { partition, seq } = this.book;
    for (const missing of await gapsBetween(this.#snapshot.log, { partition, after: seq, last })) {
      const key = `${partition} ${missing}`;
      this.#report({
        ...{ table: "order_events", key, column: null },
        ...{ stored: null, replayed: "an event" },
      });
    }
  }

  #foldOne(logged: FoldedEvent): void {
    const { event, seq, at } = logged;
    this.book.seq = seq - 1;
    const account = this.book.accounts.get(logged.accountId);
    if (account === undefined || !("orderId" in event)) {
      applyEvent(this.book, logged);
      return;
    }
    const held =
      event.type === "OrderPlaced"
        ? { state: placeOrder(event.order, at), placedSeq: seq, executionSeqs: new Map() }
        : this.check.get(event.orderId);
    if (held === undefined) throw new Error(`${event.type} at ${seq} before its order`);
    // The book forgets closed orders after a while, the check when they were compared.
    if (event.type !== "OrderPlaced" && !account.orders.has(event.orderId)) {
      adoptLoadedOrders(this.book, account.account.id, [held.state]);
    }
    applyEvent(this.book, logged);
    const state = account.orders.get(event.orderId);
    if (state === undefined) return;
    held.state = state;
    noteSeq(held, logged);
    this.check.put(held);
  }

  /** The order that a late event is about, when it was compared and forgotten before. */
  #forgottenOrder({ event, accountId }: FoldedEvent): OrderId | null {
    if (!("orderId" in event) || event.type === "OrderPlaced") return null;
    if (!this.book.accounts.has(accountId)) return null;
    return this.check.get(event.orderId) === undefined ? event.orderId : null;
  }

  async #bringBack(orderId: OrderId, before: number): Promise<void> {
    const held = foldOrder(await readOrder(this.#snapshot.log, { orderId, before }));
    if (held !== null) this.check.put(held);
  }

  /** Positions that met a fact older than their ledger keeps are whole again behind it. */
  async finish(): Promise<void> {
    await this.check.finish();
    await this.adjustments.finish();
    const { rows, portions } = this.#snapshot;
    const { partition, accounts } = this.book;
    const options = { rows, partition, report: this.#report, together: portions.events };
    await checkHistories(options, accounts.values());
  }
}

function noteSeq(held: HeldOrder, { event, seq }: FoldedEvent): void {
  if (event.type === "OrderExecuted") held.executionSeqs.set(event.execution.id, seq);
  if (event.type === "ExecutionCorrected") held.executionSeqs.set(event.by.id, seq);
}

function foldOrder(events: readonly FoldedEvent[]): HeldOrder | null {
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
