// What a position is made of, page by page in its order: the executions that count and the adjustments that
// were not taken back, from the rows.
import { Decimal } from "../../domain/decimal.ts";
import { asId, type ExecutionId, type InstrumentId, type OrderId } from "../../domain/ids.ts";
import type { StrategyId } from "../../domain/ids.ts";
import type { Side } from "../../domain/order/spec.ts";
import { adjustmentFact } from "../../domain/position/change.ts";
import type { Place } from "../../domain/position/place.ts";
import type { AdjustmentKind, PositionFact } from "../../domain/position/state.ts";
import type { FactPage, PositionName, StoredFact } from "../../ports/store.ts";
import { reading, type Sql, type Transaction } from "../client.ts";
import { idOrNull } from "./order-from-row.ts";

interface Row {
  readonly kind: PositionFact["kind"];
  readonly at: Date;
  readonly id: string;
  readonly order_id: string | null;
  readonly strategy_id: string | null;
  readonly qty: string;
}
interface ExecutionRow extends Row {
  readonly kind: "execution";
  readonly side: Side;
  readonly price: string;
  readonly fee: string;
  readonly fee_in_asset: string;
}
interface AdjustmentRow extends Row {
  readonly kind: "adjustment";
  readonly adjustment_kind: AdjustmentKind;
  readonly price: string | null;
  readonly amount: string;
  readonly source: string;
}
type FactRow = ExecutionRow | AdjustmentRow;

/** Before all there is. */
const BEGINNING: Place = { at: 0, id: "", kind: "adjustment" };

export async function loadPositionFacts(
  sql: Sql | Transaction,
  { accountId, instrumentId }: PositionName,
  { after, limit }: FactPage,
): Promise<readonly StoredFact[]> {
  const { at, id, kind } = after ?? BEGINNING;
  const rows = await reading(
    () => sql<FactRow[]>`
      WITH filled AS (
        SELECT 'execution' AS kind, executed_at AS at, id, order_id, strategy_id, qty, price,
          side, fee, fee_in_asset
        FROM executions
        WHERE account_id = ${accountId} AND instrument_id = ${instrumentId} AND NOT busted
          AND executed_at >= fillstream_at(${at})
          AND (executed_at, id COLLATE "C", 'execution') > (fillstream_at(${at}), ${id}, ${kind})
        ORDER BY executed_at, id COLLATE "C" LIMIT ${limit}
      ), adjusted AS (
        SELECT 'adjustment' AS kind, at, id, strategy_id, qty, price, kind AS adjustment_kind,
          amount, source
        FROM adjustments a
        WHERE account_id = ${accountId} AND instrument_id = ${instrumentId} AND undoes IS NULL
          AND NOT EXISTS (
            SELECT FROM adjustments u WHERE u.account_id = ${accountId} AND u.undoes = a.id)
          AND at >= fillstream_at(${at})
          AND (at, id COLLATE "C", 'adjustment') > (fillstream_at(${at}), ${id}, ${kind})
        ORDER BY at, id COLLATE "C" LIMIT ${limit}
      )
      SELECT * FROM (
        SELECT kind, at, id, order_id, strategy_id, qty, price, side, fee, fee_in_asset,
          NULL AS adjustment_kind, NULL AS amount, NULL AS source FROM filled
        UNION ALL
        SELECT kind, at, id, NULL, strategy_id, qty, price, NULL, NULL, NULL, adjustment_kind, amount,
          source FROM adjusted
      ) AS facts
      ORDER BY at, id COLLATE "C", kind COLLATE "C" LIMIT ${limit}`,
  );
  return rows.map((row) => ({
    fact: row.kind === "execution" ? executionOf(row) : adjustmentOf(row, instrumentId),
    strategyId: idOrNull<StrategyId>(row.strategy_id),
    orderId: idOrNull<OrderId>(row.order_id),
  }));
}

function executionOf(row: ExecutionRow): PositionFact {
  return {
    kind: "execution",
    id: asId<ExecutionId>(row.id),
    side: row.side,
    quantity: Decimal.of(row.qty),
    price: Decimal.of(row.price),
    fee: Decimal.of(row.fee),
    feeInAsset: Decimal.of(row.fee_in_asset),
    at: row.at.getTime(),
  };
}

function adjustmentOf(row: AdjustmentRow, instrumentId: InstrumentId): PositionFact {
  return adjustmentFact({
    id: row.id,
    kind: row.adjustment_kind,
    instrumentId,
    strategyId: idOrNull<StrategyId>(row.strategy_id),
    quantity: Decimal.of(row.qty),
    price: row.price === null ? null : Decimal.of(row.price),
    amount: Decimal.of(row.amount),
    source: row.source,
    at: row.at.getTime(),
  });
}
