// Which fills the account counts as others': the record knows all of them, a book the newest alone. What was
// taken back, since its order is ours after all, is not counted any more.
import type { AccountId, ExecutionId } from "../../domain/ids.ts";
import { textArray } from "../array-literal.ts";
import { reading, type Sql } from "../client.ts";

export function loadCounted(
  sql: Sql,
  accountId: AccountId,
  ids: readonly ExecutionId[],
): Promise<ReadonlySet<string>> {
  return reading(async () => {
    const rows = await sql<{ id: string }[]>`
      SELECT a.id FROM adjustments a
      WHERE a.account_id = ${accountId} AND a.id = ANY (${textArray(ids)}::text[])
        AND NOT EXISTS (
          SELECT FROM adjustments u WHERE u.account_id = a.account_id AND u.id = a.id || ':ours')`;
    return new Set(rows.map(({ id }) => id));
  });
}
