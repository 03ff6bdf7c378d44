// Most instruments an account, or a strategy, may hold or be about to hold.
import type { AccountBook } from "../../book.ts";
import type { InstrumentId, StrategyId } from "../../ids.ts";
import { checkCountLimit } from "../count-limit.ts";
import type { CountLimit } from "../count-limit.ts";
import type { RiskRule } from "../rule.ts";

const LIMIT: CountLimit = {
  key: "max_positions",
  what: "instruments are held or about to be",
  count({ account, sums, instrument }, strategyId) {
    if (strategyId === null) {
      return { present: sums.instrumentCount, added: sums.has(instrument.id) ? 0 : 1 };
    }
    const own = instrumentsOf(account, strategyId);
    return { present: own.size, added: own.has(instrument.id) ? 0 : 1 };
  },
};

export const maxPositions: RiskRule = {
  code: "max_positions",
  refusesExits: false,
  limit: "max_positions",
  check: (subject) => checkCountLimit(subject, LIMIT),
};

function instrumentsOf(account: AccountBook, strategyId: StrategyId): ReadonlySet<InstrumentId> {
  const own = new Set(account.openByStrategy.instruments(strategyId));
  for (const { instrumentId, quantity } of account.positions.sharesOf(strategyId)) {
    if (!quantity.isZero()) own.add(instrumentId);
  }
  return own;
}
