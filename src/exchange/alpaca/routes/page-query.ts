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
  if (symbol === "" || !/^\d{1,15}$/.test(place)) throw badQuery("invalid page_token");
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

export interface Rows<Row> {
  /** All rows of a symbol in the stretch, oldest first. */
  readonly of: (symbol: string) => readonly Row[];
  /** Rises from row to row of a symbol. */
  readonly place: (row: Row) => number;
}

export interface Page<Row> {
  readonly found: Readonly<Record<string, readonly Row[]>>;
  readonly next_page_token: string | null;
}

/** Symbol by symbol, until the page is full. */
export function pageOf<Row>(
  symbols: readonly string[],
  asked: PageQuery,
  { of, place }: Rows<Row>,
): Page<Row> {
  const { after, descending } = asked;
  const found: Record<string, readonly Row[]> = {};
  let room = asked.limit;
  for (const symbol of [...symbols].sort()) {
    if (after !== null && symbol < after.symbol) continue;
    const from = after?.symbol === symbol ? after.place : null;
    const ordered = descending ? [...of(symbol)].reverse() : of(symbol);
    const taken = ordered
      .filter((row) => from === null || (descending ? place(row) < from : place(row) > from))
      .slice(0, room);
    if (taken.length > 0) found[symbol] = taken;
    room -= taken.length;
    const last = taken.at(-1);
    if (room === 0 && last !== undefined) {
      const token = Buffer.from(`${symbol}|${place(last)}`).toString("base64url");
      return { found, next_page_token: token };
    }
  }
  return { found, next_page_token: null };
}
