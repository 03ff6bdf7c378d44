// PostgreSQL keeps the store's contract.
import { afterAll, beforeAll, describe } from "vitest";
import { ensureAccount } from "../../src/db/configuration/accounts.ts";
import { saveInstruments } from "../../src/db/configuration/instruments.ts";
import { settlePartitions } from "../../src/db/deployment.ts";
import { PostgresStore } from "../../src/db/postgres-store.ts";
import { verifyByReplay } from "../../src/db/replay.ts";
import { acceptedFirst } from "../support/accepted-first.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { freshDatabase, type FreshDatabase } from "../support/fresh.ts";
import { realClock } from "../support/real-clock.ts";
import { storeContract, type MakeStore } from "./store-contract.ts";

let database: FreshDatabase;
let postgres: PostgresStore;

beforeAll(async () => {
  database = await freshDatabase();
  postgres = new PostgresStore({
    url: database.url,
    name: "contract",
    clock: realClock,
  });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const makeStore: MakeStore = async ({ partitions, accounts, instruments }) => {
  await emptyTables(postgres.queries);
  await settlePartitions(postgres.queries, partitions);
  for (const account of accounts) {
    await ensureAccount(postgres.queries, { ...account, credentials: null }, partitions);
  }
  await saveInstruments(postgres.queries, instruments);
  const changeTradingState = async (state: string) => {
    await postgres.queries`UPDATE configs SET value = ${state} WHERE key = 'trading_state'`;
  };
  await changeTradingState("active");
  return {
    store: { ...acceptedFirst(postgres), accept: (batch) => postgres.acceptance.accept(batch) },
    changeTradingState,
    async expireLeases() {
      await postgres.queries`UPDATE leases SET until = clock_timestamp() - interval '1 second'`;
    },
    differences: async () => (await verifyByReplay(postgres.queries)).differences,
    close: () => Promise.resolve(),
  };
};

describe("the store on PostgreSQL", () => storeContract(makeStore));
