// What a strategy has gained or lost on its own positions, in the account's currency: a loss limit for
// the strategy is measured by it, from where the strategy stood when the trading day began.
import type { AccountBook, Context } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { StrategyBaseline } from "../event.ts";
import type { StrategyId } from "../ids.ts";
import { currencyOf } from "../instrument.ts";
import { valuationPrice } from "../market.ts";
import { realizedNet, totalProfit } from "../position/fold.ts";
import type { PositionState } from "../position/state.ts";
import { convert } from "./money.ts";
import { usableMark } from "./price.ts";
import { isMissing, missing } from "./rule.ts";
import type { MissingInput } from "./rule.ts";
import { markFor } from "./split-mark.ts";

/** Realised minus fees and unrealised together, since ever. */
function strategyResult(
  strategyId: StrategyId,
  account: AccountBook,
  context: Context,
): Decimal | MissingInput {
  const to = account.account.currency;
  const { rates, now } = context;
  let sum = Decimal.ZERO;
  for (const share of account.positions.sharesOf(strategyId)) {
    const result = shareResult(share, account, context);
    if (isMissing(result)) return result;
    const from = currencyOf(context, share.instrumentId);
    const converted = convert(result, { from, to, rates, now });
    if (isMissing(converted)) return converted;
    sum = sum.plus(converted);
  }
  return sum;
}

function shareResult(
  share: PositionState,
  account: AccountBook,
  { marks }: Context,
): Decimal | MissingInput {
  if (share.quantity.isZero()) return realizedNet(share);
  const id = share.instrumentId;
  const mark = usableMark(markFor(account, marks, id));
  const price = mark === null ? null : valuationPrice(mark);
  if (price !== null) return totalProfit(share, price);
  return missing("no_reference_price", `no price is known for ${id}, which is held`, [id]);
}

/** Where each strategy stands now. One that cannot be measured does not keep the day from beginning. */
export function strategyResults(
  account: AccountBook,
  context: Context,
): readonly StrategyBaseline[] {
  return Array.from(account.positions.strategies(), (strategyId) => {
    const result = strategyResult(strategyId, account, context);
    return { strategyId, result: isMissing(result) ? null : result };
  });
}

/** How much the strategy has lost since the day began; a gain is negative. */
export function strategyLoss(
  strategyId: StrategyId,
  account: AccountBook,
  context: Context,
): Decimal | MissingInput {
  const { day } = account;
  if (day === null) {
    return missing("no_account_equity", "the trading day of the account has not begun");
  }
  const baseline = day.strategyBaselines.find((one) => one.strategyId === strategyId);
  if (baseline?.result === null) {
    const message = `what strategy ${strategyId} had gained when the day began is not known`;
    return missing("no_account_equity", message);
  }
  const result = strategyResult(strategyId, account, context);
  if (isMissing(result)) return result;
  return (baseline?.result ?? Decimal.ZERO).minus(result);
}
