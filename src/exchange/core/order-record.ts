// An order written down: how the ledger keeps it, and how old orders wait in memory.
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "./asset.ts";
import type { Order } from "./order.ts";

export type Written<Value> = {
  [Key in keyof Value]: Value[Key] extends Decimal
    ? string
    : Value[Key] extends Decimal | null
      ? string | null
      : Value[Key] extends Asset
        ? string
        : Value[Key];
};

export type OrderRecord = Written<Order>;

/** Decimals write themselves as text; an asset is written as its symbol. */
export function writeOrder(order: Order): string {
  return JSON.stringify({ ...order, asset: order.asset.symbol });
}

function optional(text: string | null): Decimal | null {
  return text === null ? null : Decimal.of(text);
}

export function readOrder(record: OrderRecord, assets: ReadonlyMap<string, Asset>): Order {
  const asset = assets.get(record.asset);
  if (asset === undefined) throw new Error(`an order names ${record.asset}, which is not listed`);
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
