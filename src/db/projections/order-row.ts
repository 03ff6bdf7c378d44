// An order's state as its row.
import type { OrderState } from "../../domain/order/state.ts";
import { rowShape } from "./row.ts";

export interface PlacedOrder {
  readonly order: OrderState;
  readonly partition: number;
  /** Where the log says that it was placed; null when that is not among the events at hand. */
  readonly placedSeq: number | null;
}

/** The average is for reading; twelve decimals are finer than any tick. */
const FILLED_PRICE_SCALE = 12;

export function filledPrice(order: OrderState) {
  if (order.filledQuantity.isZero()) return null;
  return order.filledNotional.dividedBy(order.filledQuantity, FILLED_PRICE_SCALE, "half_even");
}

export const ORDER_ROW = rowShape<PlacedOrder>("orders", [
  ["id", "plain", ({ order }) => order.id],
  ["partition", "plain", ({ partition }) => partition],
  ["placed_seq", "plain", ({ placedSeq }) => placedSeq],
  ["account_id", "text", ({ order }) => order.accountId],
  ["instrument_id", "text", ({ order }) => order.instrumentId],
  ["strategy_id", "text", ({ order }) => order.strategyId],
  ["signal_id", "plain", ({ order }) => order.signalId],
  ["command_id", "plain", ({ order }) => order.commandId],
  ["parent_id", "plain", ({ order }) => order.parentId],
  ["role", "plain", ({ order }) => order.role],
  ["link_group", "text", ({ order }) => order.linkGroup],
  ["reduces_position", "plain", ({ order }) => order.reducesPosition],
  ["waits_for", "list", ({ order }) => order.waitsFor],
  ["side", "plain", ({ order }) => order.terms.side],
  ["type", "plain", ({ order }) => order.terms.type],
  ["time_in_force", "plain", ({ order }) => order.terms.timeInForce],
  ["qty", "numeric", ({ order }) => order.terms.quantity],
  ["notional", "numeric", ({ order }) => order.terms.notional],
  ["limit_price", "numeric", ({ order }) => order.terms.limitPrice],
  ["stop_price", "numeric", ({ order }) => order.terms.stopPrice],
  ["trail_price", "numeric", ({ order }) => order.terms.trailPrice],
  ["trail_percent", "numeric", ({ order }) => order.terms.trailPercent],
  ["extended_hours", "plain", ({ order }) => order.terms.extendedHours],
  ["post_only", "plain", ({ order }) => order.terms.postOnly],
  ["exits", "json", ({ order }) => order.terms.exits],
  ["received_at", "instant", ({ order }) => order.receivedAt],
  ["valid_until", "instant", ({ order }) => order.validUntil],
  ["status", "plain", ({ order }) => order.status],
  ["hold", "plain", ({ order }) => order.hold?.reason],
  ["hold_until", "instant", ({ order }) => order.hold?.until],
  ["pending_action", "plain", ({ order }) => order.pendingAction],
  ["pending_replace", "json", ({ order }) => order.pendingReplace],
  ["unresolved", "json", ({ order }) => order.unresolved],
  ["generation", "plain", ({ order }) => order.generation],
  ["reference", "text", ({ order }) => order.reference],
  ["broker_order_id", "text", ({ order }) => order.brokerOrderId],
  ["broker_order_chain", "list", ({ order }) => order.brokerOrderChain],
  ["filled_qty", "numeric", ({ order }) => order.filledQuantity],
  ["filled_notional", "numeric", ({ order }) => order.filledNotional],
  ["filled_price", "numeric", ({ order }) => filledPrice(order)],
  ["rejected_by", "plain", ({ order }) => order.rejectedBy],
  ["reject_code", "plain", ({ order }) => order.rejectCode],
  ["error_message", "text", ({ order }) => order.errorMessage],
  ["flags", "list", ({ order }) => order.flags],
  ["voided_executions", "list", ({ order }) => order.voidedExecutions],
  ["placed_at", "instant", ({ order }) => order.placedAt],
  ["submitted_at", "instant", ({ order }) => order.submittedAt],
  ["accepted_at", "instant", ({ order }) => order.acceptedAt],
  ["closed_at", "instant", ({ order }) => order.closedAt],
  ["closed_by", "plain", ({ order }) => order.closedBy],
  ["updated_at", "instant", ({ order }) => order.updatedAt],
  ["version", "plain", ({ order }) => order.version],
]);
