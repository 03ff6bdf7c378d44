// A database with accounts and instruments, a store on it, and a desk that commits.
import { ensureAccount } from "../../../src/db/configuration/accounts.ts";
import { saveInstruments } from "../../../src/db/configuration/instruments.ts";
import { settlePartitions } from "../../../src/db/deployment.ts";
import { PostgresStore } from "../../../src/db/postgres-store.ts";
import { ACCOUNTS, INSTRUMENTS, PARTITIONS } from "../../contract/store-cases/scene.ts";
import { freshDatabase } from "../../support/fresh.ts";
import { realClock } from "../../support/real-clock.ts";

export interface OpenStore {
  readonly url: string;
  readonly postgres: PostgresStore;
  close(): Promise<void>;
}

export async function openStore(): Promise<OpenStore> {
  const database = await freshDatabase();
  const postgres = new PostgresStore({
    url: database.url,
    name: "test",
    clock: realClock,
  });
  const { queries } = postgres;
  await settlePartitions(queries, PARTITIONS);
  for (const account of ACCOUNTS) {
    await ensureAccount(queries, { ...account, credentials: null }, PARTITIONS);
  }
  await saveInstruments(queries, INSTRUMENTS);
  return {
    url: database.url,
    postgres,
    async close() {
      await postgres.close();
      await database.drop();
    },
  };
}
