// The bodies of Alpaca's market data, whose prices are JSON numbers: each is read from its own digits,
// so that no binary float ever stands between the wire and a Decimal.
import { parse } from "lossless-json";
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";
import { NumberText, plainNotation } from "../../domain/number-text.ts";
import { instant } from "./schema.ts";

/** `1.5e-7` is `0.00000015`. */
export function decimalOfNumber(text: string): Decimal | null {
  const plain = plainNotation(text);
  return plain === null ? null : Decimal.tryParse(plain);
}

export function parseMarketJson(text: string): unknown {
  try {
    return parse(text, undefined, (digits) => new NumberText(digits));
  } catch {
    return undefined;
  }
}

/** A price of zero is a side of the book that is empty. */
const price = z
  .instanceof(NumberText)
  .nullish()
  .transform((number, context) => {
    if (number === null || number === undefined) return null;
    const parsed = decimalOfNumber(number.text);
    if (parsed !== null) return parsed.isPositive() ? parsed : null;
    context.addIssue({ code: "custom", message: "not a price" });
    return z.NEVER;
  });

export const tradeSchema = z.object({ t: instant, p: price });
export const quoteSchema = z.object({ t: instant, bp: price, ap: price });
export type WireTrade = z.infer<typeof tradeSchema>;
export type WireQuote = z.infer<typeof quoteSchema>;

/** By symbol. One that cannot be read is absent, as one that is not known: no price, not a wrong one. */
function bySymbol<Schema extends z.ZodType>(row: Schema) {
  return z.record(z.string(), row.nullable().catch(null));
}
export const tradesSchema = z.object({ trades: bySymbol(tradeSchema) });
export const quotesSchema = z.object({ quotes: bySymbol(quoteSchema) });

/** One message of the data stream: trades, quotes, and what the server says about itself. */
export const dataMessagesSchema = z.array(
  z.union([
    z.object({ T: z.literal("t"), S: z.string(), ...tradeSchema.shape }),
    z.object({ T: z.literal("q"), S: z.string(), ...quoteSchema.shape }),
    z.object({ T: z.literal("success"), msg: z.string() }),
    z.object({ T: z.literal("subscription") }),
    z
      .object({ T: z.literal("error"), code: z.instanceof(NumberText), msg: z.string() })
      .transform(({ T, code, msg }) => ({ T, code: Number(code.text), msg })),
    // Bars, statuses, corrections: not ours.
    z.object({ T: z.string() }).transform(() => ({ T: "other" as const })),
  ]),
);
export type DataMessage = z.infer<typeof dataMessagesSchema>[number];
