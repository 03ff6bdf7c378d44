// Reads everything that a reconciliation compares, in one go. The view is dated from before its first
// read, so that the core can tell which facts it may be missing.
import type { AccountBook } from "../domain/book.ts";
import type { BrokerOrderSnapshot, BrokerPosition, BrokerView } from "../domain/broker.ts";
import { Decimal } from "../domain/decimal.ts";
import type { BrokerOrderId, InstrumentId } from "../domain/ids.ts";
import { comparePositions, untoldOrders, withLegs } from "../domain/order/reconcile.ts";
import { withoutSettled, type Settled, type SettledOrder } from "../domain/order/settled.ts";
import {
  BrokerRefusesCredentials,
  type BrokerAccountPort,
  type CallOptions,
} from "../ports/broker.ts";
import { OVERLAP_MS, type LookBack } from "./look-back.ts";
import type { ReadTokens } from "./read-tokens.ts";

/** What filled so long after the look began is the next one's. */
const SLACK_MS = 5_000;
/** Pages of fills that are read without a rest: an ordinary look has one or two. */
const PAGES_AT_ONCE = 3;
/** Orders asked for one by one in one view; the rest have their turn in the next. */
const MAX_ASKED = 50;
/** Busts come within the hour, and the book of a day is settled at its end. */
const DOUBT_LOOK_BACK_MS = 24 * 60 * 60_000;
/** The newest orders of doubted instruments: each is loaded to be compared. */
const MAX_DOUBTED = 500;

export interface ViewRequest {
  readonly port: BrokerAccountPort;
  readonly account: AccountBook;
  readonly tokens: ReadTokens;
  readonly lookBack: LookBack;
  readonly now: number;
  readonly logSeq: number;
  /** Since when the stream may have told less than happened; null while it was whole. */
  readonly gapSince: number | null;
  readonly signal: AbortSignal;
  /** Those of the account's orders that are over: what is recorded of them. */
  settled(ids: readonly BrokerOrderId[]): Promise<readonly SettledOrder[]>;
  onUnreadable(raw: string, cause: string): void;
  /** Another request is made: the look goes on. */
  onRequest(): void;
  /** Lets others go first. */
  rest(): Promise<void>;
  /** Ends sooner: what is open now must not wait for a past of many pages. */
  readonly pastSignal: AbortSignal;
}

export interface ReadView {
  readonly view: BrokerView;
  /** False when the orders of the gap could not all be listed: it is as open as before. */
  readonly pastIsRead: boolean;
}

export async function readBrokerView(request: ViewRequest): Promise<ReadView> {
  const { port, account, now, logSeq } = request;
  const options = optionsOf(request);
  const [observed, openOrders, brokerNow] = await Promise.all([
    port.account(options),
    port.openOrders(options),
    port.time(options),
  ]);
  const askedOrders = await askForMissing(request, openOrders);
  const listed = await listPast(request, [...openOrders, ...askedOrders], brokerNow ?? now);
  const pastOrders = listed ?? [];
  const snapshots = [...openOrders, ...askedOrders, ...pastOrders];
  const { gapSince } = request;
  const since = request.lookBack.since(account, { snapshots, now, brokerNow, gapSince });
  const [executions, positions, activities] = await Promise.all([
    newExecutions(request, { since, until: (brokerNow ?? Number.POSITIVE_INFINITY) + SLACK_MS }),
    port.positions(options),
    port.activitiesSince(since, options),
  ]);
  const doubtedOrders = await askAboutDoubts(request, positions);
  const view = {
    ...{ at: now, brokerAt: brokerNow, logSeq, account: observed, openOrders, pastOrders },
    ...{ executions, positions, activities },
    askedOrders: [...askedOrders, ...doubtedOrders],
  };
  return { view, pastIsRead: listed !== null };
}

/** Each request is counted before it leaves: a list may have many pages. */
function optionsOf({ tokens, signal, onUnreadable, onRequest }: ViewRequest): CallOptions {
  const counted = (): void => {
    tokens.take();
    onRequest();
  };
  return { signal, onUnreadable, onRequest: counted };
}

/**
 * Page by page, each without what is settled: of a busy account nearly all is, and is let go at once. A long
 * list is read slowly, beside what is traded meanwhile.
 */
