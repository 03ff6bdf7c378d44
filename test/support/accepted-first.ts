// A store for tests that commit decisions by themselves: what they decide is put on record first, as the API
// would have done, because nothing is decided that was never accepted.
import type { PostgresStore } from "../../src/db/postgres-store.ts";
import type { PartitionCommit } from "../../src/ports/store.ts";

type Recorded = Pick<PostgresStore, "worker" | "queries">;

export function acceptedFirst({ worker, queries }: Recorded): PostgresStore["worker"] {
  return {
    ...worker,
    async commit(parts) {
      for (const part of parts) await accept(queries, part);
      return worker.commit(parts);
    },
  };
}

async function accept(
  sql: PostgresStore["queries"],
  { partition, events }: PartitionCommit,
): Promise<void> {
  for (const { accountId, event } of events) {
    if (event.type === "SignalDecided") {
      await sql`
        INSERT INTO signals (id, partition, number, account_id, instrument_id, body, actor, received_at)
        VALUES (${event.signalId}, ${partition}, ${event.number}, ${accountId}, ${event.instrumentId}, '{}',
          'test', now()) ON CONFLICT DO NOTHING`;
    }
    if (event.type === "CommandDecided") {
      await sql`
        INSERT INTO commands (id, partition, number, account_id, kind, body, actor, received_at)
        VALUES (${event.commandId}, ${partition}, ${event.number}, ${accountId}, 'test', '{}', 'test', now())
        ON CONFLICT DO NOTHING`;
    }
  }
}
