// The loss since the trading day began: shared by the limits in dollars and in percent. Once crossed it
// holds until the day rolls or a person resets it, even if the prices come back.
import { measureLoss } from "../day-result.ts";
import type { LossLimit } from "../day-result.ts";
import { isMissing, OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
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
      const { account, candidate, limits } = subject;
      const value = limits[key];
      if (value === null) return OFF;
      const { sums } = subject;
      const measure = measureLoss(key, value, { account, context: candidate.context, sums });
      if (measure === null) return OFF;
      if (isMissing(measure)) return measure;

      const { loss, allowed, currency } = measure;
      const numbers = { loss: loss.toString(), limit: allowed.toString() };
      const head = allowed.minus(loss);
      if (head.isPositive() || !loss.isPositive()) return pass(numbers, head);
      return refuse(
        `${numbers.loss} ${currency} were lost today, and ${key} allows ${numbers.limit}`,
        numbers,
        head,
      );
    },
  };
}

/** One of the two rules speaks of a limit that was crossed, also when both were switched off since. */
function answersForCrossing(key: LossLimit, { limits }: Subject): boolean {
  if (limits.max_daily_loss_usd !== null) return key === "max_daily_loss_usd";
  return key === "max_daily_loss_percent";
}
