// A partition whose book could not be trusted, after a person has looked at it.
import type { PartitionControl } from "../../ports/operations.ts";
import { writing, type Sql } from "../client.ts";

/** The fault goes, and stays in the audit trail with who let it go and why: one statement. */
export async function resumePartition(
  sql: Sql,
  { partition, reason, actor }: Parameters<PartitionControl["resumePartition"]>[0],
): Promise<boolean> {
  const rows = await writing(
    () => sql`
      WITH broken AS (
        SELECT partition, fault FROM partitions
        WHERE partition = ${partition} AND fault IS NOT NULL FOR NO KEY UPDATE
      ), resumed AS (
        UPDATE partitions p SET fault = NULL, faulted_at = NULL
        FROM broken WHERE p.partition = broken.partition RETURNING p.partition, broken.fault
      )
      INSERT INTO audit_trail (at, actor, action, subject, detail)
      SELECT now(), ${actor}, 'partition_resumed', partition::text,
        json_build_object('fault', fault, 'reason', ${reason}::text)
      FROM resumed RETURNING subject`,
  );
  return rows.length > 0;
}
