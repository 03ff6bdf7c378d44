// The log of one partition from its beginning, batch by batch; the next is on its way while one is used.
// A batch is one JSON text: as rows of ten columns, taking them from the wire cost more than folding them.
import type { LoggedEvent } from "../../domain/event.ts";
import { asId, type AccountId, type OrderId } from "../../domain/ids.ts";
import { decodePayload } from "../event-codec.ts";
import type { Transaction } from "../client.ts";

/** Each as text, null where there is none. */
type Head = readonly [
  seq: string,
  version: string,
  type: string,
  accountId: string,
  at: string,
  actor: string,
  correlationId: string | null,
  causationId: string | null,
];

const HEAD = `to_json(ARRAY[seq::text, version::text, type, account_id,
  (extract(epoch FROM at) * 1000)::bigint::text, actor, correlation_id::text, causation_id::text])::text`;

/**
 * A fold does not look at the verdicts of a decision, which are most of the log's bytes: they stay where
 * they are. In JSON a quote within a value is escaped, so these marks stand only where they are meant.
 */
const PAYLOAD = `CASE
  WHEN type = 'SignalDecided' AND payload::text LIKE '%"verdicts":[%],"mark":%' THEN
    split_part(payload::text, '"verdicts":[', 1) || '"verdicts":[],"mark":' ||
    split_part(payload::text, '],"mark":', -1)
  ELSE payload::text END`;

export async function* readLog(
  sql: Transaction,
  { partition, together }: { readonly partition: number; readonly together: number },
): AsyncGenerator<readonly LoggedEvent[]> {
  const batchAfter = (seq: number) =>
    sql.unsafe<Batch[]>(LOG_AFTER, [partition, seq, together], { prepare: true }).execute();
  let next = batchAfter(0);
  for (;;) {
    const [batch] = await next;
    if (batch === undefined || batch.last === null) return;
    next = batchAfter(batch.last);
    // A caller that throws leaves this one behind; its failure is the transaction's, not news.
    next.catch(() => undefined);
    yield eventsOf(batch, partition);
  }
}

interface Batch {
  readonly events: string | null;
  readonly last: number | null;
}

/** Head, payload, head, payload: put together as text, since nothing of it needs to be parsed there. */
const batchOf = (events: string): string => `
  SELECT string_agg(${HEAD} || ',' || ${PAYLOAD}, ',' ORDER BY seq) AS events, max(seq) AS last
  FROM (SELECT * FROM order_events WHERE ${events}) AS events`;

const LOG_AFTER = batchOf("partition = $1 AND seq > $2 ORDER BY seq LIMIT $3");
const ORDER_BEFORE = batchOf("order_id = $1 AND seq < $2");

/** The events of one order before a place in the log: it was compared and forgotten, and is back. */
export async function readOrder(
  sql: Transaction,
  { orderId, partition, before }: OrderBefore,
): Promise<readonly LoggedEvent[]> {
  const [batch] = await sql.unsafe<Batch[]>(ORDER_BEFORE, [orderId, before], { prepare: true });
  return batch === undefined ? [] : eventsOf(batch, partition);
}

interface OrderBefore {
  readonly orderId: OrderId;
  readonly partition: number;
  readonly before: number;
}

function eventsOf({ events }: Batch, partition: number): readonly LoggedEvent[] {
  const parts = JSON.parse(`[${events ?? ""}]`) as readonly unknown[]; // as batchOf puts them
  return Array.from({ length: parts.length / 2 }, (_, index) =>
    logged(parts[2 * index] as Head, parts[2 * index + 1], partition),
  );
}

function logged(head: Head, payload: unknown, partition: number): LoggedEvent {
  const [seq, version, type, accountId, at, actor, correlationId, causationId] = head;
  return {
    partition,
    seq: Number(seq),
    version: Number(version),
    accountId: asId<AccountId>(accountId),
    at: Number(at),
    actor,
    correlationId,
    causationId,
    event: decodePayload(type, Number(version), payload),
  };
}
