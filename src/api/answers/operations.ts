// Limits, trading states, keys and the inbox as answers.
import { z } from "zod";
import { TRADING_STATES } from "../../domain/trading-state.ts";
import { anyJson, exactText, instantText, strategyName, uuidText } from "./words.ts";

export const overrideAnswer = z.strictObject({
  key: z.string(),
  account: z.string().nullable(),
  symbol: z.string().nullable(),
  strategy: strategyName,
  value: z.string().nullable(),
  hard: z.boolean(),
  version: z.int(),
  reason: z.string().nullable(),
  updated_by: z.string(),
  updated_at: instantText,
  warning: z.string().nullable().describe("Why it limits nothing at present; null when it can."),
});

export const limitAnswer = z.strictObject({
  key: z.string(),
  value: z.string().nullable().describe("Null is off."),
  kind: z.string(),
  choices: z.array(z.string()).nullable(),
  required: z.boolean().describe("True: it can be tuned, never switched off."),
  hard: z.boolean().describe("True: overrides may only be stricter."),
  shadow: z.boolean().describe("True: it records what it would have refused."),
  description: z.string(),
  version: z.int(),
  reason: z.string().nullable(),
  updated_by: z.string(),
  updated_at: instantText,
  overrides: z.array(overrideAnswer),
});

export const limitHistoryAnswer = z.strictObject({
  id: z.int(),
  source: z.string(),
  key: z.string(),
  account: z.string().nullable(),
  symbol: z.string().nullable(),
  strategy: strategyName,
  field: z.string(),
  old_value: z.string().nullable(),
  new_value: z.string().nullable(),
  reason: z.string().nullable(),
  changed_by: z.string(),
  changed_at: instantText,
  limits_version: z.int(),
});

export const tradingStateAnswer = z.strictObject({
  account: z.string().nullable(),
  strategy: strategyName,
  state: z.enum(TRADING_STATES),
  reason: z.string().nullable(),
  updated_by: z.string(),
  updated_at: instantText,
});

export const tradingStatesAnswer = z.strictObject({
  state: z.enum(TRADING_STATES).describe("For all; the strictest of all rows that apply wins."),
  version: z.int(),
  data: z.array(tradingStateAnswer),
});

const openOrder = z.strictObject({
  order_id: uuidText,
  account: z.string(),
  symbol: z.string(),
  side: z.string(),
  qty: exactText.nullable(),
  status: z.string(),
  unresolved: z.boolean(),
  role: z.string(),
  reduces_position: z.boolean(),
});

export const stateChangedAnswer = z.strictObject({
  state: z.enum(TRADING_STATES),
  account: z.string().nullable(),
  strategy: strategyName,
  reason: z.string(),
  version: z.int(),
  effect: z.array(z.string()).describe("What this does, in sentences."),
  on_its_way: z.array(openOrder).describe("Sent before the change and not acknowledged yet."),
  resting: z.array(openOrder).describe("At the broker when the state changed."),
  held: z.array(openOrder).describe("Held here, nothing sent."),
  commands: z.array(uuidText),
  how_to_resume: z.string().nullable(),
  replayed: z.boolean().describe("Done before under the same key, and not done again."),
});

export const keyAnswer = z.strictObject({
  id: uuidText,
  name: z.string(),
  prefix: z.string(),
  role: z.enum(["viewer", "trader", "admin"]),
  accounts: z.array(z.string()).nullable(),
  strategies: z.array(z.string()).nullable(),
  symbols: z.array(z.string()).nullable(),
  max_notional: exactText.nullable(),
  require_idempotency: z.boolean(),
  expires_at: instantText.nullable(),
  created_by: z.string(),
  created_at: instantText,
  revoked_at: instantText.nullable(),
  last_used_at: instantText.nullable(),
});

export const newKeyAnswer = z.strictObject({
  id: uuidText,
  prefix: z.string(),
  key: z.string().describe("Shown this once; only its hash is kept."),
});

export const auditAnswer = z.strictObject({
  id: z.int(),
  at: instantText,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.unknown(),
});

export const deadLetterAnswer = z.strictObject({
  id: uuidText,
  source: z.string(),
  entry: z.string(),
  account: z.string().nullable(),
  body: z.string(),
  code: z.string(),
  reason: z.string(),
  created_at: instantText,
  requeued_at: instantText.nullable(),
  requeued_by: z.string().nullable(),
  requeued_as: uuidText.nullable(),
});

export const reconciliationAnswer = z.strictObject({
  differences: z.array(
    z.strictObject({
      id: z.string(),
      account: z.string(),
      kind: z.string(),
      subject: z.string(),
      ours: z.string().nullable(),
      theirs: z.string().nullable(),
      action: z.string(),
      at: instantText,
    }),
  ),
  external_orders: z.array(
    z.strictObject({
      account: z.string(),
      broker_order_id: z.string(),
      order: anyJson.describe("The order as the broker shows it."),
      ignored: z.boolean(),
      first_seen_at: instantText,
      updated_at: instantText,
    }),
  ),
  external_positions: z.array(
    z.strictObject({
      account: z.string(),
      symbol: z.string(),
      venue: z.string(),
      qty: exactText.describe("What the broker holds beyond our record."),
      ignored: z.boolean().describe("It is another's: no difference, and counted as held."),
      since: instantText,
    }),
  ),
  cash_differences: z.array(
    z.strictObject({
      account: z.string(),
      currency: z.string(),
      ours: exactText,
      theirs: exactText,
      since: instantText,
    }),
  ),
  frozen_symbols: z.array(
    z.strictObject({
      account: z.string(),
      symbol: z.string(),
      venue: z.string(),
      reason: z.string(),
      since: instantText,
    }),
  ),
  parked_facts: z.array(
    z.strictObject({
      id: z.string(),
      account: z.string(),
      description: z.string(),
      raw: z.string(),
      at: instantText,
    }),
  ),
});
