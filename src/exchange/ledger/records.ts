// The lines of the ledger: what an order, an execution, a position, an account look like written down.
import { Decimal } from "../../domain/decimal.ts";
import type { Account, Configuration, Position } from "../core/account.ts";
import type { Asset } from "../core/asset.ts";
import type { Execution, Order } from "../core/order.ts";

type Written<Value> = {
  [Key in keyof Value]: Value[Key] extends Decimal
    ? string
    : Value[Key] extends Decimal | null
      ? string | null
      : Value[Key] extends Asset
        ? string
        : Value[Key];
};

export type OrderRecord = Written<Order>;
export type ExecutionRecord = Written<Execution>;

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
  | { readonly q: PositionRecord }
  | { readonly a: AccountRecord }
  | { readonly m: MarkRecord }
  | { readonly p: Readonly<Record<string, string>> };

/** Decimals write themselves as text; an asset is written as its symbol. */
export function orderLine(order: Order): string {
  return `{"o":${JSON.stringify({ ...order, asset: order.asset.symbol })}}\n`;
}

export function executionLine(execution: Execution): string {
  return `{"x":${JSON.stringify(execution)}}\n`;
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

function optional(text: string | null): Decimal | null {
  return text === null ? null : Decimal.of(text);
}

export function readOrder(record: OrderRecord, asset: Asset): Order {
  return {
    ...record,
    asset,
    quantity: optional(record.quantity),
    notional: optional(record.notional),
    limitPrice: optional(record.limitPrice),
    stopPrice: optional(record.stopPrice),
    trailPrice: optional(record.trailPrice),
    trailPercent: optional(record.trailPercent),
    highWater: optional(record.highWater),
    filledQuantity: Decimal.of(record.filledQuantity),
    filledValue: Decimal.of(record.filledValue),
    unitCost: Decimal.of(record.unitCost),
    reserved: Decimal.of(record.reserved),
    holding: Decimal.of(record.holding),
    takenSize: Decimal.of(record.takenSize),
  };
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
