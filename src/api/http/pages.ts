// Pages of a listing: by cursor, or by number with a total for those who want to know how many.
import type { Page } from "../../ports/queries.ts";
import { invalid, Problem } from "../../app/problem.ts";
import { listAnswer } from "./answer.ts";
import { decodeCursor, encodeCursor, notACursor } from "./cursor.ts";

/** Counting and numbered pages stop here: each row before a page has to be walked over. */
const COUNT_CAP = 10_000;

export interface PageAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly page?: number | undefined;
  readonly size?: number | undefined;
}

interface Listing<Row> {
  rows(page: Page): Promise<readonly Row[]>;
  /** Whether a cursor's text can be one of this listing: a made-up one never reaches the store. */
  accepts(position: string): boolean;
  /** Where the next page begins. */
  positionOf(row: Row): string;
  count?: (cap: number) => Promise<number>;
  view(rows: readonly Row[]): readonly unknown[] | Promise<readonly unknown[]>;
}

export async function pageOf<Row>(asked: PageAsked, listing: Listing<Row>): Promise<Response> {
  if (asked.page !== undefined || asked.size !== undefined) return numberedPage(asked, listing);
  const { limit, cursor } = asked;
  const after = cursor === undefined ? null : decodeCursor(cursor);
  if (after !== null && !listing.accepts(after)) throw notACursor();
  const rows = await listing.rows({ limit: limit + 1, after, offset: 0 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? listing.positionOf(last) : null;
  return listAnswer(await listing.view(shown), next === null ? null : encodeCursor(next));
}

async function numberedPage<Row>(asked: PageAsked, listing: Listing<Row>): Promise<Response> {
  if (asked.cursor !== undefined) {
    throw new Problem("invalid_request", "cursor does not go with page and size.", {
      fields: [{ field: "cursor", message: "does not go with page and size" }],
    });
  }
  const page = asked.page ?? 1;
  const size = asked.size ?? asked.limit;
  if ((page - 1) * size >= COUNT_CAP) {
    throw invalid(
      "page",
      `must begin within the first ${COUNT_CAP} rows; beyond them use next_cursor as cursor`,
    );
  }
  const [rows, counted] = await Promise.all([
    listing.rows({ limit: size, after: null, offset: (page - 1) * size }),
    listing.count?.(COUNT_CAP + 1) ?? Promise.resolve(0),
  ]);
  const last = rows.at(-1);
  const isLast = last === undefined || (counted <= COUNT_CAP && page * size >= counted);
  return listAnswer(
    await listing.view(rows),
    isLast ? null : encodeCursor(listing.positionOf(last)),
    {
      page,
      size,
      total: Math.min(counted, COUNT_CAP),
      total_is_exact: counted <= COUNT_CAP,
    },
  );
}
