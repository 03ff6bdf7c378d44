// What waits for a person: letters that could not be delivered, orders that are not ours, differences,
// frozen symbols, facts that could not be read.
import type {
  DeadLetterRow,
  DifferenceRow,
  ExternalOrderRow,
  FrozenRow,
  ParkedRow,
} from "../../ports/operations.ts";
import { reading, writing, type Sql } from "../client.ts";
import { before, within } from "./fragments.ts";

type Accounts = readonly string[] | null;

function letterColumns(sql: Sql) {
  return sql`id, source, entry, account_id AS account, body, code, reason, created_at, requeued_at,
    requeued_by, requeued_as`;
}

export async function listDeadLetters(
  sql: Sql,
  filter: { readonly accounts: Accounts; readonly unnamed: boolean; readonly open: boolean },
  page: { readonly limit: number; readonly after: string | null },
): Promise<readonly DeadLetterRow[]> {
  return reading(
    () => sql<DeadLetterRow[]>`
      SELECT ${letterColumns(sql)} FROM dead_letters
      WHERE (${filter.unnamed} AND account_id IS NULL
          OR account_id IS NOT NULL ${within(sql, sql`account_id`, filter.accounts)})
        ${filter.open ? sql`AND requeued_at IS NULL` : sql``} ${before(sql, sql`id`, page.after)}
      ORDER BY id DESC LIMIT ${page.limit}`,
  );
}

export async function deadLetterById(sql: Sql, id: string): Promise<DeadLetterRow | null> {
  const [row] = await reading(
    () => sql<DeadLetterRow[]>`
      SELECT ${letterColumns(sql)} FROM dead_letters WHERE id = ${id}::uuid`,
  );
  return row ?? null;
}

/** False when somebody was faster. */
export async function markRequeued(sql: Sql, id: string, by: string, as: string): Promise<boolean> {
  const rows = await writing(
    () => sql`
      UPDATE dead_letters SET requeued_at = now(), requeued_by = ${by}, requeued_as = ${as}::uuid
      WHERE id = ${id}::uuid AND requeued_at IS NULL RETURNING id`,
  );
  return rows.length > 0;
}

export async function listDifferences(
  sql: Sql,
  accounts: Accounts,
  limit: number,
): Promise<readonly DifferenceRow[]> {
  return reading(
    () => sql<DifferenceRow[]>`
      SELECT partition || '.' || seq AS id, account_id AS account, kind, subject, ours, theirs, action, at
      FROM differences WHERE true ${within(sql, sql`account_id`, accounts)}
      ORDER BY at DESC, seq DESC LIMIT ${limit}`,
  );
}

export async function openExternalOrders(
  sql: Sql,
  accounts: Accounts,
): Promise<readonly ExternalOrderRow[]> {
  return reading(
    () => sql<ExternalOrderRow[]>`
      SELECT account_id AS account, broker_order_id, snapshot, ignored, first_seen_at, updated_at
      FROM external_orders WHERE closed_at IS NULL ${within(sql, sql`account_id`, accounts)}
      ORDER BY first_seen_at DESC`,
  );
}

export async function listFrozen(sql: Sql, accounts: Accounts): Promise<readonly FrozenRow[]> {
  return reading(
    () => sql<FrozenRow[]>`
      SELECT account_id AS account, instrument_id, reason, since FROM frozen_symbols
      WHERE true ${within(sql, sql`account_id`, accounts)} ORDER BY since DESC`,
  );
}

export async function listParked(
  sql: Sql,
  accounts: Accounts,
  limit: number,
): Promise<readonly ParkedRow[]> {
  return reading(
    () => sql<ParkedRow[]>`
      SELECT partition || '.' || seq AS id, account_id AS account, description, raw, at
      FROM parked_facts WHERE settled_at IS NULL ${within(sql, sql`account_id`, accounts)}
      ORDER BY at DESC LIMIT ${limit}`,
  );
}
