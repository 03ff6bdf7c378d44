// Reads a ledger back into the world: the last line about each thing wins, and what follows from the
// rest (books, holds, groups, totals) is worked out again.
import { Decimal } from "../../domain/decimal.ts";
import type { Account } from "../core/account.ts";
import { openOrders, revalue } from "../core/account.ts";
import { position } from "../core/holds.ts";
import type { Order } from "../core/order.ts";
import { isClosed, isClosedStatus } from "../core/order.ts";
import type { OrderRecord } from "../core/order-record.ts";
import { readOrder } from "../core/order-record.ts";
import type { OrderNames } from "../core/order-store.ts";
import type { World } from "../core/world.ts";
import type { Exchange } from "../exchange.ts";
import type { AccountRecord, Line, MarkRecord, PositionRecord } from "./records.ts";
import { readEntry, readExecution } from "./records.ts";

/** An order that nothing refers to any more stays the text it was written as. */
interface EndedOrder extends OrderNames {
  readonly text: string;
}

/** What the lines add up to. */
export interface Contents {
  readonly accounts: Map<string, AccountRecord>;
  readonly positions: Map<string, PositionRecord>;
  readonly orders: Map<string, OrderRecord | EndedOrder>;
  prices: Readonly<Record<string, string>>;
  mark: MarkRecord;
  lines: number;
}

export function noContents(): Contents {
  return {
    accounts: new Map(),
    positions: new Map(),
    orders: new Map(),
    prices: {},
    mark: { ids: 0, micros: 0 },
    lines: 0,
  };
}

export function takeLine(contents: Contents, world: World, line: Line, text: string): void {
  contents.lines += 1;
  if ("o" in line) contents.orders.set(line.o.id, isOver(line.o) ? ended(line.o, text) : line.o);
  else if ("x" in line) world.executions.add(readExecution(line.x));
  else if ("e" in line) world.entries.put(readEntry(line.e));
  else if ("q" in line) contents.positions.set(`${line.q.account}/${line.q.symbol}`, line.q);
  else if ("a" in line) contents.accounts.set(line.a.id, line.a);
  else if ("m" in line) contents.mark = line.m;
  else contents.prices = line.p;
}

function isOver({ status, groupId }: OrderRecord): boolean {
  return groupId === null && isClosedStatus(status);
}

/** The line is `{"o":…}`: the order is what stands inside. */
function ended(
  { id, accountId, clientOrderId, submittedAt }: OrderRecord,
  line: string,
): EndedOrder {
  return { id, accountId, clientOrderId, submittedAt, text: line.slice('{"o":'.length, -1) };
}

function restoreAccount(world: World, record: AccountRecord): void {
  const account: Account = {
    ...record,
    cash: Decimal.of(record.cash),
    lastEquity: Decimal.of(record.lastEquity),
    positions: new Map(),
    reserved: Decimal.ZERO,
    open: new Map(),
    longStock: Decimal.ZERO,
    shortStock: Decimal.ZERO,
    crypto: Decimal.ZERO,
  };
  world.accounts.set(account.id, account);
}

function restorePosition(world: World, record: PositionRecord): void {
  const quantity = Decimal.of(record.quantity);
  if (quantity.isZero()) return;
  const account = world.account(record.account);
  const found = position(world, account, record.symbol);
  found.quantity = quantity;
  found.costBasis = Decimal.of(record.cost);
  revalue(account, found, world.quotes.get(record.symbol)?.last ?? Decimal.ZERO);
}

function restoreHolds(world: World, order: Order): void {
  const account = world.account(order.accountId);
  if (order.reserved.isZero() && order.holding.isZero()) return;
  openOrders(account, order.asset.symbol)[order.side].add(order);
  if (!order.holding.isZero()) {
    const held = position(world, account, order.asset.holding);
    held.held = held.held.plus(order.holding);
  }
  if (order.reserved.isZero()) return;
  if (order.asset.paidIn === "USD") account.reserved = account.reserved.plus(order.reserved);
  else {
    const coin = position(world, account, order.asset.paidIn);
    coin.held = coin.held.plus(order.reserved);
  }
}

function restoreGroup(world: World, order: Order): void {
  if (order.groupId === null || order.role === null || order.orderClass === "simple") return;
  let group = world.groups.get(order.groupId);
  if (group === undefined) {
    group = { id: order.groupId, kind: order.orderClass, members: {} };
    world.groups.set(group.id, group);
  }
  const present = group.members[order.role];
  // A replacement has taken the place of what it replaced.
  if (present === undefined || present.status === "replaced") group.members[order.role] = order;
}

/** Puts an open order back to where it waited, or sends it on where it was going. */
function restorePlace(world: World, order: Order): void {
  if (order.place === "queue") world.queue.add(order);
  else if (order.place !== "none") world.book(order.asset.symbol).add(order);
  if (order.status === "pending_cancel") world.schedule("finish_cancel", order, 0);
  else if (order.status === "pending_replace") {
    const next = order.replacedBy === null ? undefined : world.orders.get(order.replacedBy);
    if (next !== undefined) world.schedule("finish_replace", next, 0);
  } else if (
    order.place === "none" &&
    order.status !== "held" &&
    !isWaitingReplacement(world, order)
  ) {
    world.schedule("route", order, 0);
  }
}

function isWaitingReplacement(world: World, order: Order): boolean {
  if (order.replaces === null) return false;
  return world.orders.get(order.replaces)?.status === "pending_replace";
}

export function restore(exchange: Exchange, contents: Contents): void {
  const { world } = exchange.engine;
  exchange.ids.skipTo(contents.mark.ids);
  world.stampAfter(contents.mark.micros);
  exchange.restorePrices(contents.prices);
  for (const record of contents.accounts.values()) restoreAccount(world, record);
  for (const record of contents.positions.values()) restorePosition(world, record);
  const open: Order[] = [];
  for (const record of contents.orders.values()) {
    if ("text" in record) {
      world.orders.addText(record, record.text);
      continue;
    }
    const order = readOrder(record, world.assets);
    world.orders.add(order);
    restoreGroup(world, order);
    if (isClosed(order)) continue;
    restoreHolds(world, order);
    open.push(order);
  }
  for (const order of open) restorePlace(world, order);
  exchange.engine.resume(exchange.clock.now());
}
