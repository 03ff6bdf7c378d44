// Where the planted bugs live: wrappers around the ports that make the mistakes which the engine is
// built not to make (three more are checks that the record forgets, in sim-database.ts). The engine
// itself is never changed.
import type { BrokerReport } from "../../src/domain/broker.ts";
import { decodeSignal } from "../../src/domain/codec/signal.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type BrokerReference, type ExecutionId } from "../../src/domain/ids.ts";
import type { BrokerAccountPort } from "../../src/ports/broker.ts";
import type { BusConsumer, BusEntry } from "../../src/ports/bus.ts";
import type { Bugs } from "./bugs.ts";
import type { SimBrokerWorld } from "./sim-broker-port.ts";
import type { SimDatabase } from "./sim-database.ts";
import type { SimStore } from "./sim-store.ts";
import { onePage } from "../support/pages.ts";

export interface Plot {
  readonly bugs: Bugs;
  readonly world: SimBrokerWorld;
  readonly database: SimDatabase;
}

export function plantInStore({ bugs, world, database }: Plot, store: SimStore): SimStore {
  if (bugs.has("effect before intent")) {
    return {
      ...store,
      commit(parts) {
        for (const part of parts) sendEarly(part.events, world);
        return store.commit(parts);
      },
    };
  }
  if (bugs.has("sweep off")) return withoutSweep(store);
  if (bugs.has("order not kept")) {
    return {
      ...store,
      signalsAfter: async (partition, number, limit) =>
        (await store.signalsAfter(partition, number, limit)).map((signal) =>
          decodeSignal(swappedBody(database, partition, signal.number), signal.number),
        ),
    };
  }
  return store;
}

export function plantInBus({ bugs, database }: Plot, bus: BusConsumer): BusConsumer {
  if (!bugs.has("order not kept")) return bus;
  const swap = (entries: readonly BusEntry[]) =>
    entries.map((entry) =>
      entry.lane === "control"
        ? entry
        : { ...entry, body: swappedBody(database, entry.partition, entry.number) },
    );
  return {
    ...bus,
    read: async (request) => swap(await bus.read(request)),
    claim: async (partition) => swap(await bus.claim(partition)),
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
    const { reference } = event;
    const { instrumentId, terms } = order;
    const quantity = terms.quantity ?? Decimal.ONE;
    broker.place({ ...terms, reference, accountId, instrumentId, quantity });
  }
}

/** What the stream lost stays lost: the record is never asked for it. */
function withoutSweep(store: SimStore): SimStore {
  return {
    ...store,
    acceptedNumbers: async () => new Map(),
    signalsAfter: async () => [],
    commandsAfter: async () => [],
  };
}

/**
 * Signals that wait together are told two by two in the wrong order. Once handed out a number keeps its
 * text, so that nothing is lost and nothing comes twice: only the order is wrong.
 */
function swappedBody(database: SimDatabase, partition: number, number: number): string {
  const rows = database.rows(partition);
  const handed = (rows.handedOut ??= new Map());
  const first = number % 2 === 1 ? number : number - 1;
  if (!handed.has(number)) {
    const isWhole = rows.signals.length > first && !handed.has(first);
    handed.set(first, isWhole ? first + 1 : first);
    handed.set(first + 1, isWhole ? first : first + 1);
  }
  return rows.signals[(handed.get(number) ?? number) - 1]?.body ?? "";
}

export function plantInBroker({ bugs, world }: Plot, port: BrokerAccountPort): BrokerAccountPort {
  if (bugs.has("no catch-up")) return withoutCatchUp(port);
  if (bugs.has("blind retry")) return retrying(port, (reference) => reference, world);
  if (bugs.has("new reference on retry")) {
    return retrying(port, (reference) => asId<BrokerReference>(`${reference}r`), world);
  }
  if (bugs.has("no deduplication") || bugs.has("execution counted by id alone")) {
    return withBareExecutions(port, bugs.has("no deduplication"));
  }
  if (bugs.has("whole asked of every replacement")) return askingForTheWhole(port);
  return port;
}

/** As if a broker counted what the orders before had filled. */
function askingForTheWhole(port: BrokerAccountPort): BrokerAccountPort {
  return {
    ...port,
    replace(request, options) {
      const { terms, change } = request;
      const isResized = change.quantity !== undefined && terms.quantity !== null;
      const whole = isResized ? { ...change, quantity: terms.quantity } : change;
      return port.replace({ ...request, change: whole }, options);
    },
  };
}

/** Nothing that the stream lost is ever read again. */
function withoutCatchUp(port: BrokerAccountPort): BrokerAccountPort {
  return {
    ...port,
    openOrders: async () => [],
    executionsSince: () => onePage(Promise.resolve([])),
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

/** Executions lose what would tell that two of them are one; `renamed`, even their ids. */
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
    async *executionsSince(since, options) {
      for await (const page of port.executionsSince(since, options)) {
        yield page.map((execution) => ({ ...execution, cumulativeQuantity: null }));
      }
    },
    listen: (listener) =>
      port.listen({
        onReport: (report) => listener.onReport(bare(report)),
        onConnected: () => listener.onConnected(),
        onDisconnected: (cause) => listener.onDisconnected(cause),
        onUnreadable: (raw, cause) => listener.onUnreadable(raw, cause),
      }),
  };
}
