// What is settled at the first start: its name, and into how many partitions the accounts are divided.
import { reading, type Sql } from "./client.ts";

/** The database was set up for another number of partitions. */
export class PartitionsDiffer extends Error {
  override readonly name = "PartitionsDiffer";
}

/** By this name the processes of one database know each other's entries in Redis: nobody else is told it. */
export async function deploymentName(sql: Sql): Promise<string> {
  const [row] = await reading(() => sql<{ id: string }[]>`SELECT id FROM deployment`);
  if (row === undefined) throw new Error("this database was never set up");
  return row.id;
}

/**
 * Settles the number at the first start, and refuses another one later: an account's partition follows
 * from it, and with it the account's place in every log and counter.
 */
export async function settlePartitions(sql: Sql, wanted: number): Promise<void> {
  const [row] = await reading(
    () => sql<{ settled: number }[]>`SELECT fillstream_settle_partitions(${wanted}) AS settled`,
  );
  const settled = row?.settled ?? wanted;
  if (settled === wanted) return;
  throw new PartitionsDiffer(
    `This database was set up with PARTITIONS=${settled}, and ${wanted} was asked for. ` +
      `Accounts, numbers and logs belong to their partition for ever: set PARTITIONS=${settled}, or ` +
      `begin with an empty database and let the first contact record the holdings as opening balances.`,
  );
}
