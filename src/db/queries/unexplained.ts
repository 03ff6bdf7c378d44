// What a reconciliation found that waits for a person: positions that differ or were left to others, and
// cash that nothing explains. The newest row of a subject says how it stands.
import type { CashDifferenceRow, ExternalPositionRow } from "../../ports/operations.ts";
import type { PendingQuery, Row } from "postgres";
import { reading, type Sql } from "../client.ts";
import { within } from "./fragments.ts";

type Accounts = readonly string[] | null;

/**
 * Differences noted since that instant that still stand, and all that was left to others. What came later is
 * found by its place in the log, since the clock may have been set back meanwhile; a fill since makes a
 * difference another one.
 */
export function externalPositions(
  sql: Sql,
  accounts: Accounts,
  since: Date | PendingQuery<Row[]>,
): Promise<readonly ExternalPositionRow[]> {
  return reading(
    () => sql<ExternalPositionRow[]>`
      SELECT account, instrument_id, qty::text, ignored, since FROM (
        SELECT d.account_id AS account, d.subject AS instrument_id,
          d.theirs::numeric - d.ours::numeric AS qty, false AS ignored, d.at AS since
        FROM differences d
        WHERE d.kind = 'position' AND d.at > ${since} AND NOT EXISTS (
          SELECT FROM differences l WHERE l.partition = d.partition AND l.seq > d.seq
            AND l.account_id = d.account_id AND l.subject = d.subject
            AND l.kind IN ('position', 'position_accepted'))
          AND NOT EXISTS (
          SELECT FROM adjustments a WHERE a.partition = d.partition AND a.seq > d.seq
            AND a.account_id = d.account_id AND a.instrument_id = d.subject)
          AND NOT EXISTS (
          SELECT FROM position_states p WHERE p.account_id = d.account_id
            AND p.instrument_id = d.subject AND p.last_fill_at > d.at)
        UNION ALL
        SELECT account_id, subject, theirs::numeric, true, at FROM (
          SELECT DISTINCT ON (account_id, subject) account_id, subject, theirs, at FROM differences
          WHERE kind = 'position_accepted' ORDER BY account_id, subject, seq DESC) AS accepted
      ) AS open
      WHERE qty <> 0 ${within(sql, sql`account`, accounts)}
      ORDER BY since DESC, account, instrument_id`,
  );
}

/** Told, not explained since, and not accepted. To the cent: what is below may be rounding. */
export function cashDifferences(
  sql: Sql,
  accounts: Accounts,
): Promise<readonly CashDifferenceRow[]> {
  return reading(
    () => sql<CashDifferenceRow[]>`
      SELECT account, currency, ours, theirs, since FROM (
        SELECT d.account_id AS account, d.subject AS currency, d.ours, d.theirs, d.at AS since,
          d.theirs::numeric - d.ours::numeric - coalesce((
            SELECT a.theirs::numeric FROM differences a
            WHERE a.partition = d.partition AND a.account_id = d.account_id AND a.subject = d.subject
              AND a.kind = 'cash_accepted' ORDER BY a.seq DESC LIMIT 1), 0) AS unexplained
        FROM (
          SELECT DISTINCT ON (partition, account_id) * FROM differences
          WHERE kind = 'cash' ORDER BY partition, account_id, seq DESC) AS d) AS told
      WHERE abs(unexplained) > 0.01 ${within(sql, sql`account`, accounts)}
      ORDER BY account`,
  );
}
