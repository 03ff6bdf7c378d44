// A partition whose book could not be trusted, after a person has looked at it.
import type { Once } from "../../ports/named-request.ts";
import type { PartitionControl } from "../../ports/operations.ts";
import { writing, type Sql, type Transaction } from "../client.ts";
import { once } from "../once.ts";

export async function resumePartition(
  sql: Sql,
  resumed: Parameters<PartitionControl["resumePartition"]>[0],
): Promise<Once<boolean>> {
  return writing(() =>
    sql.begin((transaction) =>
      once(transaction, resumed.named, () => letFaultGo(transaction, resumed)),
    ),
  );
}

/** The fault goes, and stays in the audit trail with who let it go and why: one statement. */
async function letFaultGo(
  transaction: Transaction,
  { partition, reason, actor }: Parameters<PartitionControl["resumePartition"]>[0],
): Promise<boolean> {
  const rows = await transaction`
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
    FROM resumed RETURNING subject`;
  return rows.length > 0;
}
