// A position's state as its row.
import type { PositionState } from "../../domain/position/state.ts";
import { rowShape } from "./row.ts";

export interface PositionEntry {
  readonly position: PositionState;
  readonly partition: number;
  /** End of the log with this commit. */
  readonly seq: number;
  /** Our clock at the last fill in this commit; null when none of its events was one. */
  readonly lastFillAt: number | null;
}

export const POSITION_ROW = rowShape<PositionEntry>("position_states", [
  ["account_id", "text", ({ position }) => position.accountId],
  ["instrument_id", "text", ({ position }) => position.instrumentId],
  ["strategy_id", "text", ({ position }) => position.strategyId],
  ["partition", "plain", ({ partition }) => partition],
  ["qty", "numeric", ({ position }) => position.quantity],
  ["cost_basis", "numeric", ({ position }) => position.costBasis],
  ["realized_gross", "numeric", ({ position }) => position.realizedGross],
  ["fees", "numeric", ({ position }) => position.fees],
  ["opened_at", "instant", ({ position }) => position.openedAt],
  ["updated_at", "instant", ({ position }) => position.updatedAt],
  ["last_fill_at", "instant", ({ lastFillAt }) => lastFillAt],
  ["version", "plain", ({ position }) => position.version],
  ["seq", "plain", ({ seq }) => seq],
]);
