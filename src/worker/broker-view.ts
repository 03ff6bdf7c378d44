// Reads everything that a reconciliation compares, in one go. The view is dated from before its first
// read, so that the core can tell which facts it may be missing.
import type { AccountBook } from "../domain/book.ts";
import type { BrokerOrderSnapshot, BrokerView } from "../domain/broker.ts";
import type { BrokerOrderId } from "../domain/ids.ts";
import type { BrokerAccountPort } from "../ports/broker.ts";
import type { RateBudget } from "./rate-budget.ts";

/** Read again before the last view, for clocks that differ and facts that came late. */
const OVERLAP_MS = 5 * 60_000;
/** Orders asked for one by one in one view; the rest have their turn in the next. */
const MAX_ASKED = 50;
const READS = 5;

export interface ViewRequest {
  readonly port: BrokerAccountPort;
  readonly account: AccountBook;
  readonly budget: RateBudget;
  readonly now: number;
  readonly signal: AbortSignal;
}

export async function readBrokerView(request: ViewRequest): Promise<BrokerView> {
  const { port, account, budget, now, signal } = request;
  const options = { signal };
  budget.take(READS, now);
  // First contact looks at what is there now; its past is the opening balance.
  const since = (account.equity?.at ?? now) - OVERLAP_MS;
  const [observed, openOrders, executions, positions, activities] = await Promise.all([
    port.account(options),
    port.openOrders(options),
    port.executionsSince(since, options),
    port.positions(options),
    port.activitiesSince(since, options),
  ]);
  const askedOrders = await askForMissing(request, openOrders);
  return { at: now, account: observed, openOrders, askedOrders, executions, positions, activities };
}

/** Orders that we believe open and the broker did not list: each is asked for by itself. */
async function askForMissing(
  { port, account, budget, now, signal }: ViewRequest,
  openOrders: readonly BrokerOrderSnapshot[],
): Promise<readonly BrokerOrderSnapshot[]> {
  const listed = new Set<BrokerOrderId>();
  for (const order of openOrders) {
    listed.add(order.brokerOrderId);
    for (const leg of order.legs) listed.add(leg.brokerOrderId);
  }
  const asked: BrokerOrderSnapshot[] = [];
  for (const id of account.open) {
    const brokerOrderId = account.orders.get(id)?.brokerOrderId ?? null;
    if (brokerOrderId === null || listed.has(brokerOrderId)) continue;
    if (asked.length >= MAX_ASKED || budget.forUrgent(now) <= 0) break;
    budget.take(1, now);
    const found = await port.findById(brokerOrderId, { signal });
    if (found.result === "found") asked.push(found.snapshot);
  }
  return asked;
}
