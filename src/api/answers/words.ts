// Pieces that answers are made of.
import { z } from "zod";

/** Money, prices, quantities: exact text, never a JSON number. */
export const exactText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .describe("Exact decimal as text.");
export const instantText = z.iso.datetime();
export const uuidText = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const strategyName = z
  .string()
  .nullable()
  .describe("Null is the account as a whole, without a strategy.");

export function listOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({
    data: z.array(row),
    next_cursor: z.string().nullable().describe("Give it as `cursor` for the next page."),
  });
}

/** With numbered pages the listing says how many there are, up to a bound. */
export function pagedListOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({
    data: z.array(row),
    next_cursor: z.string().nullable().describe("Give it as `cursor` for the next page."),
    page: z.int().optional(),
    size: z.int().optional(),
    total: z.int().optional().describe("Only with `page`; counted up to 10,000."),
    total_is_exact: z.boolean().optional(),
  });
}

/** Whatever JSON a row carries: event payloads, numbers behind a verdict. */
export const anyJson = z.record(z.string(), z.unknown());
