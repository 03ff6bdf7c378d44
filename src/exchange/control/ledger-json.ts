// The ledger in words that tests can judge by: exact, unrounded, with nothing left out.
import type { Account } from "../core/account.ts";
import { buyingPower, equity } from "../core/account.ts";
import { positionSymbol } from "../core/asset.ts";
import type { Entry } from "../core/entry.ts";
import type { Execution, Order } from "../core/order.ts";
import type { World } from "../core/world.ts";
import { orderText } from "../alpaca/json/order.ts";
import { timestamp } from "../alpaca/json/time.ts";

export function ledgerOrderJson(world: World, order: Order): Record<string, unknown> {
  return {
    ...(JSON.parse(orderText(order)) as object), // the text is an object's
    key: world.account(order.accountId).keyId,
    role: order.role,
    replaced_by: order.replacedBy,
    filled_value: order.filledValue.toString(),
  };
}

export function executionJson(world: World, execution: Execution): Record<string, unknown> {
  const order = world.orders.get(execution.orderId);
  return {
    id: execution.id,
    key: world.account(execution.accountId).keyId,
    order_id: execution.orderId,
    client_order_id: order?.clientOrderId ?? null,
    symbol: execution.symbol,
    side: execution.side,
    qty: execution.quantity.toString(),
    price: execution.price.toString(),
    fee: execution.fee.toString(),
    cum_qty: execution.cumulative.toString(),
    leaves_qty: execution.leaves.toString(),
    position_qty: execution.positionQuantity.toString(),
    at: timestamp(execution.at),
    corrects: execution.corrects,
  };
}

export function entryJson(world: World, entry: Entry): Record<string, unknown> {
  return {
    id: entry.id,
    key: world.account(entry.accountId).keyId,
    type: entry.type,
    sub_type: entry.subType,
    symbol: entry.symbol,
    qty: entry.quantity?.toString() ?? null,
    per_share: entry.perShare?.toString() ?? null,
    amount: entry.amount.toString(),
    status: entry.status,
    description: entry.description,
    at: timestamp(entry.at),
  };
}

export function ledgerAccountJson(account: Account): Record<string, unknown> {
  const positions: Record<string, unknown> = {};
  for (const position of account.positions.values()) {
    if (position.quantity.isZero()) continue;
    positions[positionSymbol(position.asset)] = {
      qty: position.quantity.toString(),
      cost_basis: position.costBasis.toString(),
      held: position.held.toString(),
      market_value: position.marketValue.toString(),
    };
  }
  return {
    key: account.keyId,
    id: account.id,
    account_number: account.number,
    cash: account.cash.toString(),
    equity: equity(account).toString(),
    buying_power: buyingPower(account).toString(),
    reserved: account.reserved.toString(),
    positions,
  };
}
