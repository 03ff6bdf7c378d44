// Largest share of the account's equity that one position may be.
import { checkPositionLimit } from "../position-limit.ts";
import type { PositionLimit } from "../position-limit.ts";
import { percentOf } from "../price.ts";
import { isMissing } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

const LIMIT: PositionLimit = {
  key: "max_concentration_percent",
  measure(subject, own) {
    const value = own ? subject.ownReachedValue() : subject.reachedValue();
    return isMissing(value) ? value : subject.inAccountCurrency(value);
  },
  bound(subject, value) {
    const equity = subject.equity();
    return isMissing(equity) ? equity : percentOf(value, equity.equity);
  },
  unit: ({ account }) => account.account.currency,
};

export const maxConcentrationPercent: RiskRule = {
  code: "max_concentration_percent",
  refusesExits: false,
  limit: "max_concentration_percent",
  check: (subject) => checkPositionLimit(subject, LIMIT),
};
