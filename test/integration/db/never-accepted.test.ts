// What is decided has its row. The stream only carries copies: one that outlived a restored database, or that
// somebody else wrote, is decided by nobody.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import { NeverAccepted, type PartitionCommit } from "../../../src/ports/store.ts";
import { Desk, sourceId } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  desk = await opened();
});

/** With the book that the record gives: of what was refused nothing is in it. */
async function opened(): Promise<Desk> {
  await store.postgres.queries`UPDATE leases SET until = clock_timestamp() - interval '1 second'`;
  return Desk.open(store.postgres.worker, 0);
}

const commit = (part: PartitionCommit) => store.postgres.worker.commit([part]);
const logged = async () => {
  const { queries } = store.postgres;
  const [row] = await queries<{ seq: number }[]>`
    SELECT last_seq AS seq FROM partitions WHERE partition = 0`;
  return row?.seq;
};

async function accept(n: number, number: number, partition = 0): Promise<void> {
  await store.postgres.queries`
    INSERT INTO signals (id, partition, number, account_id, instrument_id, body, actor, received_at)
    VALUES (${sourceId(n)}, ${partition}, ${number}, ${desk.account}, 'SIM:AAPL', '{}', 'test', now())`;
}

describe("a commit", () => {
  it("of a signal that has no row is refused, with all that came with it", async () => {
    await expect(commit(desk.part(desk.placing(1)))).rejects.toThrow(NeverAccepted);
    expect(await logged()).toBe(0);
  });

  it("of one that was accepted under another number, or elsewhere, is refused", async () => {
    await accept(2, 7);
    await expect(commit(desk.part(desk.placing(2)))).rejects.toThrow(NeverAccepted);
    desk = await opened();
    await accept(3, 3, 1);
    await expect(commit(desk.part(desk.placing(3)))).rejects.toThrow(NeverAccepted);
    expect(await logged()).toBe(0);
  });

  it("of a command that has no row is refused", async () => {
    const outcome = { result: "done", code: "nothing", message: "", orderIds: [] } as const;
    const decided: DomainEvent = {
      type: "CommandDecided",
      commandId: asId("00000000-0000-7000-9000-000000000900"),
      number: 1,
      outcome,
    };
    await expect(commit(desk.part([decided]))).rejects.toThrow(NeverAccepted);
  });

  it("of one that has its row goes through", async () => {
    await accept(4, 4);
    expect(await commit(desk.part(desk.placing(4)))).toEqual([{ result: "committed" }]);
  });
});
