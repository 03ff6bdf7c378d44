// Orders by whatever a late fact calls them, with their executions. Each name is looked up by its key, which OFFSET
// makes a matter of the statement: by its statistics the planner reads all orders there are, once there are
// a few thousand names.
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
      WITH named (id) AS (
        SELECT unnest(${plainArray(names.ids)}::uuid[])
        UNION
        SELECT found.order_id FROM unnest(${textArray(names.references)}::text[]) AS wanted (name)
        CROSS JOIN LATERAL (
          SELECT order_id FROM broker_references
          WHERE account_id = ${accountId} AND reference = wanted.name OFFSET 0) AS found
        UNION
        SELECT found.order_id FROM unnest(${textArray(names.brokerOrderIds)}::text[]) AS wanted (name)
        CROSS JOIN LATERAL (
          SELECT order_id FROM broker_orders
          WHERE account_id = ${accountId} AND broker_order_id = wanted.name OFFSET 0) AS found
      )
      SELECT o.* FROM named
      CROSS JOIN LATERAL (
        SELECT * FROM orders WHERE id = named.id AND account_id = ${accountId} OFFSET 0) AS o
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
      FROM unnest(${textArray(brokerOrderIds)}::text[]) AS named (id)
      CROSS JOIN LATERAL (
        SELECT broker_order_id, order_id FROM broker_orders
        WHERE account_id = ${accountId} AND broker_order_id = named.id OFFSET 0) AS b
      CROSS JOIN LATERAL (
        SELECT filled_qty, filled_notional FROM orders
        WHERE id = b.order_id AND closed_at IS NOT NULL OFFSET 0) AS o`;
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
      CROSS JOIN LATERAL (SELECT * FROM executions WHERE order_id = wanted.id OFFSET 0) AS e
      ORDER BY e.order_id, e.seq`,
  );
}
