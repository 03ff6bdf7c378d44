// Sorts orders by what became of them after a stop.
import type { Command, Order } from "../api/answers.ts";

export interface Fates {
  readonly cancelled: readonly Order[];
  readonly filled: readonly Order[];
  /** Not told yet, or being cancelled. */
  readonly between: readonly Order[];
  readonly open: readonly Order[];
  readonly other: readonly Order[];
}

export function isBetween(order: Order): boolean {
  return fateOf(order) === "between";
}

/**
 * Only then may anyone say what is left: the worker has answered every command of the stop, and the orders,
 * read after that, wait for nothing. Before the first an order that is about to be cancelled looks at rest.
 */
export function isSettled(
  commands: readonly Pick<Command, "result">[],
  orders: readonly Order[],
): boolean {
  return commands.every(({ result }) => result !== null) && !orders.some(isBetween);
}

export function sortOut(orders: readonly Order[]): Fates {
  const fates: Record<keyof Fates, Order[]> = {
    cancelled: [],
    filled: [],
    between: [],
    open: [],
    other: [],
  };
  for (const order of orders) fates[fateOf(order)].push(order);
  return fates;
}

function fateOf({ status, pending_action: action, unresolved, hold }: Order): keyof Fates {
  if (status === "cancelled" || status === "filled") return status;
  if (status === "rejected" || status === "expired") return "other";
  if (unresolved !== null || action !== null || status === "submitted") return "between";
  return status === "pending" && hold === null ? "between" : "open";
}
