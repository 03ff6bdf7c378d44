// The indexes over an account's orders: each answers one question of a decision without a scan.
import type { AccountBook } from "../book.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";

/**
 * Closed orders stay this long for facts that come right behind the end: a fill after the cancel, the
 * same report twice. A later one is loaded from the store, which costs a read and nothing else. The accounts of
 * a book share how many, since the collector marks them again and again; each has some.
 */
const CLOSED_KEPT_MS = 10 * 60_000;
const MAX_CLOSED_KEPT = 2_000;
const MIN_CLOSED_KEPT = 250;

/**
 * Lets go of what closed long ago, and of the oldest where there are too many for one of so many accounts. Never
 * in the middle of a batch: an order that one of its inputs names would be gone before that input is decided, and
 * the fill that it tells of would look foreign. So a batch may hold as many as its inputs name.
 */
export function forgetClosed(account: AccountBook, now: number, accounts: number): void {
  const most = Math.max(MIN_CLOSED_KEPT, Math.floor(MAX_CLOSED_KEPT / accounts));
  for (const [id, closedAt] of account.closed) {
    if (account.closed.size <= most && now - closedAt <= CLOSED_KEPT_MS) return;
    account.closed.delete(id);
    forget(account, id);
  }
}

export function indexOrder(
  account: AccountBook,
  before: OrderState | undefined,
  after: OrderState,
): void {
  account.orders.set(after.id, after);
  indexNames(account, before, after);
  if (isTerminal(after.status)) {
    if (before === undefined || !isTerminal(before.status)) close(account, after);
  } else {
    open(account, before, after);
  }
}

/** Marks what was sent before this process could hear the answers. */
export function awaitAnswers(account: AccountBook): void {
  for (const id of account.open) {
    const order = account.orders.get(id);
    if (order !== undefined && isUnanswered(order)) account.unanswered.add(id);
  }
}

/** Once the silence itself is noted, its symbol is frozen, and exits may pass. */
function isUnanswered({ status, acceptedAt, brokerOrderId, unresolved }: OrderState): boolean {
  return (
    status === "submitted" && acceptedAt === null && brokerOrderId === null && unresolved === null
  );
}

function open(account: AccountBook, before: OrderState | undefined, order: OrderState): void {
  const { id } = order;
  if (before === undefined || isTerminal(before.status)) {
    account.open.add(id);
    account.closed.delete(id);
    openOf(account, order.instrumentId).add(id);
    account.openByStrategy.opened(order);
  }
  account.held.follow(before, order);
  setMember(account.queued, id, order.hold?.reason === "rate_budget");
  setMember(account.turns, id, order.hold?.reason === "turn");
  if (!isUnanswered(order)) account.unanswered.delete(id);
  setMember(account.unsettled, id, order.pendingAction !== null || order.unresolved !== null);
  // Deleted first: a map keeps the place of a key that is only set again.
  account.heard.delete(id);
  account.heard.set(id, order.updatedAt);
}

function close(account: AccountBook, order: OrderState): void {
  const { id, instrumentId } = order;
  if (account.open.delete(id)) account.openByStrategy.closed(order);
  account.held.delete(order);
  account.queued.delete(id);
  account.turns.delete(id);
  account.unanswered.delete(id);
  account.unsettled.delete(id);
  account.heard.delete(id);
  const siblings = account.openByInstrument.get(instrumentId);
  siblings?.delete(id);
  if (siblings?.size === 0) account.openByInstrument.delete(instrumentId);
  account.closed.delete(id);
  account.closed.set(id, order.updatedAt);
}

/** Everything an order was ever called leads to it. */
function indexNames(
  account: AccountBook,
  before: OrderState | undefined,
  { id, reference, brokerOrderId, brokerOrderChain, pendingReplace }: OrderState,
): void {
  if (reference !== null && reference !== before?.reference) {
    account.byReference.set(reference, id);
  }
  if (pendingReplace !== null && pendingReplace !== before?.pendingReplace) {
    account.byReference.set(pendingReplace.reference, id);
  }
  if (brokerOrderId !== null && brokerOrderId !== before?.brokerOrderId) {
    account.byBrokerOrderId.set(brokerOrderId, id);
  }
  if (before === undefined) {
    for (const earlier of brokerOrderChain) account.byBrokerOrderId.set(earlier, id);
  }
}

function forget(account: AccountBook, id: OrderId): void {
  const order = account.orders.get(id);
  if (order === undefined) return;
  account.orders.delete(id);
  if (order.reference !== null) account.byReference.delete(order.reference);
  if (order.pendingReplace !== null) account.byReference.delete(order.pendingReplace.reference);
  if (order.brokerOrderId !== null) account.byBrokerOrderId.delete(order.brokerOrderId);
  for (const earlier of order.brokerOrderChain) account.byBrokerOrderId.delete(earlier);
}

function openOf(account: AccountBook, instrumentId: InstrumentId): Set<OrderId> {
  let found = account.openByInstrument.get(instrumentId);
  if (found === undefined) account.openByInstrument.set(instrumentId, (found = new Set()));
  return found;
}

function setMember(set: Set<OrderId>, id: OrderId, belongs: boolean): void {
  if (belongs) set.add(id);
  else set.delete(id);
}
