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
 * Decisions move no order and no position, and they are two thirds of the log's bytes: they are counted,
 * and stay where they are.
 */
const IS_FOLDED = "type NOT IN ('SignalDecided', 'CommandDecided')";

/** Events in their order. */
export interface LogBatch {
  readonly events: readonly FoldedEvent[];
  /** The last number of the batch, whether its event is folded or only counted. */
  readonly last: number;
  /** How many events there are, with those that are only counted. */
  readonly count: number;
}

export async function* readLog(
  sql: Transaction,
  { partition, together }: { readonly partition: number; readonly together: number },
): AsyncGenerator<LogBatch> {
  const batchAfter = (seq: number) =>
    sql.unsafe<Batch[]>(LOG_AFTER, [partition, seq, together], { prepare: true }).execute();
  let next = batchAfter(0);
  for (;;) {
    const [batch] = await next;
    if (batch === undefined || batch.last === null) return;
    const { last, count } = batch;
    next = batchAfter(last);
    // A caller that throws leaves this one behind; its failure is the transaction's, not news.
    next.catch(() => undefined);
    // The driver writes within two turns: else the server would idle while this batch is folded.
    await nextTurn();
    await nextTurn();
    yield { events: eventsOf(batch), last, count };
  }
}

interface Batch {
  readonly events: string | null;
  readonly last: number | null;
  readonly count: number;
}

/** Heads and payloads in turn, put together as text: nothing of it needs to be parsed there. */
const batchOf = (events: string): string => `
  SELECT string_agg(${HEAD} || ',' || payload::text, ',') FILTER (WHERE ${IS_FOLDED}) AS events,
    max(seq) AS last, count(*)::int AS count
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

/** Where numbers are missing between two of the log: the first of each gap. */
export async function gapsBetween(
  sql: Transaction,
  between: { readonly partition: number; readonly after: number; readonly last: number },
): Promise<readonly number[]> {
  const { partition, after, last } = between;
  const rows = await sql<{ missing: number }[]>`
    SELECT missing FROM (
      SELECT seq, lag(seq, 1, ${after}::bigint) OVER (ORDER BY seq) + 1 AS missing
      FROM order_events WHERE partition = ${partition} AND seq > ${after} AND seq <= ${last}) AS events
    WHERE seq > missing ORDER BY missing`;
  return rows.map(({ missing }) => missing);
}
