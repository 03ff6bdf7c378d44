// What an input names that is no longer in the book, closed orders and adjustments: the shell loads it first.
import type { AccountBook, Book, Input } from "../book.ts";
import { namesOfEntry } from "./activity.ts";
import type { BrokerOrderSnapshot, BrokerReport, BrokerView, CallOutcome } from "../broker.ts";
import type { Command, CommandRequest } from "../command.ts";
import type { AccountId, BrokerOrderId, BrokerReference, OrderId } from "../ids.ts";
import { eachSnapshot } from "../order/reconcile.ts";
import type { UnreadableCommand } from "../unreadable.ts";

export interface NamesNeeded {
  readonly accountId: AccountId;
  readonly ids: readonly OrderId[];
  readonly references: readonly BrokerReference[];
  readonly brokerOrderIds: readonly BrokerOrderId[];
  /** Ids under which something may have been counted. */
  readonly adjustments: readonly string[];
}

export function namesNeeded(book: Book, input: Input): NamesNeeded | null {
  switch (input.kind) {
    case "signal":
      return null;
    case "command":
      return namesOfCommand(book, input.command);
    case "report":
      return inAccount(book, input.report.accountId, (names) => namesOfReport(names, input.report));
    case "outcome":
      return inAccount(book, input.accountId, (names) => namesOfOutcome(names, input.outcome));
    case "view":
      return inAccount(book, input.accountId, (names) => namesOfView(names, input.view));
    case "tick":
      return inAccount(book, input.accountId, namesOfHeld);
  }
}

function namesOfCommand(book: Book, command: Command | UnreadableCommand): NamesNeeded | null {
  if ("unreadable" in command) return null;
  const { accountId, request } = command;
  return inAccount(book, accountId, (names) => namesOfRequest(names, request));
}

function inAccount(
  book: Book,
  accountId: AccountId,
  collect: (names: Names) => void,
): NamesNeeded | null {
  const account = book.accounts.get(accountId);
  if (account === undefined) return null;
  const names = new Names(account);
  collect(names);
  return names.needed();
}

/** Collects what the book does not know; a stranger seen before stays a stranger. */
class Names {
  readonly account: AccountBook;
  readonly #ids = new Set<OrderId>();
  readonly #references = new Set<BrokerReference>();
  readonly #brokerOrderIds = new Set<BrokerOrderId>();
  readonly #adjustments = new Set<string>();

  constructor(account: AccountBook) {
    this.account = account;
  }

  id(id: OrderId): void {
    if (!this.account.orders.has(id)) this.#ids.add(id);
  }

  broker(brokerOrderId: BrokerOrderId | null, reference: BrokerReference | null): void {
    const { byBrokerOrderId, byReference, external, orders } = this.account;
    if (brokerOrderId !== null && byBrokerOrderId.has(brokerOrderId)) return;
    if (brokerOrderId !== null && external.has(brokerOrderId)) return;
    // A reference that an order had before a change of it is known longer than the order is in the book.
    const known = reference === null ? undefined : byReference.get(reference);
    if (known !== undefined && orders.has(known)) return;
    if (brokerOrderId !== null) this.#brokerOrderIds.add(brokerOrderId);
    if (reference !== null) this.#references.add(reference);
  }

  adjustment(id: string): void {
    if (!this.account.adjustments.has(id)) this.#adjustments.add(id);
  }

  needed(): NamesNeeded | null {
    const orders = this.#ids.size + this.#references.size + this.#brokerOrderIds.size;
    if (orders + this.#adjustments.size === 0) return null;
    return {
      accountId: this.account.account.id,
      ids: [...this.#ids],
      references: [...this.#references],
      brokerOrderIds: [...this.#brokerOrderIds],
      adjustments: [...this.#adjustments],
    };
  }
}

function namesOfRequest(names: Names, request: CommandRequest): void {
  if ("orderId" in request) names.id(request.orderId);
}

function namesOfReport(names: Names, report: BrokerReport): void {
  names.broker(report.brokerOrderId, report.reference);
  if (report.snapshot !== null) namesOfLegs(names, report.snapshot);
}

function namesOfOutcome(names: Names, { orderId, outcome }: CallOutcome): void {
  names.id(orderId);
  if ("snapshot" in outcome && outcome.snapshot !== null) namesOfLegs(names, outcome.snapshot);
}

/** A leg that ended before the book was loaded is known all the same: registered again it would be two. */
function namesOfLegs(names: Names, { legs }: BrokerOrderSnapshot): void {
  for (const { brokerOrderId, reference } of legs) names.broker(brokerOrderId, reference);
}

function namesOfView(names: Names, view: BrokerView): void {
  const { executions } = view;
  for (const order of eachSnapshot(view)) names.broker(order.brokerOrderId, order.reference);
  // Before the first contact there are no orders of ours. By a clock that was ahead then, what came after it
  // may look older, so its instant says nothing.
  const since = names.account.firstContactAt;
  if (since === null) return;
  for (const { id, brokerOrderId, executedAt } of executions) {
    if (!names.account.parked.has(id)) names.broker(brokerOrderId, null);
    // A fill of an order that the book has is that order's, whatever else it may be.
    const isOfOrder = brokerOrderId !== null && names.account.byBrokerOrderId.has(brokerOrderId);
    if (!isOfOrder && executedAt > since) names.adjustment(id);
  }
  for (const activity of view.activities) {
    for (const id of namesOfEntry(activity, since)) names.adjustment(id);
  }
}

/** What held orders wait for: whether the first half of a flip filled decides about the second. */
function namesOfHeld(names: Names): void {
  for (const id of names.account.held.followers) {
    for (const predecessor of names.account.orders.get(id)?.waitsFor ?? []) names.id(predecessor);
  }
}
