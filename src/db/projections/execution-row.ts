// An order's executions as rows: each carries the place in the log that brought its figures.
import type { BookedExecution, OrderState } from "../../domain/order/state.ts";
import { rowShape } from "./row.ts";

export interface ExecutionEntry {
  readonly order: OrderState;
  readonly execution: BookedExecution;
  readonly partition: number;
  readonly seq: number;
}

export const EXECUTION_ROW = rowShape<ExecutionEntry>("executions", [
  ["order_id", "plain", ({ order }) => order.id],
  ["id", "text", ({ execution }) => execution.id],
  ["partition", "plain", ({ partition }) => partition],
  ["seq", "plain", ({ seq }) => seq],
  ["account_id", "text", ({ order }) => order.accountId],
  ["instrument_id", "text", ({ order }) => order.instrumentId],
  ["strategy_id", "text", ({ order }) => order.strategyId],
  ["side", "plain", ({ order }) => order.terms.side],
  ["broker_order_id", "text", ({ execution }) => execution.brokerOrderId],
  ["qty", "numeric", ({ execution }) => execution.quantity],
  ["price", "numeric", ({ execution }) => execution.price],
  ["cumulative_qty", "numeric", ({ execution }) => execution.cumulativeQuantity],
  ["fee", "numeric", ({ execution }) => execution.fee],
  ["fee_in_asset", "numeric", ({ execution }) => execution.feeInAsset],
  ["executed_at", "instant", ({ execution }) => execution.executedAt],
  ["source", "plain", ({ execution }) => execution.source],
  ["busted", "plain", ({ execution }) => execution.busted],
  ["corrected_by", "text", ({ execution }) => execution.correctedBy],
]);
