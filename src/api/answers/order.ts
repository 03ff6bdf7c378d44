// An order, its executions and its history as answers.
import { z } from "zod";
import {
  HOLDS,
  ORDER_STATUSES,
  ORDER_TYPES,
  ROLES,
  SIDES,
  TIMES_IN_FORCE,
} from "../../domain/order/spec.ts";
import { anyJson, exactText, instantText, strategyName, uuidText } from "./words.ts";

export const orderAnswer = z.strictObject({
  id: uuidText,
  signal_id: uuidText.nullable(),
  command_id: uuidText.nullable(),
  parent_id: uuidText.nullable(),
  account: z.string(),
  strategy: strategyName,
  symbol: z.string(),
  venue: z.string(),
  role: z.enum(ROLES),
  link_group: z.string().nullable(),
  reduces_position: z.boolean(),
  waits_for: z.array(uuidText),
  side: z.enum(SIDES),
  type: z.enum(ORDER_TYPES),
  time_in_force: z.enum(TIMES_IN_FORCE),
  qty: exactText.nullable(),
  notional: exactText.nullable(),
  limit_price: exactText.nullable(),
  stop_price: exactText.nullable(),
  trail_price: exactText.nullable(),
  trail_percent: exactText.nullable(),
  extended_hours: z.boolean(),
  take_profit: z.strictObject({ limit_price: exactText }).nullable(),
  stop_loss: z
    .strictObject({ stop_price: exactText, limit_price: exactText.nullable() })
    .nullable(),
  status: z.enum(ORDER_STATUSES),
  hold: z.enum(HOLDS).nullable(),
  hold_until: instantText.nullable(),
  pending_action: z.enum(["cancel", "replace"]).nullable(),
  unresolved: z
    .strictObject({
      action: z.enum(["submit", "cancel", "replace"]),
      since: instantText,
      cause: z.string(),
      lookups: z.int(),
    })
    .nullable(),
  generation: z.int(),
  reference: z.string().nullable(),
  broker_order_id: z.string().nullable(),
  filled_qty: exactText,
  filled_price: exactText.nullable(),
  rejected_by: z.enum(["risk", "broker", "engine"]).nullable(),
  reject_code: z.string().nullable(),
  error_message: z.string().nullable(),
  flags: z.array(z.string()),
  reason: z.string().nullable(),
  received_at: instantText,
  valid_until: instantText.nullable(),
  placed_at: instantText,
  submitted_at: instantText.nullable(),
  accepted_at: instantText.nullable(),
  closed_at: instantText.nullable(),
  updated_at: instantText,
  version: z.int(),
});

export const executionAnswer = z.strictObject({
  id: z.string(),
  order_id: uuidText,
  broker_order_id: z.string().nullable(),
  side: z.enum(SIDES),
  qty: exactText,
  price: exactText,
  fee: exactText,
  fee_in_asset: exactText,
  executed_at: instantText,
  source: z.string(),
  busted: z.boolean(),
  corrected_by: z.string().nullable(),
});

export const eventAnswer = z.strictObject({
  id: z.string().describe("Place in the log: partition and number."),
  type: z.string(),
  account: z.string(),
  order_id: uuidText.nullable(),
  at: instantText,
  actor: z.string(),
  correlation_id: z.string().nullable(),
  data: anyJson,
});

export const orderListed = z.strictObject({
  ...orderAnswer.shape,
  executions: z.array(executionAnswer).optional().describe("Where they were asked for."),
});

export const orderWithHistory = z.strictObject({
  ...orderAnswer.shape,
  executions: z.array(executionAnswer),
  history: z.array(eventAnswer),
  summary: z.string().describe("One sentence: what happened, and why."),
});
