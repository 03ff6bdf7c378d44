// Positions, accounts and the portfolio as answers.
import { z } from "zod";
import { exactText, instantText, strategyName } from "./words.ts";

/** How much of one limit is used up, for gauges. */
export const usageAnswer = z.strictObject({
  limit: exactText.nullable().describe("Null is off."),
  used: exactText.nullable().describe("Null when a price is missing."),
  used_percent: exactText.nullable(),
});

export const positionAnswer = z.strictObject({
  account: z.string(),
  symbol: z.string(),
  venue: z.string(),
  currency: z.string(),
  asset_class: z.enum(["stock", "crypto"]),
  strategy: strategyName,
  side: z.enum(["long", "short", "flat"]),
  qty: exactText,
  avg_price: exactText.nullable(),
  cost_basis: exactText,
  last_price: exactText.nullable(),
  last_price_at: instantText.nullable(),
  last_price_age_ms: z.int().nullable(),
  market_value: exactText.nullable(),
  unrealized_pnl: exactText.nullable(),
  unrealized_pnl_percent: exactText.nullable(),
  realized_pnl: exactText.describe("Net of fees."),
  fees: exactText,
  max_position_size_usd: usageAnswer,
  frozen: z.string().nullable().describe("Why entries are refused; null when they are not."),
  opened_at: instantText.nullable(),
  updated_at: instantText,
  version: z.int(),
});

export const positionHistoryAnswer = z.strictObject({
  account: z.string(),
  at: instantText,
  version: z.int(),
  strategy: strategyName,
  qty: exactText,
  avg_price: exactText.nullable(),
  realized_pnl: exactText,
  fees: exactText,
});

export const sumsAnswer = z.strictObject({
  currency: z.string(),
  market_value: exactText,
  gross_market_value: exactText,
  unrealized_pnl: exactText,
  realized_pnl: exactText,
  fees: exactText,
  open_positions: z.int(),
  unpriced: z.int().describe("Open positions without a price: in no sum here."),
  oldest_price_at: instantText.nullable(),
});

export const accountAnswer = z.strictObject({
  id: z.string(),
  broker: z.string(),
  environment: z.enum(["mock", "paper", "live"]),
  broker_account: z.string().nullable(),
  currency: z.string(),
  day_zone: z.string(),
  day_roll: z.string(),
  trading_state: z.enum(["active", "reducing", "halted"]),
  equity: exactText.nullable(),
  cash: exactText.nullable(),
  buying_power: exactText.nullable(),
  non_marginable_buying_power: exactText.nullable(),
  shorting_enabled: z.boolean().nullable(),
  observed_at: instantText.nullable().describe("When the broker said so."),
});

export const dayAnswer = z.strictObject({
  date: z.string(),
  pnl: exactText.nullable().describe("Equity now against the equity that the day began with."),
  trading_pnl: exactText
    .nullable()
    .describe("What trading brought since the day began, at the newest prices."),
  pnl_percent: exactText.nullable(),
  equity_baseline: exactText.nullable(),
  orders_placed: z.int().nullable(),
  loss_limit_crossed: z.boolean(),
  max_daily_loss_percent: usageAnswer,
});

export const portfolioAnswer = z.strictObject({
  ...accountAnswer.shape,
  day: dayAnswer.nullable(),
  positions: z.array(sumsAnswer).describe("One row per currency: never added together."),
});

export const portfolioHistoryAnswer = z.strictObject({
  account: z.string(),
  at: instantText,
  equity: exactText.nullable(),
  cash: exactText.nullable(),
  buying_power: exactText.nullable(),
  market_value: exactText.nullable(),
  unrealized_pnl: exactText.nullable(),
  realized_pnl: exactText,
  fees: exactText,
  open_positions: z.int(),
  unpriced: z.int(),
});

export const buyingPowerAnswer = z.strictObject({
  account: z.string(),
  currency: z.string(),
  equity: exactText.nullable(),
  cash: exactText.nullable(),
  buying_power: exactText.nullable(),
  non_marginable_buying_power: exactText.nullable(),
  reserve_percent: exactText,
  available: exactText.nullable().describe("Buying power without the reserve that a limit keeps."),
  observed_at: instantText.nullable(),
});
