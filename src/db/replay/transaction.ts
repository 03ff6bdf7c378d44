// One snapshot of the whole database, in which a replay reads.
import type postgres from "postgres";

export type Transaction = postgres.TransactionSql<{ bigint: number }>;
