// Pieces of SQL that several queries share.
import type { Fragment, Sql } from "../client.ts";

/**
 * `AND column = ANY (…)`, or nothing when there is no restriction. One value is asked for as one: an
 * index on (column, id) then gives its rows in order, and a page needs no more of them than it shows.
 */
export function within(sql: Sql, column: Fragment, values: readonly string[] | null): Fragment {
  if (values === null) return sql``;
  const [only] = values;
  if (values.length === 1 && only !== undefined) return equal(sql, column, only);
  return sql`AND ${column} = ANY (${[...values]}::text[])`;
}

export function equal(sql: Sql, column: Fragment, value: string | null): Fragment {
  return value === null ? sql`` : sql`AND ${column} = ${value}`;
}

/** The mark `m` of each position `p`, where there is one: a price from before a split is of another share. */
export function withMarks(sql: Sql): Fragment {
  return sql`
    LEFT JOIN last_splits l ON l.account_id = p.account_id AND l.instrument_id = p.instrument_id
    LEFT JOIN marks m ON m.instrument_id = p.instrument_id AND (l.at IS NULL OR m.at >= l.at)`;
}

/** Ids are time-ordered, so a period is a range of the primary key. */
export function between(
  sql: Sql,
  column: Fragment,
  { from, to }: { readonly from: Date | null; readonly to: Date | null },
): Fragment {
  const since = from === null ? sql`` : sql`AND ${column} >= fillstream_uuid_from(${from})`;
  const until = to === null ? sql`` : sql`AND ${column} < fillstream_uuid_from(${to})`;
  return sql`${since} ${until}`;
}

/** The row after which a page begins, the newest first. */
export function before(sql: Sql, column: Fragment, id: string | null): Fragment {
  return id === null ? sql`` : sql`AND ${column} < ${id}::uuid`;
}
