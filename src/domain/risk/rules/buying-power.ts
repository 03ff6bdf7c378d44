// The account must be able to pay: what the broker says is left, minus what is kept back, minus what our
// own orders may take that the broker has not counted yet. Crypto cannot be bought on margin.
import { Decimal } from "../../decimal.ts";
import { percentOf } from "../price.ts";
import { isMissing, missing, OFF, pass, refuse } from "../rule.ts";
import type { MissingInput, RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const buyingPower: RiskRule = {
  code: "buying_power",
  refusesExits: false,
  limit: "check_buying_power",
  check(subject) {
    const { limits, instrument } = subject;
    if (limits.check_buying_power !== true) return OFF;
    if (subject.reducesPosition) return pass();
    const power = powerOf(subject);
    if (isMissing(power)) return power;
    const reserved = reservedByOthers(subject);
    if (isMissing(reserved)) return reserved;
    const costs = subject.costOfAll();
    if (isMissing(costs)) return costs;
    const cost = subject.inAccountCurrency(costs);
    if (isMissing(cost)) return cost;

    const kept = percentOf(limits.buying_power_reserve_percent ?? Decimal.ZERO, power);
    const available = power.minus(kept).minus(reserved);
    const numbers = {
      cost: cost.toString(),
      available: available.toString(),
      buying_power: power.toString(),
      reserved: reserved.toString(),
    };
    const head = available.minus(cost);
    if (!head.isNegative()) return pass(numbers, head);
    const kind =
      instrument.assetClass === "crypto" ? "non-marginable buying power" : "buying power";
    return refuse(
      `the order may cost ${numbers.cost}, and ${numbers.available} of the ${kind} of ` +
        `${numbers.buying_power} is left, with ${numbers.reserved} reserved for orders on their way`,
      numbers,
      head,
    );
  },
};

function powerOf(subject: Subject): Decimal | MissingInput {
  const equity = subject.equity();
  if (isMissing(equity)) return equity;
  if (subject.instrument.assetClass !== "crypto") return equity.buyingPower;
  return (
    equity.nonMarginableBuyingPower ??
    missing("no_account_equity", "the non-marginable buying power of the account is not known")
  );
}

/** Without this order itself, when it is placed already and only released now. */
function reservedByOthers(subject: Subject): Decimal | MissingInput {
  const { sums, account, candidate, now } = subject;
  for (const [orderId, instrumentId] of sums.uncosted) {
    if (orderId === candidate.placedOrderId) continue;
    const message = `no price is known for ${instrumentId}, which is ordered`;
    return missing("no_reference_price", message, [instrumentId]);
  }
  const total = sums.reserved.in(account.account.currency, candidate.context.rates, now);
  if (isMissing(total) || candidate.placedOrderId === null) return total;
  const self = sums.reservedFor(candidate.placedOrderId);
  const own = subject.inAccountCurrency(self);
  return isMissing(own) ? own : total.minus(own);
}
