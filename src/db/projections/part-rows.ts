// All rows of a commit, table by table, from the events and the states after the last of them.
import type { EventOf } from "../../domain/event.ts";
import type { BrokerOrderId, BrokerReference, OrderId } from "../../domain/ids.ts";
import type { BookedExecution, OrderState } from "../../domain/order/state.ts";
import type { PartitionCommit } from "../../ports/store.ts";
import { AccountChanges, ACCOUNT_ROW } from "./account-row.ts";
import { DECISION_ROW } from "./decision-row.ts";
import { EVENT_ROW, type EventEntry } from "./event-row.ts";
import { EXECUTION_ROW } from "./execution-row.ts";
import { NAME_ROW } from "./name-row.ts";
import { ORDER_ROW } from "./order-row.ts";
import { POSITION_ROW } from "./position-row.ts";
import { RareFacts } from "./rare-rows.ts";
import { tuple } from "./row.ts";

/** Composite literals, ready to be sent. */
export class CommitRows {
  readonly events: string[] = [];
  readonly payloads: string[] = [];
  readonly decisions: string[] = [];
  readonly placed: string[] = [];
  readonly changed: string[] = [];
  readonly executions: string[] = [];
  readonly positions: string[] = [];
  readonly references: string[] = [];
  readonly brokerOrders: string[] = [];
  readonly accounts: string[] = [];
  readonly rare = new RareFacts();

  add(part: PartitionCommit, encode: (entry: EventEntry) => string): void {
    new PartRows(this, part).addAll(encode);
  }
}

class PartRows {
  readonly #rows: CommitRows;
  readonly #part: PartitionCommit;
  readonly #orders: ReadonlyMap<OrderId, OrderState>;
  readonly #placedSeq = new Map<OrderId, number>();
  readonly #filledAt = new Map<string, number>();
  /** By what must be unique: one commit may bring the same name or correction twice. */
  readonly #executions = new Map<string, string>();
  readonly #references = new Map<string, string>();
  readonly #brokerOrders = new Map<string, string>();
  readonly #accounts: AccountChanges;

  constructor(rows: CommitRows, part: PartitionCommit) {
    this.#rows = rows;
    this.#part = part;
    this.#orders = new Map(part.orders.map((order) => [order.id, order]));
    this.#accounts = new AccountChanges(part.partition);
  }

  addAll(encode: (entry: EventEntry) => string): void {
    const { partition, afterSeq, events } = this.#part;
    events.forEach((recorded, index) => {
      const entry = { recorded, partition, seq: afterSeq + index + 1 };
      this.#rows.events.push(tuple(EVENT_ROW, entry));
      this.#rows.payloads.push(encode(entry));
      this.#addEvent(entry);
    });
    this.#addOrders();
    this.#addPositions();
    for (const change of this.#part.checkpoints) this.#rows.rare.addCheckpoints(change, partition);
    this.#rows.executions.push(...this.#executions.values());
    this.#rows.references.push(...this.#references.values());
    this.#rows.brokerOrders.push(...this.#brokerOrders.values());
    for (const change of this.#accounts.values()) {
      this.#rows.accounts.push(tuple(ACCOUNT_ROW, change));
    }
  }

  #addEvent(entry: EventEntry): void {
    const { recorded, partition, seq } = entry;
    const { event } = recorded;
    this.#accounts.add(recorded);
    switch (event.type) {
      case "SignalDecided":
        this.#rows.decisions.push(tuple(DECISION_ROW, { recorded, event, partition, seq }));
        return;
      case "OrderPlaced":
        this.#placedSeq.set(event.orderId, seq);
        return;
      case "OrderSubmitted":
      case "ReplaceRequested":
        this.#nameReference(event.orderId, event.reference);
        return;
      case "OrderAccepted":
      case "OrderReplaced":
        this.#nameBrokerOrder(event.orderId, event.brokerOrderId);
        return;
      case "OrderExecuted":
        this.#nameBrokerOrder(event.orderId, event.execution.brokerOrderId);
        this.#addFill(event, entry);
        return;
      case "ExecutionCorrected":
        this.#addExecution(event.orderId, event.by.id, seq);
        this.#addBusted(event);
        return;
      case "ExecutionBusted":
        this.#addBusted(event);
        return;
      default:
        this.#rows.rare.add(entry);
    }
  }

  #addFill(event: EventOf<"OrderExecuted">, entry: EventEntry): void {
    const { recorded, seq } = entry;
    this.#addExecution(event.orderId, event.execution.id, seq);
    this.#rows.rare.settleParked(entry, event.execution.id, event.orderId);
    const order = this.#orders.get(event.orderId);
    if (order === undefined) return;
    this.#filledAt.set(`${order.accountId} ${order.instrumentId}`, recorded.at);
  }

  /** As the order holds it after the last event: it may have been taken back within this commit. */
  #addExecution(orderId: OrderId, executionId: string, seq: number): void {
    const order = this.#orders.get(orderId);
    const execution = this.#executionOf(orderId, executionId);
    if (order === undefined || execution === undefined) return;
    const { partition } = this.#part;
    const row = tuple(EXECUTION_ROW, { order, execution, partition, seq });
    this.#executions.set(`${orderId} ${executionId}`, row);
  }

  /** As the order holds it after the last event: a correction under its own id may have made it count again. */
  #addBusted({ orderId, executionId }: EventOf<"ExecutionBusted" | "ExecutionCorrected">): void {
    const execution = this.#executionOf(orderId, executionId);
    if (execution?.busted === true) this.#rows.rare.addBusted(execution, this.#part.partition);
  }

  #executionOf(orderId: OrderId, executionId: string): BookedExecution | undefined {
    return this.#orders.get(orderId)?.executions.findLast((known) => known.id === executionId);
  }

  #nameReference(orderId: OrderId, name: BrokerReference): void {
    this.#addName(this.#references, orderId, name);
  }

  #nameBrokerOrder(orderId: OrderId, name: BrokerOrderId | null): void {
    if (name !== null) this.#addName(this.#brokerOrders, orderId, name);
  }

  #addName(names: Map<string, string>, orderId: OrderId, name: string): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    const { partition } = this.#part;
    const { accountId } = order;
    const row = tuple(NAME_ROW, { partition, accountId, name, orderId });
    names.set(`${accountId} ${name} ${orderId}`, row);
  }

  #addOrders(): void {
    const { partition, orders } = this.#part;
    for (const order of orders) {
      const placedSeq = this.#placedSeq.get(order.id) ?? null;
      const rows = placedSeq === null ? this.#rows.changed : this.#rows.placed;
      rows.push(tuple(ORDER_ROW, { order, partition, placedSeq }));
    }
  }

  #addPositions(): void {
    const { partition, positions, afterSeq, events } = this.#part;
    for (const position of positions) {
      const fill = this.#filledAt.get(`${position.accountId} ${position.instrumentId}`);
      this.#rows.positions.push(
        tuple(POSITION_ROW, {
          position,
          partition,
          seq: afterSeq + events.length,
          lastFillAt: fill ?? null,
        }),
      );
    }
  }
}
