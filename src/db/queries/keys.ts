// API keys: their hashes and scopes, and the trail of who changed what.
import type { ApiKeyRow, AuditRow, KeyStore } from "../../ports/operations.ts";
import { reading, writing, type Sql } from "../client.ts";

function columns(sql: Sql) {
  return sql`id, name, prefix, role, account_ids AS accounts, strategy_ids AS strategies, symbols,
    max_notional, require_idempotency, expires_at, created_by, created_at, revoked_at, last_used_at`;
}

export async function keyByHash(sql: Sql, hash: string): Promise<ApiKeyRow | null> {
  const [row] = await reading(
    () => sql<ApiKeyRow[]>`SELECT ${columns(sql)} FROM api_keys WHERE hash = ${hash}`,
  );
  return row ?? null;
}

export async function listKeys(sql: Sql): Promise<readonly ApiKeyRow[]> {
  return reading(
    () => sql<ApiKeyRow[]>`SELECT ${columns(sql)} FROM api_keys ORDER BY created_at DESC, id`,
  );
}

export async function createKey(
  sql: Sql,
  key: Parameters<KeyStore["createKey"]>[0],
): Promise<void> {
  await writing(
    () => sql`
      WITH made AS (
        INSERT INTO api_keys (id, name, hash, prefix, role, account_ids, strategy_ids, symbols,
          max_notional, require_idempotency, expires_at, created_by)
        VALUES (${key.id}, ${key.name}, ${key.hash}, ${key.prefix}, ${key.role},
          ${list(key.accounts)}, ${list(key.strategies)}, ${list(key.symbols)}, ${key.max_notional},
          ${key.require_idempotency}, ${key.expires_at}, ${key.created_by}))
      INSERT INTO audit_trail (actor, action, subject, detail)
      VALUES (${key.created_by}, 'key_created', ${key.prefix}, ${sql.json({ role: key.role })})`,
  );
}

function list(values: readonly string[] | null): string[] | null {
  return values === null ? null : [...values];
}

export async function revokeKey(sql: Sql, id: string, by: string): Promise<boolean> {
  const rows = await writing(
    () => sql`
      WITH revoked AS (
        UPDATE api_keys SET revoked_at = now() WHERE id = ${id}::uuid AND revoked_at IS NULL
        RETURNING prefix
      ), noted AS (
        INSERT INTO audit_trail (actor, action, subject)
        SELECT ${by}, 'key_revoked', prefix FROM revoked)
      SELECT FROM api_keys WHERE id = ${id}::uuid`,
  );
  return rows.length > 0;
}

export async function touchKeys(sql: Sql, used: ReadonlyMap<string, Date>): Promise<void> {
  if (used.size === 0) return;
  await reading(
    () => sql`
      UPDATE api_keys SET last_used_at = greatest(last_used_at, u.at)
      FROM unnest(${[...used.keys()]}::uuid[], ${[...used.values()]}::timestamptz[]) AS u (id, at)
      WHERE api_keys.id = u.id`,
  );
}

export async function recordAudit(
  sql: Sql,
  entry: {
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly detail: unknown;
  },
): Promise<void> {
  const { actor, action, subject, detail } = entry;
  await writing(
    () => sql`
      INSERT INTO audit_trail (actor, action, subject, detail)
      VALUES (${actor}, ${action}, ${subject}, ${JSON.stringify(detail ?? null)}::text::json)`,
  );
}

export async function auditEntries(
  sql: Sql,
  { limit, before }: { readonly limit: number; readonly before: number | null },
): Promise<readonly AuditRow[]> {
  return reading(
    () => sql<AuditRow[]>`
      SELECT id, at, actor, action, subject, detail FROM audit_trail
      WHERE true ${before === null ? sql`` : sql`AND id < ${before}`}
      ORDER BY id DESC LIMIT ${limit}`,
  );
}
