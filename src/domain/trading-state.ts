// Whether trading is allowed: per account and strategy or for all; the strictest that applies wins.
import type { AccountId, StrategyId } from "./ids.ts";

/** From the loosest to the strictest. */
export const TRADING_STATES = ["active", "reducing", "halted"] as const;
export type TradingState = (typeof TRADING_STATES)[number];

export interface TradingStateRow {
  readonly accountId: AccountId | null;
  readonly strategyId: StrategyId | null;
  readonly state: TradingState;
  readonly reason: string;
}

/** All rows and the version that a commit with intents must still find. */
export interface TradingStateTable {
  readonly version: number;
  readonly rows: readonly TradingStateRow[];
}

export function strictest(first: TradingState, second: TradingState): TradingState {
  return TRADING_STATES.indexOf(first) >= TRADING_STATES.indexOf(second) ? first : second;
}

export function tradingStateFor(
  table: TradingStateTable,
  accountId: AccountId,
  strategyId: StrategyId | null,
): TradingState {
  let state: TradingState = "active";
  for (const row of table.rows) {
    const accountApplies = row.accountId === null || row.accountId === accountId;
    const strategyApplies = row.strategyId === null || row.strategyId === strategyId;
    if (accountApplies && strategyApplies) state = strictest(state, row.state);
  }
  return state;
}
