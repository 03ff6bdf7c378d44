// The pieces that control bodies are made of.
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";
import { parseAmount } from "../alpaca/amounts.ts";
import { ControlRefusal } from "./context.ts";

/** More than any market or account holds; what is beyond it only piles up digits. */
const LARGEST = Decimal.ofInteger(1_000_000_000_000);
/** As far as prices, quantities and money go on the wire. */
const MAX_SCALE = 9;
const TOO_LARGE = `must be at most ${LARGEST}`;
const TOO_FINE = `must have at most ${MAX_SCALE} decimals`;

/** An exact amount, as text or as a JSON number. */
export const amount = z.union([z.string(), z.number()]).transform((value, check) => {
  const parsed = parseAmount(value);
  if (parsed === null) {
    check.addIssue({ code: "custom", message: "must be a decimal number" });
    return z.NEVER;
  }
  if (parsed.abs().gt(LARGEST)) check.addIssue({ code: "custom", message: TOO_LARGE });
  if (parsed.scale() > MAX_SCALE) check.addIssue({ code: "custom", message: TOO_FINE });
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
