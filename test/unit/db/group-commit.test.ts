// Acceptances behind a commit that took long share the next one; where nothing is short none of them waits.
import { beforeEach, expect, it } from "vitest";
import { GroupCommit } from "../../../src/db/group-commit.ts";
import type { Acceptance, Accepted } from "../../../src/ports/store.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

/** Company enough. */
const MANY = 25;

let clock: ManualClock;
let tookMs: number;
let commits: number[];
let group: GroupCommit;

beforeEach(() => {
  clock = new ManualClock();
  commits = [];
  group = new GroupCommit(
    {
      async accept(batch: readonly Acceptance[]): Promise<readonly Accepted[]> {
        commits.push(batch.length);
        await clock.sleep(tookMs);
        return batch.map(({ id }) => ({ result: "accepted", id, number: 1 }));
      },
    },
    clock,
  );
});

const item = (lane: Acceptance["lane"] = "signals") => ({ lane, id: "1" }) as Acceptance;

/** The first commit, of so many, until it is over. */
async function afterOne(ms: number, count = 1): Promise<void> {
  tookMs = ms;
  const first = group.accept(Array.from({ length: count }, () => item()));
  await settle();
  await clock.advance(ms);
  await first;
  await settle();
}

it("none waits behind one that was quick", async () => {
  await afterOne(4);
  void group.accept([item()]);
  await settle();
  expect(commits).toEqual([1, 1]);
});

it.each([
  { took: 10, rest: 6 },
  { took: 1_000, rest: 25 },
])("behind one that took $took ms they gather for $rest ms", async ({ took, rest }) => {
  await afterOne(took);
  for (const wait of [0, rest - 1]) {
    await clock.advance(wait);
    void group.accept([item()]);
    await settle();
    expect(commits).toEqual([1]);
  }
  await clock.advance(1);
  await settle();
  expect(commits).toEqual([1, 2]);
});

it.each([
  { what: "a command", items: [item("control")] },
  { what: "enough of them", items: Array.from({ length: MANY }, () => item()) },
])("$what ends the rest", async ({ items }) => {
  await afterOne(1_000);
  void group.accept([item()]);
  void group.accept(items);
  await settle();
  expect(commits).toEqual([1, 1 + items.length]);
});

it.each([
  { what: "a command", items: [item("control")] },
  { what: "enough of them", items: Array.from({ length: MANY }, () => item()) },
])("$what that came meanwhile lets it have none", async ({ items }) => {
  tookMs = 1_000;
  void group.accept([item()]);
  await settle();
  void group.accept(items);
  await clock.advance(1_000);
  await settle();
  expect(commits).toEqual([1, items.length]);
});

it("those of the commit are no company for what comes behind it, nor is one less than enough", async () => {
  await afterOne(1_000, MANY);
  for (let each = 1; each < MANY; each += 1) void group.accept([item()]);
  await clock.advance(24);
  expect(commits).toEqual([MANY]);
  await clock.advance(1);
  await settle();
  expect(commits).toEqual([MANY, MANY - 1]);
});

it("what is read from one packet with the one that ends the rest shares its commit", async () => {
  await afterOne(1_000);
  void group.accept([item("control")]);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  void group.accept([item()]);
  await settle();
  expect(commits).toEqual([1, 2]);
});

it("a rest that was ended early does not cut the next one short", async () => {
  await afterOne(1_000);
  tookMs = 20;
  void group.accept([item("control")]);
  await settle();
  await clock.advance(20);
  await settle();
  void group.accept([item()]);
  await clock.advance(15);
  await settle();
  expect(commits).toEqual([1, 1]);
  await clock.advance(1);
  await settle();
  expect(commits).toEqual([1, 1, 1]);
});
