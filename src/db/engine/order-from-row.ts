// Rows of orders and executions as the states that they were folded from.
import { Decimal } from "../../domain/decimal.ts";
import {
  asId,
  type AccountId,
  type Branded,
  type BrokerOrderId,
  type BrokerReference,
  type CommandId,
  type ExecutionId,
  type InstrumentId,
  type OrderId,
  type SignalId,
  type StrategyId,
} from "../../domain/ids.ts";
import {
  HOLDS,
  ORDER_STATUSES,
  ORDER_TYPES,
  ROLES,
  SIDES,
  TIMES_IN_FORCE,
  type OrderSpec,
  type OrderTerms,
} from "../../domain/order/spec.ts";
import {
  ORDER_FLAGS,
  type BookedExecution,
  type OrderState,
  type PendingReplace,
} from "../../domain/order/state.ts";
import {
  exitsShape,
  reference,
  rejectCode,
  rejectedBy,
  termsChange,
  unresolved,
} from "../event-shapes.ts";
import { integer, list, nullable, object, word } from "../json-shape.ts";

export interface OrderDbRow {
  readonly id: string;
  readonly account_id: string;
  readonly instrument_id: string;
  readonly strategy_id: string | null;
  readonly signal_id: string | null;
  readonly command_id: string | null;
  readonly parent_id: string | null;
  readonly role: string;
  readonly link_group: string | null;
  readonly reduces_position: boolean;
  readonly waits_for: readonly string[];
  readonly side: string;
  readonly type: string;
  readonly time_in_force: string;
  readonly qty: string | null;
  readonly notional: string | null;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_price: string | null;
  readonly trail_percent: string | null;
  readonly extended_hours: boolean;
  readonly post_only: boolean;
  readonly exits: unknown;
  readonly received_at: Date;
  readonly valid_until: Date | null;
  readonly status: string;
  readonly hold: string | null;
  readonly hold_until: Date | null;
  readonly pending_action: string | null;
  readonly pending_replace: unknown;
  readonly unresolved: unknown;
  readonly generation: number;
  readonly reference: string | null;
  readonly broker_order_id: string | null;
  readonly broker_order_chain: readonly string[];
  readonly filled_qty: string;
  readonly filled_notional: string;
  readonly rejected_by: string | null;
  readonly reject_code: string | null;
  readonly error_message: string | null;
  readonly flags: readonly string[];
  readonly voided_executions: readonly string[];
  readonly placed_at: Date;
  readonly submitted_at: Date | null;
  readonly accepted_at: Date | null;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly updated_at: Date;
  readonly version: number;
}

export interface ExecutionDbRow {
  readonly order_id: string;
  readonly id: string;
  readonly broker_order_id: string | null;
  readonly qty: string;
  readonly price: string;
  readonly cumulative_qty: string | null;
  readonly fee: string;
  readonly fee_in_asset: string;
  readonly executed_at: Date;
  readonly source: string;
  readonly busted: boolean;
  readonly corrected_by: string | null;
}

export const side = word(SIDES);
const orderType = word(ORDER_TYPES);
const timeInForce = word(TIMES_IN_FORCE);
const role = word(ROLES);
const status = word(ORDER_STATUSES);
const hold = word(HOLDS);
const pendingAction = nullable(word(["cancel", "replace"]));
const closedBy = nullable(word(["broker", "engine", "risk"]));
const flags = list(word(ORDER_FLAGS));
const source = word<BookedExecution["source"]>(["stream", "activity", "snapshot", "answer"]);
const pendingReplace = object<PendingReplace>({
  generation: integer,
  reference,
  change: termsChange,
});

export function idOrNull<Id extends Branded<string>>(text: string | null): Id | null {
  // A column of ids holds ids: the one cast that asId stands for, with null let through.
  return text as Id | null;
}

export const decimalOrNull = (text: string | null): Decimal | null =>
  text === null ? null : Decimal.of(text);

export const millisOrNull = (date: Date | null): number | null => date?.getTime() ?? null;

