// What every implementation of the store's ports must do: PostgreSQL, and the one in memory that the
// simulation runs on. A fresh, empty store for each case.
import { afterEach, beforeEach, describe } from "vitest";
import { acceptanceCases } from "./store-cases/acceptance.ts";
import { bookCases } from "./store-cases/books.ts";
import { commitCases } from "./store-cases/commits.ts";
import { historyCases } from "./store-cases/histories.ts";
import { leaseCases } from "./store-cases/leases.ts";
import {
  ACCOUNTS,
  INSTRUMENTS,
  PARTITIONS,
  type MakeStore,
  type StoreUnderTest,
} from "./store-cases/scene.ts";
import { worldCases } from "./store-cases/world.ts";

export type { MakeStore } from "./store-cases/scene.ts";

export function storeContract(makeStore: MakeStore): void {
  let current: StoreUnderTest | null = null;
  const under = (): StoreUnderTest => {
    if (current === null) throw new Error("no store is made yet");
    return current;
  };

  const world = { partitions: PARTITIONS, accounts: ACCOUNTS, instruments: INSTRUMENTS };
  const fresh = async (): Promise<StoreUnderTest> => {
    await current?.close();
    current = await makeStore(world);
    return current;
  };

  beforeEach(fresh);
  afterEach(async () => {
    await current?.close();
    current = null;
  });

  describe("acceptance", () => acceptanceCases(() => under().store));
  describe("leases", () => leaseCases(under));
  describe("commits", () => commitCases(under));
  describe("histories", () => historyCases(under, fresh));
  describe("books", () => bookCases(under));
  describe("the world", () => worldCases(under));
}
