// Positions as people see them: the fold, joined with the mark that values it.
import type { PositionFilter, PositionHistoryRow, PositionRow, Page } from "../../ports/queries.ts";
import type { PositionKey } from "../../domain/position/state.ts";
import { reading, type Sql } from "../client.ts";
import { equal, within } from "./fragments.ts";

/** Finer than any quote; the exact quotient of two decimals may have no end. */
const PRICE_SCALE = 12;

export async function listPositions(
  sql: Sql,
  filter: PositionFilter,
): Promise<readonly PositionRow[]> {
  const strategy = filter.byStrategy
    ? sql`AND p.strategy_id IS NOT NULL`
    : sql`AND p.strategy_id IS NULL`;
  return reading(
    () => sql<PositionRow[]>`
      SELECT p.account_id AS account, p.instrument_id, p.symbol, p.venue, p.currency, p.asset_class,
        p.strategy_id AS strategy, p.qty, p.cost_basis, p.avg_price, p.last_price, p.last_price_at,
        p.market_value, p.unrealized_pnl, p.realized_pnl, p.fees, p.opened_at, p.updated_at,
        p.version, f.reason AS frozen
      FROM positions p
      LEFT JOIN frozen_symbols f
        ON f.account_id = p.account_id AND f.instrument_id = p.instrument_id
      WHERE true
        ${within(sql, sql`p.account_id`, filter.accounts)}
        ${within(sql, sql`p.instrument_id`, filter.instruments)}
        ${filter.strategy === null ? strategy : equal(sql, sql`p.strategy_id`, filter.strategy)}
        ${filter.includeClosed ? sql`` : sql`AND p.qty <> 0`}
      ORDER BY p.account_id, p.symbol, p.strategy_id NULLS FIRST`,
  );
}

export async function heldQuantity(
  sql: Sql,
  { accountId, instrumentId, strategyId }: PositionKey,
): Promise<string | null> {
  const [row] = await reading(
    () => sql<{ qty: string }[]>`
      SELECT qty FROM position_states
      WHERE account_id = ${accountId} AND instrument_id = ${instrumentId}
        AND strategy_id IS NOT DISTINCT FROM ${strategyId}`,
  );
  return row?.qty ?? null;
}

export async function positionHistory(
  sql: Sql,
  filter: {
    readonly accounts: readonly string[] | null;
    readonly instruments: readonly string[];
    readonly strategy: string | null;
  },
  page: Page,
): Promise<readonly PositionHistoryRow[]> {
  const strategy =
    filter.strategy === null
      ? sql`AND strategy_id IS NULL`
      : sql`AND strategy_id = ${filter.strategy}`;
  return reading(
    () => sql<PositionHistoryRow[]>`
      SELECT account_id AS account, at, version, strategy_id AS strategy, trim_scale(qty) AS qty,
        CASE WHEN qty <> 0 THEN trim_scale(round(cost_basis / qty, ${PRICE_SCALE})) END AS avg_price,
        trim_scale(realized_gross - fees) AS realized_pnl, trim_scale(fees) AS fees
      FROM position_history
      WHERE true ${within(sql, sql`account_id`, filter.accounts)}
        ${within(sql, sql`instrument_id`, filter.instruments)} ${strategy}
        ${page.after === null ? sql`` : sql`AND version < ${Number(page.after)}`}
      ORDER BY version DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
  );
}
