// Where the routes lie, and parameters that many of them share.
import { z } from "zod";
import { instant, isUuid, name, symbol, wholeNumber, word } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import type { Api } from "../context.ts";

export const BASE = "/api/v1/trading";

export const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;

export const pageQuery = {
  limit: wholeNumber(1, MAX_PAGE)
    .default(DEFAULT_PAGE)
    .describe(`Rows in a page, ${DEFAULT_PAGE} by default.`),
  cursor: z.string().max(2_000).optional().describe("`next_cursor` of the page before."),
};

/** Numbered pages beside cursors, for those who count. */
export const numberedPageQuery = {
  ...pageQuery,
  page: wholeNumber(1, 1_000_000)
    .optional()
    .describe("A numbered page instead of a cursor, within the first 10,000 rows."),
  size: wholeNumber(1, MAX_PAGE).optional(),
};

export const accountQuery = { account: name().optional() };
export const periodQuery = {
  from: instant.optional().describe("From this instant on."),
  to: instant.optional().describe("Before this instant."),
};
export const symbolQuery = { symbol: symbol.optional() };
export const flagQuery = word(["true", "false"]).transform((value) => value === "true");

export const idParams = z.strictObject({ id: z.string().max(100) });

/** What is no id names nothing. */
export function requireId(id: string, what: string): string {
  if (isUuid(id)) return id.toLowerCase();
  throw notFound(what, id);
}

export function notFound(what: string, id: string): Problem {
  return new Problem("not_found", `There is no ${what} ${id.slice(0, 100)}.`);
}

export function dateOf(instantMs: number | undefined): Date | null {
  return instantMs === undefined ? null : new Date(instantMs);
}

/** A filter by symbol, on whatever venue; a symbol that nobody lists matches nothing. */
export function instrumentsOf(api: Api, symbol: string | undefined): readonly string[] | null {
  return symbol === undefined ? null : api.directory.idsOf(symbol);
}
