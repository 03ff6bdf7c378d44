// What an account has gained or lost since its trading day began: for the two limits on the daily loss,
// and for the ticks on which they are judged between signals.
import type { AccountBook, Context } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { StrategyId } from "../ids.ts";
import { currencyOf } from "../instrument.ts";
import type { LossLimit } from "../limits.ts";
import { aggregateOf } from "./aggregate.ts";
import type { RiskAggregate } from "./aggregate.ts";
import { convert, LIMIT_CURRENCY } from "./money.ts";
import { percentOf } from "./price.ts";
import { isMissing, missing } from "./rule.ts";
import { strategyLoss } from "./strategy-result.ts";
import type { MissingInput } from "./rule.ts";

/** In the currency of the account, over all of its positions. */
export interface ProfitFigures {
  /** Gross of every position minus fees, since ever. */
  readonly realized: Decimal;
  readonly unrealized: Decimal;
}

/** A loss and what is allowed of it, both in the currency of the limit or of the account. */
export interface LossMeasure {
  readonly limit: LossLimit;
  readonly loss: Decimal;
  readonly allowed: Decimal;
  readonly currency: string;
}

export function profitFigures(
  account: AccountBook,
  context: Context,
  sums: RiskAggregate = aggregateOf(account, context),
): ProfitFigures | MissingInput {
  const { currency } = account.account;
  const { rates, now } = context;
  const realized = realizedOf(account, context);
  if (isMissing(realized)) return realized;
  if (sums.unvalued.size > 0) {
    const unvalued = [...sums.unvalued];
    const message = `no price is known for ${unvalued.join(", ")}, which is held`;
    return missing("no_reference_price", message, unvalued);
  }
  const unrealized = sums.unrealized.in(currency, rates, now);
  return isMissing(unrealized) ? unrealized : { realized, unrealized };
}

function realizedOf(account: AccountBook, context: Context): Decimal | MissingInput {
  const to = account.account.currency;
  const totals = account.positions.totals((id) => currencyOf(context, id));
  let sum = Decimal.ZERO;
  for (const [from, { realizedGross, fees }] of totals) {
    const net = realizedGross.minus(fees);
    const converted = convert(net, { from, to, rates: context.rates, now: context.now });
    if (isMissing(converted)) return converted;
    sum = sum.plus(converted);
  }
  return sum;
}

/** How much was lost since the day began, in the account's currency; a gain is negative. */
export function dayLoss(
  account: AccountBook,
  context: Context,
  sums?: RiskAggregate,
): Decimal | MissingInput {
  const { day } = account;
  if (day === null) {
    return missing("no_account_equity", "the trading day of the account has not begun");
  }
  const figures = profitFigures(account, context, sums);
  if (isMissing(figures)) return figures;
  const now = figures.realized.plus(figures.unrealized);
  return day.realizedBaseline.plus(day.unrealizedBaseline).minus(now);
}

/** The loss as one of the limits measures it; null when that limit is off. */
export function measureLoss(
  limit: LossLimit,
  value: Decimal | null,
  subject: {
    readonly account: AccountBook;
    readonly context: Context;
    readonly sums?: RiskAggregate;
    /** Of this strategy alone; absent: of the account. */
    readonly strategyId?: StrategyId;
  },
): LossMeasure | MissingInput | null {
  if (value === null) return null;
  const { account, context, sums, strategyId } = subject;
  const loss =
    strategyId === undefined
      ? dayLoss(account, context, sums)
      : strategyLoss(strategyId, account, context);
  if (isMissing(loss)) return loss;
  const { currency } = account.account;
  if (limit === "max_daily_loss_percent") {
    const baseline = account.day?.equityBaseline ?? null;
    if (baseline === null) {
      return missing("no_account_equity", "the equity at the start of the day is not known");
    }
    return { limit, loss, allowed: percentOf(value, baseline), currency };
  }
  const { rates, now } = context;
  const dollars = convert(loss, { from: currency, to: LIMIT_CURRENCY, rates, now });
  if (isMissing(dollars)) return dollars;
  return { limit, loss: dollars, allowed: value, currency: LIMIT_CURRENCY };
}

/** The first loss limit of an account that its marks have crossed; for executions, prices and ticks. */
export function crossedLossLimit(account: AccountBook, context: Context): LossMeasure | null {
  // Of the account as a whole: overrides for one symbol or strategy are judged with their orders, and a
  // strategy's own loss stops that strategy alone.
  const limits = context.limits.for(account.account.id, "", null);
  if (limits.enable_risk_checks === false) return null;
  for (const limit of ["max_daily_loss_usd", "max_daily_loss_percent"] as const) {
    if (limits.shadow.has(limit)) continue;
    const measure = measureLoss(limit, limits[limit], { account, context });
    if (measure === null || isMissing(measure)) continue;
    if (measure.loss.gte(measure.allowed) && measure.loss.isPositive()) return measure;
  }
  return null;
}
