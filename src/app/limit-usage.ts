// How much of each limit is used right now, for gauges. The worker judges by its own book; this is what
// the tables show, so that a person sees a limit coming.
import { Decimal } from "../domain/decimal.ts";
import { asId, type AccountId } from "../domain/ids.ts";
import type { LimitKey, Limits, LimitTable } from "../domain/limits.ts";
import type { AccountRow, PortfolioRow, PositionRow } from "../ports/queries.ts";
import { percent, tradingPnl, usageOf } from "./position-view.ts";

export interface AccountInUse {
  readonly account: AccountRow;
  readonly sums: readonly PortfolioRow[];
  readonly positions: readonly PositionRow[];
  readonly openOrders: number;
  readonly ordersLastMinute: number;
}

interface Use {
  readonly key: LimitKey;
  readonly limit: Decimal | number | null;
  readonly used: Decimal | null;
  readonly subject?: string;
}

export function limitUsage(inUse: AccountInUse, table: LimitTable) {
  const { account } = inUse;
  const limits = table.for(asId<AccountId>(account.id), "", null);
  const uses = [
    ...positionUses(inUse, table),
    ...countUses(inUse, limits),
    ...lossUses(inUse, limits),
    leverageUse(inUse, limits),
  ];
  return uses.flatMap(({ key, limit, used, subject = null }) => {
    if (limit === null) return [];
    const bound = typeof limit === "number" ? Decimal.ofInteger(limit) : limit;
    return [{ account: account.id, key, ...usageOf(used, bound), subject }];
  });
}

/** Of limits per position the one that is used most, since that is the one that refuses first. */
function positionUses({ account, positions }: AccountInUse, table: LimitTable): readonly Use[] {
  const equity = account.equity === null ? null : Decimal.of(account.equity);
  const uses = positions.flatMap((row): Use[] => {
    const limits = table.for(asId<AccountId>(row.account), row.symbol, null);
    const isInDollars = row.market_value !== null && row.currency === "USD";
    const value = isInDollars ? Decimal.of(row.market_value ?? "0").abs() : null;
    const share = value === null || equity === null ? null : percent(value, equity);
    const subject = row.symbol;
    const quantity = Decimal.of(row.qty).abs();
    return [
      { key: "max_position_size_usd", limit: limits.max_position_size_usd, used: value, subject },
      { key: "max_position_qty", limit: limits.max_position_qty, used: quantity, subject },
      {
        key: "max_concentration_percent",
        limit: limits.max_concentration_percent,
        used: share,
        subject,
      },
    ];
  });
  const keys: readonly LimitKey[] = [
    "max_position_size_usd",
    "max_position_qty",
    "max_concentration_percent",
  ];
  const limits = table.for(asId<AccountId>(account.id), "", null);
  return keys.map((key) => fullest(uses.filter((use) => use.key === key)) ?? unused(key, limits));
}

function unused(key: LimitKey, limits: Limits): Use {
  const limit = limits[key];
  return { key, limit: limit instanceof Decimal ? limit : null, used: Decimal.ZERO };
}

function fullest(uses: readonly Use[]): Use | undefined {
  const share = ({ limit, used }: Use): Decimal => {
    if (!(limit instanceof Decimal) || used === null || limit.isZero()) return Decimal.ZERO;
    return used.dividedBy(limit, 6, "half_even");
  };
  return uses.toSorted((one, other) => share(other).compare(share(one)))[0];
}

function countUses(inUse: AccountInUse, limits: Limits): readonly Use[] {
  const held = inUse.positions.length;
  return [
    counted("max_open_orders", limits.max_open_orders, inUse.openOrders),
    counted("max_positions", limits.max_positions, held),
    counted("max_orders_per_minute", limits.max_orders_per_minute, inUse.ordersLastMinute),
    counted("max_orders_per_day", limits.max_orders_per_day, inUse.account.day_orders_placed ?? 0),
  ];
}

function counted(key: LimitKey, limit: number | null, used: number): Use {
  return { key, limit, used: Decimal.ofInteger(used) };
}

function lossUses({ account, sums }: AccountInUse, limits: Limits): readonly Use[] {
  const gain = tradingPnl(account, sums);
  const loss = gain === null ? null : Decimal.max(Decimal.ZERO, gain.negated());
  const baseline = account.day_equity_baseline;
  const share = loss === null || baseline === null ? null : percent(loss, Decimal.of(baseline));
  return [
    { key: "max_daily_loss_percent", limit: limits.max_daily_loss_percent, used: share },
    { key: "max_daily_loss_usd", limit: limits.max_daily_loss_usd, used: loss },
  ];
}

function leverageUse({ account, sums }: AccountInUse, limits: Limits): Use {
  const gross = sums.find(({ currency }) => currency === account.currency)?.gross_market_value;
  const equity = account.equity === null ? null : Decimal.of(account.equity);
  const used =
    equity === null || !equity.isPositive()
      ? null
      : Decimal.of(gross ?? "0").dividedBy(equity, 4, "half_even");
  return { key: "max_leverage", limit: limits.max_leverage, used };
}
