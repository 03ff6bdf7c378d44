// The lines of the ledger: what an order, an execution, a position, an account look like written down.
import { Decimal } from "../../domain/decimal.ts";
import type { Account, Configuration, Position } from "../core/account.ts";
import type { Entry, Split } from "../core/entry.ts";
import type { Execution, Order } from "../core/order.ts";
import type { OrderRecord, Written } from "../core/order-record.ts";
import { writeOrder } from "../core/order-record.ts";

export type ExecutionRecord = Written<Execution>;
export interface EntryRecord extends Written<Omit<Entry, "split">> {
  readonly split: Written<Split> | null;
}

export interface PositionRecord {
  readonly account: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
}

export interface AccountRecord {
  readonly id: string;
  readonly keyId: string;
  readonly number: string;
  readonly createdAt: number;
  readonly cash: string;
  readonly lastEquity: string;
  readonly configuration: Configuration;
}

/** Where ids and time go on, and what prices were. */
export interface MarkRecord {
  readonly ids: number;
  readonly micros: number;
}

export type Line =
  | { readonly o: OrderRecord }
  | { readonly x: ExecutionRecord }
  | { readonly e: EntryRecord }
  | { readonly q: PositionRecord }
  | { readonly a: AccountRecord }
  | { readonly m: MarkRecord }
  | { readonly p: Readonly<Record<string, string>> };

export function orderLine(order: Order): string {
  return `{"o":${writeOrder(order)}}\n`;
}

export function executionLine(execution: Execution): string {
  return `{"x":${JSON.stringify(execution)}}\n`;
}

export function entryLine(entry: Entry): string {
  return `{"e":${JSON.stringify(entry)}}\n`;
}

export function positionLine(position: Position): string {
  const record: PositionRecord = {
    account: position.accountId,
    symbol: position.asset.symbol,
    quantity: position.quantity.toString(),
    cost: position.costBasis.toString(),
  };
  return `{"q":${JSON.stringify(record)}}\n`;
}

export function accountLine(account: Account): string {
  const record: AccountRecord = {
    id: account.id,
    keyId: account.keyId,
    number: account.number,
    createdAt: account.createdAt,
    cash: account.cash.toString(),
    lastEquity: account.lastEquity.toString(),
    configuration: account.configuration,
  };
  return `{"a":${JSON.stringify(record)}}\n`;
}

export function markLine(mark: MarkRecord): string {
  return `{"m":${JSON.stringify(mark)}}\n`;
}

export function pricesLine(prices: Readonly<Record<string, string>>): string {
  return `{"p":${JSON.stringify(prices)}}\n`;
}

export function readExecution(record: ExecutionRecord): Execution {
  return {
    ...record,
    price: Decimal.of(record.price),
    quantity: Decimal.of(record.quantity),
    fee: Decimal.of(record.fee),
    cumulative: Decimal.of(record.cumulative),
    leaves: Decimal.of(record.leaves),
    positionQuantity: Decimal.of(record.positionQuantity),
  };
}

export function readEntry(record: EntryRecord): Entry {
  const { split } = record;
  return {
    ...record,
    quantity: decimalOrNull(record.quantity),
    price: decimalOrNull(record.price),
    perShare: decimalOrNull(record.perShare),
    amount: Decimal.of(record.amount),
    split: split && {
      ...split,
      before: Decimal.of(split.before),
      after: Decimal.of(split.after),
    },
  };
}

function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : Decimal.of(text);
}
