// Webhooks as they are shown, and how the telling went.
import { z } from "zod";
import { TEMPLATES } from "../../app/notices/template.ts";
import { instantText, uuidText } from "./words.ts";

export const webhookAnswer = z.strictObject({
  id: uuidText,
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()).describe("Empty: the usual ones."),
  template: z.enum(TEMPLATES),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  failures: z.int().describe("Deliveries in a row that failed."),
  created_by: z.string(),
  created_at: instantText,
});

export const deliveryAnswer = z.strictObject({
  id: z.int(),
  notice: z.string(),
  event: z.string().nullable(),
  attempt: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  at: instantText,
  next_attempt_at: instantText.nullable(),
});

export const newWebhookAnswer = z.strictObject({ id: uuidText, secret: z.string() });

export const webhookTestAnswer = z.strictObject({
  status: z.int().nullable(),
  error: z.string().nullable(),
});
