// What moves a position without an execution, or cash beside all positions, as its row.
import { Decimal } from "../../domain/decimal.ts";
import type { EventOf } from "../../domain/event.ts";
import type { AccountId } from "../../domain/ids.ts";
import type { Adjustment } from "../../domain/position/state.ts";
import { rowShape } from "./row.ts";

export interface AdjustmentEntry {
  readonly event: EventOf<"PositionAdjusted"> | EventOf<"CashAdjusted">;
  readonly accountId: AccountId;
  readonly partition: number;
  readonly seq: number;
}

type OfAny = Omit<Adjustment, "instrumentId"> & { readonly instrumentId: string | null };

/** Cash belongs to no instrument, and moves nothing else. */
const NO_POSITION = { instrumentId: null, strategyId: null, quantity: Decimal.ZERO, price: null };

const adjustmentOf = ({ event }: AdjustmentEntry): OfAny =>
  event.type === "CashAdjusted" ? { ...NO_POSITION, ...event.adjustment } : event.adjustment;

export const ADJUSTMENT_ROW = rowShape<AdjustmentEntry>("adjustments", [
  ["account_id", "text", ({ accountId }) => accountId],
  ["id", "text", (entry) => adjustmentOf(entry).id],
  ["partition", "plain", ({ partition }) => partition],
  ["seq", "plain", ({ seq }) => seq],
  ["kind", "text", (entry) => adjustmentOf(entry).kind],
  ["instrument_id", "text", (entry) => adjustmentOf(entry).instrumentId],
  ["strategy_id", "text", (entry) => adjustmentOf(entry).strategyId],
  ["qty", "numeric", (entry) => adjustmentOf(entry).quantity],
  ["price", "numeric", (entry) => adjustmentOf(entry).price],
  ["amount", "numeric", (entry) => adjustmentOf(entry).amount],
  ["source", "text", (entry) => adjustmentOf(entry).source],
  ["at", "instant", (entry) => adjustmentOf(entry).at],
  ["undoes", "text", ({ event }) => (event.type === "PositionAdjusted" ? event.undoes : null)],
]);
