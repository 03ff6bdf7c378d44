// What a signal's sender is told: the receipt, the listing, the whole ledger.
import { z } from "zod";
import { VERDICT_RESULTS } from "../../domain/refusal.ts";
import { eventAnswer, executionAnswer, orderAnswer } from "./order.ts";
import { anyJson, exactText, instantText, strategyName, uuidText } from "./words.ts";

export const receiptAnswer = z.strictObject({
  id: uuidText,
  status: z.literal("received").describe("Durable; what becomes of it stands at `url`."),
  account: z.string(),
  symbol: z.string(),
  received_at: instantText,
  idempotent: z.boolean().describe("False: sent again after a lost answer, it would count twice."),
  replayed: z.boolean().describe("True: this key was seen before, and this is what it made then."),
  url: z.string(),
});

export const problemAnswerSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});

export const batchAnswer = z.strictObject({
  data: z.array(z.union([receiptAnswer, z.strictObject({ problem: problemAnswerSchema })])),
  accepted: z.int(),
  refused: z.int(),
});

export const verdictAnswer = z.strictObject({
  rule: z.string(),
  result: z.enum(VERDICT_RESULTS),
  message: z.string().nullable(),
  numbers: anyJson,
  head: exactText.nullable().describe("How much more the limit would have allowed."),
});

export const markAnswer = z.strictObject({
  bid: exactText.nullable(),
  ask: exactText.nullable(),
  last: exactText.nullable(),
  age_ms: z.int(),
});

const signalShape = {
  id: uuidText,
  account: z.string(),
  strategy: strategyName,
  symbol: z.string(),
  venue: z.string(),
  request: anyJson.describe("What was asked for, in the words of a request."),
  reason: z.string().nullable(),
  actor: z.string(),
  outcome: z
    .enum(["ordered", "held", "rejected", "nothing_to_do"])
    .nullable()
    .describe("Null while it waits for its decision."),
  rejected_by: z.enum(["risk", "broker", "engine"]).nullable(),
  reject_code: z.string().nullable(),
  error_message: z.string().nullable(),
  order_ids: z.array(uuidText),
  received_at: instantText,
  decided_at: instantText.nullable(),
  summary: z.string().describe("One sentence: what happened, and why."),
};

export const signalAnswer = z.strictObject(signalShape);

export const ledgerAnswer = z.strictObject({
  ...signalShape,
  trace_parent: z.string().nullable(),
  sent_at: instantText.nullable(),
  acknowledged_at: instantText.nullable(),
  filled_at: instantText.nullable(),
  limits_version: z.int().nullable(),
  mark: markAnswer.nullable().describe("The price that the decision used, and its age."),
  verdicts: z.array(verdictAnswer),
  orders: z.array(z.strictObject({ ...orderAnswer.shape, executions: z.array(executionAnswer) })),
  history: z.array(eventAnswer),
});

export const commandReceipt = z.strictObject({
  id: uuidText,
  status: z.literal("received"),
  account: z.string(),
  kind: z.string(),
  received_at: instantText,
  idempotent: z.boolean(),
  replayed: z.boolean(),
  url: z.string(),
});

export const commandAnswer = z.strictObject({
  id: uuidText,
  account: z.string(),
  kind: z.string(),
  request: anyJson,
  actor: z.string(),
  received_at: instantText,
  result: z.enum(["done", "refused"]).nullable().describe("Null while it waits."),
  code: z.string().nullable(),
  message: z.string().nullable(),
  order_ids: z.array(uuidText),
  decided_at: instantText.nullable(),
});
