// With a stop given: what the trade loses when the stop is hit, against the account's equity.
import { percentOf, valuePrice } from "../price.ts";
import { isMissing, OFF, pass, passWith, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const maxLossPerTradePercent: RiskRule = {
  code: "max_loss_per_trade_percent",
  refusesExits: false,
  limit: "max_loss_per_trade_percent",
  check(subject) {
    const percent = subject.limits.max_loss_per_trade_percent;
    if (percent === null) return OFF;
    const stop = subject.terms.exits?.stopLoss?.stopPrice ?? null;
    if (stop === null) return passWith("no stop is given, so the loss of the trade has no measure");
    const entry = valuePrice(subject.terms, subject.mark);
    const { quantity } = subject.alone;
    if (entry === null || quantity === null) return subject.noPrice();
    const equity = subject.equity();
    if (isMissing(equity)) return equity;

    const distance = subject.side === "buy" ? entry.minus(stop) : stop.minus(entry);
    const loss = subject.inAccountCurrency(distance.times(quantity));
    if (isMissing(loss)) return loss;
    const allowed = percentOf(percent, equity.equity);
    const numbers = { loss: loss.toString(), limit: allowed.toString() };
    const head = allowed.minus(loss);
    if (!head.isNegative()) return pass(numbers, head);
    return refuse(
      `the trade would lose ${numbers.loss} at its stop, and max_loss_per_trade_percent ` +
        `(${percent.toString()}) allows ${numbers.limit}`,
      numbers,
      head,
    );
  },
};
