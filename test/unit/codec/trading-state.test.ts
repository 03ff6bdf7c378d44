// Of all the states that apply to an order the strictest counts.
import { expect, it } from "vitest";
import { asId, type AccountId, type StrategyId } from "../../../src/domain/ids.ts";
import {
  strictest,
  TRADING_STATES,
  tradingStateFor,
  type TradingState,
} from "../../../src/domain/trading-state.ts";

const [MAIN, OTHER] = [asId<AccountId>("main"), asId<AccountId>("other")];
const [TREND, SWING] = [asId<StrategyId>("trend"), asId<StrategyId>("swing")];
type Of = readonly [AccountId | null, StrategyId | null, TradingState];

const stateOf = (rows: readonly Of[], account: AccountId, strategy: StrategyId | null) =>
  tradingStateFor(
    {
      version: 1,
      rows: rows.map(([accountId, strategyId, state]) => ({
        ...{ accountId, strategyId, state, reason: "" },
      })),
    },
    account,
    strategy,
  );

it("is active where no row says otherwise", () => {
  expect(stateOf([], MAIN, null)).toBe("active");
  expect(stateOf([[OTHER, null, "halted"]], MAIN, TREND)).toBe("active");
  expect(stateOf([[MAIN, SWING, "halted"]], MAIN, TREND)).toBe("active");
  expect(stateOf([[MAIN, SWING, "halted"]], MAIN, null)).toBe("active");
});

it.each<Of>([
  [null, null, "halted"],
  [MAIN, null, "halted"],
  [null, TREND, "halted"],
  [MAIN, TREND, "halted"],
])("of account %s and strategy %s holds for an order of both", (...row) => {
  expect(stateOf([row], MAIN, TREND)).toBe("halted");
});

it("is the strictest of those that apply, in whatever order they stand", () => {
  const rows: readonly Of[] = [
    [null, null, "active"],
    [MAIN, null, "reducing"],
    [MAIN, TREND, "halted"],
  ];
  expect(stateOf(rows, MAIN, TREND)).toBe("halted");
  expect(stateOf(rows.toReversed(), MAIN, TREND)).toBe("halted");
  expect(stateOf(rows, MAIN, SWING)).toBe("reducing");
  expect(stateOf(rows, OTHER, TREND)).toBe("active");
});

it("grows stricter from active over reducing to halted", () => {
  for (const [i, one] of TRADING_STATES.entries()) {
    for (const [k, other] of TRADING_STATES.entries()) {
      expect(strictest(one, other)).toBe(TRADING_STATES[Math.max(i, k)]);
    }
  }
});
