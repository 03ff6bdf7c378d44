// What the inbox lists of positions: what differs now, what is left to others, and nothing that is gone.
import { afterAll, beforeAll, expect, it } from "vitest";
import { externalPositions } from "../../../src/db/queries/unexplained.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { AAPL, Desk } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
  desk = await Desk.open(store.postgres.worker, 0);
});
afterAll(() => store.close());

const differs = (ours: string, theirs: string): DomainEvent => ({
  ...{ type: "DifferenceFound", kind: "position", subject: AAPL, ours, theirs, action: "noted" },
});
const left = (amount: string): DomainEvent => ({
  ...{ type: "DifferenceAccepted", kind: "position", subject: AAPL, reason: "theirs" },
  amount: Decimal.of(amount),
});

async function listed() {
  const rows = await externalPositions(store.postgres.queries, null, new Date(0));
  return rows.map(({ qty, ignored }) => [qty, ignored]).toSorted();
}

it("lists each once, as it stands", async () => {
  await desk.commit(differs("0", "5"));
  expect(await listed()).toEqual([["5", false]]);
  await desk.commit(differs("0", "7"));
  expect(await listed()).toEqual([["7", false]]);
  await desk.commit(left("7"));
  expect(await listed()).toEqual([["7", true]]);
  await desk.commit(differs("7", "10"));
  expect(await listed()).toEqual([
    ["3", false],
    ["7", true],
  ]);
  await desk.commit(differs("7", "7"));
  expect(await listed()).toEqual([["7", true]]);
  await desk.commit(left("0"));
  expect(await listed()).toEqual([]);
});
