// One message of `trade_updates` as a report of ours. Pure. Repeated messages give the same report again:
// what is new is judged where the order is known.
import type { BrokerReport } from "../../domain/broker.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId } from "../../domain/ids.ts";
import type { AccountId, BrokerOrderId, BrokerReference, ExecutionId } from "../../domain/ids.ts";
import type { Execution } from "../../domain/order/state.ts";
import type { SymbolDirectory } from "../../ports/broker.ts";
import { snapshotOf } from "./map.ts";
import type { WireTradeUpdate } from "./schema.ts";

type Unreadable = { readonly kind: "unreadable"; readonly cause: string };
type Fact = BrokerReport extends infer Report
  ? Report extends BrokerReport
    ? Omit<Report, "accountId" | "brokerOrderId" | "reference" | "at" | "snapshot">
    : never
  : never;

const unreadable = (cause: string): Unreadable => ({ kind: "unreadable", cause });

/** The instant of the fact, by Alpaca's clock: newer servers repeat it as `at`. */
function instantOf({ timestamp, at, order }: WireTradeUpdate): number {
  return timestamp ?? at ?? order.updated_at ?? order.submitted_at ?? 0;
}

export function reportOf(
  update: WireTradeUpdate,
  accountId: AccountId,
  directory: SymbolDirectory,
): BrokerReport | Unreadable {
  const fact = factOf(update);
  if (fact.kind === "unreadable") return fact;
  const snapshot = snapshotOf(update.order, directory);
  const { brokerOrderId, reference } = snapshot;
  return { accountId, brokerOrderId, reference, at: instantOf(update), snapshot, ...fact };
}

function factOf(update: WireTradeUpdate): Fact | Unreadable {
  switch (update.event) {
    case "accepted":
    case "pending_new":
    case "pending_review":
    case "held":
    case "new":
      return { kind: "accepted" };
    case "fill":
    case "partial_fill":
      return withExecution(update, (execution) => ({ kind: "executed", execution }));
    case "canceled":
      return { kind: "cancelled" };
    case "expired":
      return { kind: "expired" };
    case "rejected":
      // Alpaca's stream gives no reason with it.
      return { kind: "rejected", code: "rejected", message: "rejected by the venue" };
    case "replaced":
      return replaced(update);
    case "order_cancel_rejected":
      return { kind: "cancel_refused", message: "the venue refused the cancel" };
    case "order_replace_rejected":
      return { kind: "replace_refused", message: "the venue refused the replace" };
    case "trade_bust":
      return withPrevious(update, (executionId) => ({ kind: "busted", executionId }));
    case "trade_correct":
      return withPrevious(update, (executionId) =>
        withExecution(update, (by) => {
          // A correction is no step of the cumulative quantity, which therefore cannot name it either.
          const id = update.execution_id === null ? ownName(executionId) : by.id;
          return { kind: "corrected", executionId, by: { ...by, id, cumulativeQuantity: null } };
        }),
      );
    // Nothing to book: the order as it is now says it all.
    case "pending_cancel":
    case "pending_replace":
    case "stopped":
    case "suspended":
    case "calculated":
    case "done_for_day":
    case "restated":
    case "partially_filled":
      return { kind: "seen" };
    default:
      return unreadable(`an event that is not known: ${update.event}`);
  }
}

/** The message carries the order that was replaced; the new one only by its id. */
function replaced({ order }: WireTradeUpdate): Fact {
  const newBrokerOrderId =
    order.replaced_by === null ? null : asId<BrokerOrderId>(order.replaced_by);
  return { kind: "replaced", newBrokerOrderId, newReference: null as BrokerReference | null };
}

function withPrevious(
  { event, previous_execution_id: previous }: WireTradeUpdate,
  then: (executionId: ExecutionId) => Fact | Unreadable,
): Fact | Unreadable {
  return previous === null
    ? unreadable(`${event} without the execution it is about`)
    : then(executionId(previous));
}

function withExecution(
  update: WireTradeUpdate,
  then: (execution: Omit<Execution, "orderId">) => Fact,
): Fact | Unreadable {
  const { event, order, price, qty } = update;
  if (price === null || qty === null) return unreadable(`${event} without price or quantity`);
  return then({
    id: executionId(update.execution_id ?? madeUpName(update)),
    brokerOrderId: asId<BrokerOrderId>(order.id),
    quantity: qty.abs(),
    price,
    cumulativeQuantity: order.filled_qty,
    // Stocks cost nothing here, and fees on crypto are posted as activities at the end of the day.
    fee: Decimal.ZERO,
    feeInAsset: Decimal.ZERO,
    executedAt: instantOf(update),
    source: "stream",
  });
}

/**
 * Without an id, the cumulative quantity tells one fill of an order from the next, and the instant one
 * that reaches the same sum again after a bust. A repeated frame repeats both.
 */
function madeUpName(update: WireTradeUpdate): string {
  const { id, filled_qty: filled } = update.order;
  return `${id}:${filled.toString()}:${instantOf(update)}`;
}

function ownName(corrected: ExecutionId): ExecutionId {
  return asId<ExecutionId>(`${corrected}:corrected`);
}

function executionId(text: string): ExecutionId {
  return asId<ExecutionId>(`alpaca:${text}`);
}
