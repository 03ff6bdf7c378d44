// Every event that a position is made of, in the order of the log: the orders of one instrument with
// their placing and fills, and the adjustments.
import type { LoggedEvent } from "../../domain/event.ts";
import type { AccountId, InstrumentId } from "../../domain/ids.ts";
import { reading, type Sql } from "../client.ts";
import { loggedEvent, type EventRow } from "../event-codec.ts";

export async function loadPositionFacts(
  sql: Sql,
  accountId: AccountId,
  instrumentId: InstrumentId,
): Promise<readonly LoggedEvent[]> {
  const rows = await reading(
    () => sql<EventRow[]>`
      WITH filled AS (
        SELECT DISTINCT order_id FROM executions
        WHERE account_id = ${accountId} AND instrument_id = ${instrumentId}
      ), found AS (
        SELECT e.* FROM filled JOIN order_events e ON e.order_id = filled.order_id
        WHERE e.type IN ('OrderPlaced', 'OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected')
        UNION ALL
        SELECT e.* FROM adjustments a
        JOIN order_events e ON e.partition = a.partition AND e.seq = a.seq
        WHERE a.account_id = ${accountId} AND a.instrument_id = ${instrumentId}
      )
      SELECT partition, seq, version, type, account_id,
        (extract(epoch FROM at) * 1000)::bigint AS at, actor, correlation_id, causation_id,
        payload::text AS payload
      FROM found ORDER BY seq`,
  );
  return rows.map(loggedEvent);
}
