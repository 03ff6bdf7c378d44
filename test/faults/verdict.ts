// What must hold once everything has come to rest: between what was acknowledged, what our tables say
// and what the exchange's own ledger holds, compared by broker reference.
import type { Acknowledged, Bots } from "./bots.ts";
import type { House } from "./house.ts";
import {
  readCorrections,
  readDecidedTwice,
  readOrders,
  readPositions,
  readSignals,
  readUndecided,
  type OrderRow,
  type SignalRow,
} from "./record.ts";
import type { VenueOrder } from "./venue.ts";

export interface Verdict {
  readonly signals: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** All that is wrong besides. */
  readonly wrong: readonly string[];
  /** Signals and orders that were refused, by code. */
  readonly refused: ReadonlyMap<string, number>;
  /** From the 202 to the exchange's ledger, by signal. */
  readonly pauses: ReadonlyMap<string, number>;
  /** The same of orders whose fate was unknown for a while: nothing is sent before it is known. */
  readonly uncertain: ReadonlyMap<string, number>;
}

/**
 * What a sender earns that trades on while an order's fate is open: its symbol is held, what it sells is not there
 * yet, its own order works on the other side. And what waited too long does not trade, nor what had no
 * price while nobody answered, nor what a cut link swallowed on its way.
 */
const EXPECTED_REFUSALS: ReadonlySet<string> = new Set([
  "symbol_frozen",
  "short_not_allowed",
  "wash_trade",
  "stale_signal",
  "no_reference_price",
  "never_arrived",
]);
const POISON = "poison";
const STATUS: Readonly<Record<string, string>> = { canceled: "cancelled" };

export async function judge(house: House, bots: Bots): Promise<Verdict> {
  const [signals, orders, twice, positions, corrections, undecided, theirs, held] =
    await Promise.all([
      readSignals(house),
      readOrders(house),
      readDecidedTwice(house),
      readPositions(house),
      readCorrections(house),
      readUndecided(house),
      house.venue.orders(),
      house.venue.positions(),
    ]);
  const evidence = { bots: bots.acknowledged, signals, orders, theirs };
  return {
    signals: bots.acknowledged.length,
    lost: [...lost(evidence), ...undecided.map(({ id }) => `command ${id} was never decided`)],
    doubled: [...twice.map(({ id }) => `${id} was decided twice`), ...doubled(evidence)],
    wrong: [
      ...bots.problems,
      ...wrongCancels(bots.cancelled, orders),
      ...wrongOrders(evidence),
      ...wrongOrder(evidence),
      ...wrongArrivals(evidence),
      ...wrongPositions(positions, held),
      ...wrongRefusals(evidence),
      ...corrections.map(({ told, story }) => `a reconciliation changed ${told}: ${story}`),
    ],
    refused: refusals(evidence),
    pauses: pausesOf(evidence, false),
    uncertain: pausesOf(evidence, true),
  };
}

interface Evidence {
  readonly bots: readonly Acknowledged[];
  readonly signals: readonly SignalRow[];
  readonly orders: readonly OrderRow[];
  readonly theirs: readonly VenueOrder[];
}

/** Acknowledged, and without one end that explains itself. */
function lost({ bots, signals, orders }: Evidence): string[] {
  const rows = new Map(signals.map((row) => [row.id, row]));
  const open = new Map(orders.filter(({ closed }) => !closed).map((order) => [order.id, order]));
  return bots.flatMap(({ key, id }) => {
    const row = rows.get(id);
    if (row === undefined) return [`${key} (${id}) was acknowledged and is not in the record`];
    if (row.outcome === null) return [`${key} (${id}) was never decided`];
    const waiting = row.order_ids?.find((order) => open.has(order));
    if (waiting === undefined) return [];
    return [`${key}: its order ${waiting} is still ${open.get(waiting)?.status ?? ""}`];
  });
}

function doubled({ bots, signals, orders, theirs }: Evidence): string[] {
  const found: string[] = [];
  const known = new Set(bots.map(({ id }) => id));
  if (known.size !== bots.length) found.push("two keys were answered with one signal");
  for (const { id } of signals) {
    if (!known.has(id)) found.push(`${id} is in the record and was never acknowledged`);
  }
  const bySignal = new Map(signals.map((row) => [row.id, row.order_ids?.length ?? 0]));
  for (const [signal, count] of countBy(orders, ({ signal_id: id }) => id)) {
    const named = bySignal.get(signal);
    if (named !== count) found.push(`${signal} names ${named ?? 0} orders and has ${count}`);
  }
  for (const [name, count] of countBy(theirs, (order) => `${order.key} ${order.client_order_id}`)) {
    if (count > 1) found.push(`the exchange holds ${count} orders ${name}`);
  }
  return found;
}