async function newExecutions(
  request: ViewRequest,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<BrokerView["executions"]> {
  const left: BrokerView["executions"][number][] = [];
  let pages = 0;
  for await (const page of request.port.executionsSince(since, optionsOf(request))) {
    left.push(...withoutSettled(page, await settledOf(request, page)));
    // The next look begins there: a list that grows while it is read has no other end.
    if ((page[0]?.executedAt ?? since) > until) break;
    pages += 1;
    if (pages >= PAGES_AT_ONCE) await request.rest();
  }
  return left;
}

/**
 * After a gap in the stream all orders placed in it, open or over: what others placed and ended meanwhile
 * is in no other list. Null when they could not all be had: the rest of the view is good without. An older order that ended in the gap is asked for by itself, or gone from the inbox.
 */
async function listPast(
  request: ViewRequest,
  shown: readonly BrokerOrderSnapshot[],
  brokerNow: number,
): Promise<readonly BrokerOrderSnapshot[] | null> {
  const { port, account, now, gapSince, signal, pastSignal } = request;
  if (gapSince === null) return [];
  const since = Math.min(gapSince, now, brokerNow) - OVERLAP_MS;
  let placed: readonly BrokerOrderSnapshot[];
  try {
    const until = AbortSignal.any([signal, pastSignal]);
    placed = await port.ordersSince(since, { ...optionsOf(request), signal: until });
  } catch (error: unknown) {
    if (error instanceof BrokerRefusesCredentials || signal.aborted) throw error;
    return null;
  }
  const ids = new Set([...withLegs(shown)].map(({ brokerOrderId }) => brokerOrderId));
  const settled = await settledOf(request, withLegs(placed));
  return untoldOrders(account, placed, { shown: ids, settled });
}

/**
 * Of orders that the book has forgotten; what it knows, it knows better. One of which a fill is parked is to
 * come back whole, and the fill with it.
 */
async function settledOf(
  { account, settled }: ViewRequest,
  named: Iterable<{ readonly brokerOrderId: BrokerOrderId | null }>,
): Promise<Settled> {
  const ids = new Set<BrokerOrderId>();
  for (const { brokerOrderId: id } of named) {
    const known = id === null ? undefined : account.byBrokerOrderId.get(id);
    if (id !== null && (known === undefined || !account.orders.has(known))) ids.add(id);
  }
  for (const { brokerOrderId: id } of account.parked.values()) if (id !== null) ids.delete(id);
  const found = ids.size === 0 ? [] : await settled([...ids]);
  return new Map(found.map((order) => [order.brokerOrderId, order]));
}

/**
 * A position that was doubted and still differs may be a fill that the broker took back without our
 * hearing of it: its orders tell, those that are over too.
 */
async function askAboutDoubts(
  request: ViewRequest,
  positions: readonly BrokerPosition[],
): Promise<readonly BrokerOrderSnapshot[]> {
  const { port, account, now } = request;
  if (port.traits.showsWhatCounts !== true || account.suspected.size === 0) return [];
  const ours = (id: InstrumentId) => account.positions.net(id)?.quantity ?? Decimal.ZERO;
  const doubted = new Set<InstrumentId>();
  for (const { instrumentId } of comparePositions(account, positions, ours)) {
    if (account.suspected.has(instrumentId)) doubted.add(instrumentId);
  }
  if (doubted.size === 0) return [];
  const orders = await port.ordersSince(now - DOUBT_LOOK_BACK_MS, optionsOf(request));
  return orders
    .filter(({ instrumentId }) => instrumentId !== null && doubted.has(instrumentId))
    .slice(-MAX_DOUBTED);
}

/** Orders that we believe open and the broker did not list: each is asked for by itself. */
async function askForMissing(
  request: ViewRequest,
  openOrders: readonly BrokerOrderSnapshot[],
): Promise<readonly BrokerOrderSnapshot[]> {
  const { port, account, tokens } = request;
  const listed = new Set<BrokerOrderId>();
  for (const order of openOrders) {
    listed.add(order.brokerOrderId);
    for (const leg of order.legs) listed.add(leg.brokerOrderId);
  }
  const asked: BrokerOrderSnapshot[] = [];
  for (const id of account.open) {
    const brokerOrderId = account.orders.get(id)?.brokerOrderId ?? null;
    if (brokerOrderId === null || listed.has(brokerOrderId)) continue;
    if (asked.length >= MAX_ASKED || tokens.left() <= 0) break;
    const found = await port.findById(brokerOrderId, optionsOf(request));
    if (found.result === "found") asked.push(found.snapshot);
  }
  return asked;
}