export function orderFromRow(
  row: OrderDbRow,
  executions: readonly BookedExecution[] = [],
): OrderState {
  return {
    id: asId<OrderId>(row.id),
    accountId: asId<AccountId>(row.account_id),
    instrumentId: asId<InstrumentId>(row.instrument_id),
    strategyId: idOrNull<StrategyId>(row.strategy_id),
    signalId: idOrNull<SignalId>(row.signal_id),
    commandId: idOrNull<CommandId>(row.command_id),
    parentId: idOrNull<OrderId>(row.parent_id),
    role: role(row.role, "orders.role"),
    linkGroup: row.link_group,
    reducesPosition: row.reduces_position,
    waitsFor: row.waits_for.map((id) => asId<OrderId>(id)),
    terms: termsFromRow(row),
    receivedAt: row.received_at.getTime(),
    validUntil: millisOrNull(row.valid_until),
    ...progressFromRow(row),
    executions,
  };
}

export function termsFromRow(row: OrderDbRow): OrderTerms {
  return {
    side: side(row.side, "orders.side"),
    type: orderType(row.type, "orders.type"),
    timeInForce: timeInForce(row.time_in_force, "orders.time_in_force"),
    quantity: decimalOrNull(row.qty),
    notional: decimalOrNull(row.notional),
    limitPrice: decimalOrNull(row.limit_price),
    stopPrice: decimalOrNull(row.stop_price),
    trailPrice: decimalOrNull(row.trail_price),
    trailPercent: decimalOrNull(row.trail_percent),
    extendedHours: row.extended_hours,
    postOnly: row.post_only,
    exits: nullable(exitsShape)(row.exits, "orders.exits"),
  };
}

type Progress = Omit<OrderState, keyof OrderSpec | "executions">;

function progressFromRow(row: OrderDbRow): Progress {
  return {
    status: status(row.status, "orders.status"),
    hold:
      row.hold === null
        ? null
        : { reason: hold(row.hold, "orders.hold"), until: millisOrNull(row.hold_until) },
    pendingAction: pendingAction(row.pending_action, "orders.pending_action"),
    pendingReplace: nullable(pendingReplace)(row.pending_replace, "orders.pending_replace"),
    unresolved: nullable(unresolved)(row.unresolved, "orders.unresolved"),
    generation: row.generation,
    reference: idOrNull<BrokerReference>(row.reference),
    brokerOrderId: idOrNull<BrokerOrderId>(row.broker_order_id),
    brokerOrderChain: row.broker_order_chain.map((id) => asId<BrokerOrderId>(id)),
    shown: null,
    counting: null,
    isQuantityGuessed: false,
    filledQuantity: Decimal.of(row.filled_qty),
    filledNotional: Decimal.of(row.filled_notional),
    voidedExecutions: row.voided_executions.map((id) => asId<ExecutionId>(id)),
    rejectedBy: nullable(rejectedBy)(row.rejected_by, "orders.rejected_by"),
    rejectCode: nullable(rejectCode)(row.reject_code, "orders.reject_code"),
    errorMessage: row.error_message,
    flags: flags(row.flags, "orders.flags"),
    placedAt: row.placed_at.getTime(),
    submittedAt: millisOrNull(row.submitted_at),
    acceptedAt: millisOrNull(row.accepted_at),
    closedAt: millisOrNull(row.closed_at),
    closedBy: closedBy(row.closed_by, "orders.closed_by"),
    updatedAt: row.updated_at.getTime(),
    version: row.version,
  };
}

export function executionFromRow(row: ExecutionDbRow): BookedExecution {
  return {
    id: asId<ExecutionId>(row.id),
    orderId: asId<OrderId>(row.order_id),
    brokerOrderId: idOrNull<BrokerOrderId>(row.broker_order_id),
    quantity: Decimal.of(row.qty),
    price: Decimal.of(row.price),
    cumulativeQuantity: decimalOrNull(row.cumulative_qty),
    fee: Decimal.of(row.fee),
    feeInAsset: Decimal.of(row.fee_in_asset),
    executedAt: row.executed_at.getTime(),
    source: source(row.source, "executions.source"),
    busted: row.busted,
    correctedBy: idOrNull<ExecutionId>(row.corrected_by),
  };
}

/** Executions by their order, each in the order of the log. */
export function byOrder(
  rows: readonly ExecutionDbRow[],
): ReadonlyMap<string, readonly BookedExecution[]> {
  const found = new Map<string, BookedExecution[]>();
  for (const row of rows) {
    const known = found.get(row.order_id);
    if (known === undefined) found.set(row.order_id, [executionFromRow(row)]);
    else known.push(executionFromRow(row));
  }
  return found;
}