/** One order at the exchange for each that an outcome names there, none for the rest, and none besides. */
function wrongOrders({ orders, theirs }: Evidence): string[] {
  const wrong: string[] = [];
  const at = new Map(theirs.map((order) => [`${order.key} ${order.client_order_id}`, order]));
  for (const order of orders) {
    const name = `${order.account_id} ${order.reference ?? ""}`;
    const there = at.get(name);
    at.delete(name);
    if (there === undefined) {
      if (order.broker_order_id !== null) wrong.push(`${order.id} is not at the exchange`);
    } else if (order.broker_order_id !== there.id) {
      wrong.push(`${order.id} is ${there.id} at the exchange, not ${order.broker_order_id ?? "-"}`);
    } else if ((STATUS[there.status] ?? there.status) !== order.status) {
      wrong.push(`${order.id} is ${order.status} here and ${there.status} at the exchange`);
    } else if (Number(there.filled_qty) !== Number(order.filled_qty)) {
      wrong.push(`${order.id}: ${order.filled_qty} filled here, ${there.filled_qty} there`);
    }
  }
  for (const name of at.keys()) wrong.push(`the exchange holds ${name}, which we do not know`);
  return wrong;
}

/** Nobody trades at the price of an order that rests: it ends by its cancel, or was never placed. */
function wrongCancels(cancelled: readonly string[], orders: readonly OrderRow[]): string[] {
  const rows = new Map(orders.map((order) => [order.id, order]));
  return cancelled.flatMap((id) => {
    const order = rows.get(id);
    const isOver = order?.status === "cancelled" || order?.status === "rejected";
    return isOver ? [] : [`the cancel of ${id} left it ${order?.status ?? "unknown"}`];
  });
}

function refusals({ signals, orders }: Evidence): Map<string, number> {
  return countBy([...signals, ...orders], ({ reject_code: code }) => code);
}

/** A refusal is an end too: it must be one that a fault gives reason for, and poison only what was damaged. */
function wrongRefusals(evidence: Evidence): string[] {
  const unexpected = [...refusals(evidence)].flatMap(([code, count]) =>
    code === POISON || EXPECTED_REFUSALS.has(code) ? [] : [`${count} were refused by ${code}`],
  );
  const { signals, orders } = evidence;
  const mistaken = signals.flatMap(({ id, damaged, reject_code: code }) =>
    (code === POISON) === damaged ? [] : [`${id} was ${damaged ? "not " : ""}taken for poison`],
  );
  const innocent = orders.filter(({ reject_code: code }) => code === POISON);
  return [...unexpected, ...mistaken, ...innocent.map(({ id }) => `${id} was taken for poison`)];
}

/** What was answered before another was posted is numbered and decided before it. */
function wrongOrder({ bots, signals }: Evidence): string[] {
  const asked = new Map(bots.map((each) => [each.id, each]));
  const wrong: string[] = [];
  for (const rows of groupBy(signals, ({ partition }) => partition).values()) {
    let [lastSeq, lastPosted] = [0, 0];
    for (const { id, seq } of rows.toSorted((left, right) => left.number - right.number)) {
      if (seq !== null && seq < lastSeq) wrong.push(`${id} was decided before its predecessor`);
      lastSeq = Math.max(lastSeq, seq ?? 0);
      const { answeredAt = Infinity, postedAt = 0 } = asked.get(id) ?? {};
      if (answeredAt < lastPosted) wrong.push(`${id} stands behind one that was posted later`);
      lastPosted = Math.max(lastPosted, postedAt);
    }
  }
  return wrong;
}

/** Orders of one symbol reach the exchange in the order of their intents, those in trouble apart. */
function wrongArrivals({ orders, theirs }: Evidence): string[] {
  const ours = new Map(
    orders.map((order) => [`${order.account_id} ${order.reference ?? ""}`, order]),
  );
  const wrong: string[] = [];
  for (const arrivals of groupBy(theirs, ({ key, symbol }) => `${key} ${symbol}`).values()) {
    let last: OrderRow | null = null;
    for (const { key, client_order_id: reference } of arrivals) {
      const order = ours.get(`${key} ${reference}`);
      if (order === undefined || order.troubled) continue;
      if ((order.intended_seq ?? 0) < (last?.intended_seq ?? 0)) {
        wrong.push(`${told(order)} reached the exchange after ${told(last)}`);
      } else last = order;
    }
  }
  return wrong;
}

const told = (order: OrderRow | null): string => `${order?.id ?? ""} (${order?.story ?? ""})`;

function wrongPositions(
  ours: readonly { place: string; qty: string }[],
  theirs: ReadonlyMap<string, string>,
): string[] {
  const held = new Map(ours.map(({ place, qty }) => [place, Number(qty)]));
  return [...new Set([...held.keys(), ...theirs.keys()])].flatMap((place) => {
    const [here, there] = [held.get(place) ?? 0, Number(theirs.get(place) ?? 0)];
    return here === there ? [] : [`${place}: ${here} held here and ${there} at the exchange`];
  });
}

function pausesOf(
  { bots, orders, theirs }: Evidence,
  isTroubled: boolean,
): ReadonlyMap<string, number> {
  const answered = new Map(bots.map(({ id, answeredAt }) => [id, answeredAt]));
  const arrived = new Map(
    theirs.map((order) => [
      `${order.key} ${order.client_order_id}`,
      new Date(order.submitted_at).getTime(),
    ]),
  );
  const pauses = new Map<string, number>();
  for (const { account_id: account, reference, signal_id: signal, troubled } of orders) {
    if (troubled !== isTroubled) continue;
    const from = signal === null ? undefined : answered.get(signal);
    const to = arrived.get(`${account} ${reference ?? ""}`);
    if (signal !== null && from !== undefined && to !== undefined) pauses.set(signal, to - from);
  }
  return pauses;
}

function countBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
