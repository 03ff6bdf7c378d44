// What the inbox lists of positions: what differs now, what is left to others, and nothing that is gone.
import { afterAll, beforeAll, expect, it } from "vitest";
import { externalPositions } from "../../../src/db/queries/unexplained.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { AAPL, accepted, Desk, executed } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
  desk = await Desk.open(acceptedFirst(store.postgres), 0);
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

it("lists nothing that was overtaken, whatever the clock did", async () => {
  await desk.commit(differs("0", "5"));
  const { queries } = store.postgres;
  const rows = () => externalPositions(queries, null, new Date(Date.now() - 60_000));
  await queries`UPDATE differences SET at = now() + interval '1 hour'`;
  await desk.commit(left("5"));
  await queries`UPDATE differences SET at = now() - interval '1 hour' WHERE kind = 'position_accepted'`;
  expect((await rows()).map(({ qty, ignored }) => [qty, ignored])).toEqual([["5", true]]);
  await desk.commit(left("0"));
});

it("lists no difference that a fill came after", async () => {
  await desk.commit(differs("0", "5"));
  expect(await listed()).toEqual([["5", false]]);
  await desk.commit(...desk.placing(1), accepted(1), executed(1, "one"));
  await store.postgres.queries`
    UPDATE position_states SET last_fill_at = (SELECT max(at) + interval '1 s' FROM differences)`;
  expect(await listed()).toEqual([]);
});
