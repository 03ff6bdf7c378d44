// Every order ever taken, by id and by the client's own id. Both are used once, for ever.
import type { Micros, Order } from "./order.ts";
import { isClosed } from "./order.ts";

const NONE: ReadonlySet<Order> = new Set();

export class OrderStore {
  readonly #byId = new Map<string, Order>();
  readonly #byClientId = new Map<string, string>();
  /** Per account, ascending by submission. */
  readonly #submitted = new Map<string, Order[]>();

  readonly #open = new Map<string, Set<Order>>();

  get size(): number {
    return this.#byId.size;
  }

  add(order: Order): void {
    this.#byId.set(order.id, order);
    this.#byClientId.set(`${order.accountId}/${order.clientOrderId}`, order.id);
    const list = this.#submitted.get(order.accountId);
    if (list === undefined) this.#submitted.set(order.accountId, [order]);
    else insertBySubmission(list, order);
    if (!isClosed(order)) this.#openOf(order.accountId).add(order);
  }

  /** Everything not closed, held legs too, in the order it came. */
  open(accountId: string): ReadonlySet<Order> {
    return this.#open.get(accountId) ?? NONE;
  }

  close(order: Order): void {
    this.#open.get(order.accountId)?.delete(order);
  }

  #openOf(accountId: string): Set<Order> {
    let orders = this.#open.get(accountId);
    if (orders === undefined) {
      orders = new Set();
      this.#open.set(accountId, orders);
    }
    return orders;
  }

  get(id: string): Order | undefined {
    return this.#byId.get(id);
  }

  byClientOrderId(accountId: string, clientOrderId: string): Order | undefined {
    const id = this.#byClientId.get(`${accountId}/${clientOrderId}`);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Ascending by `submittedAt`. */
  submitted(accountId: string): readonly Order[] {
    return this.#submitted.get(accountId) ?? [];
  }

  all(): IterableIterator<Order> {
    return this.#byId.values();
  }

  /** A leg counts as submitted when it goes live, so its place in the list changes then. */
  resubmit(order: Order, at: Micros): void {
    const list = this.#submitted.get(order.accountId);
    const index = list?.indexOf(order) ?? -1;
    if (index >= 0) list?.splice(index, 1);
    order.submittedAt = at;
    if (list !== undefined) insertBySubmission(list, order);
  }
}

/** Nearly always at the end; a ledger that is read back may come in another order. */
function insertBySubmission(list: Order[], order: Order): void {
  let index = list.length;
  while (index > 0 && (list[index - 1]?.submittedAt ?? 0) > order.submittedAt) index -= 1;
  if (index === list.length) list.push(order);
  else list.splice(index, 0, order);
}
