// The books of both sides side by side: what each account holds, what it cost, what was paid, and every
// order under all the names it had, to the last decimal.
import { Decimal } from "../../../src/domain/decimal.ts";
import type { BrokerOrderId, OrderId } from "../../../src/domain/ids.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import type { Account as TheirAccount } from "../../../src/exchange/core/account.ts";
import type { Order, OrderStatus } from "../../../src/exchange/core/order.ts";
import { OPENING_CASH } from "../../../src/exchange/exchange.ts";
import { ACCOUNTS, type House } from "./house.ts";
import { CASH, type Venue } from "./venue.ts";

/** How Fillstream calls the exchange's states; the rest of them are no state to be at rest in. */
const OURS: Partial<Record<OrderStatus, OrderState["status"]>> = {
  accepted: "accepted",
  pending_new: "accepted",
  new: "accepted",
  held: "accepted",
  pending_cancel: "accepted",
  partially_filled: "partially_filled",
  filled: "filled",
  canceled: "cancelled",
  expired: "expired",
  rejected: "rejected",
};
const MAX_SHOWN = 12;

export function differences(house: House, venue: Venue): readonly string[] {
  const found: string[] = [];
  const ours = ordersByBrokerId(house);
  for (const { id } of ACCOUNTS) {
    const theirs = accountOf(venue, id);
    found.push(...positionDifferences(house, venue, theirs));
    found.push(...cashDifference(house, theirs));
  }
  const chains = new Map<OrderId, Order[]>();
  for (const order of venue.running.exchange.engine.world.orders.all()) {
    const mine = ours.get(order.id);
    if (mine === undefined) {
      found.push(`order ${order.id} (${order.clientOrderId}) is only known to the exchange`);
      continue;
    }
    chains.set(mine.id, [...(chains.get(mine.id) ?? []), order]);
  }
  const done = fillsByOrder(venue);
  for (const mine of house.database.orders.values()) {
    found.push(...orderDifferences(mine, chains.get(mine.id) ?? [], done));
  }
  return found.slice(0, MAX_SHOWN);
}

function ordersByBrokerId({ database }: House): ReadonlyMap<string, OrderState> {
  const known = new Map<string, OrderState>();
  for (const order of database.orders.values()) {
    const names: readonly (BrokerOrderId | null)[] = [
      order.brokerOrderId,
      ...order.brokerOrderChain,
    ];
    for (const name of names) if (name !== null) known.set(name, order);
  }
  return known;
}

function accountOf({ running }: Venue, keyId: string): TheirAccount {
  const account = running.exchange.account(keyId);
  if (account === null) throw new Error(`the exchange has no account ${keyId}`);
  return account;
}

function positionDifferences(house: House, venue: Venue, theirs: TheirAccount): string[] {
  const paid = paidBySymbol(venue, theirs);
  return venue.instruments.flatMap(({ id, symbol }) => {
    const held = theirs.positions.get(symbol);
    const row = house.database.holdings.rows.get(`${theirs.keyId} ${id} `);
    const compare = (what: string, mine: Decimal, other: Decimal) =>
      mine.eq(other)
        ? []
        : [`${theirs.keyId} ${symbol} ${what}: ${mine.toString()} here, ${other.toString()} there`];
    // How a gain is divided into realised and unrealised is each side's own; what was paid is not.
    const spent = row === undefined ? Decimal.ZERO : row.costBasis.minus(row.realizedGross);
    return [
      ...compare("quantity", row?.quantity ?? Decimal.ZERO, held?.quantity ?? Decimal.ZERO),
      ...compare("cost less gain", spent, paid.get(symbol) ?? Decimal.ZERO),
    ];
  });
}

/** What was held before and the executions that count cost there, by symbol; what was sold is negative. */
function paidBySymbol(venue: Venue, { id, keyId }: TheirAccount): ReadonlyMap<string, Decimal> {
  const { executions } = venue.running.exchange.engine.world;
  const paid = new Map(venue.openingCost(keyId));
  for (const execution of executions.of(id)) {
    const { symbol, side, price, quantity } = execution;
    // A bust stands in the list with the quantity that it takes away; what it takes back stands no more.
    if (quantity.isNegative() || !executions.stands(execution)) continue;
    const value = side === "buy" ? quantity.times(price) : quantity.times(price).negated();
    paid.set(symbol, (paid.get(symbol) ?? Decimal.ZERO).plus(value));
  }
  return paid;
}

