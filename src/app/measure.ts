// What the orders of a capped sender are measured by. Null is what is not known, and refuses the order.
import type { Decimal } from "../domain/decimal.ts";
import type { PositionKey } from "../domain/position/state.ts";

export interface Measure {
  /** What one unit was last worth. */
  readonly price: Decimal | null;
  /** What is held already, where a position is wished for. */
  readonly held: Decimal | null;
}

export type MeasureOf = (holding: PositionKey) => Measure;

/** For senders without a largest amount. */
export const NOT_MEASURED: Measure = { price: null, held: null };

/** A price this old says nothing about what an order is worth today. */
const OLDEST_PRICE_MS = 60 * 60 * 1_000;

/** What a unit is measured at: what a buyer would pay, or else what the market said last. */
export function unitPrice<Price>(
  { ask, last, bid }: Readonly<Record<"ask" | "last" | "bid", Price | null>>,
  ageMs: number,
): Price | null {
  return ageMs > OLDEST_PRICE_MS ? null : (ask ?? last ?? bid);
}

/** A name for a holding: no account and no instrument has a line break in it. */
export function nameOfHolding({ accountId, instrumentId, strategyId }: PositionKey): string {
  return [accountId, instrumentId, ...(strategyId === null ? [] : [strategyId])].join("\n");
}
