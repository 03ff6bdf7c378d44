// Adjustments by their ids: the record knows all that was ever counted, a book the newest alone.
import { Decimal } from "../../domain/decimal.ts";
import type { AccountId, InstrumentId } from "../../domain/ids.ts";
import type { CountedAdjustment } from "../../domain/position/state.ts";
import { textArray } from "../array-literal.ts";
import { reading, type Sql } from "../client.ts";

interface AdjustedRow {
  readonly id: string;
  readonly instrument_id: InstrumentId | null;
  readonly qty: string;
  readonly amount: string;
}

export function loadAdjustments(
  sql: Sql,
  accountId: AccountId,
  ids: readonly string[],
): Promise<readonly CountedAdjustment[]> {
  return reading(async () => {
    const rows = await sql<AdjustedRow[]>`
      SELECT id, instrument_id, qty, amount FROM adjustments
      WHERE account_id = ${accountId} AND id = ANY (${textArray(ids)}::text[])`;
    return rows.map(({ id, instrument_id: instrumentId, qty, amount }) => ({
      ...{ id, instrumentId },
      ...{ quantity: Decimal.of(qty), amount: Decimal.of(amount) },
    }));
  });
}
