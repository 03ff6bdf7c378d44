// A history for tests of what a listing reads: closed orders with their signals and decisions, positions'
// past and the portfolio's curve, made by the database. The oldest hundred are the only ones of the
// symbol RARE, of the strategy `rare`, expired or without an order: whoever has no index finds them last.
import type { Sql } from "../../../src/db/client.ts";
import { metSoFar } from "./rows-met.ts";

export const ACCOUNT = "mock";
export const RARE = "SIM:RARE";

/** Signal n came n seconds after the first. */
const ID = "fillstream_uuid_from(timestamptz '2026-11-01' + n * interval '1 second')";
const AT = "timestamptz '2026-11-01' + n * interval '1 second'";
const INSTRUMENT = `CASE WHEN n <= 100 THEN '${RARE}' ELSE 'SIM:S' || n % 40 END`;
const STRATEGY = "CASE WHEN n <= 100 THEN 'rare' END";

function statements(count: number): readonly string[] {
  const many = `generate_series(1, ${count}) AS n`;
  return [
    "SET session_replication_role = replica",
    `INSERT INTO signals (id, partition, number, account_id, instrument_id, strategy_id, body, actor, received_at)
     SELECT ${ID}, 0, n, '${ACCOUNT}', ${INSTRUMENT}, ${STRATEGY}, '{}', 'test', ${AT} FROM ${many}`,
    `INSERT INTO decisions (signal_id, partition, seq, number, account_id, instrument_id, strategy_id, outcome,
       limits_version, order_ids, decided_at)
     SELECT ${ID}, 0, n, n, '${ACCOUNT}', ${INSTRUMENT}, ${STRATEGY},
       CASE WHEN n <= 100 THEN 'nothing_to_do' ELSE 'ordered' END, 1, ARRAY[${ID}], ${AT} FROM ${many}`,
    `INSERT INTO orders (id, partition, placed_seq, account_id, instrument_id, strategy_id, signal_id, role,
       reduces_position, waits_for, side, type, time_in_force, qty, extended_hours, post_only, received_at,
       status, generation, broker_order_chain, filled_qty, filled_notional, flags, voided_executions,
       placed_at, closed_at, updated_at, version)
     SELECT ${ID}, 0, n, '${ACCOUNT}', ${INSTRUMENT}, ${STRATEGY}, ${ID}, 'entry', false, '{}', 'buy',
       'market', 'day', 1, false, false, ${AT}, CASE WHEN n <= 100 THEN 'expired' ELSE 'filled' END, 1,
       '{}', 1, 100, '{}', '{}', ${AT}, ${AT}, ${AT}, 1 FROM ${many}`,
    `INSERT INTO position_history (partition, seq, account_id, instrument_id, qty, cost_basis, realized_gross,
       fees, version, at)
     SELECT 0, n, '${ACCOUNT}', 'SIM:S1', n, n * 100, 0, 0, n, ${AT} FROM ${many}`,
    `INSERT INTO portfolio_snapshots (account_id, at, realized_pnl, fees, open_positions, unpriced)
     SELECT account, ${AT}, 0, 0, 1, 0 FROM ${many}, unnest(ARRAY['${ACCOUNT}', 'other']) AS account`,
    `UPDATE partitions SET decided_signals = ${count} WHERE partition = 0`,
    `UPDATE acceptance_counters SET last_number = ${count} WHERE partition = 0 AND lane = 'signals'`,
    "SET session_replication_role = origin",
    "ANALYZE signals, decisions, orders, position_history, portfolio_snapshots",
  ];
}

export async function writeHistory(sql: Sql, count: number): Promise<void> {
  for (const statement of statements(count)) await sql.unsafe(statement);
}

/** Two events for each order: that it was placed, for 7, and its fill. */
export async function writeLog(sql: Sql): Promise<void> {
  await sql`SET session_replication_role = replica`;
  await sql`
    INSERT INTO order_events (partition, seq, version, type, account_id, order_id, at, actor, payload)
    SELECT 0, 2 * placed_seq + step, 1, CASE step WHEN 0 THEN 'OrderPlaced' ELSE 'OrderExecuted' END,
      account_id, id, placed_at, 'test',
      json_build_object('order', json_build_object('terms', json_build_object('quantity', '7')))
    FROM orders, generate_series(0, 1) AS step ORDER BY placed_seq, step`;
  await sql`
    UPDATE partitions SET last_seq = (SELECT max(seq) FROM order_events) WHERE partition = 0`;
  await sql`SET session_replication_role = origin`;
  await sql`ANALYZE order_events`;
}

const GROWING = "^(signals|decisions|orders|executions|position_history|portfolio_snapshots)";

/** How many rows of the growing tables a reading fetched, whatever it showed. Needs a pool of one. */
export async function rowsRead(sql: Sql, read: () => Promise<unknown>): Promise<number> {
  await sql.unsafe("BEGIN");
  try {
    const before = await metSoFar(sql, GROWING);
    await read();
    return (await metSoFar(sql, GROWING)) - before;
  } finally {
    await sql.unsafe("ROLLBACK");
  }
}
