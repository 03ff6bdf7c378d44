// Orders by whatever a late fact calls them, with their executions.
import { Decimal } from "../../domain/decimal.ts";
import type { AccountId, BrokerOrderId, BrokerReference, OrderId } from "../../domain/ids.ts";
import type { SettledOrder } from "../../domain/order/settled.ts";
import type { OrderState } from "../../domain/order/state.ts";
import { plainArray, textArray } from "../array-literal.ts";
import { reading, type Sql } from "../client.ts";
import { byOrder, orderFromRow, type ExecutionDbRow, type OrderDbRow } from "./order-from-row.ts";

export interface OrderNames {
  readonly ids: readonly OrderId[];
  readonly references: readonly BrokerReference[];
  readonly brokerOrderIds: readonly BrokerOrderId[];
}

export function loadOrders(
  sql: Sql,
  accountId: AccountId,
  names: OrderNames,
): Promise<readonly OrderState[]> {
  return reading(async () => {
    const rows = await sql<OrderDbRow[]>`
      SELECT o.* FROM orders o WHERE o.account_id = ${accountId} AND o.id IN (
        SELECT unnest(${plainArray(names.ids)}::uuid[])
        UNION
        SELECT order_id FROM broker_references
        WHERE account_id = ${accountId} AND reference = ANY (${textArray(names.references)}::text[])
        UNION
        SELECT order_id FROM broker_orders
        WHERE account_id = ${accountId}
          AND broker_order_id = ANY (${textArray(names.brokerOrderIds)}::text[]))
      ORDER BY o.placed_seq`;
    const executions = await executionsOf(sql, rows);
    return rows.map((row) => orderFromRow(row, executions.get(row.id)));
  });
}

interface SettledRow {
  readonly broker_order_id: BrokerOrderId;
  readonly filled_qty: string;
  readonly filled_notional: string;
}

export function loadSettled(
  sql: Sql,
  accountId: AccountId,
  brokerOrderIds: readonly BrokerOrderId[],
): Promise<readonly SettledOrder[]> {
  return reading(async () => {
    const rows = await sql<SettledRow[]>`
      SELECT b.broker_order_id, o.filled_qty, o.filled_notional
      FROM broker_orders b JOIN orders o ON o.id = b.order_id
      WHERE b.account_id = ${accountId} AND o.closed_at IS NOT NULL
        AND b.broker_order_id = ANY (${textArray(brokerOrderIds)}::text[])`;
    return rows.map((row) => ({
      brokerOrderId: row.broker_order_id,
      filledQuantity: Decimal.of(row.filled_qty),
      filledNotional: Decimal.of(row.filled_notional),
    }));
  });
}

export async function executionsOf(sql: Sql, orders: readonly OrderDbRow[]) {
  if (orders.length === 0) return byOrder([]);
  const ids = plainArray(orders.map((order) => order.id));
  return byOrder(
    await sql<ExecutionDbRow[]>`
      SELECT e.* FROM unnest(${ids}::uuid[]) AS wanted (id)
      JOIN executions e ON e.order_id = wanted.id
      ORDER BY e.order_id, e.seq`,
  );
}
