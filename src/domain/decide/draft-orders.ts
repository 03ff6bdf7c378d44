// Orders as the events of a decision leave them. Folded only when somebody looks: most decisions never
// ask for what they have just recorded, and apply folds every event anyway.
import type { AccountBook } from "../book.ts";
import type { BrokerOrderId, OrderId } from "../ids.ts";
import { evolve, placeOrder } from "../order/evolve.ts";
import type { OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";

export class DraftOrders {
  readonly #book: AccountBook;
  readonly #now: number;
  readonly #unfolded = new Map<OrderId, OrderEvent[]>();
  readonly #folded = new Map<OrderId, OrderState>();
  readonly #named = new Map<BrokerOrderId, OrderId>();

  constructor(book: AccountBook, now: number) {
    this.#book = book;
    this.#now = now;
  }

  get(id: OrderId): OrderState | undefined {
    const waiting = this.#unfolded.get(id);
    const known = this.#folded.get(id) ?? this.#book.orders.get(id);
    if (waiting === undefined) return known;
    this.#unfolded.delete(id);
    let state = known;
    for (const event of waiting) state = this.#next(state, event);
    if (state !== undefined) this.#folded.set(id, state);
    return state;
  }

  #next(state: OrderState | undefined, event: OrderEvent): OrderState {
    if (event.type === "OrderPlaced") return placeOrder(event.order, this.#now);
    if (state === undefined) throw new Error(`the book does not know order ${event.orderId}`);
    return evolve(state, event, this.#now);
  }

  named(id: BrokerOrderId): OrderId | undefined {
    return this.#named.get(id) ?? this.#book.byBrokerOrderId.get(id);
  }

  push(event: OrderEvent): void {
    const { orderId } = event;
    const waiting = this.#unfolded.get(orderId);
    if (waiting === undefined) this.#unfolded.set(orderId, [event]);
    else waiting.push(event);
    const name = nameIn(event);
    if (name !== null) this.#named.set(name, orderId);
  }
}

function nameIn(event: OrderEvent): BrokerOrderId | null {
  if (event.type === "OrderAccepted" || event.type === "OrderReplaced") return event.brokerOrderId;
  return event.type === "OrderExecuted" ? event.execution.brokerOrderId : null;
}
