// What the orders of a capped sender are measured by. Null is what is not known, and refuses the order.
import type { Decimal } from "../domain/decimal.ts";
import type { AccountId, InstrumentId, StrategyId } from "../domain/ids.ts";

/** Whose holding of what. */
export interface Holding {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  /** Null is the account's net position. */
  readonly strategyId: StrategyId | null;
}

export interface Measure {
  /** What one unit was last worth. */
  readonly price: Decimal | null;
  /** What is held already, where a position is wished for. */
  readonly held: Decimal | null;
}

export type MeasureOf = (holding: Holding) => Measure;

/** For senders without a largest amount. */
export const NOT_MEASURED: Measure = { price: null, held: null };

/** A name for a holding: no account and no instrument has a line break in it. */
export function nameOfHolding({ accountId, instrumentId, strategyId }: Holding): string {
  return [accountId, instrumentId, ...(strategyId === null ? [] : [strategyId])].join("\n");
}
