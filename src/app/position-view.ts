// Positions and accounts with what the tables do not hold: ages, percentages, shares of the limits.
import { Decimal } from "../domain/decimal.ts";
import { asId, type AccountId, type StrategyId } from "../domain/ids.ts";
import type { LimitTable } from "../domain/limits.ts";
import type { AccountRow, PortfolioRow, PositionRow } from "../ports/queries.ts";

const PERCENT_SCALE = 2;

export function percent(part: Decimal, whole: Decimal): Decimal | null {
  if (whole.isZero()) return null;
  return part.times(Decimal.HUNDRED).dividedBy(whole, PERCENT_SCALE, "half_even");
}

export interface Usage {
  readonly limit: string | null;
  readonly used: string | null;
  readonly used_percent: string | null;
}

export function usageOf(used: Decimal | null, limit: Decimal | null): Usage {
  const share = used === null || limit === null ? null : percent(used, limit);
  return {
    limit: limit?.toString() ?? null,
    used: used?.toString() ?? null,
    used_percent: share?.toString() ?? null,
  };
}

export function positionView(row: PositionRow, limits: LimitTable, now: number) {
  const { instrument_id: _, last_price_at: pricedAt, market_value: value, ...rest } = row;
  const strategy = row.strategy === null ? null : asId<StrategyId>(row.strategy);
  const held = limits.for(asId<AccountId>(row.account), row.symbol, strategy);
  const quantity = Decimal.of(row.qty);
  const cost = Decimal.of(row.cost_basis).abs();
  const unrealized = row.unrealized_pnl === null ? null : Decimal.of(row.unrealized_pnl);
  // Other currencies have no rate here: the gauge says nothing rather than something wrong.
  const inDollars = value === null || row.currency !== "USD" ? null : Decimal.of(value).abs();
  return {
    ...rest,
    side: quantity.isZero() ? "flat" : quantity.isNegative() ? "short" : "long",
    last_price_at: pricedAt,
    last_price_age_ms: pricedAt === null ? null : Math.max(0, now - pricedAt.getTime()),
    market_value: value,
    unrealized_pnl_percent:
      unrealized === null ? null : (percent(unrealized, cost)?.toString() ?? null),
    max_position_size_usd: usageOf(inDollars, held.max_position_size_usd),
  };
}

export function accountView(row: AccountRow, tradingState: string) {
  return {
    id: row.id,
    broker: row.broker,
    environment: row.environment,
    broker_account: row.broker_account,
    currency: row.currency,
    day_zone: row.day_zone,
    day_roll: row.day_roll,
    trading_state: tradingState,
    equity: row.equity,
    cash: row.cash,
    buying_power: row.buying_power,
    non_marginable_buying_power: row.non_marginable_buying_power,
    shorting_enabled: row.shorting_enabled,
    observed_at: row.observed_at,
  };
}

/** The trading day so far: what the broker's equity says, which counts fees and transfers as well. */
export function dayView(row: AccountRow, limits: LimitTable, sums: readonly PortfolioRow[]) {
  if (row.day_date === null) return null;
  const baseline = row.day_equity_baseline === null ? null : Decimal.of(row.day_equity_baseline);
  const equity = row.equity === null ? null : Decimal.of(row.equity);
  const pnl = equity === null || baseline === null ? null : equity.minus(baseline);
  const share = pnl === null || baseline === null ? null : percent(pnl, baseline);
  const loss = share === null || share.isPositive() ? share && Decimal.ZERO : share.negated();
  const { max_daily_loss_percent: limit } = limits.for(asId<AccountId>(row.id), "", null);
  return {
    date: row.day_date,
    pnl: pnl?.toString() ?? null,
    trading_pnl: tradingPnl(row, sums)?.toString() ?? null,
    pnl_percent: share?.toString() ?? null,
    equity_baseline: row.day_equity_baseline,
    orders_placed: row.day_orders_placed,
    loss_limit_crossed: row.day_loss_limit_crossed ?? false,
    max_daily_loss_percent: usageOf(loss, limit),
  };
}

/** What trading has brought since the day began, at the newest prices: the broker's equity is older. */
export function tradingPnl(account: AccountRow, sums: readonly PortfolioRow[]): Decimal | null {
  const { day_realized_baseline: realized, day_unrealized_baseline: unrealized } = account;
  if (realized === null || unrealized === null) return null;
  const row = sums.find(
    (each) => each.account === account.id && each.currency === account.currency,
  );
  const now = row === undefined ? Decimal.ZERO : sumOf(row.realized_pnl, row.unrealized_pnl);
  return now.minus(sumOf(realized, unrealized));
}

function sumOf(one: string, other: string): Decimal {
  return Decimal.of(one).plus(Decimal.of(other));
}

export function sumsView(row: PortfolioRow) {
  const { account: _account, ...sums } = row;
  return sums;
}

const ONE_PERCENT = Decimal.of("0.01");

/** What is left of an amount without a share of it. */
export function percentOff(amount: string | null, share: Decimal | null): string | null {
  if (amount === null) return null;
  const whole = Decimal.of(amount);
  if (share === null) return whole.toString();
  return whole.times(Decimal.HUNDRED.minus(share)).times(ONE_PERCENT).toString();
}
