// How the exchange behaves: delays, liquidity, limits, switches.
import { z } from "zod";
import type { ControlContext, ControlHandler } from "./context.ts";
import { ok } from "./context.ts";
import { amount, parseBody } from "./shapes.ts";

const delay = z.int().min(0).max(600_000);

const shape = z.strictObject({
  answer_delay_ms: delay.optional(),
  stream_delay_ms: delay.optional(),
  venue_delay_ms: delay.optional(),
  activity_ids: z.enum(["same", "different", "none"]).optional(),
  stream_frames: z.enum(["binary", "text"]).optional(),
  rate_limit_per_minute: z.int().min(1).optional(),
  data_rate_limit_per_minute: z.int().min(1).optional(),
  liquidity: z.enum(["per_order", "shared", "unlimited"]).optional(),
  partial_fill_probability: z.number().min(0).max(1).optional(),
  tell_sibling_cancels: z.boolean().optional(),
  exotic_events: z.boolean().optional(),
  replace_carries_fills: z.boolean().optional(),
  crypto_fee_rate: amount.optional(),
});

function settingsJson(context: ControlContext): Record<string, unknown> {
  const { settings, exchange, tradingLimit, dataLimit } = context;
  const { policy } = exchange;
  return {
    answer_delay_ms: settings.answerDelayMs,
    stream_delay_ms: settings.streamDelayMs,
    venue_delay_ms: policy.venueDelayMs,
    activity_ids: settings.activityIds,
    stream_frames: settings.streamFrames,
    rate_limit_per_minute: tradingLimit.perMinute,
    data_rate_limit_per_minute: dataLimit.perMinute,
    liquidity: policy.liquidity,
    partial_fill_probability: policy.partialFillProbability,
    tell_sibling_cancels: policy.tellSiblingCancels,
    exotic_events: policy.exoticEvents,
    replace_carries_fills: policy.replaceCarriesFills,
    crypto_fee_rate: policy.cryptoFeeRate.toString(),
    seed: exchange.seed,
    tick_ms: exchange.tickMs,
  };
}

export const getSettings: ControlHandler = (context) => ok(settingsJson(context));

export const patchSettings: ControlHandler = (context, { body }) => {
  const { settings, exchange, tradingLimit, dataLimit } = context;
  const { policy } = exchange;
  const wanted = parseBody(shape, body);
  settings.answerDelayMs = wanted.answer_delay_ms ?? settings.answerDelayMs;
  settings.streamDelayMs = wanted.stream_delay_ms ?? settings.streamDelayMs;
  settings.activityIds = wanted.activity_ids ?? settings.activityIds;
  settings.streamFrames = wanted.stream_frames ?? settings.streamFrames;
  tradingLimit.perMinute = wanted.rate_limit_per_minute ?? tradingLimit.perMinute;
  dataLimit.perMinute = wanted.data_rate_limit_per_minute ?? dataLimit.perMinute;
  policy.venueDelayMs = wanted.venue_delay_ms ?? policy.venueDelayMs;
  policy.liquidity = wanted.liquidity ?? policy.liquidity;
  policy.partialFillProbability = wanted.partial_fill_probability ?? policy.partialFillProbability;
  policy.tellSiblingCancels = wanted.tell_sibling_cancels ?? policy.tellSiblingCancels;
  policy.exoticEvents = wanted.exotic_events ?? policy.exoticEvents;
  policy.replaceCarriesFills = wanted.replace_carries_fills ?? policy.replaceCarriesFills;
  policy.cryptoFeeRate = wanted.crypto_fee_rate ?? policy.cryptoFeeRate;
  return ok(settingsJson(context));
};
