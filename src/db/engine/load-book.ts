// The book of a partition as of its last commit. Its cost depends on what is open, not on history:
// open orders by their partial index, the rest by the partition or the account.
import { adoptLoadedOrders } from "../../domain/apply.ts";
import { createAccountBook, createBook } from "../../domain/new-book.ts";
import type { AccountBook, Book } from "../../domain/book.ts";
import type { OrderState } from "../../domain/order/state.ts";
import { PositionLedger } from "../../domain/position/ledger.ts";
import { reading, type Sql } from "../client.ts";
import { accountFromRow, type AccountDbRow } from "../configuration/accounts.ts";
import {
  restoreAccepted,
  restoreAccountState,
  restoreAdjustments,
  restoreCash,
  restoreExternal,
  restoreForeign,
  restoreParked,
  restoreStrategyBaselines,
} from "./account-facts.ts";
import { restoreFillsSinceCash } from "./fills-since-cash.ts";
import { positionFromRow } from "./position-from-row.ts";
import { readPartition, type PartitionRows } from "./partition-rows.ts";
import { byOrder, orderFromRow } from "./order-from-row.ts";
import { restorePace, restoreRepeatable, restoreToday } from "./recent-orders.ts";

export function loadBook(sql: Sql, partition: number): Promise<Book> {
  return reading(async () => {
    // A commit whose reply was lost may still be under way: its row lock is waited for here, so that
    // what is read below has it, or it comes too late and is fenced by the end of the log.
    await sql`SELECT FROM partitions WHERE partition = ${partition} FOR SHARE`;
    const rows = await sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (transaction) =>
      readPartition(transaction, partition),
    );
    return bookFrom(partition, rows);
  });
}

function bookFrom(partition: number, rows: PartitionRows): Book {
  const book = createBook(partition);
  const [progress] = rows.progress;
  if (progress === undefined) throw new Error(`partition ${partition} is not in this deployment`);
  book.seq = progress.last_seq;
  book.decidedSignals = progress.decided_signals;
  book.decidedCommands = progress.decided_commands;
  for (const { number } of rows.decidedAhead) book.decidedAhead.add(number);
  for (const row of rows.accounts) {
    const account = accountBookFrom(row, { rows, seq: book.seq });
    book.accounts.set(account.account.id, account);
    adoptLoadedOrders(book, account.account.id, openOrders(row.id, rows));
    for (const { account_id: accountId, order_id: orderId, reference } of rows.references) {
      if (accountId === row.id) account.byReference.set(reference, orderId);
    }
    sortHeard(account);
    const isMine = isOf(row.id);
    restoreRepeatable(account, rows.repeatable.filter(isMine));
    restorePace(account, rows.pace.filter(isMine));
    restoreToday(account, rows.today.filter(isMine));
  }
  return book;
}

/**
 * A difference that was suspected before is not: the next view finds it again. Every last fill counts as
 * if it were at the end of the log, so that a view begun before says nothing.
 */
function accountBookFrom(
  row: AccountDbRow,
  { rows, seq }: { readonly rows: PartitionRows; readonly seq: number },
): AccountBook {
  const account = accountFromRow(row);
  const isMine = isOf(row.id);
  const positions = rows.positions.filter(isMine);
  const states = positions.map(positionFromRow);
  const book = createAccountBook(account, PositionLedger.restore(account.id, states));
  for (const position of positions) {
    if (position.strategy_id !== null || position.last_fill_at === null) continue;
    const at = position.last_fill_at.getTime();
    book.lastFill.set(positionFromRow(position).instrumentId, { at, seq });
  }
  restoreAccountState(book, rows.states.find(isMine));
  restoreStrategyBaselines(book, rows.strategyBaselines.find(isMine));
  restoreCash(book, rows.cash.find(isMine), rows.cashTold.find(isMine));
  restoreAccepted(book, rows.accepted.filter(isMine));
  restoreFillsSinceCash(book, rows.cashSteps.filter(isMine));
  for (const { instrument_id: id, at } of rows.splits.filter(isMine)) {
    book.splits.set(id, at.getTime());
  }
  restoreExternal(book, rows.external.filter(isMine));
  for (const { id } of rows.gone.filter(isMine)) book.goneExternal.add(id);
  restoreParked(book, rows.parked.filter(isMine));
  restoreForeign(book, rows.foreign.filter(isMine));
  for (const frozen of rows.frozen.filter(isMine)) {
    book.frozen.set(frozen.instrument_id, frozen.reason);
  }
  restoreAdjustments(book, rows.adjustments.filter(isMine));
  return book;
}

const isOf = (accountId: string) => (row: { readonly account_id: string }) =>
  row.account_id === accountId;

function openOrders(accountId: string, rows: PartitionRows): readonly OrderState[] {
  const executions = byOrder(rows.executions);
  return rows.orders
    .filter(isOf(accountId))
    .map((order) => orderFromRow(order, executions.get(order.id)));
}

/** Orders came in the order of their placing; this one is by when they were last heard of. */
function sortHeard({ heard }: AccountBook): void {
  const sorted = [...heard].toSorted(([, left], [, right]) => left - right);
  heard.clear();
  for (const [id, at] of sorted) heard.set(id, at);
}
