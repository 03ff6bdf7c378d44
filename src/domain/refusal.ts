// Why something was refused: closed codes, in the fixed order in which the first failing one names
// the refusal. Every refusal carries its numbers.
import type { Decimal } from "./decimal.ts";

export type RejectedBy = "risk" | "broker" | "engine";

/** Rules of the risk chain, in their order of precedence. A limit's rule is named after its key. */
export const RULE_CODES = [
  "trading_state",
  "symbol_allowed",
  "instrument_not_tradable",
  "short_not_allowed",
  "session_open",
  "calendar_unknown",
  "stale_signal",
  "order_validity",
  "tick_size",
  "lot_size",
  "min_notional",
  "price_band",
  "symbol_frozen",
  "no_reference_price",
  "quote_age_max_ms",
  "no_fx_rate",
  "no_account_equity",
  "duplicate_signal",
  "max_order_qty_stock",
  "max_order_qty_crypto",
  "max_order_notional",
  "max_position_size_usd",
  "max_position_qty",
  "max_positions",
  "max_open_orders",
  "max_orders_per_minute",
  "max_orders_per_day",
  "max_daily_loss_usd",
  "max_daily_loss_percent",
  "max_loss_per_trade_percent",
  "max_leverage",
  "buying_power",
  "max_concentration_percent",
  "price_collar_percent",
  "wash_trade",
] as const;
export type RuleCode = (typeof RULE_CODES)[number];

/** Refusals that the engine gives for a reason of its own, outside the risk chain. */
export const ENGINE_CODES = [
  "taken_back",
  "valid_until_passed",
  "hold_expired",
  "broker_down",
  "never_arrived",
  "nothing_to_do",
  "nothing_to_close",
  "predecessor_failed",
  "poison",
  "account_unavailable",
  "unsupported_by_broker",
] as const;
export type EngineCode = (typeof ENGINE_CODES)[number];

/** The broker's own code and words are in the message; this says that it was the broker. */
export const BROKER_CODES = ["broker_rejected", "broker_duplicate_mismatch"] as const;
export type BrokerCode = (typeof BROKER_CODES)[number];

export type RejectCode = RuleCode | EngineCode | BrokerCode;

/** Numbers behind a verdict: text, so that they survive JSON exactly. */
export type Numbers = Readonly<Record<string, string | number | boolean | null>>;

export interface Refusal {
  readonly code: RejectCode;
  readonly by: RejectedBy;
  readonly message: string;
  readonly numbers: Numbers;
}

export const VERDICT_RESULTS = ["pass", "refuse", "warn", "shadow", "off"] as const;
export type VerdictResult = (typeof VERDICT_RESULTS)[number];

/** What one rule said of one order. `head` is how much more the limit would have allowed. */
export interface Verdict {
  readonly rule: RuleCode;
  readonly result: VerdictResult;
  readonly message: string | null;
  readonly numbers: Numbers;
  readonly head: Decimal | null;
}
