// Pages of market data's past: which stretch of time is asked for, and where the page before it ended.
import { newYorkDate, newYorkInstant } from "../../new-york.ts";
import { parseInstant } from "../instants.ts";
import type { WireRequest } from "../wire.ts";
import { dataError, WireFailure } from "../wire.ts";

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;

export interface PageQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly descending: boolean;
  /** The last row of the page before, by its symbol and its place there. */
  readonly after: { readonly symbol: string; readonly place: number } | null;
}

export function badQuery(message: string): WireFailure {
  return new WireFailure(dataError(400, message));
}

function instant(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? "";
  if (text === "") return otherwise;
  const parsed = parseInstant(text);
  if (parsed === null) throw badQuery(`invalid ${name}: ${text}`);
  return Math.floor(parsed / 1000);
}

function limitOf(query: URLSearchParams): number {
  const text = query.get("limit") ?? "";
  const limit = text === "" ? DEFAULT_LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw badQuery("invalid limit");
  return limit;
}

function tokenOf(query: URLSearchParams): PageQuery["after"] {
  const text = query.get("page_token") ?? "";
  if (text === "") return null;
  const [symbol = "", place = ""] = Buffer.from(text, "base64url").toString("utf8").split("|");
  if (symbol === "" || !/^-?\d{1,15}$/.test(place)) throw badQuery("invalid page_token");
  return { symbol, place: Number(place) };
}

/** Without a start, the present day in New York. */
export function pageQuery({ query, now }: WireRequest): PageQuery {
  const sort = query.get("sort") ?? "asc";
  if (sort !== "asc" && sort !== "desc") throw badQuery(`invalid sort: ${sort}`);
  return {
    from: instant(query, "start", newYorkInstant(newYorkDate(now), 0)),
    to: instant(query, "end", now),
    limit: limitOf(query),
    descending: sort === "desc",
    after: tokenOf(query),
  };
}

export interface Stretch {
  /** The place of the last row that was given before, or of where looking ended; null at the beginning. */
  readonly after: number | null;
  readonly room: number;
}

export interface Looked<Row> {
  /** In the order that is asked for, at most as many as there is room. */
  readonly rows: readonly Row[];
  /** Where looking ended before the stretch did, although there was room. */
  readonly stoppedAt: number | null;
}

export interface Rows<Row> {
  readonly next: (symbol: string, stretch: Stretch) => Looked<Row>;
  /** Rises from row to row of a symbol. */
  readonly place: (row: Row) => number;
}

export interface Page<Row> {
  readonly found: ReadonlyMap<string, readonly Row[]>;
  readonly next_page_token: string | null;
}

/** Symbol by symbol, until the page is full. */
export function pageOf<Row>(
  symbols: readonly string[],
  { after, limit }: PageQuery,
  { next, place }: Rows<Row>,
): Page<Row> {
  const found = new Map<string, readonly Row[]>();
  let room = limit;
  for (const symbol of [...new Set(symbols)].sort()) {
    if (after !== null && symbol < after.symbol) continue;
    const from = after?.symbol === symbol ? after.place : null;
    const { rows, stoppedAt } = next(symbol, { after: from, room });
    if (rows.length > 0) found.set(symbol, rows);
    room -= rows.length;
    const last = rows.at(-1);
    const end = room === 0 && last !== undefined ? place(last) : stoppedAt;
    if (end === null) continue;
    const token = Buffer.from(`${symbol}|${end}`).toString("base64url");
    return { found, next_page_token: token };
  }
  return { found, next_page_token: null };
}

/** Of rows that are all at hand, oldest first: those of the stretch. */
export function cut<Row>(
  rows: readonly Row[],
  { after, room }: Stretch,
  { descending, place }: Pick<Rows<Row>, "place"> & Pick<PageQuery, "descending">,
): Looked<Row> {
  const ordered = descending ? rows.toReversed() : rows;
  const behind = ordered.filter(
    (row) => after === null || (descending ? place(row) < after : place(row) > after),
  );
  return { rows: behind.slice(0, room), stoppedAt: null };
}
