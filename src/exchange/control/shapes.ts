// The pieces that control bodies are made of.
import { z } from "zod";
import type { Decimal } from "../../domain/decimal.ts";
import { parseAmount } from "../alpaca/amounts.ts";
import { ControlRefusal } from "./context.ts";

/** An exact amount, as text or as a JSON number. */
export const amount = z.union([z.string(), z.number()]).transform((value, check) => {
  const parsed = parseAmount(value);
  if (parsed === null) {
    check.addIssue({ code: "custom", message: "must be a decimal number" });
    return z.NEVER;
  }
  return parsed;
});

export const positive = amount.refine((value: Decimal) => value.isPositive(), "must be above zero");

export function parseBody<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const parsed = shape.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new ControlRefusal(400, `${where === "" ? "the body" : where}: ${issue?.message ?? "?"}`);
}
