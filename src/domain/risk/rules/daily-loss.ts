// The loss since the trading day began: shared by the limits in dollars and in percent. Once the account
// has crossed one it holds until the day rolls or a person resets it, even if the prices come back. A row
// for a strategy is measured on what the strategy's own positions have lost, beside the account's.
import type { Decimal } from "../../decimal.ts";
import type { StrategyId } from "../../ids.ts";
import type { LossLimit } from "../../limits.ts";
import { measureLoss } from "../day-result.ts";
import { isMissing, OFF, pass, refuse, tighter } from "../rule.ts";
import type { Outcome, RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export function maxDailyLoss(key: LossLimit): RiskRule {
  return {
    code: key,
    refusesExits: false,
    limit: key,
    check(subject) {
      if (answersForCrossing(key, subject) && subject.account.day?.lossLimitCrossed === true) {
        return refuse(
          "the daily loss limit was crossed today: entries wait for the next trading day or a reset",
          { crossed: true },
        );
      }
      const { limits, candidate } = subject;
      const all = judge(subject, key, { value: limits[key], strategyId: null });
      if (all.kind === "refuse" || all.kind === "missing") return all;
      const value = limits.own?.[key] ?? null;
      const own = judge(subject, key, { value, strategyId: candidate.strategyId });
      return tighter(all, own);
    },
  };
}

interface Bound {
  readonly value: Decimal | null;
  /** Null: the account's. */
  readonly strategyId: StrategyId | null;
}

function judge(subject: Subject, key: LossLimit, { value, strategyId }: Bound): Outcome {
  if (value === null) return OFF;
  const { account, candidate } = subject;
  const { context } = candidate;
  // The sums are the account's, and are worked out only when somebody asks.
  const measured =
    strategyId === null
      ? { account, context, sums: subject.sums }
      : { account, context, strategyId };
  const measure = measureLoss(key, value, measured);
  if (measure === null) return OFF;
  if (isMissing(measure)) return measure;

  const { loss, allowed, currency } = measure;
  const numbers = { loss: loss.toString(), limit: allowed.toString() };
  const head = allowed.minus(loss);
  if (head.isPositive() || !loss.isPositive()) return pass(numbers, head);
  const whose = strategyId === null ? "" : " by this strategy";
  return refuse(
    `${numbers.loss} ${currency} were lost today${whose}, and ${key} allows ${numbers.limit}`,
    numbers,
    head,
  );
}

/** One of the two rules speaks of a limit that was crossed, also when both were switched off since. */
function answersForCrossing(key: LossLimit, { limits }: Subject): boolean {
  if (limits.max_daily_loss_usd !== null) return key === "max_daily_loss_usd";
  return key === "max_daily_loss_percent";
}
