// What keeps the record in shape while it runs: ranges made before they are needed, what nobody asks for
// any more taken away, and the portfolio written down so that its curve can be drawn.
import { reading, writing, type Sql } from "./client.ts";
import { withMarks } from "./queries/fragments.ts";

export async function makeRangesAhead(sql: Sql, now: number): Promise<void> {
  await reading(() => sql`SELECT fillstream_make_ranges(fillstream_at(${now}))`);
}

/** A sender that retries after so long has long been told; its key may be used again. */
const KEYS_KEPT = "30 days";
/** Deleted at once: each round is short, and the next one goes on. */
const KEYS_AT_ONCE = 5_000;
/** Names of workers that are gone; a partition's or a job's lease stays, for its epoch. */
const WORKERS_KEPT = "1 day";

/** True when more is left to take away. */
export async function takeAwayOld(sql: Sql): Promise<boolean> {
  await reading(
    () => sql`
      DELETE FROM leases WHERE name LIKE 'worker:%'
        AND (until IS NULL OR until < now() - ${WORKERS_KEPT}::interval)`,
  );
  const keys = await reading(
    () => sql`
      DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency_keys WHERE created_at < now() - ${KEYS_KEPT}::interval
        ORDER BY created_at LIMIT ${KEYS_AT_ONCE}))
      RETURNING 1 AS gone`,
  );
  return keys.length === KEYS_AT_ONCE;
}

/**
 * One row for each account that the broker has told about: equity as the broker said it last, values and
 * P&L from positions and marks of now. Rows of one minute replace each other.
 */
export async function savePortfolioSnapshots(sql: Sql, now: number): Promise<void> {
  await reading(
    () => sql`
      INSERT INTO portfolio_snapshots AS s (account_id, at, equity, cash, buying_power,
        market_value, unrealized_pnl, realized_pnl, fees, open_positions, unpriced)
      SELECT a.account_id, date_trunc('minute', fillstream_at(${now})), a.equity, a.cash, a.buying_power,
        sum(p.qty * v.price) FILTER (WHERE p.qty <> 0),
        sum(p.qty * v.price - p.cost_basis) FILTER (WHERE p.qty <> 0),
        coalesce(sum(p.realized_gross), 0), coalesce(sum(p.fees), 0),
        count(*) FILTER (WHERE p.qty <> 0),
        count(*) FILTER (WHERE p.qty <> 0 AND v.price IS NULL)
      FROM account_states a
      LEFT JOIN position_states p ON p.account_id = a.account_id AND p.strategy_id IS NULL
      ${withMarks(sql)}
      LEFT JOIN LATERAL (SELECT coalesce(m.last, (m.bid + m.ask) / 2) AS price) v ON true
      WHERE a.observed_at IS NOT NULL
      GROUP BY a.account_id, a.equity, a.cash, a.buying_power
      ON CONFLICT (account_id, at) DO UPDATE SET equity = excluded.equity, cash = excluded.cash,
        buying_power = excluded.buying_power, market_value = excluded.market_value,
        unrealized_pnl = excluded.unrealized_pnl, realized_pnl = excluded.realized_pnl,
        fees = excluded.fees, open_positions = excluded.open_positions,
        unpriced = excluded.unpriced`,
  );
}

/** From active to exits only, unless somebody has set something already. */
export async function goReducing(sql: Sql, reason: string): Promise<void> {
  await writing(() =>
    sql.begin(async (transaction) => {
      await transaction`SELECT set_config('fillstream.actor', 'engine', true),
        set_config('fillstream.reason', ${reason}, true)`;
      await transaction`
        UPDATE configs SET value = CASE value WHEN 'active' THEN 'reducing' ELSE value END
        WHERE key = 'trading_state'`;
    }),
  );
}
