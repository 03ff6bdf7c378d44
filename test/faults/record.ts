// What our own tables say, read past every proxy; a database that is away is asked again.
import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "./house.ts";

export interface SignalRow {
  readonly id: string;
  readonly partition: number;
  readonly number: number;
  readonly outcome: string | null;
  readonly seq: number | null;
  readonly reject_code: string | null;
  /** Nobody can decide it any more. */
  readonly damaged: boolean;
  readonly order_ids: readonly string[] | null;
}

export interface OrderRow {
  readonly id: string;
  readonly signal_id: string | null;
  readonly account_id: string;
  readonly instrument_id: string;
  readonly status: string;
  readonly closed: boolean;
  readonly reference: string | null;
  readonly broker_order_id: string | null;
  readonly filled_qty: string;
  readonly reject_code: string | null;
  readonly intended_seq: number | null;
  /** Every event of it, for those who look why. */
  readonly story: string | null;
  /** Its fate was open for a while; then it may come later than its successors. */
  readonly troubled: boolean;
}

const PATIENCE_MS = 60_000;

async function patiently<Result>(read: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error: unknown) {
      if (Date.now() > end) throw error;
      await sleep(200);
    }
  }
}

export function readSignals(house: House): Promise<readonly SignalRow[]> {
  return patiently(
    () => house.sql()<SignalRow[]>`
      SELECT s.id, s.partition::int, s.number::int, d.outcome, d.seq::int, d.reject_code,
        s.body -> 'wish' IS NULL AS damaged, d.order_ids
      FROM signals s LEFT JOIN decisions d ON d.signal_id = s.id`,
  );
}

export function readOrders(house: House): Promise<readonly OrderRow[]> {
  return patiently(
    () => house.sql()<OrderRow[]>`
      SELECT o.id, o.signal_id, o.account_id, o.instrument_id, o.status,
        o.closed_at IS NOT NULL AS closed, o.reference, o.broker_order_id,
        o.filled_qty::text, CASE
          -- An exit goes to the broker all the same: an order of ours that is being cancelled may stand there.
          WHEN o.error_message LIKE 'potential wash trade%' THEN 'wash_trade' ELSE o.reject_code
        END AS reject_code, e.intended_seq::int, e.story,
        coalesce(e.troubled, false) AS troubled
      FROM orders o LEFT JOIN (
        SELECT order_id, bool_or(type = 'OrderUnresolved') AS troubled,
          min(seq) FILTER (WHERE type = 'OrderSubmitted') AS intended_seq,
          string_agg(type || '@' || at::text, ' ' ORDER BY seq) AS story
        FROM order_events WHERE order_id IS NOT NULL GROUP BY order_id
      ) e ON e.order_id = o.id`,
  );
}

/** Signals that the log decides more than once. */
export function readDecidedTwice(house: House): Promise<readonly { id: string }[]> {
  return patiently(
    () => house.sql()<{ id: string }[]>`
      SELECT payload->>'signalId' AS id FROM order_events WHERE type = 'SignalDecided'
      GROUP BY 1 HAVING count(*) > 1`,
  );
}

export function readPositions(house: House): Promise<readonly { place: string; qty: string }[]> {
  return patiently(
    () => house.sql()<{ place: string; qty: string }[]>`
      SELECT account_id || ' ' || replace(split_part(instrument_id, ':', 2), '/', '') AS place, qty::text
      FROM position_states WHERE strategy_id IS NULL AND qty <> 0`,
  );
}

/** Positions that a reconciliation changed, with what the log tells of their instrument before it. */
export function readCorrections(house: House): Promise<readonly { told: string; story: string }[]> {
  return patiently(
    () => house.sql()<{ told: string; story: string }[]>`
      SELECT a.account_id || ' ' || a.instrument_id || ' by ' || a.qty || ' at ' || a.seq || ' ' || a.kind || ' ' || a.id AS told, (
        SELECT string_agg(e.told, ' ' ORDER BY e.seq) FROM (
          SELECT seq, seq || ' ' || type || '@' || at::time || coalesce(' ' || (payload ->> 'action')
            || ' ' || (payload ->> 'ours') || '/' || (payload ->> 'theirs'), '') AS told
          FROM order_events
          WHERE partition = a.partition AND seq <= a.seq AND account_id = a.account_id AND (
            payload ->> 'subject' = a.instrument_id
            OR type = 'OrderExecuted' AND order_id IN (
              SELECT id FROM orders o
              WHERE o.account_id = a.account_id AND o.instrument_id = a.instrument_id))
          ORDER BY seq DESC LIMIT 20) AS e) AS story
      FROM adjustments a
      WHERE a.kind <> 'opening_balance' AND a.instrument_id IS NOT NULL ORDER BY a.at`,
  );
}

/** Commands that were accepted and have no outcome. */
export function readUndecided(house: House): Promise<readonly { id: string }[]> {
  return patiently(
    () => house.sql()<{ id: string }[]>`SELECT id FROM commands WHERE decided_at IS NULL`,
  );
}

