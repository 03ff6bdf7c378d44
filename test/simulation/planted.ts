// Where the planted bugs live: wrappers around the ports that make the mistakes which the engine is
// built not to make. The engine itself is never changed.
import type { BrokerAccountPort } from "../../src/ports/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type BrokerReference, type ExecutionId } from "../../src/domain/ids.ts";
import type { BrokerReport } from "../../src/domain/broker.ts";
import type { Bugs } from "./bugs.ts";
import type { SimBrokerWorld } from "./sim-broker-port.ts";
import type { SimStore } from "./sim-store.ts";

export function plantInStore(bugs: Bugs, store: SimStore, world: SimBrokerWorld): SimStore {
  if (!bugs.has("effect before intent")) return store;
  return {
    ...store,
    commit(parts) {
      for (const part of parts) sendEarly(part.events, world);
      return store.commit(parts);
    },
  };
}

/** The order leaves while its intent is still on the way to the record. */
function sendEarly(
  events: Parameters<SimStore["commit"]>[0][number]["events"],
  { broker }: SimBrokerWorld,
): void {
  const placed = new Map(
    events.flatMap(({ event }) =>
      event.type === "OrderPlaced" ? [[event.orderId, event.order]] : [],
    ),
  );
  for (const { accountId, event } of events) {
    if (event.type !== "OrderSubmitted") continue;
    const order = placed.get(event.orderId);
    if (order === undefined) continue;
    const { side, type, timeInForce, limitPrice } = order.terms;
    const quantity = order.terms.quantity ?? Decimal.ONE;
    const { reference } = event;
    const { instrumentId } = order;
    broker.place({
      reference,
      accountId,
      instrumentId,
      side,
      type,
      timeInForce,
      quantity,
      limitPrice,
    });
  }
}

export function plantInBroker(
  bugs: Bugs,
  port: BrokerAccountPort,
  world: SimBrokerWorld,
): BrokerAccountPort {
  if (bugs.has("no catch-up")) return withoutCatchUp(port);
  if (bugs.has("blind retry")) return retrying(port, (reference) => reference, world);
  if (bugs.has("new reference on retry")) {
    return retrying(port, (reference) => asId<BrokerReference>(`${reference}r`), world);
  }
  if (bugs.has("no deduplication") || bugs.has("execution counted by id alone")) {
    return withBareExecutions(port, bugs.has("no deduplication"));
  }
  return port;
}

/** Nothing that the stream lost is ever read again. */
function withoutCatchUp(port: BrokerAccountPort): BrokerAccountPort {
  return {
    ...port,
    openOrders: async () => [],
    executionsSince: async () => [],
    positions: async () => [],
    findById: async () => ({ result: "unavailable", cause: "planted" }),
    findByReference: async () => ({ result: "unavailable", cause: "planted" }),
  };
}

/** A placement whose answer was lost is simply sent again. */
function retrying(
  port: BrokerAccountPort,
  rename: (reference: BrokerReference) => BrokerReference,
  { broker }: SimBrokerWorld,
): BrokerAccountPort {
  return {
    ...port,
    async submit(request, options) {
      const first = await port.submit(request, options);
      if (first.result !== "unresolved") return first;
      const again = rename(request.reference);
      // A broker without client ids takes the same order twice.
      if (again === request.reference) broker.forget(port.accountId, again);
      return port.submit({ ...request, reference: again }, options);
    },
  };
}

/** Executions lose what would tell that two of them are one. */
function withBareExecutions(port: BrokerAccountPort, renamed: boolean): BrokerAccountPort {
  let count = 0;
  const bare = (report: BrokerReport): BrokerReport => {
    if (report.kind !== "executed") return report;
    count += 1;
    const id = renamed ? asId<ExecutionId>(`${report.execution.id}-${count}`) : report.execution.id;
    return {
      ...report,
      snapshot: null,
      execution: { ...report.execution, id, cumulativeQuantity: null },
    };
  };
  return {
    ...port,
    executionsSince: async (since, options) =>
      (await port.executionsSince(since, options)).map((execution) => ({
        ...execution,
        cumulativeQuantity: null,
      })),
    listen: (listener) =>
      port.listen({
        ...listenerOf(listener),
        onReport: (report) => listener.onReport(bare(report)),
      }),
  };
}

type Listener = Parameters<BrokerAccountPort["listen"]>[0];

function listenerOf(listener: Listener): Listener {
  return {
    onReport: (report) => listener.onReport(report),
    onConnected: () => listener.onConnected(),
    onDisconnected: (cause) => listener.onDisconnected(cause),
    onUnreadable: (raw, cause) => listener.onUnreadable(raw, cause),
  };
}
