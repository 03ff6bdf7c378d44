// The broker port as one process sees the simulated broker: answers are lost after the order was
// accepted, requests arrive after their caller gave up, the stream loses, repeats and swaps facts.
import type { BrokerOrderSnapshot, BrokerReport, BrokerTraits } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import {
  asId,
  type AccountId,
  type BrokerOrderId,
  type BrokerReference,
  type ExecutionId,
} from "../../src/domain/ids.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import {
  BrokerUnavailable,
  type BrokerAccountPort,
  type BrokerExecution,
  type BrokerListener,
} from "../../src/ports/broker.ts";
import type { Faults } from "./faults.ts";
import type { IoKind, SimProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import { PRICE, type Deal, type SimBroker, type SimFact, type SimOrder } from "./sim-broker.ts";

const away = () => new BrokerUnavailable("the broker did not answer");
const submitCall: IoKind = {
  name: "broker.submit",
  lowMs: 1,
  highMs: 20,
  notDone: away,
  unknown: away,
};
const readCall: IoKind = { ...submitCall, name: "broker.read" };

export const TRAITS: BrokerTraits = {
  name: "simulated",
  referenceUnique: "forever",
  findsByReference: true,
  longestFlightMs: 6_000,
  lookupsBeforeNeverArrived: 3,
  makesExitLegs: false,
  canReplace: true,
  quietOrderMs: 5_000,
  reference: (orderId, generation) => asId<BrokerReference>(`${orderId}-${generation}`),
};

export interface SimBrokerWorld {
  readonly broker: SimBroker;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly instruments: readonly Instrument[];
  readonly traits: BrokerTraits;
  /** Whether the activities name executions as the stream does. */
  readonly sameExecutionIds: boolean;
}

export function createSimBrokerPort(
  process: SimProcess,
  accountId: AccountId,
  world: SimBrokerWorld,
): BrokerAccountPort {
  const { broker } = world;
  const read = <Result>(work: () => Result) => process.io(readCall, work);
  /** Gives up when told to; what was sent goes on without us. */
  const send = async <Outcome>(signal: AbortSignal, work: () => Outcome) => {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(away()));
    });
    try {
      return await Promise.race([process.io(submitCall, work), aborted]);
    } catch {
      return { result: "unresolved" as const, cause: "no answer", alarm: false };
    }
  };
  return {
    accountId,
    traits: world.traits,
    submit: ({ instrument, reference, terms }, { signal }) =>
      send(signal, () => {
        const placed = broker.place({
          reference,
          accountId,
          instrumentId: instrument.id,
          side: terms.side,
          type: terms.type,
          timeInForce: terms.timeInForce,
          quantity: terms.quantity ?? Decimal.ONE,
          limitPrice: terms.limitPrice,
        });
        if (placed === "duplicate") return { result: "duplicate" as const };
        return { result: "accepted" as const, snapshot: snapshotOf(placed.order) };
      }),
    cancel: (brokerOrderId, { signal }) =>
      send(signal, () => {
        const result = broker.cancel(accountId, brokerOrderId);
        return result === "refused" ? { result, message: "the order is closed" } : { result };
      }),
    replace: ({ instrument, brokerOrderId, reference, terms }, { signal }) =>
      send(signal, () => {
        const replaced = broker.replace(accountId, brokerOrderId, {
          reference,
          accountId,
          instrumentId: instrument.id,
          side: terms.side,
          type: terms.type,
          timeInForce: terms.timeInForce,
          quantity: terms.quantity ?? Decimal.ONE,
          limitPrice: terms.limitPrice,
        });
        if (replaced === "refused") return { result: "refused" as const, message: "not open" };
        return { result: "requested" as const, snapshot: snapshotOf(replaced.order) };
      }),
    findByReference: (reference) =>
      lookUp(process, () => broker.findByReference(accountId, reference)),
    findById: (brokerOrderId) => lookUp(process, () => broker.orders.get(brokerOrderId)),
    openOrders: () => read(() => broker.openOrders(accountId).map(snapshotOf)),
    ordersSince: (since) =>
      read(() =>
        [...broker.orders.values()]
          .filter((order) => order.accountId === accountId && order.submittedAt >= since)
          .map(snapshotOf),
      ),
    executionsSince: (since) =>
      read(() =>
        broker.deals
          .filter((deal) => deal.accountId === accountId && deal.at >= since)
          .map((deal) => activityOf(deal, world)),
      ),
    activitiesSince: () => read(() => []),
    positions: () =>
      read(() =>
        world.instruments.flatMap((instrument) => {
          const quantity = broker.position(accountId, instrument.id);
          if (quantity.isZero()) return [];
          return [
            {
              symbol: instrument.symbol,
              instrumentId: instrument.id,
              quantity,
              averagePrice: PRICE,
            },
          ];
        }),
      ),
    account: () =>
      read(() => ({
        number: accountId,
        currency: "USD",
        equity: Decimal.of("1000000"),
        cash: Decimal.of("1000000"),
        buyingPower: Decimal.of("1000000"),
        nonMarginableBuyingPower: Decimal.of("1000000"),
        shortingEnabled: true,
        tradingBlocked: false,
      })),
    time: () => read(() => broker.now),
    instrument: (symbol) =>
      read(() => world.instruments.find((instrument) => instrument.symbol === symbol) ?? null),
    rateBudget: () => null,
    listen: (listener) => listen(process, accountId, world, listener),
  };
}

