// What is numbered without holes is read on by both its ends. By its beginning and a limit the planner would read
// and sort all that waits there, whenever its statistics are older than a burst.
import type { Fragment, Sql } from "./client.ts";

export interface Behind {
  readonly table: "signals" | "commands" | "order_events";
  readonly column: "number" | "seq";
  readonly partition: Fragment;
  readonly place: Fragment;
}

/** The next number that there is: what follows a place may be archived, or taken away by hand. */
export function firstBehind(sql: Sql, { table, column, partition, place }: Behind): Fragment {
  const [rows, number] = [sql(table), sql(column)];
  return sql`(
    CASE WHEN EXISTS (SELECT FROM ${rows} t WHERE t.partition = ${partition} AND t.${number} = ${place} + 1)
      THEN ${place} + 1
      ELSE (SELECT min(t.${number}) FROM ${rows} t
        WHERE t.partition = ${partition} AND t.${number} > ${place}) END)`;
}
