// The book of one symbol: resting orders by price, then time; stops by the price that wakes them.
import type { Decimal } from "../../domain/decimal.ts";
import type { Order } from "./order.ts";

type PriceOf = (order: Order) => Decimal | null;

/** Orders sorted by one price (ascending or descending), then by priority. */
export class SortedOrders {
  readonly #orders: Order[] = [];
  readonly #priceOf: PriceOf;
  readonly #direction: 1 | -1;

  constructor(priceOf: PriceOf, direction: "ascending" | "descending") {
    this.#priceOf = priceOf;
    this.#direction = direction === "ascending" ? 1 : -1;
  }

  get first(): Order | undefined {
    return this.#orders[0];
  }

  get size(): number {
    return this.#orders.length;
  }

  [Symbol.iterator](): Iterator<Order> {
    return this.#orders[Symbol.iterator]();
  }

  add(order: Order): void {
    this.#orders.splice(this.#indexOf(order), 0, order);
  }

  remove(order: Order): void {
    const index = this.#indexOf(order);
    if (this.#orders[index] === order) this.#orders.splice(index, 1);
  }

  /** Where the order is, or where it belongs. */
  #indexOf(order: Order): number {
    let low = 0;
    let high = this.#orders.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#orders[middle];
      if (other !== undefined && this.#before(other, order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #before(left: Order, right: Order): boolean {
    const leftPrice = this.#priceOf(left);
    const rightPrice = this.#priceOf(right);
    if (leftPrice !== null && rightPrice !== null) {
      const order = leftPrice.compare(rightPrice);
      if (order !== 0) return order * this.#direction < 0;
    }
    return left.priority < right.priority;
  }
}

const limitOf: PriceOf = (order) => order.limitPrice;
const stopOf: PriceOf = (order) => order.stopPrice;

export class Book {
  readonly buys = new SortedOrders(limitOf, "descending");
  readonly sells = new SortedOrders(limitOf, "ascending");
  readonly buyStops = new SortedOrders(stopOf, "ascending");
  readonly sellStops = new SortedOrders(stopOf, "descending");
  /** Trailing stops move their price with the market, so they are looked at one by one. */
  readonly trailing = new Set<Order>();
  /** Market orders that found less than they need and take from the next quote. */
  readonly marketable = new Set<Order>();

  add(order: Order): void {
    switch (order.place) {
      case "book":
        (order.side === "buy" ? this.buys : this.sells).add(order);
        return;
      case "marketable":
        this.marketable.add(order);
        return;
      case "trigger":
        if (order.type === "trailing_stop") this.trailing.add(order);
        else (order.side === "buy" ? this.buyStops : this.sellStops).add(order);
        return;
      case "none":
      case "queue":
    }
  }

  remove(order: Order): void {
    switch (order.place) {
      case "book":
        (order.side === "buy" ? this.buys : this.sells).remove(order);
        break;
      case "marketable":
        this.marketable.delete(order);
        break;
      case "trigger":
        if (order.type === "trailing_stop") this.trailing.delete(order);
        else (order.side === "buy" ? this.buyStops : this.sellStops).remove(order);
        break;
      case "none":
      case "queue":
    }
    order.place = "none";
  }
}
