// The held orders of an account, which may be a hundred thousand: in the order of their placing, by
// instrument, and those that wait for others. One that was on its way and waits again has its old place,
// since what was placed after it may be waiting for it. That place is found by whoever walks next: a broker
// that asks for silence sends thousands back at once.
import type { InstrumentId, OrderId } from "./ids.ts";
import type { OrderState } from "./order/state.ts";

const NOBODY: ReadonlySet<OrderId> = new Set();

export class HeldOrders implements Iterable<OrderId> {
  readonly #followers = new Set<OrderId>();
  readonly #byInstrument = new Map<InstrumentId, Set<OrderId>>();
  /** All open orders in the order of their placing. */
  readonly #open: ReadonlySet<OrderId>;
  #ids = new Set<OrderId>();
  #isInOrder = true;

  constructor(open: ReadonlySet<OrderId>) {
    this.#open = open;
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: OrderId): boolean {
    return this.#ids.has(id);
  }

  /** In the order of their placing. */
  [Symbol.iterator](): IterableIterator<OrderId> {
    if (!this.#isInOrder) {
      this.#ids = new Set([...this.#open].filter((id) => this.#ids.has(id)));
      this.#isInOrder = true;
    }
    return this.#ids.values();
  }

  /** Those of an instrument, in no order. */
  on(instrumentId: InstrumentId): ReadonlySet<OrderId> {
    return this.#byInstrument.get(instrumentId) ?? NOBODY;
  }

  /** Those that wait for the end of others, in no order. */
  get followers(): ReadonlySet<OrderId> {
    return this.#followers;
  }

  /** An open order as it was and as it is: it belongs here while it is pending. */
  follow(before: OrderState | undefined, order: OrderState): void {
    if (order.status !== "pending") {
      this.delete(order);
      return;
    }
    if (before !== undefined && before.status !== "pending") this.#isInOrder = false;
    this.#ids.add(order.id);
    if (order.waitsFor.length > 0) this.#followers.add(order.id);
    const here = this.#byInstrument.get(order.instrumentId);
    if (here === undefined) this.#byInstrument.set(order.instrumentId, new Set([order.id]));
    else here.add(order.id);
  }

  delete({ id, instrumentId }: OrderState): void {
    if (!this.#ids.delete(id)) return;
    this.#followers.delete(id);
    const here = this.#byInstrument.get(instrumentId);
    here?.delete(id);
    if (here?.size === 0) this.#byInstrument.delete(instrumentId);
  }
}
