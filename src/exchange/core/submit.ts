// Takes an order: the rules in their order, then the order and its legs.
import { Decimal } from "../../domain/decimal.ts";
import type { Account } from "./account.ts";
import { mayTradeNow } from "./eligibility.ts";
import { setAside } from "./holds.ts";
import { createOrder } from "./new-order.ts";
import type { NewOrder, Order, OrderTerms, Role } from "./order.ts";
import { opposite } from "./order.ts";
import {
  closingQuantity,
  exitPrices,
  isOpening,
  opening,
  permission,
  requestedQuantity,
  stopSide,
  unitCost,
  washTrade,
} from "./order-rules.ts";
import type { Refusal, Result } from "./refusal.ts";
import { accept, refuse } from "./refusal.ts";
import type { Group, Quote, World } from "./world.ts";

/** A limit on everything: an exchange that runs for months on a laptop says so before it dies. */
export const MAX_ORDERS = 2_000_000;

export function submit(world: World, account: Account, request: NewOrder): Result<Order> {
  const { clientOrderId } = request;
  if (clientOrderId !== null && world.orders.isUsed(account.id, clientOrderId)) {
    return refuse({ code: "duplicate_client_order_id" });
  }
  if (world.orders.size >= MAX_ORDERS) return refuse({ code: "exchange_full" });
  const quote = world.quotes.get(request.asset.symbol);
  if (quote === undefined) return refuse({ code: "no_price", symbol: request.asset.symbol });
  const requested = requestedQuantity(request, quote);
  // It could never fill, and would stand in the way of others for as long as it is open.
  if (!requested.isPositive()) return refuse({ code: "quantity_too_small" });
  const cost = unitCost(request, quote);
  const opens = isOpening(account, request.asset, request.side);
  const refusal =
    permission(account, request.asset) ??
    entryRules(request, opens, quote) ??
    washTrade(account, request) ??
    (opens && request.orderClass !== "oco"
      ? opening(account, request, { requested, unitCost: cost })
      : closingQuantity(account, request, requested));
  if (refusal !== null) return refuse(refusal);
  return accept(take(world, account, request, { opens, requested, cost }));
}

function entryRules(request: NewOrder, opens: boolean, quote: Quote): Refusal | null {
  if (request.orderClass === "simple") return stopSide(request, quote);
  if (request.orderClass === "bracket" && !opens) return { code: "not_an_entry" };
  return exitPrices(request, quote);
}

interface Taking {
  readonly opens: boolean;
  readonly requested: Decimal;
  readonly cost: Decimal;
}

function take(world: World, account: Account, request: NewOrder, taking: Taking): Order {
  const group = startGroup(world, request);
  const role: Role | null =
    group === null ? null : request.orderClass === "oco" ? "take_profit" : "entry";
  const order = createOrder(world, request, {
    accountId: account.id,
    clientOrderId: request.clientOrderId,
    groupId: group?.id ?? null,
    role,
    status: "pending_new",
    opening: taking.opens,
    unitCost: taking.opens ? taking.cost : Decimal.ZERO,
  });
  // Alpaca answers `accepted` to what waits for a session and `pending_new` to what is on its way.
  if (!mayTradeNow(world, order)) order.status = "accepted";
  if (group !== null && role !== null) {
    group.members[role] = order;
    addLegs(world, order, request, group);
  }
  setAside(world, account, order, taking.requested);
  world.schedule("route", order, world.policy.venueDelayMs);
  return order;
}

function startGroup(world: World, request: NewOrder): Group | null {
  if (request.orderClass === "simple") return null;
  const group: Group = { id: world.ids.next(), kind: request.orderClass, members: {} };
  world.groups.set(group.id, group);
  return group;
}

function addLegs(world: World, parent: Order, request: NewOrder, group: Group): void {
  const side = request.orderClass === "oco" ? request.side : opposite(request.side);
  const leg = (role: Role, terms: Partial<OrderTerms> & Pick<OrderTerms, "type">): Order =>
    createOrder(
      world,
      { ...parent, side, limitPrice: null, stopPrice: null, ...terms },
      {
        accountId: parent.accountId,
        clientOrderId: null,
        groupId: group.id,
        role,
        status: "held",
        opening: false,
        unitCost: Decimal.ZERO,
      },
    );
  if (request.takeProfit !== null && request.orderClass !== "oco") {
    const { limitPrice } = request.takeProfit;
    group.members.take_profit = leg("take_profit", { type: "limit", limitPrice });
  }
  if (request.stopLoss !== null) {
    const { stopPrice, limitPrice } = request.stopLoss;
    const type = limitPrice === null ? "stop" : "stop_limit";
    group.members.stop_loss = leg("stop_loss", { type, stopPrice, limitPrice });
  }
}
