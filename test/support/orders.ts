// Orders, executions and reports for tests: ordinary ones, with what a test is about passed in.
import type { BrokerOrderSnapshot, BrokerReport, BrokerTraits } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId } from "../../src/domain/ids.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  ExecutionId,
  InstrumentId,
  OrderId,
} from "../../src/domain/ids.ts";
import { placeOrder } from "../../src/domain/order/evolve.ts";
import type { OrderSpec, OrderTerms } from "../../src/domain/order/spec.ts";
import type { Execution, OrderState } from "../../src/domain/order/state.ts";

export const ACCOUNT = asId<AccountId>("paper");
export const INSTRUMENT = asId<InstrumentId>("XNYS:AAPL");
export const ORDER = asId<OrderId>("018f0000-0000-7000-8000-000000000001");
export const PLACED_AT = 1_000;

export const TERMS: OrderTerms = {
  side: "buy",
  type: "limit",
  timeInForce: "day",
  quantity: Decimal.of("10"),
  notional: null,
  limitPrice: Decimal.of("100"),
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  extendedHours: false,
  postOnly: false,
  exits: null,
};

export function specOf(terms: Partial<OrderTerms> = {}, rest: Partial<OrderSpec> = {}): OrderSpec {
  return {
    id: ORDER,
    accountId: ACCOUNT,
    instrumentId: INSTRUMENT,
    strategyId: null,
    signalId: null,
    commandId: null,
    parentId: null,
    role: "entry",
    linkGroup: null,
    reducesPosition: false,
    waitsFor: [],
    receivedAt: PLACED_AT,
    validUntil: null,
    ...rest,
    terms: { ...TERMS, ...terms },
  };
}

export function orderOf(
  terms: Partial<OrderTerms> = {},
  rest: Partial<OrderSpec> = {},
): OrderState {
  return placeOrder(specOf(terms, rest), PLACED_AT);
}

export const referenceOf = (generation: number): BrokerReference => asId(`ref-${generation}`);
export const brokerId = (name: string): BrokerOrderId => asId(name);
export const executionId = (name: string): ExecutionId => asId(name);

export interface FillOf {
  readonly id: string;
  readonly quantity: string;
  readonly price: string;
  readonly cumulative: string | null;
  readonly brokerOrderId?: string;
  readonly at?: number;
  readonly source?: Execution["source"];
}

export function executionOf(fill: FillOf): Execution {
  return {
    id: executionId(fill.id),
    orderId: ORDER,
    brokerOrderId: brokerId(fill.brokerOrderId ?? "B1"),
    quantity: Decimal.of(fill.quantity),
    price: Decimal.of(fill.price),
    cumulativeQuantity: fill.cumulative === null ? null : Decimal.of(fill.cumulative),
    fee: Decimal.ZERO,
    feeInAsset: Decimal.ZERO,
    executedAt: fill.at ?? 2_000,
    source: fill.source ?? "stream",
  };
}

export function headOf(brokerOrderId = "B1", reference: string | null = null) {
  return {
    accountId: ACCOUNT,
    brokerOrderId: brokerId(brokerOrderId),
    reference: reference === null ? null : asId<BrokerReference>(reference),
    at: 2_000,
    snapshot: null,
  };
}

export function fillReport(fill: FillOf): BrokerReport {
  return {
    ...headOf(fill.brokerOrderId ?? "B1"),
    kind: "executed",
    execution: executionOf(fill),
  };
}

export function snapshotOf(order: OrderState, change: Partial<BrokerOrderSnapshot> = {}) {
  const { terms } = order;
  const snapshot: BrokerOrderSnapshot = {
    brokerOrderId: order.brokerOrderId ?? brokerId("B1"),
    reference: order.reference,
    symbol: "AAPL",
    instrumentId: order.instrumentId,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    quantity: terms.quantity,
    notional: terms.notional,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
    status: "accepted",
    filledQuantity: Decimal.ZERO,
    averagePrice: null,
    replacedBy: null,
    replaces: null,
    legs: [],
    submittedAt: 2_000,
    updatedAt: 2_000,
    message: null,
    ...change,
  };
  return snapshot;
}

/** A broker like Alpaca: references unique for ever, orders found by them, three empty looks suffice. */
export const TRAITS: BrokerTraits = {
  name: "test",
  referenceUnique: "forever",
  findsByReference: true,
  longestFlightMs: 10_000,
  lookupsBeforeNeverArrived: 3,
  makesExitLegs: true,
  canReplace: true,
  quietOrderMs: 30_000,
  reference: (_orderId, generation) => referenceOf(generation),
};
