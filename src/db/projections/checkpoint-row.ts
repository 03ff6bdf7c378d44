// What a position was at a place of its history, as its row: one for the net, one for each strategy's share.
import type { Place } from "../../domain/position/place.ts";
import type { PositionState } from "../../domain/position/state.ts";
import { rowShape } from "./row.ts";

export interface CheckpointEntry {
  readonly place: Place;
  readonly position: PositionState;
  readonly partition: number;
}

export const CHECKPOINT_ROW = rowShape<CheckpointEntry>("position_checkpoints", [
  ["account_id", "text", ({ position }) => position.accountId],
  ["instrument_id", "text", ({ position }) => position.instrumentId],
  ["strategy_id", "text", ({ position }) => position.strategyId],
  ["partition", "plain", ({ partition }) => partition],
  ["at", "instant", ({ place }) => place.at],
  ["fact_id", "text", ({ place }) => place.id],
  ["fact_kind", "text", ({ place }) => place.kind],
  ["qty", "numeric", ({ position }) => position.quantity],
  ["cost_basis", "numeric", ({ position }) => position.costBasis],
  ["realized_gross", "numeric", ({ position }) => position.realizedGross],
  ["fees", "numeric", ({ position }) => position.fees],
  ["opened_at", "instant", ({ position }) => position.openedAt],
  ["updated_at", "instant", ({ position }) => position.updatedAt],
  ["version", "plain", ({ position }) => position.version],
]);
