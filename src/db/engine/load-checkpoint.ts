// The newest checkpoint of a position before a place, with the shares of the strategies.
import { asId, type ExecutionId, type StrategyId } from "../../domain/ids.ts";
import type { Checkpoint } from "../../domain/position/checkpoints.ts";
import type { Place } from "../../domain/position/place.ts";
import type { PositionState } from "../../domain/position/state.ts";
import type { PositionName } from "../../ports/store.ts";
import { reading, type Sql } from "../client.ts";
import { positionFromRow, type PositionDbRow } from "./position-from-row.ts";

interface CheckpointRow extends PositionDbRow {
  readonly at: Date;
  readonly fact_id: string;
  readonly fact_kind: Place["kind"];
}

export async function loadCheckpoint(
  sql: Sql,
  { accountId, instrumentId }: PositionName,
  before: Place,
): Promise<Checkpoint | null> {
  const rows = await reading(
    () => sql<CheckpointRow[]>`
      WITH newest AS (
        SELECT at, fact_id, fact_kind FROM position_checkpoints
        WHERE account_id = ${accountId} AND instrument_id = ${instrumentId} AND strategy_id IS NULL
          AND at <= fillstream_at(${before.at})
          AND (at, fact_id COLLATE "C", fact_kind COLLATE "C")
            < (fillstream_at(${before.at}), ${before.id}, ${before.kind})
        ORDER BY at DESC, fact_id COLLATE "C" DESC, fact_kind COLLATE "C" DESC LIMIT 1
      )
      SELECT c.*, NULL AS last_fill_at FROM newest n
      JOIN position_checkpoints c USING (at, fact_id, fact_kind)
      WHERE c.account_id = ${accountId} AND c.instrument_id = ${instrumentId}`,
  );
  let net: PositionState | null = null;
  const shares = new Map<StrategyId, PositionState>();
  for (const row of rows) {
    const state = positionFromRow(row);
    if (state.strategyId === null) net = state;
    else shares.set(state.strategyId, state);
  }
  const [first] = rows;
  if (first === undefined || net === null) return null;
  const { fact_kind: kind, fact_id: id } = first;
  const place: Place = { at: first.at.getTime(), id: asId<ExecutionId>(id), kind };
  return { place, state: { net, shares } };
}
