// A position: what is held of one instrument by one account (and, beside it, by one strategy), as the
// fold of executions and recorded adjustments. Money is in the instrument's currency.
import type { Decimal } from "../decimal.ts";
import type { AccountId, ExecutionId, InstrumentId, StrategyId } from "../ids.ts";
import type { Side } from "../order/spec.ts";

export interface PositionKey {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  /** Null is the account's net position; otherwise the share of one strategy. */
  readonly strategyId: StrategyId | null;
}

export const ADJUSTMENT_KINDS = [
  "opening_balance",
  "adopted",
  "fee_in_kind",
  "fee",
  "split",
  "transfer",
  "dividend",
  "correction",
  /** Shares that were counted as paid for were not: no shares move, and the amount leaves the cost. */
  "cost",
] as const;
/** The source of what no person and no entry told, but a look at the broker. */
export const RECONCILIATION = "reconciliation";
export type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number];

/** A change of holding that no execution explains. Each has its source. */
export interface Adjustment {
  readonly id: string;
  readonly kind: AdjustmentKind;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
  /** Added to the quantity held; for a split the new shares minus the old. */
  readonly quantity: Decimal;
  /** Price at which the quantity enters the cost; null leaves the cost as it is (split, fee in kind). */
  readonly price: Decimal | null;
  /** Cash that came (positive) or went. */
  readonly amount: Decimal;
  readonly source: string;
  readonly at: number;
}

/** What the record tells of one by its id; cash alone has no instrument. */
export interface CountedAdjustment extends Pick<Adjustment, "id" | "quantity" | "amount"> {
  readonly instrumentId: InstrumentId | null;
}

/** Cash that came or went and belongs to no instrument: what was there at first, transfers, interest, fees. */
export type CashAdjustment = Pick<Adjustment, "id" | "kind" | "amount" | "source" | "at">;

/** One thing that a position is made of, in its canonical order: (at, id). */
export type PositionFact =
  | {
      readonly kind: "execution";
      readonly id: ExecutionId;
      readonly side: Side;
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly fee: Decimal;
      readonly feeInAsset: Decimal;
      readonly at: number;
    }
  | {
      readonly kind: "adjustment";
      readonly id: string;
      readonly adjustment: Adjustment;
      readonly at: number;
    };

export interface PositionState extends PositionKey {
  /** Signed: negative is short. */
  readonly quantity: Decimal;
  /** Signed like the quantity; average price = costBasis / quantity. */
  readonly costBasis: Decimal;
  readonly realizedGross: Decimal;
  readonly fees: Decimal;
  readonly openedAt: number | null;
  readonly updatedAt: number;
  /** Facts counted so far. */
  readonly version: number;
}