/** The money that moved there is what our executions say that it cost. */
function cashDifference({ database }: House, theirs: TheirAccount): string[] {
  const spent = [...database.orders.values()]
    .filter(({ accountId }) => accountId === theirs.keyId)
    .map(({ terms, filledNotional }) =>
      terms.side === "buy" ? filledNotional : filledNotional.negated(),
    );
  const expected = OPENING_CASH.plus(Decimal.of(CASH)).minus(Decimal.sum(spent));
  if (expected.eq(theirs.cash)) return [];
  return [`${theirs.keyId} cash: ${expected.toString()} here, ${theirs.cash.toString()} there`];
}

interface Done {
  readonly quantity: Decimal;
  readonly value: Decimal;
}
const NOTHING_DONE: Done = { quantity: Decimal.ZERO, value: Decimal.ZERO };

/** What each order there has filled itself: in its own sums may be what the one before it had. */
function fillsByOrder({ running }: Venue): ReadonlyMap<string, Done> {
  const { executions } = running.exchange.engine.world;
  const done = new Map<string, Done>();
  for (const execution of executions.all()) {
    const { orderId, price, quantity } = execution;
    if (quantity.isNegative() || !executions.stands(execution)) continue;
    const before = done.get(orderId) ?? NOTHING_DONE;
    const value = before.value.plus(quantity.times(price));
    done.set(orderId, { quantity: before.quantity.plus(quantity), value });
  }
  return done;
}

function orderDifferences(
  mine: OrderState,
  theirs: readonly Order[],
  done: ReadonlyMap<string, Done>,
): string[] {
  const name = `order ${mine.id} (${mine.terms.side} ${mine.terms.type})`;
  const last = theirs.find(({ replacedBy }) => replacedBy === null);
  if (last === undefined) {
    const isAlive = mine.closedAt === null && mine.status !== "pending";
    return isAlive ? [`${name} is ${mine.status} here and unknown there`] : [];
  }
  const found: string[] = [];
  const fills = theirs.map(({ id }) => done.get(id) ?? NOTHING_DONE);
  const filled = Decimal.sum(fills.map(({ quantity }) => quantity));
  const shown = OURS[last.status] ?? last.status;
  // A replacement begins as new there; with us it is one order, and keeps its fills. And what has filled
  // and was all taken back is called partly filled there, and with us it has filled nothing.
  const isOpen = shown === "accepted" || shown === "partially_filled";
  const status = isOpen ? (filled.isPositive() ? "partially_filled" : "accepted") : shown;
  // A broker may fill what it has cancelled. Where it had made an exit smaller meanwhile, that is the
  // whole of the order there and a part of it here: a cancelled order with a fill, and so flagged.
  const isLateFill = mine.status === "cancelled" && mine.flags.includes("fill_after_close");
  // Filled after the cancel and taken back again, before either was told: nothing is left of it.
  const isUndone = mine.status === "cancelled" && filled.isZero();
  if (status !== mine.status && !(status === "filled" && (isLateFill || isUndone))) {
    found.push(`${name} is ${mine.status} here and ${last.status} there`);
  }
  if (!filled.eq(mine.filledQuantity)) {
    found.push(
      `${name} has ${mine.filledQuantity.toString()} filled here and ${filled.toString()} there`,
    );
  }
  const { quantity } = mine.terms;
  if (quantity !== null && mine.filledQuantity.gt(quantity)) {
    const [done, asked] = [mine.filledQuantity.toString(), quantity.toString()];
    found.push(`${name} has ${done} filled, and ${asked} were asked for`);
  }
  const value = Decimal.sum(fills.map((fill) => fill.value));
  if (!value.eq(mine.filledNotional)) {
    found.push(`${name} cost ${mine.filledNotional.toString()} here and ${value.toString()} there`);
  }
  return found;
}
