// Accounts with what their broker said last, their sums, and how these went over time.
import type {
  AccountRow,
  MarkRow,
  PortfolioHistoryRow,
  PortfolioRow,
  Scope,
} from "../../ports/queries.ts";
import { reading, type Sql } from "../client.ts";
import { within, withMarks } from "./fragments.ts";

export async function listAccounts(sql: Sql, { accounts }: Scope): Promise<readonly AccountRow[]> {
  return reading(
    () => sql<AccountRow[]>`
      SELECT a.id, a.broker, a.environment, a.broker_account, a.currency, a.day_zone, a.day_roll,
        s.equity, s.cash, s.buying_power, s.non_marginable_buying_power, s.shorting_enabled,
        s.observed_at, s.day_date::text AS day_date, s.day_equity_baseline, s.day_realized_baseline,
        s.day_unrealized_baseline, s.day_orders_placed, s.day_loss_limit_crossed
      FROM accounts a LEFT JOIN account_states s ON s.account_id = a.id
      WHERE true ${within(sql, sql`a.id`, accounts)} ORDER BY a.id`,
  );
}

/** One row per account and currency, closed positions included: their profit stays. */
export async function portfolioSums(
  sql: Sql,
  { accounts }: Scope,
): Promise<readonly PortfolioRow[]> {
  return reading(
    () => sql<PortfolioRow[]>`
      SELECT p.account_id AS account, i.currency,
        trim_scale(coalesce(sum(p.qty * v.price), 0)) AS market_value,
        trim_scale(coalesce(sum(abs(p.qty * v.price)), 0)) AS gross_market_value,
        trim_scale(coalesce(sum(p.qty * v.price - p.cost_basis), 0)) AS unrealized_pnl,
        trim_scale(sum(p.realized_gross - p.fees)) AS realized_pnl, trim_scale(sum(p.fees)) AS fees,
        count(*) FILTER (WHERE p.qty <> 0)::int AS open_positions,
        count(*) FILTER (WHERE p.qty <> 0 AND v.price IS NULL)::int AS unpriced,
        min(m.at) FILTER (WHERE p.qty <> 0) AS oldest_price_at
      FROM position_states p
      JOIN instruments i ON i.id = p.instrument_id
      ${withMarks(sql)}
      LEFT JOIN LATERAL (SELECT coalesce(m.last, (m.bid + m.ask) / 2) AS price) v ON p.qty <> 0
      WHERE p.strategy_id IS NULL ${within(sql, sql`p.account_id`, accounts)}
      GROUP BY p.account_id, i.currency ORDER BY p.account_id, i.currency`,
  );
}

export async function portfolioHistory(
  sql: Sql,
  filter: Scope & { readonly from: Date | null; readonly to: Date | null },
  limit: number,
): Promise<readonly PortfolioHistoryRow[]> {
  const { accounts, from, to } = filter;
  return reading(
    () => sql<PortfolioHistoryRow[]>`
      SELECT account_id AS account, at, equity, cash, buying_power, market_value, unrealized_pnl,
        realized_pnl, fees, open_positions, unpriced
      FROM portfolio_snapshots
      WHERE true ${within(sql, sql`account_id`, accounts)}
        ${from === null ? sql`` : sql`AND at >= ${from}`} ${to === null ? sql`` : sql`AND at < ${to}`}
      ORDER BY at DESC, account_id LIMIT ${limit}`,
  );
}

export async function marksOf(sql: Sql, ids: readonly string[]): Promise<readonly MarkRow[]> {
  return reading(
    () => sql<MarkRow[]>`
      SELECT instrument_id, bid, ask, last, at FROM marks
      WHERE instrument_id = ANY (${[...ids]}::text[])`,
  );
}