async function lookUp(process: SimProcess, work: () => SimOrder | undefined) {
  try {
    const order = await process.io(readCall, work);
    if (order === undefined) return { result: "not_found" as const };
    return { result: "found" as const, snapshot: snapshotOf(order) };
  } catch {
    return { result: "unavailable" as const, cause: "no answer" };
  }
}

function listen(
  process: SimProcess,
  accountId: AccountId,
  world: SimBrokerWorld,
  listener: BrokerListener,
) {
  const { broker, scheduler, faults } = world;
  let connected = false;
  let closed = false;
  const connect = () => {
    scheduler.after(faults.random.between(5, 300), () => {
      if (closed) return;
      connected = true;
      process.deliver(() => listener.onConnected());
    });
  };
  const hear = (fact: SimFact) => {
    if (fact.order.accountId !== accountId || closed) return;
    if (connected && faults.happens("stream cut", "broker")) {
      connected = false;
      process.deliver(() => listener.onDisconnected("cut"));
      connect();
    }
    if (!connected || faults.happens("message lost", "broker stream")) return;
    const copies = faults.happens("message repeated", "broker stream") ? 2 : 1;
    const report = reportOf(fact);
    for (let copy = 0; copy < copies; copy += 1) {
      const late = faults.happens("message late", "broker stream");
      const delay = faults.random.between(0, 5) + (late ? faults.random.between(5, 3_000) : 0);
      scheduler.after(delay, () => process.deliver(() => closed || listener.onReport(report)));
    }
  };
  const stop = broker.listen(hear);
  connect();
  return {
    lastHeardAt: () => (connected ? broker.now : null),
    close: async () => {
      closed = true;
      stop();
    },
  };
}

function reportOf(fact: SimFact): BrokerReport {
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
    case "rejected":
      return { ...head, kind: "rejected", code: "simulated", message: fact.message };
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
        execution: executionOf(fact.deal, fact.deal.id, "stream"),
      };
  }
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

function activityOf(
  deal: Deal,
  { broker, instruments, sameExecutionIds }: SimBrokerWorld,
): BrokerExecution {
  const order = broker.orders.get(deal.orderId);
  const instrument = instruments.find(({ id }) => id === deal.instrumentId);
  return {
    ...executionOf(deal, sameExecutionIds ? deal.id : `activity-${deal.id}`, "activity"),
    symbol: instrument?.symbol ?? "",
    side: deal.side,
    reference: order === undefined ? null : asId<BrokerReference>(order.reference),
  };
}

function snapshotOf(order: SimOrder): BrokerOrderSnapshot {
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
    stopPrice: null,
    status: order.status,
    filledQuantity: order.filled,
    averagePrice: order.filled.isZero()
      ? null
      : order.notional.dividedBy(order.filled, 12, "half_even"),
    replacedBy: order.replacedBy === null ? null : asId<BrokerOrderId>(order.replacedBy),
    replaces: order.replaces === null ? null : asId<BrokerOrderId>(order.replaces),
    legs: [],
    submittedAt: order.submittedAt,
    updatedAt: order.updatedAt,
    message: null,
  };
}
