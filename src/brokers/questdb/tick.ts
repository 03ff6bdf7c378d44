// One row of ticks as a trade and a quote of one instant. A row that cannot be read is no price, and its age will tell.
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";
import type { InstrumentId } from "../../domain/ids.ts";
import { plainNotation } from "../../domain/number-text.ts";
import type { Quotation } from "../../domain/quotation.ts";

/** QuestDB writes doubles as Java does: `1.0E-7`, `100.25`, `NaN`. What is no price is none. */
const price = z
  .string()
  .nullish()
  .transform((text) => {
    const plain = plainNotation(text ?? "");
    const parsed = plain === null ? null : Decimal.tryParse(plain);
    return parsed?.isPositive() === true ? parsed : null;
  });
/** Timestamps are UTC, whether the text says so or not; microseconds are cut to milliseconds. */
const instant = z.string().transform((text, context) => {
  const at = Date.parse(`${text.replace(" ", "T").replace(/Z$/, "")}Z`);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});
const rowSchema = z.object({
  symbol: z.string(),
  at: instant,
  bid: price,
  ask: price,
  last: price,
});

export function readTick(row: unknown, ids: ReadonlyMap<string, InstrumentId>): Quotation | null {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return null;
  const { symbol, at, bid, ask, last } = parsed.data;
  const instrumentId = ids.get(symbol);
  if (instrumentId === undefined) return null;
  const trade = last === null ? null : { price: last, at };
  const quote = bid === null && ask === null ? null : { bid, ask, at };
  return trade === null && quote === null ? null : { instrumentId, trade, quote };
}
