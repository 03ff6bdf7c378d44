// Gross exposure of the whole account over its equity, at worst and with this order.
import { Decimal } from "../../decimal.ts";
import { isMissing, missing, OFF, pass, refuse } from "../rule.ts";
import type { MissingInput, RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const maxLeverage: RiskRule = {
  code: "max_leverage",
  refusesExits: false,
  limit: "max_leverage",
  check(subject) {
    const most = subject.limits.max_leverage;
    if (most === null) return OFF;
    const equity = subject.equity();
    if (isMissing(equity)) return equity;
    const gross = grossWith(subject);
    if (isMissing(gross)) return gross;

    const allowed = most.times(equity.equity);
    const numbers = { gross: gross.toString(), limit: allowed.toString() };
    const head = allowed.minus(gross);
    if (!head.isNegative()) return pass(numbers, head);
    return refuse(
      `gross exposure could reach ${numbers.gross}, and max_leverage ${most.toString()} times the ` +
        `equity of ${equity.equity.toString()} allows ${numbers.limit}`,
      numbers,
      head,
    );
  },
};

/** Every other instrument as it stands, and this one with the order. */
function grossWith(subject: Subject): Decimal | MissingInput {
  const { sums, instrument, account, candidate, now } = subject;
  // The instrument itself too: this order's side may have a price while the other one has none.
  if (sums.unpriced.size > 0) {
    const unpriced = [...sums.unpriced];
    const message = `no price is known for ${unpriced.join(", ")}, held or about to be`;
    return missing("no_reference_price", message, unpriced);
  }
  const total = sums.gross.in(account.account.currency, candidate.context.rates, now);
  if (isMissing(total)) return total;
  const before = sums.shareOf(instrument.id)?.gross ?? Decimal.ZERO;
  const reached = subject.reachedValue();
  if (isMissing(reached)) return reached;
  // The other side may be the larger one, and this order does not touch it.
  const more = reached.gt(before) ? reached.minus(before) : Decimal.ZERO;
  const added = subject.inAccountCurrency(more);
  return isMissing(added) ? added : total.plus(added);
}
