// The way to each broker account as its worker sees it: written every few seconds, read by those who
// watch. A row that grows old says as much as what stands in it.
import type { BrokerCallTotal } from "../ports/metrics.ts";
import type { AccountLink } from "../ports/operations.ts";
import { reading, writing, type Sql, type Transaction } from "./client.ts";

export interface Told {
  /** Their `reconnects` are the ones since the last time; the row adds them up. */
  readonly links: readonly AccountLink[];
  readonly calls: readonly BrokerCallTotal[];
}

/** All of it or nothing: what is counted twice is as wrong as what is not counted. */
export async function saveTold(sql: Sql, { links, calls }: Told): Promise<void> {
  if (links.length === 0 && calls.length === 0) return;
  await writing(() =>
    sql.begin(async (transaction) => {
      if (links.length > 0) await saveLinks(transaction, links);
      if (calls.length > 0) await addCalls(transaction, calls);
    }),
  );
}

async function saveLinks(sql: Transaction, links: readonly AccountLink[]): Promise<void> {
  const rows = links.map((link) => ({
    account_id: link.account,
    owner: link.owner,
    is_up: link.is_up,
    is_streaming: link.is_streaming,
    stream_heard_at: link.stream_heard_at,
    reconciled_at: link.reconciled_at,
    order_budget: link.order_budget,
    calls_waiting: link.calls_waiting,
    reconnects: link.reconnects,
    at: link.at,
  }));
  await sql`
    INSERT INTO account_links ${sql(rows)}
    ON CONFLICT (account_id) DO UPDATE SET owner = excluded.owner, is_up = excluded.is_up,
      is_streaming = excluded.is_streaming, stream_heard_at = excluded.stream_heard_at,
      reconciled_at = excluded.reconciled_at, order_budget = excluded.order_budget,
      calls_waiting = excluded.calls_waiting, at = excluded.at,
      reconnects = account_links.reconnects + excluded.reconnects`;
}

/** Of these accounts; null is all. */
export function accountLinks(
  sql: Sql,
  accounts: readonly string[] | null,
): Promise<readonly AccountLink[]> {
  return reading(
    () => sql<AccountLink[]>`
      SELECT account_id AS account, owner, is_up, is_streaming, stream_heard_at, reconciled_at,
        order_budget, calls_waiting, reconnects, at
      FROM account_links ${accounts === null ? sql`` : sql`WHERE account_id = ANY(${accounts})`}
      ORDER BY account_id`,
  );
}

async function addCalls(sql: Transaction, totals: readonly BrokerCallTotal[]): Promise<void> {
  const rows = totals.map(({ account, ...rest }) => ({ account_id: account, ...rest }));
  await sql`
    INSERT INTO broker_call_totals ${sql(rows)}
    ON CONFLICT (account_id, kind, result, bucket) DO UPDATE SET
      calls = broker_call_totals.calls + excluded.calls,
      seconds = broker_call_totals.seconds + excluded.seconds`;
}

/** All accounts together: the question is how the broker is, and an account more is no new series. */
export function brokerCalls(sql: Sql): Promise<readonly Omit<BrokerCallTotal, "account">[]> {
  return reading(
    () => sql<Omit<BrokerCallTotal, "account">[]>`
      SELECT kind, result, bucket, sum(calls)::bigint AS calls, sum(seconds) AS seconds
      FROM broker_call_totals GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
}
