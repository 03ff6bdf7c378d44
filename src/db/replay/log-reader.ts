// The log of one partition from its beginning, batch by batch; the next is on its way while one is used.
// A batch is one JSON text: as rows of ten columns, taking them from the wire cost more than folding them.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ToldEvent } from "../../domain/event.ts";
import { asId, type AccountId, type OrderId } from "../../domain/ids.ts";
import { decodePayload } from "../event-codec.ts";
import type { Transaction } from "../client.ts";

/** What a fold needs of an event: who caused it, and why, is not its matter. */
export interface FoldedEvent extends ToldEvent {
  readonly seq: number;
}

type Head = readonly [seq: number, version: number, at: number, accountId: string];
const HEAD_LENGTH = 4;
const HEAD = `concat_ws(',', seq, version, round(date_part('epoch', at) * 1000)::bigint,
  to_json(account_id))`;

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
): AsyncGenerator<readonly FoldedEvent[]> {
  const batchAfter = (seq: number) =>
    sql.unsafe<Batch[]>(LOG_AFTER, [partition, seq, together], { prepare: true }).execute();
  let next = batchAfter(0);
  for (;;) {
    const [batch] = await next;
    if (batch === undefined || batch.last === null) return;
    next = batchAfter(batch.last);
    // A caller that throws leaves this one behind; its failure is the transaction's, not news.
    next.catch(() => undefined);
    // The driver writes within two turns: else the server would idle while this batch is folded.
    await nextTurn();
    await nextTurn();
    yield eventsOf(batch);
  }
}

interface Batch {
  readonly events: string | null;
  readonly last: number | null;
}

/** Heads and payloads in turn, put together as text: nothing of it needs to be parsed there. */
const batchOf = (events: string): string => `
  SELECT string_agg(${HEAD} || ',' || ${PAYLOAD}, ',') AS events, max(seq) AS last
  FROM (SELECT * FROM order_events WHERE ${events}) AS events`;

const LOG_AFTER = batchOf("partition = $1 AND seq > $2 ORDER BY seq LIMIT $3");
const ORDER_BEFORE = batchOf("order_id = $1 AND seq < $2 ORDER BY seq");

/** The events of one order before a place in the log: it was compared and forgotten, and is back. */
export async function readOrder(
  sql: Transaction,
  { orderId, before }: { readonly orderId: OrderId; readonly before: number },
): Promise<readonly FoldedEvent[]> {
  const [batch] = await sql.unsafe<Batch[]>(ORDER_BEFORE, [orderId, before], { prepare: true });
  return batch === undefined ? [] : eventsOf(batch);
}

function eventsOf({ events }: Batch): readonly FoldedEvent[] {
  const parts = JSON.parse(`[${events ?? ""}]`) as readonly unknown[];
  const folded: FoldedEvent[] = [];
  for (let at = 0; at < parts.length; at += HEAD_LENGTH + 1) {
    const head = parts.slice(at, at + HEAD_LENGTH) as unknown as Head; // as HEAD has it
    folded.push(eventOf(head, parts[at + HEAD_LENGTH]));
  }
  return folded;
}

function eventOf([seq, version, at, accountId]: Head, payload: unknown): FoldedEvent {
  return { seq, accountId: asId<AccountId>(accountId), at, event: decodePayload(version, payload) };
}
