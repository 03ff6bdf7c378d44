// What a preview answers: the decision that would be made now.
import { z } from "zod";
import { markAnswer, verdictAnswer } from "./signal.ts";
import { anyJson } from "./words.ts";

export const previewAnswer = z.strictObject({
  account: z.string(),
  symbol: z.string(),
  outcome: z.enum(["ordered", "held", "rejected", "nothing_to_do"]),
  rejected_by: z.enum(["risk", "broker", "engine"]).nullable(),
  reject_code: z.string().nullable(),
  error_message: z.string().nullable(),
  verdicts: z.array(verdictAnswer).describe("`head` is how much more each limit would allow."),
  mark: markAnswer.nullable(),
  limits_version: z.int(),
  orders: z.array(anyJson),
  seen: z
    .strictObject({ partition: z.int(), seq: z.int() })
    .describe("The place in the log up to which the book was read."),
});
