// How many rows some work meets, whatever it returns: that is what it costs, on any machine.
import type { Sql, Transaction } from "../../../src/db/client.ts";

/** In the tables whose names match the pattern. */
export async function rowsMet<T>(sql: Sql, tables: string, work: (sql: Sql) => Promise<T>) {
  const { found, met } = await sql.begin(async (transaction: Transaction) => {
    // It has all that the work needs.
    const inside = transaction as unknown as Sql;
    const before = await metSoFar(inside, tables);
    const result = await work(inside);
    return { found: result, met: (await metSoFar(inside, tables)) - before };
  });
  return { found: found as T, met };
}

/** The session's own count, of this transaction and of those before it that were not reported yet. */
export async function metSoFar(sql: Sql, tables: string): Promise<number> {
  const [row] = await sql<{ rows: number }[]>`
    SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint AS rows
    FROM pg_stat_xact_user_tables WHERE relname ~ ${tables}`;
  return row?.rows ?? 0;
}