export async function countOpen(house: House): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ open: number }[]>`
      SELECT (SELECT count(*) FROM orders WHERE closed_at IS NULL)::int
        + (SELECT count(*) FROM signals s
           WHERE NOT EXISTS (SELECT FROM decisions d WHERE d.signal_id = s.id))::int AS open`,
  );
  return row?.open ?? 0;
}

/** Of how many accounts one of these signals was traded, with every order of it ended. */
export async function countTrading(house: House, ids: readonly string[]): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ trading: number }[]>`
      SELECT count(DISTINCT d.account_id)::int AS trading FROM decisions d
      WHERE d.signal_id = ANY(${[...ids]}::uuid[]) AND (
        SELECT bool_and(o.closed_at IS NOT NULL) AND bool_or(o.filled_qty > 0)
        FROM orders o WHERE o.signal_id = d.signal_id)`,
  );
  return row?.trading ?? 0;
}

export async function countLetters(house: House): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ letters: number }[]>`SELECT count(*)::int AS letters FROM dead_letters`,
  );
  return row?.letters ?? 0;
}

/** Takes out of a signal that nobody has decided what was asked for; false while there is none. */
export async function damageAWaitingSignal(house: House): Promise<boolean> {
  const rows = await patiently(
    () => house.sql()`
      UPDATE signals SET body = (body::jsonb - 'wish')::json WHERE id = (
        SELECT id FROM signals s
        WHERE NOT EXISTS (SELECT FROM decisions d WHERE d.signal_id = s.id)
        ORDER BY number LIMIT 1)
      RETURNING id`,
  );
  return rows.length > 0;
}

/** No execution of this account can be stored, whoever brings it. */
export async function refuseFillsOf(house: House, account: string): Promise<void> {
  const refused = account.replaceAll("'", "");
  await patiently(() =>
    house.sql().unsafe(`
      CREATE OR REPLACE FUNCTION refuse_fill() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'refused for a test'; END $$;
      CREATE OR REPLACE TRIGGER refuse_fill BEFORE INSERT ON executions
        FOR EACH ROW WHEN (NEW.account_id = '${refused}') EXECUTE FUNCTION refuse_fill();`),
  );
}

export async function takeFillsAgain(house: House): Promise<void> {
  await patiently(() => house.sql().unsafe("DROP TRIGGER refuse_fill ON executions"));
}

export function findFrozen(
  house: House,
): Promise<readonly { readonly account: string; readonly symbol: string }[]> {
  return patiently(
    () => house.sql()<{ account: string; symbol: string }[]>`
      SELECT account_id AS account, split_part(instrument_id, ':', 2) AS symbol
      FROM frozen_symbols`,
  );
}

/** The orders of an account that have not ended. */
export async function readOpenOrders(house: House, account: string): Promise<readonly string[]> {
  const rows = await patiently(
    () => house.sql()<{ id: string }[]>`
      SELECT id FROM orders WHERE account_id = ${account} AND closed_at IS NULL`,
  );
  return rows.map(({ id }) => id);
}

/** Events that were written by a clock ahead of the database's. */
export async function countEventsAhead(house: House): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ ahead: number }[]>`
      SELECT count(*)::int AS ahead FROM order_events WHERE at > now() + interval '1 minute'`,
  );
  return row?.ahead ?? 0;
}

/** How many workers hold a partition. */
export async function countHolders(house: House): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ holders: number }[]>`
      SELECT count(DISTINCT owner)::int AS holders FROM leases
      WHERE name ~ '^p[0-9]+$' AND until > clock_timestamp()`,
  );
  return row?.holders ?? 0;
}

/** Where everything stands, for those who look why nothing goes on. */
export async function readStandstill(house: House): Promise<string> {
  const rows = await patiently(
    () => house.sql()`
      SELECT p.partition, p.fault, l.owner, l.until > clock_timestamp() AS held,
        (SELECT count(*) FROM signals s WHERE s.partition = p.partition
          AND NOT EXISTS (SELECT FROM decisions d WHERE d.signal_id = s.id))::int AS undecided,
        (SELECT json_agg(json_build_array(o.id, o.instrument_id, o.status, o.hold, o.unresolved, o.updated_at))
          FROM orders o WHERE o.partition = p.partition AND o.closed_at IS NULL) AS open
      FROM partitions p LEFT JOIN leases l ON l.name = 'p' || p.partition ORDER BY 1`,
  );
  const sessions = await patiently(
    () => house.sql()`
      SELECT application_name AS name, state, wait_event, left(query, 60) AS query
      FROM pg_stat_activity WHERE state <> 'idle'`,
  );
  return [...rows, ...sessions].map((row) => JSON.stringify(row)).join("\n");
}

/** Rises whenever a partition changes hands. */
export async function readEpochs(house: House): Promise<number> {
  const [row] = await patiently(
    () => house.sql()<{ epochs: number }[]>`
      SELECT coalesce(sum(epoch), 0)::int AS epochs FROM leases WHERE name ~ '^p[0-9]+$'`,
  );
  return row?.epochs ?? 0;
}
