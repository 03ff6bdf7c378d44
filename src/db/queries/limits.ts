// Limits as the database keeps and defends them: what it refuses comes back as its own sentence.
import type { Once } from "../../ports/named-request.ts";
import {
  RefusedByDatabase,
  type LimitChange,
  type LimitChanges,
  type LimitHistoryRow,
  type LimitRow,
  type OverrideRow,
} from "../../ports/operations.ts";
import { errorCode, reading, writing, type Sql, type Transaction } from "../client.ts";
import { once } from "../once.ts";

export async function limitRows(sql: Sql): Promise<readonly LimitRow[]> {
  return reading(
    () => sql<LimitRow[]>`
      SELECT key, value, kind, choices, required, hard, shadow, description, version, reason,
        updated_by, updated_at
      FROM configs ORDER BY key`,
  );
}

export async function overrideRows(sql: Sql): Promise<readonly OverrideRow[]> {
  return reading(
    () => sql<OverrideRow[]>`
      SELECT key, account_id AS account, symbol, strategy_id AS strategy, value, hard, version, reason,
        updated_by, updated_at, CASE
          WHEN symbol IS NOT NULL AND NOT EXISTS (
            SELECT FROM instruments i WHERE i.symbol = o.symbol) THEN 'no instrument has this symbol'
          WHEN strategy_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM signals s WHERE s.strategy_id = o.strategy_id)
            THEN 'no signal has named this strategy yet'
        END AS warning
      FROM config_overrides o ORDER BY key, account_id, symbol, strategy_id`,
  );
}

export async function limitHistory(
  sql: Sql,
  filter: { readonly key: string | null; readonly before: number | null },
  limit: number,
): Promise<readonly LimitHistoryRow[]> {
  const { key, before } = filter;
  return reading(
    () => sql<LimitHistoryRow[]>`
      SELECT id, source, key, account_id AS account, symbol, strategy_id AS strategy, field, old_value,
        new_value, reason, changed_by, changed_at, limits_version
      FROM config_history
      WHERE true ${key === null ? sql`` : sql`AND key = ${key}`}
        ${before === null ? sql`` : sql`AND id < ${before}`}
      ORDER BY id DESC LIMIT ${limit}`,
  );
}

export async function changeLimits(
  sql: Sql,
  { changes, actor, named }: LimitChanges,
): Promise<Once<null>> {
  return refusable(() =>
    sql.begin((transaction) =>
      once(transaction, named, async () => {
        for (const change of changes) {
          await nameActor(transaction, actor, change.reason);
          await applyChange(transaction, change);
        }
        return null;
      }),
    ),
  );
}

/** For the triggers that keep the history: who, and why. */
export async function nameActor(
  transaction: Transaction,
  actor: string,
  reason: string | null,
): Promise<void> {
  await transaction`
    SELECT set_config('fillstream.actor', ${actor}, true),
      set_config('fillstream.reason', ${reason ?? ""}, true)`;
}

async function applyChange(transaction: Transaction, change: LimitChange): Promise<void> {
  const { key, scope, value, hard, shadow, reason } = change;
  if (scope === null) {
    await transaction`
      UPDATE configs SET
        value = ${value === undefined ? transaction`value` : value},
        hard = ${hard === undefined ? transaction`hard` : hard},
        shadow = ${shadow === undefined ? transaction`shadow` : shadow},
        reason = ${reason}
      WHERE key = ${key}`;
    return;
  }
  const { account, symbol, strategy } = scope;
  if (change.remove === true) {
    const gone = await transaction`
      DELETE FROM config_overrides
      WHERE key = ${key} AND account_id IS NOT DISTINCT FROM ${account}
        AND symbol IS NOT DISTINCT FROM upper(${symbol}::text)
        AND strategy_id IS NOT DISTINCT FROM ${strategy}`;
    if (gone.count > 0) return;
    throw new RefusedByDatabase(`There is no override of ${key} for this scope.`, null);
  }
  await transaction`
    INSERT INTO config_overrides (key, account_id, symbol, strategy_id, value, hard, reason)
    VALUES (${key}, ${account}, upper(${symbol}::text), ${strategy}, ${value ?? null}, ${hard ?? false},
      ${reason})
    ON CONFLICT (key, account_id, symbol, strategy_id) DO UPDATE SET
      value = ${value === undefined ? transaction`config_overrides.value` : transaction`EXCLUDED.value`},
      hard = ${hard === undefined ? transaction`config_overrides.hard` : transaction`EXCLUDED.hard`},
      reason = EXCLUDED.reason`;
}

/** Checks and foreign keys speak of the request; the rest are faults. */
const ABOUT_THE_REQUEST = /^(23502|23503|23505|23514|22...)$/;

export async function refusable<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await writing(work);
  } catch (error: unknown) {
    const code = errorCode(error);
    if (code === null || !ABOUT_THE_REQUEST.test(code)) throw error;
    const message = error instanceof Error ? error.message : "The database refused the change.";
    throw new RefusedByDatabase(message, hintOf(error));
  }
}

function hintOf(error: unknown): string | null {
  const hint = typeof error === "object" && error !== null && "hint" in error ? error.hint : null;
  return typeof hint === "string" && hint !== "" ? hint : null;
}
