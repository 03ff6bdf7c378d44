// A position's row as its state.
import { Decimal } from "../../domain/decimal.ts";
import { asId, type AccountId, type InstrumentId, type StrategyId } from "../../domain/ids.ts";
import type { PositionState } from "../../domain/position/state.ts";
import { idOrNull, millisOrNull } from "./order-from-row.ts";

export interface PositionDbRow {
  readonly account_id: string;
  readonly instrument_id: string;
  readonly strategy_id: string | null;
  readonly qty: string;
  readonly cost_basis: string;
  readonly realized_gross: string;
  readonly fees: string;
  readonly opened_at: Date | null;
  readonly updated_at: Date;
  readonly last_fill_at: Date | null;
  readonly version: number;
}

export function positionFromRow(row: PositionDbRow): PositionState {
  return {
    accountId: asId<AccountId>(row.account_id),
    instrumentId: asId<InstrumentId>(row.instrument_id),
    strategyId: idOrNull<StrategyId>(row.strategy_id),
    quantity: Decimal.of(row.qty),
    costBasis: Decimal.of(row.cost_basis),
    realizedGross: Decimal.of(row.realized_gross),
    fees: Decimal.of(row.fees),
    openedAt: millisOrNull(row.opened_at),
    updatedAt: row.updated_at.getTime(),
    version: row.version,
  };
}
