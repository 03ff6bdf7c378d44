// The log as it was written: the history of an order, the decision of a signal, executions.
import type { EventRow, ExecutionRow } from "../../ports/queries.ts";
import { reading, type Sql } from "../client.ts";

function columns(sql: Sql) {
  return sql`e.partition, e.seq, e.type, e.account_id AS account, e.order_id, e.at, e.actor,
    e.correlation_id, e.payload`;
}

export async function eventsOfOrder(sql: Sql, orderId: string): Promise<readonly EventRow[]> {
  return reading(
    () => sql<EventRow[]>`
      SELECT ${columns(sql)} FROM order_events e WHERE e.order_id = ${orderId}::uuid ORDER BY e.seq`,
  );
}

/** The verdicts stand in the log only; the decision's row says where. */
export async function decisionOfSignal(sql: Sql, signalId: string): Promise<EventRow | null> {
  const [row] = await reading(
    () => sql<EventRow[]>`
      SELECT ${columns(sql)} FROM decisions d
      JOIN order_events e ON e.partition = d.partition AND e.seq = d.seq
      WHERE d.signal_id = ${signalId}::uuid`,
  );
  return row ?? null;
}

export async function executionsOfOrders(
  sql: Sql,
  orderIds: readonly string[],
): Promise<readonly ExecutionRow[]> {
  if (orderIds.length === 0) return [];
  return reading(
    () => sql<ExecutionRow[]>`
      SELECT id, order_id, broker_order_id, side, qty, price, fee, fee_in_asset, executed_at, source,
        busted, corrected_by
      FROM executions WHERE order_id = ANY (${[...orderIds]}::uuid[]) ORDER BY executed_at, seq`,
  );
}
