// The log of one partition from its beginning, batch by batch; the next is on its way while one is used.
import type { DomainEvent, LoggedEvent } from "../../domain/event.ts";
import { asId, type AccountId, type OrderId } from "../../domain/ids.ts";
import { decodeEvent, loggedEvent, type EventRow } from "../event-codec.ts";
import type { Transaction } from "../client.ts";

const BATCH = 5_000;

export async function* readLog(
  sql: Transaction,
  partition: number,
): AsyncGenerator<readonly EventRow[]> {
  let after = 0;
  let next = batchAfter(sql, partition, after);
  for (;;) {
    const rows = await next;
    if (rows.length === 0) return;
    after = rows.at(-1)?.seq ?? after;
    next = batchAfter(sql, partition, after);
    // A caller that throws leaves this one behind; its failure is the transaction's, not news.
    next.catch(() => undefined);
    yield rows;
  }
}

async function batchAfter(sql: Transaction, partition: number, after: number) {
  const rows: readonly EventRow[] = await sql<EventRow[]>`
    SELECT partition, seq, version, type, account_id, (extract(epoch FROM at) * 1000)::bigint AS at,
      actor, correlation_id, causation_id, payload::text AS payload
    FROM order_events WHERE partition = ${partition} AND seq > ${after}
    ORDER BY seq LIMIT ${BATCH}`;
  return rows;
}

/** The events of one order before a place in the log: it was compared and forgotten, and is back. */
export async function readOrder(
  sql: Transaction,
  { orderId, before }: { readonly orderId: OrderId; readonly before: number },
): Promise<readonly LoggedEvent[]> {
  const rows = await sql<EventRow[]>`
    SELECT partition, seq, version, type, account_id, (extract(epoch FROM at) * 1000)::bigint AS at,
      actor, correlation_id, causation_id, payload::text AS payload
    FROM order_events WHERE order_id = ${orderId} AND seq < ${before} ORDER BY seq`;
  return rows.map(loggedEvent);
}

/** For the fold a decision is its number: the verdicts, most of the log's bytes, are left unread. */
export function eventForFold(row: EventRow): LoggedEvent {
  if (row.type !== "SignalDecided") return loggedEvent(row);
  return {
    partition: row.partition,
    seq: row.seq,
    version: row.version,
    accountId: asId<AccountId>(row.account_id),
    at: row.at,
    actor: row.actor,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    event: withoutVerdicts(row),
  };
}

const VERDICTS = /"verdicts":\[.*\],"mark":/s;

function withoutVerdicts({ type, version, payload }: EventRow): DomainEvent {
  return decodeEvent(type, version, payload.replace(VERDICTS, '"verdicts":[],"mark":'));
}
