// What the simulated broker's ledger looks like in the words of the port.
import type { BrokerOrderSnapshot, BrokerReport } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import {
  asId,
  type BrokerOrderId,
  type BrokerReference,
  type ExecutionId,
} from "../../src/domain/ids.ts";
import type { BrokerExecution } from "../../src/ports/broker.ts";
import type { ExecutionIds, SimBrokerWorld } from "./sim-broker-port.ts";
import type { Deal, SimFact, SimOrder } from "./sim-order.ts";

export function reportOf(fact: SimFact, executionIds: ExecutionIds): BrokerReport {
  const { order } = fact;
  const head = {
    accountId: order.accountId,
    brokerOrderId: asId<BrokerOrderId>(order.id),
    reference: asId<BrokerReference>(order.reference),
    at: order.updatedAt,
    snapshot: snapshotOf(order),
  };
  switch (fact.kind) {
    case "accepted":
    case "cancelled":
    case "expired":
      return { ...head, kind: fact.kind };
    case "replaced":
      return {
        ...head,
        kind: "replaced",
        newBrokerOrderId: asId<BrokerOrderId>(fact.by.id),
        newReference: asId<BrokerReference>(fact.by.reference),
      };
    case "executed":
      return {
        ...head,
        kind: "executed",
        execution: executionOf(fact.deal, streamId(fact.deal, executionIds), "stream"),
      };
  }
}

/** Without a name of the broker's an adapter makes one of the order, what it has filled so far, and the instant. */
function streamId({ id, orderId, cumulative, at }: Deal, executionIds: ExecutionIds): string {
  return executionIds === "none" ? `${orderId}:${cumulative.toString()}:${at}` : id;
}

function activityId({ id }: Deal, executionIds: ExecutionIds): string {
  return executionIds === "same" ? id : `activity-${id}`;
}

function executionOf(deal: Deal, id: string, source: "stream" | "activity") {
  return {
    id: asId<ExecutionId>(id),
    brokerOrderId: asId<BrokerOrderId>(deal.orderId),
    quantity: deal.quantity,
    price: deal.price,
    cumulativeQuantity: deal.cumulative,
    fee: Decimal.ZERO,
    feeInAsset: Decimal.ZERO,
    executedAt: deal.at,
    source,
  };
}

export function activityOf(
  deal: Deal,
  { broker, instruments, executionIds }: SimBrokerWorld,
): BrokerExecution {
  const order = broker.orders.get(deal.orderId);
  const instrument = instruments.find(({ id }) => id === deal.instrumentId);
  return {
    ...executionOf(deal, activityId(deal, executionIds), "activity"),
    symbol: instrument?.symbol ?? "",
    side: deal.side,
    reference: order === undefined ? null : asId<BrokerReference>(order.reference),
  };
}

export function snapshotOf(order: SimOrder): BrokerOrderSnapshot {
  return {
    brokerOrderId: asId<BrokerOrderId>(order.id),
    reference: asId<BrokerReference>(order.reference),
    symbol: order.instrumentId.split(":")[1] ?? "",
    instrumentId: order.instrumentId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    quantity: order.quantity,
    notional: null,
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    status: order.status,
    filledQuantity: order.filled,
    averagePrice: order.filled.isZero()
      ? null
      : order.notional.dividedBy(order.filled, 12, "half_even"),
    replacedBy: order.replacedBy === null ? null : asId<BrokerOrderId>(order.replacedBy),
    replaces: order.replaces === null ? null : asId<BrokerOrderId>(order.replaces),
    legs: order.legs.map(snapshotOf),
    submittedAt: order.submittedAt,
    updatedAt: order.updatedAt,
    message: null,
  };
}
