// Who may let a partition go on: whoever may speak for every account in it.
import { afterAll, beforeAll, expect, it } from "vitest";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import {
  addAccount,
  apiUnderTest,
  BASE,
  PARTITIONS,
  type ApiUnderTest,
} from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";

const names = Array.from({ length: 60 }, (_, index) => `account${index}`);
const inPartition = (partition: number) =>
  names.filter((id) => partitionOf(asId<AccountId>(id), PARTITIONS) === partition);
const [alone = ""] = inPartition(0);
const [first = "", second = ""] = inPartition(1);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ auth: "keys" }, { accounts: [alone, first, second] });
});
afterAll(() => api.drop());

interface Scope {
  readonly accounts?: readonly string[];
  readonly strategies?: readonly string[];
}

/** What a key of this scope is told when it resumes the partition, and whether the fault stays. */
async function resumedBy({ accounts, strategies }: Scope, partition: number) {
  const { queries } = api.store;
  await queries`UPDATE partitions SET fault = 'broken', faulted_at = now()
    WHERE partition = ${partition}`;
  const { key } = await newKey(api, {
    accounts: accounts ?? null,
    strategies: strategies ?? null,
  });
  const path = `${BASE}/partitions/${partition}/resume`;
  const { status } = await api.send("POST", path, { reason: "looked" }, { "x-api-key": key });
  const [row] = await queries`SELECT fault FROM partitions WHERE partition = ${partition}`;
  return [status, row?.["fault"] === null ? "goes on" : "stays"];
}

it.each([
  ["one of another partition", { accounts: [alone] }, 1, 403],
  ["one of two in it", { accounts: [first, alone] }, 1, 403],
  ["one, where nobody is", { accounts: [alone] }, 2, 403],
  ["a strategy", { strategies: ["mine"] }, 0, 403],
  ["both in it", { accounts: [second, first] }, 1, 200],
  ["the only one in it", { accounts: [alone] }, 0, 200],
  ["everything", {}, 1, 200],
] as const)("a key for %s", async (_, scope, partition, status) => {
  expect(await resumedBy(scope, partition)).toEqual([status, status === 200 ? "goes on" : "stays"]);
});

it("an account that was made a moment ago counts", async () => {
  const [youngest = ""] = inPartition(2);
  await addAccount(api.store, youngest);
  expect(await resumedBy({ accounts: [youngest] }, 2)).toEqual([200, "goes on"]);
});
