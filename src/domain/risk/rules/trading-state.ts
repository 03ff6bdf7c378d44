// The red button and its milder form: what may leave at all. No switch and no limit touches it.
import { strictest, TRADING_STATES, tradingStateFor } from "../../trading-state.ts";
import type { TradingState } from "../../trading-state.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const tradingState: RiskRule = {
  code: "trading_state",
  refusesExits: true,
  limit: null,
  check(subject) {
    const state = stateFor(subject);
    if (state === "active") return pass();
    if (state === "halted") {
      return refuse("trading is halted: nothing leaves but cancels", { trading_state: state });
    }
    if (subject.reducesPosition) return pass({ trading_state: state });
    const message = "trading is reducing: only orders that lower a position may leave";
    return refuse(message, { trading_state: state });
  },
};

function stateFor({ candidate, account, limits }: Subject): TradingState {
  const { context, strategyId } = candidate;
  const switched = tradingStateFor(context.trading, account.account.id, strategyId);
  // The setting in SQL and the switch of the command line are two buttons; the stricter one holds.
  const configured = TRADING_STATES.find((state) => state === limits.trading_state) ?? "active";
  return strictest(switched, configured);
}
