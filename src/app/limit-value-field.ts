// The value of a limit as JSON may give it: a number, a switch, text, or null for off. What it means is
// checked by the database, with the same sentence for everybody.
import { z } from "zod";
import { NumberText, plainNotation } from "./number-text.ts";

const MAX_LENGTH = 4_000;

export const limitValue = z
  .unknown()
  .transform((given, context): string | null => {
    const text = textOf(given);
    if (text !== undefined) return text;
    context.issues.push({
      code: "custom",
      message: "must be a number, a text, true, false, or null for off",
      input: given,
    });
    return z.NEVER;
  })
  .meta({ type: ["string", "number", "boolean", "null"] });

function textOf(given: unknown): string | null | undefined {
  if (given === null) return null;
  if (typeof given === "boolean") return String(given);
  if (given instanceof NumberText) return digitsOf(given);
  if (typeof given === "string" && given.length <= MAX_LENGTH && !given.includes("\0"))
    return given;
  return undefined;
}

/** An exponent stays one: it is refused like one in a text. */
function digitsOf({ text }: NumberText): string {
  const plain = /e/i.test(text) ? null : plainNotation(text);
  return plain ?? text.slice(0, 60);
}
