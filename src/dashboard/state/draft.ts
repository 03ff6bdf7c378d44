// An order as it is being written, and the request that it makes.

export const TYPES = ["market", "limit", "stop", "stop_limit", "trailing_stop"] as const;
export type Type = (typeof TYPES)[number];

export interface Draft {
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly amount: string;
  readonly unit: "qty" | "notional";
  readonly type: Type;
  readonly limit: string;
  readonly stop: string;
  readonly trail: string;
  readonly timeInForce: string;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly account: string;
  readonly strategy: string;
  readonly reason: string;
}

export const EMPTY_DRAFT: Draft = {
  symbol: "",
  side: "buy",
  amount: "",
  unit: "qty",
  type: "market",
  limit: "",
  stop: "",
  trail: "",
  timeInForce: "",
  takeProfit: "",
  stopLoss: "",
  account: "",
  strategy: "",
  reason: "",
};

export function wantsLimit({ type }: Draft): boolean {
  return type === "limit" || type === "stop_limit";
}

export function wantsStop({ type }: Draft): boolean {
  return type === "stop" || type === "stop_limit";
}

/** Enough to ask what would become of it. */
export function isComplete(draft: Draft): boolean {
  return (
    draft.symbol !== "" &&
    draft.amount !== "" &&
    (!wantsLimit(draft) || draft.limit !== "") &&
    (!wantsStop(draft) || draft.stop !== "") &&
    (draft.type !== "trailing_stop" || draft.trail !== "")
  );
}

/** What was left empty is left out. */
export function requestOf(draft: Draft): Readonly<Record<string, string>> {
  const fields = {
    symbol: draft.symbol,
    side: draft.side,
    [draft.unit]: draft.amount,
    type: draft.type,
    limit_price: wantsLimit(draft) ? draft.limit : "",
    stop_price: wantsStop(draft) ? draft.stop : "",
    trail_percent: draft.type === "trailing_stop" ? draft.trail : "",
    time_in_force: draft.timeInForce,
    take_profit: draft.takeProfit,
    stop_loss: draft.stopLoss,
    account: draft.account,
    strategy: draft.strategy,
    reason: draft.reason,
  };
  const given = Object.entries(fields).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}
