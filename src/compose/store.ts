// The record as the parts of one mode see it: accounts of other environments stay where they are.
import type { Config } from "../config.ts";
import { PartitionsDiffer, settlePartitions } from "../db/deployment.ts";
import { PostgresStore } from "../db/postgres-store.ts";
import type { Account, Book } from "../domain/book.ts";
import { OperatorError } from "../operator-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigurationStore, EngineStore } from "../ports/store.ts";

export async function openStore(
  config: Config,
  name: string,
  clock: Clock,
): Promise<PostgresStore> {
  if (config.databaseUrl === null) throw new Error("no database to open");
  const store = new PostgresStore({
    url: config.databaseUrl,
    name: `fillstream ${name}`,
    clock,
  });
  try {
    await settlePartitions(store.queries, config.partitions);
    return store;
  } catch (error: unknown) {
    await store.close();
    if (error instanceof PartitionsDiffer) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}

/** Only the accounts of this mode: yesterday's mock account never trades with today's paper keys. */
export function inEnvironment<Store extends ConfigurationStore & Pick<EngineStore, "loadBook">>(
  store: Store,
  environment: Account["environment"],
): Store {
  return {
    ...store,
    accounts: async () =>
      (await store.accounts()).filter((account) => account.environment === environment),
    async loadBook(partition: number): Promise<Book> {
      const book = await store.loadBook(partition);
      for (const [id, { account }] of book.accounts) {
        if (account.environment !== environment) book.accounts.delete(id);
      }
      return book;
    },
  };
}
