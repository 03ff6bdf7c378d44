// Every event of an account that may move one position, from the log alone: a replay does not ask the
// tables that it is about to judge.
import type { LoggedEvent } from "../../domain/event.ts";
import type { AccountId, InstrumentId } from "../../domain/ids.ts";
import { loggedEvent, type EventRow } from "../event-codec.ts";
import type { Transaction } from "../client.ts";

export async function readPositionEvents(
  sql: Transaction,
  accountId: AccountId,
  instrumentId: InstrumentId,
): Promise<readonly LoggedEvent[]> {
  const rows = await sql<EventRow[]>`
    SELECT e.partition, e.seq, e.version, e.type, e.account_id,
      (extract(epoch FROM e.at) * 1000)::bigint AS at, e.actor, e.correlation_id, e.causation_id,
      e.payload::text AS payload
    FROM order_events e
    WHERE e.partition = (SELECT partition FROM accounts WHERE id = ${accountId})
      AND e.account_id = ${accountId}
      AND (
        (e.type = 'OrderPlaced' AND e.payload -> 'order' ->> 'instrumentId' = ${instrumentId})
        OR (e.type = 'PositionAdjusted'
          AND e.payload -> 'adjustment' ->> 'instrumentId' = ${instrumentId})
        OR e.type IN ('OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected'))
    ORDER BY e.seq`;
  return rows.map(loggedEvent);
}
