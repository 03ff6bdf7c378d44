// An account is bound at first contact, and never becomes another one.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccountBoundElsewhere, bindAccount } from "../../../src/db/configuration/accounts.ts";
import { ACCOUNTS } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const [first, second] = ACCOUNTS;

describe("first contact", () => {
  it("writes down whose account it is; later contacts must find the same one", async () => {
    if (first === undefined || second === undefined) throw new Error("there are accounts");
    const sql = store.postgres.queries;
    await bindAccount(sql, first, "SIM1");
    await bindAccount(sql, first, "SIM1");
    await expect(bindAccount(sql, first, "SIM2")).rejects.toThrow(AccountBoundElsewhere);
    await expect(bindAccount(sql, { ...first, environment: "paper" }, "SIM1")).rejects.toThrow(
      "belongs to alpaca mock account SIM1",
    );
    await expect(bindAccount(sql, second, "SIM1")).rejects.toThrow(
      "Another account is already bound",
    );
  });

  it("cannot be undone with SQL either", async () => {
    if (first === undefined) throw new Error("there are accounts");
    const sql = store.postgres.queries;
    await expect(
      sql`UPDATE accounts SET broker_account = 'X' WHERE id = ${first.id}`,
    ).rejects.toThrow("cannot become another one");
    await expect(
      sql`UPDATE accounts SET environment = 'live' WHERE id = ${first.id}`,
    ).rejects.toThrow("cannot become another one");
    await expect(sql`UPDATE accounts SET partition = 3 WHERE id = ${first.id}`).rejects.toThrow(
      "cannot be renamed or moved",
    );
  });
});
