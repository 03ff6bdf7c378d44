// The way to each broker account as its worker sees it: written every few seconds, read by those who
// watch. A row that grows old says as much as what stands in it.
import type { AccountLink } from "../ports/operations.ts";
import { reading, type Sql } from "./client.ts";

export async function saveAccountLinks(sql: Sql, links: readonly AccountLink[]): Promise<void> {
  const rows = links.map((link) => ({
    account_id: link.account,
    owner: link.owner,
    is_up: link.is_up,
    is_streaming: link.is_streaming,
    stream_heard_at: link.stream_heard_at,
    reconciled_at: link.reconciled_at,
    order_budget: link.order_budget,
    calls_waiting: link.calls_waiting,
    at: link.at,
  }));
  if (rows.length === 0) return;
  await reading(
    () => sql`
      INSERT INTO account_links ${sql(rows)}
      ON CONFLICT (account_id) DO UPDATE SET owner = excluded.owner, is_up = excluded.is_up,
        is_streaming = excluded.is_streaming, stream_heard_at = excluded.stream_heard_at,
        reconciled_at = excluded.reconciled_at, order_budget = excluded.order_budget,
        calls_waiting = excluded.calls_waiting, at = excluded.at`,
  );
}

export function accountLinks(
  sql: Sql,
  accounts: readonly string[],
): Promise<readonly AccountLink[]> {
  return reading(
    () => sql<AccountLink[]>`
      SELECT account_id AS account, owner, is_up, is_streaming, stream_heard_at, reconciled_at,
        order_budget, calls_waiting, at
      FROM account_links WHERE account_id = ANY(${accounts}) ORDER BY account_id`,
  );
}
