// How many rows of a table some work meets, whatever it returns: that is what it costs, on any machine.
import type { Sql, Transaction } from "../../../src/db/client.ts";

/** The tables are all whose name begins so, as those of a partitioned one do. */
export async function rowsMet<T>(sql: Sql, tables: string, work: (sql: Sql) => Promise<T>) {
  const { found, met } = await sql.begin(async (transaction: Transaction) => {
    // It has all that the work needs.
    const result = await work(transaction as unknown as Sql);
    const [row] = await transaction<{ met: number }[]>`
      SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS met
      FROM pg_stat_xact_user_tables WHERE relname LIKE ${`${tables}%`}`;
    return { found: result, met: row?.met ?? 0 };
  });
  return { found: found as T, met };
}
