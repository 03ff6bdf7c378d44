// Compares what an account believes with what its broker shows: pure, a view in, findings out. What is
// done about a finding is decided elsewhere (decide/view.ts); nothing is invented here.
import type { AccountBook, SuspectedDifference } from "../book.ts";
import type { BrokerOrderSnapshot, BrokerPosition, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import { isAhead } from "../elapsed.ts";
import type { BrokerOrderId, InstrumentId } from "../ids.ts";
import { agrees } from "./restated.ts";
import { isSettledAs, type Settled } from "./settled.ts";
import { bookedIn, executionsIn } from "./shown.ts";
import type { OrderState } from "./state.ts";
import { isTerminal } from "./status.ts";

/** A fact younger than this is on its way by the stream: that we lack it is no difference yet. */
export const FRESH_MS = 5_000;
/** A position difference has to hold this long before it is believed. */
const CONFIRM_AFTER_MS = 2_000;
/** And a suspicion older than this is about something else. */
export const SUSPICION_MAX_MS = 15 * 60_000;

export interface PositionDifference {
  readonly instrumentId: InstrumentId;
  readonly ours: Decimal;
  readonly theirs: Decimal;
  readonly averagePrice: Decimal | null;
}

/**
 * Every instrument of which the two sides hold different quantities. `ours` counts what is decided; what
 * is another's counts with it, since the broker shows both together.
 */
export function comparePositions(
  account: Pick<AccountBook, "positions"> & {
    readonly others: ReadonlyMap<InstrumentId, Decimal>;
  },
  positions: readonly BrokerPosition[],
  ours: (instrumentId: InstrumentId) => Decimal,
): readonly PositionDifference[] {
  const theirs = new Map<InstrumentId, BrokerPosition>();
  for (const position of positions) {
    if (position.instrumentId !== null) theirs.set(position.instrumentId, position);
  }
  const ids = new Set(theirs.keys());
  for (const { instrumentId } of account.positions.open()) ids.add(instrumentId);
  for (const instrumentId of account.others.keys()) ids.add(instrumentId);
  const differences: PositionDifference[] = [];
  for (const instrumentId of ids) {
    const shown = theirs.get(instrumentId);
    const quantity = shown?.quantity ?? Decimal.ZERO;
    const known = ours(instrumentId).plus(account.others.get(instrumentId) ?? Decimal.ZERO);
    if (known.eq(quantity)) continue;
    differences.push({
      instrumentId,
      ours: known,
      theirs: quantity,
      averagePrice: shown?.averagePrice ?? null,
    });
  }
  return differences;
}

/**
 * Whether the view can say anything about the position in an instrument: not when it was begun before
 * the last fill (ml4t/live#68), nor while a send there is unanswered.
 */
export function saysSomethingAbout(
  account: AccountBook,
  instrumentId: InstrumentId,
  view: Pick<BrokerView, "logSeq">,
): boolean {
  if (filledBehind(account, instrumentId, view.logSeq)) return false;
  for (const id of account.openByInstrument.get(instrumentId) ?? []) {
    const order = account.orders.get(id);
    if (order === undefined) continue;
    if (order.status === "submitted" || order.unresolved !== null) return false;
  }
  return true;
}

/** Whether a fill was booked behind that place of the log. By its place: a clock may have jumped. */
export function filledBehind(
  account: Pick<AccountBook, "lastFill">,
  instrumentId: InstrumentId,
  seq: number,
): boolean {
  return (account.lastFill.get(instrumentId)?.seq ?? 0) > seq;
}

/** When the broker was read, and when the reading is judged. */
export interface Looked {
  readonly viewAt: number;
  readonly now: number;
}

export type Suspicion = "confirmed" | "new" | "waiting";

/** A suspicion that a person may still decide about: nothing was filled since, and it is not old. */
export function standingSuspicion(
  account: AccountBook,
  instrumentId: InstrumentId,
  now: number,
): SuspectedDifference | null {
  const found = account.suspected.get(instrumentId);
  if (found === undefined || filledBehind(account, instrumentId, found.seq)) return null;
  return now - found.at > SUSPICION_MAX_MS ? null : found;
}

/** What a difference is: seen before and still there, new, or too young to tell. */
export function judgeDifference(
  account: AccountBook,
  { instrumentId, ours, theirs }: PositionDifference,
  { viewAt, now }: Looked,
): Suspicion {
  const before = account.suspected.get(instrumentId);
  if (before === undefined || !before.difference.eq(theirs.minus(ours))) return "new";
  if (isAhead(before.at, now)) return "new";
  const age = viewAt - before.at;
  if (filledBehind(account, instrumentId, before.seq) || age > SUSPICION_MAX_MS) return "new";
  return age >= CONFIRM_AFTER_MS ? "confirmed" : "waiting";
}

/** Open orders that the broker must have, and that the view does not show. */
export function missingFrom(account: AccountBook, view: BrokerView): readonly OrderState[] {
  const shown = new Set<BrokerOrderId>();
  for (const snapshot of eachSnapshot(view)) shown.add(snapshot.brokerOrderId);
  const missing: OrderState[] = [];
  for (const id of account.open) {
    const order = account.orders.get(id);
    if (order === undefined || order.brokerOrderId === null) continue;
    if (!shown.has(order.brokerOrderId) && order.updatedAt < view.at) missing.push(order);
  }
  return missing;
}

type Listed = Pick<BrokerView, "openOrders" | "askedOrders" | "pastOrders">;

/** Orders and their legs, each once. */
export function eachSnapshot(view: Listed): Generator<BrokerOrderSnapshot> {
  return withLegs([...view.openOrders, ...view.askedOrders, ...view.pastOrders]);
}

export function* withLegs(orders: readonly BrokerOrderSnapshot[]): Generator<BrokerOrderSnapshot> {
  for (const order of orders) {
    yield order;
    yield* order.legs;
  }
}

/**
 * Of all orders placed in a gap of the stream those that tell something: not what is open (it is listed
 * as such), what ended before the first contact, what is known to be gone, or what is booked to its end.
 */
export function untoldOrders(
  account: AccountBook,
  placed: readonly BrokerOrderSnapshot[],
  { shown, settled }: { readonly shown: ReadonlySet<BrokerOrderId>; readonly settled: Settled },
): readonly BrokerOrderSnapshot[] {
  const { firstContactAt } = account;
  if (firstContactAt === null) return [];
  const isNew = (order: BrokerOrderSnapshot): boolean =>
    !shown.has(order.brokerOrderId) &&
    order.updatedAt > firstContactAt &&
    !isSettledAs(settled, order) &&
    tells(account, order);
  return placed.filter((order) => [...withLegs([order])].some(isNew));
}

function tells(account: AccountBook, snapshot: BrokerOrderSnapshot): boolean {
  const { brokerOrderId, filledQuantity } = snapshot;
  const id = account.byBrokerOrderId.get(brokerOrderId);
  const order = id === undefined ? undefined : account.orders.get(id);
  if (order === undefined) return !account.goneExternal.has(brokerOrderId);
  const isCurrent = brokerOrderId === order.brokerOrderId;
  if (isCurrent && !isTerminal(order.status)) return true;
  if (!bookedIn(order, snapshot).eq(filledQuantity)) return true;
  // A correction of the price alone moves no shares: nothing but the order's average shows it.
  const counting = executionsIn(order, snapshot);
  return counting !== null && !agrees(counting, snapshot);
}
