// What the buttons beside the trading state ask for. None of them ever loosens: only resuming does that.
import type { TradingState, TradingStates } from "../api/answers.ts";

export type Strictness = "stop" | "reduce" | "freeze";

/** An empty account stands for all of them. */
export function stateOfScope(
  states: Pick<TradingStates, "data"> | null,
  account: string,
): TradingState {
  const row = states?.data.find(
    (each) => (each.account ?? "") === account && each.strategy === null,
  );
  return row?.state ?? "active";
}

/** A stop of what is halted leaves it halted, and still cancels the entries that rest. */
export function stateAsked(strictness: Strictness, current: TradingState): TradingState {
  return strictness === "freeze" || current === "halted" ? "halted" : "reducing";
}
